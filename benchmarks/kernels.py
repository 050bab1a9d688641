"""Neural tangent kernels: the structured ways beside the plain ones.

    python benchmarks/kernels.py [--quick] [--json FILE]

Pairs are timed in turn, round by round; a ratio is the median of the rounds' ratios. One thread.
Goals: the spectrum of two-layer linear networks 50 times faster than eigvalsh of the whole kernel at
(N, n, m) = (100, 20, 5), deep kernels 30 times faster than torch.func's Jacobian at depth 4 and
width 256, both with the same numbers down to rounding; at width 512, 16 samples and 10 outputs 5 times
faster and smaller than the Jacobian. Memory is the rise of the peak resident set of a process of its own, on Linux.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from parts import Row, compared, parser, seconds, shown
from threadpoolctl import threadpool_limits

from experiments.kernels.jacobian import empirical_ntk_by_jacobian
from experiments.kernels.layers import empirical_ntk_by_layers
from experiments.kernels.least import least_eigenvalue_reaches
from experiments.kernels.linear import LinearKernel
from experiments.kernels.network import Network

LINEAR = ((50, 10, 1), (100, 20, 5), (200, 50, 10))
DEEP = ((4, 256, 1, 100), (4, 256, 5, 100), (4, 256, 1, 200))
"""Layers, width, outputs, samples; 20 inputs."""
WIDE = ((3, 512, 10, 16),)
"""The same, with the memory that each way takes beside its time."""
JACOBIAN = "torch.func vmap(jacrev), J J'"
WAYS = ("empirical_ntk_by_layers", "empirical_ntk_by_jacobian")
LEAST = 500
"""Size of the matrix of the Cholesky test."""


def rows(quick: bool) -> list[Row]:
    """One row a pair: seconds of ours and theirs, median ratio, and the largest difference."""
    rounds = 3 if quick else 7
    with threadpool_limits(limits=1):
        found = [_linear(*size, rounds) for size in LINEAR[: 2 if quick else 3]]
        found += [_deep(*size, 1 if quick else 3) for size in DEEP[: 1 if quick else 3]]
        found += [row for size in WIDE for row in _wide(*size, 1 if quick else 3)]
        return [*found, _least(LEAST, rounds)]


def _linear(samples: int, inputs: int, outputs: int, rounds: int) -> Row:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(samples, inputs)) / samples**0.5
    A, B = rng.normal(size=(inputs, 64)) / 8, rng.normal(size=(64, outputs)) / 8
    K = LinearKernel(X).matrix(A, B)
    return _row(
        f"linear spectrum N={samples} n={inputs} m={outputs}",
        lambda: LinearKernel(X).spectrum(A, B)[::-1],
        lambda: np.linalg.eigvalsh(K),
        "numpy eigvalsh of the given kernel",
        rounds,
        50 if (samples, inputs, outputs) == (100, 20, 5) else None,
    )


def problem(depth: int, width: int, outputs: int, samples: int) -> tuple[Network, Any]:
    """A tanh network in the NTK parametrisation, and its inputs."""
    rng = np.random.default_rng(1)
    sizes = (20, *(width for _ in range(depth - 1)), outputs)
    network = Network(
        tuple(rng.normal(size=pair) for pair in pairwise(sizes)),
        activation="tanh",
        scales=tuple(size**-0.5 for size in sizes[:-1]),
    )
    return network, rng.normal(size=(samples, 20))


def _deep(
    depth: int, width: int, outputs: int, samples: int, rounds: int, goal: float = 30
) -> Row:
    network, X = problem(depth, width, outputs, samples)
    return _row(
        f"deep kernel L={depth} h={width} m={outputs} N={samples}",
        lambda: empirical_ntk_by_layers(network, X),
        lambda: empirical_ntk_by_jacobian(network, X),
        JACOBIAN,
        rounds,
        goal,
    )


def _wide(depth: int, width: int, outputs: int, samples: int, rounds: int) -> list[Row]:
    size = depth, width, outputs, samples
    timed = _deep(*size, rounds, 5)
    if not STATUS.exists():
        return [timed]
    pairs = [(_grown(WAYS[0], size), _grown(WAYS[1], size))]
    cell = f"memory of that kernel, h={width} m={outputs} N={samples}"
    more = {"difference": timed["difference"]}
    return [timed, compared(cell, pairs, JACOBIAN, "MB", 5, **more)]


def _grown(way: str, size: tuple[int, ...]) -> float:
    """Megabytes by which the peak resident set of a fresh process rises while it takes the kernel."""
    # one kernel of a tiny network first: what libraries set up once is not counted
    script = (
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import kernels, torch\n"
        "torch.set_num_threads(1)\n"
        f"way = kernels.{way}\n"
        f"way(*kernels.problem({size[0]}, 2, 2, 2))\n"
        f"network, X = kernels.problem(*{size})\n"
        "before = kernels.peak()\n"
        "way(network, X)\n"
        "print(kernels.peak() - before)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    # a rise below what is counted is one unit
    return max(int(ran.stdout), 1) / 1e3


STATUS = Path("/proc/self/status")


def peak() -> int:
    """Kilobytes of the largest resident set of this process, as Linux tells it."""
    line = next(one for one in STATUS.read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1])


def _least(size: int, rounds: int) -> Row:
    G = np.random.default_rng(2).normal(size=(size, size + 50))
    K = G @ G.T
    least = float(np.linalg.eigvalsh(K)[0])
    return _row(
        f"least eigenvalue >= bound, {size} x {size}",
        lambda: np.array(least_eigenvalue_reaches(K, 0.9 * least) > 0),
        lambda: np.array(np.linalg.eigvalsh(K)[0] >= 0.9 * least),
        "numpy eigvalsh",
        rounds,
        None,
    )


def _row(
    cell: str,
    ours: Callable[[], Any],
    theirs: Callable[[], Any],
    baseline: str,
    rounds: int,
    goal: float | None,
) -> Row:
    difference = _difference(ours(), theirs())
    pairs = [(seconds(ours, least=0.1), seconds(theirs, least=0.1)) for _ in range(rounds)]
    return compared(cell, pairs, baseline, "s", goal, difference=difference)


def _difference(ours: Any, theirs: Any) -> float:
    """The largest one, relative to the largest entry."""
    gap = np.abs(np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64))
    return float(gap.max() / np.abs(np.asarray(theirs, dtype=np.float64)).max())


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; with --json also write it."""
    options = parser("Time neural tangent kernels.").parse_args(words)
    head = f"{'cell (ms; memory in MB)':<44}{'ours':>10}{'theirs':>11}{'ratio':>8}{'goal':>6}{'differ':>10}"
    return shown(rows(options.quick), _line, head, options.json)


def _line(row: Row) -> str:
    goal = f"{row['goal']:.0f}" if row["goal"] else ""
    scale = 1e3 if row["unit"] == "s" else 1.0
    return (
        f"{row['cell']:<44}{scale * row['ours']:>10.3f}{scale * row['theirs']:>11.3f}"
        f"{row['ratio']:>8.1f}{goal:>6}{row['difference']:>10.1e}"
    )


if __name__ == "__main__":
    sys.exit(main())

"""Engines on a sweep of two-layer linear networks: gradient descent, the loss at every step.

    python benchmarks/engines.py [--quick] [--steps 1000] [--batch 64] [--rounds 3] [--jax PYTHON] [--json FILE]

24 cells, (samples, inputs, outputs) by width, float64, one thread, preparation included (data are
drawn beforehand for the baselines only, in their favour; compiling, 0.2 s a kernel, is left out). Baselines, a configuration at a time:
nn.Linear with autograd and torch.optim.SGD, and numpy with the gradient by hand; they take few
steps, as their cost a step is constant. Rounds are interleaved; ratios are medians over rounds.
"bare" is the full recorder's steps without the rounding bounds that verdicts need. "mix": equal numbers of
configurations in every cell, the sum of their times.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from parts import Row, compared, one_thread, parser, seconds, shown

from experiments.data import draw_data
from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer.setup import forget
from experiments.two_layer.snapshot import Snapshot
from experiments.two_layer_linear import two_layer_linear
from harness.running.protocol import ConstantSteps

SHAPES = ((50, 10, 1), (100, 20, 5), (200, 50, 10))
WIDTHS = (8, 16, 32, 64, 128, 256, 512, 1024)
GOALS: dict[str, dict[str, float | None]] = {
    "default": {"naive": 100.0, "numpy by hand": None, "bare": None},
    "fast": {"naive": 250.0, "numpy by hand": None, "jax autograd": 80.0, "jax reduced": 2.0},
}
Members = list[dict[str, Any]]


def main(words: Sequence[str] | None = None) -> int:
    """Print the table, and write it where ``--json`` says."""
    chosen = parser("Time the engines.", "fewer widths, steps and rounds")
    chosen.add_argument("--steps", type=int)
    chosen.add_argument("--batch", type=int)
    chosen.add_argument("--rounds", type=int)
    chosen.add_argument("--jax", help="a Python interpreter that has jax")
    options = chosen.parse_args(words)
    for name in ("steps", "batch", "rounds"):
        if (getattr(options, name) or 1) < 1:
            print(f"engines.py: --{name} must be at least 1.", file=sys.stderr)
            return 2
    found = rows(options.quick, options.steps, options.batch, options.rounds, options.jax)
    if not options.jax:
        print("jax: left out, --jax names a Python that has it")
    head = f"{'cell':<24}{'against':<16}{'ours us':>10}{'theirs us':>11}{'ratio':>9}{'goal':>7}"
    return shown(found, _line, head, options.json)


def _line(row: Row) -> str:
    goal = f"{row['goal']:g}" if row["goal"] else ""
    return (
        f"{row['cell']:<24}{row['baseline']:<16}{row['ours']:>10.3f}{row['theirs']:>11.2f}"
        f"{row['ratio']:>9.1f}{goal:>7}"
    )


def rows(
    quick: bool,
    steps: int | None = None,
    batch: int | None = None,
    rounds: int | None = None,
    jax: str | None = None,
) -> list[Row]:
    """One row a cell and baseline, then the mix; microseconds per configuration and step."""
    steps = steps or (200 if quick else 1000)
    batch = batch or 64
    rounds = rounds or (1 if quick else 3)
    widths = WIDTHS[::3] if quick else WIDTHS
    cells = [(*shape, width) for shape in SHAPES for width in widths]
    with one_thread():
        # what is set up once a process belongs to no cell (0.2 s a kernel)
        for shape in SHAPES:
            _cell((*shape, 8), 2, 2)
        times = [[_cell(cell, steps, batch, jax) for cell in cells] for _ in range(rounds)]
    found: list[Row] = []
    table = np.array([[list(one.values()) for one in round_] for round_ in times])
    names = list(times[0][0])
    for index, cell in [*enumerate(cells), (None, None)]:
        part = table.sum(axis=1) / len(cells) if index is None else table[:, index]
        label = "mix" if cell is None else "x".join(map(str, cell))
        for engine, baselines in GOALS.items():
            if engine not in names:
                continue
            ours = part[:, names.index(engine)]
            for name in (one for one in baselines if one in names):
                theirs = part[:, names.index(name)]
                found.append(compared(
                    f"{engine} {label}", zip(ours, theirs, strict=True), name,
                    "us per configuration and step", baselines[name] if cell is None else None,
                ))
    return found


def _cell(
    cell: tuple[int, ...], steps: int, batch: int, jax: str | None = None
) -> dict[str, float]:
    samples, features, outputs, width = cell
    axes = {
        "data": "gaussian", "samples": samples, "features": features, "outputs": outputs,
        "noise": 1.0, "init": "gaussian", "width": width, "scale": 0.1,
    }
    members = [{**two_layer_linear.complete(axes), "seed": seed} for seed in range(batch)]
    few = [draw_data(one) for one in members[:2]]
    layers = [_unreduced(one) for one in members[:2]]
    # stable for the data and weights of these cells
    sizes = np.full(batch, 0.05 / (samples * (1 + 0.01 * width)))
    short = max(5, min(50, 40_000 // (samples * width // 8 + features)))
    found = {"default": _microseconds(lambda: _ours(members, sizes, steps), batch * steps)}
    if find_spec("llvmlite"):
        kernel = _microseconds(lambda: _ours(members, sizes, steps, 1), batch * steps)
        found["fast"] = kernel
    found["bare"] = _microseconds(lambda: _bare(members, sizes, steps), batch * steps)
    for name, loop in (("naive", _naive), ("numpy by hand", _by_hand)):

        def both(loop: Callable[..., None] = loop) -> None:
            for data, weights_ in zip(few, layers, strict=True):
                loop(*data, *weights_, sizes[0], short)

        found[name] = _microseconds(both, len(few) * short)
    if jax:
        script = Path(__file__).with_name("jax_engines.py")
        words = [jax, str(script), *map(str, cell)]
        output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        found |= json.loads(output)
    return found


def _microseconds(call: Callable[[], object], count: int) -> float:
    return 1e6 * seconds(call) / count


def _unreduced(one: dict[str, Any]) -> tuple[Any, Any]:
    rng = np.random.default_rng(one["seed"])
    first = 0.1 * rng.standard_normal((one["features"], one["width"]))
    return first, 0.1 * rng.standard_normal((one["width"], one["outputs"]))


def _ours(members: Members, sizes: Any, steps: int, lanes: int = 0) -> None:
    forget()
    engine, loss = TwoLayerLinear(lanes=lanes), frozenset({"loss"})
    engine.prepare(members)
    engine.run(engine.initial(members, loss), ConstantSteps(sizes), steps, loss)


def _bare(members: Members, sizes: Any, steps: int) -> None:
    forget()
    state = TwoLayerLinear().initial(members, frozenset({"loss"})).state.snapshot
    losses = np.zeros((steps, len(members)))
    for t in range(steps):
        losses[t] = state.loss
        state = Snapshot(state.batch, *state.advanced(sizes))


def _naive(X: Any, Y: Any, W1: Any, W2: Any, size: float, steps: int) -> None:
    inputs, targets = torch.tensor(X), torch.tensor(Y)
    model = torch.nn.Sequential(
        torch.nn.Linear(len(W1), len(W2), bias=False, dtype=torch.float64),
        torch.nn.Linear(len(W2), W2.shape[1], bias=False, dtype=torch.float64),
    )
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), (W1, W2), strict=True):
            parameter.copy_(torch.tensor(value.T))
    optimizer, losses = torch.optim.SGD(model.parameters(), lr=size), []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((model(inputs) - targets) ** 2).sum() / 2
        loss.backward()
        losses.append(loss.item())
        optimizer.step()


def _by_hand(X: Any, Y: Any, W1: Any, W2: Any, size: float, steps: int) -> None:
    losses = []
    for _ in range(steps):
        residual = X @ (W1 @ W2) - Y
        losses.append(float(np.vdot(residual, residual)) / 2)
        G = X.T @ residual
        W1, W2 = W1 - size * (G @ W2.T), W2 - size * (W1.T @ G)


if __name__ == "__main__":
    raise SystemExit(main())

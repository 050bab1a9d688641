"""How long certificates take: spectra, one exact step, and a run followed for many steps.

    python benchmarks/certificates.py [--sizes 32 64 128] [--bits 53 128] [--width 32] [--steps 200]

One BLAS thread, the best of ``--repeats``. "lost" is the radius of the enclosure relative to its
size, as a power of two (of the whole matrix for spectra, of the loss for runs).
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from flint import arb
from threadpoolctl import threadpool_limits

from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer_linear import two_layer_linear
from harness.errors import UsageError
from harness.expressions.balls import precision
from harness.expressions.spectra import eigenvalues, from_array, singular_values

SEED = 20240501


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; 2 for numbers that make no sense."""
    options = _parser().parse_args(words)
    try:
        _refuse(options)
    except UsageError as error:
        print(f"certificates.py: {error}", file=sys.stderr)
        return 2
    with threadpool_limits(limits=1):
        print(f"{'certificate':<44}{'bits':>6}{'seconds':>10}{'lost':>8}")
        for bits in options.bits:
            for size in options.sizes:
                for name, spectrum in (
                    ("eigenvalues, symmetric", eigenvalues),
                    ("singular values", singular_values),
                ):
                    call = _spectrum(spectrum, size, name.startswith("eigen"))
                    _line(f"{name} {size} x {size}", bits, call, options.repeats)
            one, run = (_run(options.width, steps) for steps in (1, options.steps))
            _line(f"one step, width {options.width}", bits, one, options.repeats)
            _line(f"{options.steps} steps, width {options.width}", bits, run, 1)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Time the certificates.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[32, 64, 128], metavar="N")
    parser.add_argument("--bits", type=int, nargs="+", default=[53, 128], metavar="P")
    parser.add_argument(
        "--width", type=int, default=32, help="inputs, outputs and width of the run"
    )
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    return parser


def _refuse(options: argparse.Namespace) -> None:
    for name in ("width", "steps", "repeats"):
        if getattr(options, name) < 1:
            raise UsageError(f"--{name} {getattr(options, name)}: must be at least 1.")
    for name, low in (("sizes", 1), ("bits", 24)):
        for value in getattr(options, name):
            if value < low:
                raise UsageError(f"--{name} {value}: must be at least {low}.")


def _line(name: str, bits: int, call: Callable[[], arb], repeats: int) -> None:
    best = math.inf
    for _ in range(repeats):
        with precision(bits):
            started = time.perf_counter()
            lost = call()
            best = min(best, time.perf_counter() - started)
    power = math.log2(float(lost)) if lost > 0 else -math.inf
    print(f"{name:<44}{bits:>6}{best:>10.4f}{power:>8.1f}", flush=True)


def _spectrum(
    function: Callable[[Any], list[arb]], size: int, symmetric: bool
) -> Callable[[], arb]:
    """The widest enclosure of a Gaussian matrix, relative to the largest value."""
    values = np.random.default_rng(SEED).standard_normal((size, size))
    matrix = from_array(values + values.T if symmetric else values)

    def call() -> arb:
        found = function(matrix)
        return max((one.rad() for one in found), default=arb(0)) / abs(found[0])

    return call


def _run(width: int, steps: int) -> Callable[[], arb]:
    """The loss at the end of an exact run at half the inverse smoothness of its start."""
    axes = {"features": width, "outputs": width, "width": width, "samples": 2 * width}
    configuration = {**two_layer_linear.complete({**axes, "scale": 0.3}), "seed": SEED}
    engine = TwoLayerLinear()
    names = frozenset({"K", "smax_W1", "smax_W2", "product_grad"})
    start = {
        k: float(v.value[0, 0]) for k, v in engine.initial([configuration], names).measured.items()
    }
    smoothness = (
        start["K"] * (start["smax_W1"] ** 2 + start["smax_W2"] ** 2) + start["product_grad"]
    )
    sizes = [0.5 / smoothness] * steps

    def call() -> arb:
        loss = engine.enclose(configuration, sizes, 0, frozenset({"loss"}))["loss"][steps]
        lost: arb = loss.rad() / abs(loss)
        return lost

    return call


if __name__ == "__main__":
    raise SystemExit(main())

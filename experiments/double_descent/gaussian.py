"""Least squares on Gaussian inputs: one draw of the design, and exact means of the first steps."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import pairwise, product
from math import comb, prod
from typing import Any

import numpy as np

from experiments.two_layer.domains import Mixed
from harness import double_descent as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, integers, reals


def least_norm(
    rows: int, columns: int, signal: float, leftover: float, rng: np.random.Generator
) -> dict[Any, Any]:
    """Bias, trace and test error of the least-norm fit; the mean over the noise is taken exactly.

    By rotation invariance the target is the first coordinate. What the features leave out of the
    target is noise to the fit.
    """
    left, values, right = np.linalg.svd(rng.standard_normal((rows, columns)), full_matrices=False)
    trace = float(np.sum(values**-2.0))
    # the inverse is that of the smaller of X'X and XX'
    first = right[:, 0] if columns <= rows else left[0]
    bias = float(max(0.0, 1 - right[:, 0] @ right[:, 0])) if columns > rows else 0.0
    return {
        s.spread_trace: trace, s.bias_share: bias,
        s.first_entry: float(np.sum((first / values) ** 2)),
        s.test_error: leftover + signal * bias + leftover * trace,
    }  # fmt: skip


gaussian_design = Experiment(
    id="gaussian_design",
    title="Least-norm least squares on standard Gaussian inputs",
    axes=(
        Axis("rows", integers(1, 16), 8, "n"),
        Axis("columns", integers(1, 16), 4, "p"),
        Axis("signal", reals(0.25, 4), 1.0, "b2"),
        Axis("leftover", Mixed(reals(0.25, 4), choice(0.0), 0.9), 1.0, "e"),
    ),
    emits=frozenset(
        {
            s.rows, s.columns, s.signal, s.leftover, s.spread_trace, s.bias_share, s.test_error,
            s.first_entry,
        }
    ),
    engine=least_norm,
    randomness=("rng",),
)  # fmt: skip


@cache
def mean_trace(rows: int, columns: int, power: int) -> Fraction:
    """E tr H^k, H = X'X/n, X standard Gaussian: sum over all index tuples of products of moments."""
    total = 0
    for i in product(range(rows), repeat=power):
        for a in product(range(columns), repeat=power):
            steps = pairwise([*a, a[0]])
            met = Counter(
                entry for at, (b, c) in zip(i, steps, strict=True) for entry in ((at, b), (at, c))
            )
            if all(times % 2 == 0 for times in met.values()):
                # E x^(2j) = 1 * 3 * ... * (2j - 1)
                total += prod(prod(range(1, times, 2)) for times in met.values())
    return Fraction(total, rows**power)


def first_steps(rows: int, columns: int, descent_step: Any, noise_ratio: Any) -> dict[Any, Any]:
    """Mean risks over design and noise after one and two steps, from the moments of the spectrum."""
    eta, noise = Fraction(descent_step), Fraction(noise_ratio)
    m = [Fraction(columns), *(mean_trace(rows, columns, power) for power in range(1, 5))]

    def left(power: int) -> Any:
        """E tr (1 - eta H)^power / p."""
        return sum(comb(power, k) * (-eta) ** k * m[k] for k in range(power + 1)) / columns

    fitted = 4 * eta**2 * m[1] - 4 * eta**3 * m[2] + eta**4 * m[3]
    return {
        s.mean_once: left(2) + noise * eta**2 * m[1] / rows,
        s.mean_twice: left(4) + noise * fitted / rows,
    }


exact_first_steps = Experiment(
    id="exact_first_steps",
    title="Gradient descent on Gaussian least squares: exact mean risk after one and two steps",
    axes=(
        Axis("rows", integers(1, 3), 1, "n"),
        Axis("columns", integers(1, 3), 1, "p"),
        Axis("descent_step", reals(0.0625, 3), 0.25, "eta"),
        Axis("noise_ratio", reals(0, 4), 1.0, "s2"),
    ),
    emits=frozenset(
        {s.rows, s.columns, s.descent_step, s.noise_ratio, s.mean_once, s.mean_twice}
    ),
    engine=first_steps,
)  # fmt: skip

"""f = u.v / sqrt(n) on one sample x = 1 with target 0 under f^2 / 2, gradient descent.

The first step is taken in rationals; the run goes on in floats until f is tiny or has blown up.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from harness import large_steps as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import depending, integers, reals, vector

ROUNDS = 200
TINY, HUGE = 1e-30, 1e30


def moved(u: Any, v: Any, step: Any) -> tuple[Any, Any]:
    """One step; F = u.v / n, so that the gradient of f^2 / 2 at u is F v."""
    F = u @ v / len(u)
    return u - step * F * v, v - step * F * u


def rational(number: Any) -> Any:
    """The fraction that a float is; a ball is left as it is."""
    return Fraction(number) if hasattr(number, "as_integer_ratio") else number


def catapult(neurons: int, u: Any, v: Any, step: Any) -> dict[Any, Any]:
    """The first step, and extremes of the run."""
    exact: Any = [np.array([rational(one) for one in side], dtype=object) for side in (u, v)]
    first = moved(exact[0], exact[1], rational(step))
    measured = {s.neurons: neurons, s.step: rational(step)}
    for (a, b), F, size in (
        (exact, s.output, s.kernel_start), (first, s.output_after, s.kernel_after),
    ):  # fmt: skip
        measured |= {F: a @ b / Fraction(neurons), size: (a @ a + b @ b) / Fraction(neurons)}
    a, b = np.array(u), np.array(v)
    total = peak = growth = 0 * step
    top = (a @ a + b @ b) / neurons
    for _ in range(ROUNDS):
        F, size = a @ b / neurons, (a @ a + b @ b) / neurons
        top = max(top, size)
        total, peak = total + neurons * F * F / 2, max(peak, neurons * F * F / 2)
        growth = max(growth, abs(1 - step * size + step * step * F * F))
        if not TINY < F * F < HUGE:
            break
        a, b = moved(a, b, step)
    return {
        **measured, s.loss_sum: total, s.loss_peak: peak, s.worst_growth: growth, s.kernel_end: top,
    }  # fmt: skip


def _side(partial: Any) -> Any:
    return vector(partial["neurons"], reals(-2, 2))


two_layer_scalar = Experiment(
    id="two_layer_scalar",
    title="Two-layer linear network with one input and one sample",
    axes=(
        Axis("neurons", integers(1, 6), 1, "hidden width n"),
        Axis("u", depending(_side), [2.0], "input weights"),
        Axis("v", depending(_side), [0.5], "output weights"),
        Axis("step", reals(0.05, 3), 0.5, "step size"),
    ),
    emits=frozenset(
        {s.neurons, s.step, s.output, s.output_after, s.kernel_start, s.kernel_after, s.kernel_end,
         s.loss_sum, s.loss_peak, s.worst_growth}
    ),
    engine=catapult,
)  # fmt: skip

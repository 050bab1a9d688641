"""Gradient descent from 0 on logistic regression with separable data z_i = y_i x_i in the plane."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from harness import implicit_bias as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import depending, integers, reals, vector


def logistic(n: int, along: Any, across: Any, step: Any, steps: int) -> dict[Any, Any]:
    """z_i = (along_i, across_i); (1, 0) separates them with margin min along_i."""
    one, two = np.array(along), np.array(across)
    x = y = 0 * step
    values, exps = [], []
    for _ in range(steps + 1):
        odds = np.exp(-(one * x + two * y))
        values.append(sum(np.log1p(odds)) / n)
        exps.append(sum(odds) / n)
        share = odds / (1 + odds)
        x, y = x + step * sum(one * share) / n, y + step * sum(two * share) / n
    early = next((k for k, value in enumerate(values) if value * step <= 1), steps)
    settled = (
        k for k, (a, b) in enumerate(zip(values, exps, strict=True)) if a * step <= 1 and b <= 1
    )
    late = values[early:]
    growth = max([0 * step, *(y / x for x, y in pairwise(late))])
    return {
        s.step: step, s.steps_taken: steps, s.samples_count: n, s.margin: min(along),
        s.longest: np.sqrt(max(x * x + y * y for x, y in zip(along, across, strict=True))),
        s.mean_loss: sum(values[:-1]) / steps, s.late_growth: growth,
        s.phase_loss: values[early], s.phase_exp: exps[early], s.late_loss: values[-1],
        s.late_steps: steps - early, s.phase_start: next(settled, steps + 1),
    }  # fmt: skip


def _each(low: float, high: float) -> Any:
    return depending(lambda before: vector(before["n"], reals(low, high)))


separable_logistic = Experiment(
    id="separable_logistic",
    title="Logistic regression on separable data, gradient descent with any step",
    axes=(
        Axis("n", integers(1, 6), 2, "number of samples"),
        Axis("along", _each(0.05, 1), [0.25, 0.5], "first coordinates, all positive"),
        Axis("across", _each(-0.7, 0.7), [0.5, -0.625], "second coordinates"),
        Axis("step", reals(0.5, 200, log=True), 8.0, "step size"),
        Axis("steps", integers(1, 1000, log=True), 100, "number of steps"),
    ),
    emits=frozenset(
        {s.step, s.steps_taken, s.samples_count, s.margin, s.longest, s.mean_loss, s.late_growth,
         s.phase_loss, s.phase_exp, s.late_loss, s.late_steps, s.phase_start}
    ),
    engine=logistic,
)  # fmt: skip

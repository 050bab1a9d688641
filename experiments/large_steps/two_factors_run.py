"""Runs of gradient descent on (mu - x y)^2 / 2 with a step near 4 / (q_0 + 4 mu), q = x^2 + y^2.

A run that blows up ends early, at the first state beyond HUGE.
"""

from __future__ import annotations

from typing import Any

from experiments.two_layer.domains import Usual
from harness import large_steps as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, reals

HUGE = 1e30


def run(x: Any, y: Any, goal: Any, share: Any, steps: int) -> dict[Any, Any]:
    """x and y move at once; the last state, and one step beyond it."""
    h = share * 4 / (x * x + y * y + 4 * goal)
    found = {
        s.step: h, s.goal: goal, s.product_start: x * y, s.size_start: x * x + y * y,
        s.skewness_start: x * x - y * y,
    }  # fmt: skip
    most = 0 * share
    for _ in range(steps):
        e = x * y - goal
        if x * x + y * y > HUGE:
            break
        most = max(most, abs(e))
        x, y = x - h * e * y, y - h * e * x
    e = x * y - goal
    return {
        **found, s.error_most: most, s.product_end: x * y,
        s.size_end: x * x + y * y, s.skewness_end: x * x - y * y,
        s.product_beyond: (x - h * e * y) * (y - h * e * x),
    }  # fmt: skip


two_factors_run = Experiment(
    id="two_factors_run",
    title="Gradient descent on (mu - x y)^2 / 2 with a large step",
    axes=(
        Axis("x", reals(-4, 4), 1.0, "first factor"),
        Axis("y", reals(-4, 4), 0.5, "second factor"),
        Axis("goal", reals(0.1, 3), 1.0, "mu"),
        Axis("share", Usual(reals(0.1, 6), reals(0.1, 2.5)), 0.5, "step over 4 / (q_0 + 4 mu)"),
        Axis("steps", integers(1, 30), 8, "number of steps T"),
    ),
    emits=frozenset(
        {s.step, s.goal, s.product_start, s.product_end, s.product_beyond,
         s.size_start, s.size_end, s.skewness_start, s.skewness_end, s.error_most}
    ),
    engine=run,
)  # fmt: skip

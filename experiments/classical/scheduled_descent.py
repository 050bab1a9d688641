"""Subgradient descent with any step sizes on convex functions of one variable with a kink, exact.

f(x) = kink |x| + phi(x), phi'' piecewise constant and not negative, phi'(0) = 0; the minimiser is 0,
where the subgradient 0 is taken. x_1 is the start, x_{t+1} = x_t - g_t s_t.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from experiments.classical.bent import with_minimum_at_zero
from harness.first_order import (
    last_gap,
    moves_squared,
    schedule_sum,
    start_squared,
    tail_sum,
)
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, reals, vector


def scheduled(
    kink: Any, slopes: Any, breaks: Any, start: Any, schedule: Any, last: int
) -> dict[Any, Any]:
    """x_1 to x_T, T = last; the step after x_T counts in the sums and is not taken."""
    phi = with_minimum_at_zero(sorted(map(Fraction, breaks)), [Fraction(one) for one in slopes])
    x, edge = Fraction(start), Fraction(kink)
    steps = [Fraction(one) for one in schedule[:last]]
    moves = []
    for gamma in steps:
        here = x
        move = gamma * (phi.at(x)[1] + edge * ((x > 0) - (x < 0)))
        moves.append(move**2)
        x = x - move
    left = [(sum(steps[k:]), sum(moves[k:])) for k in range(last)]
    return {
        schedule_sum: left[0][0], moves_squared: left[0][1],
        tail_sum: sum(
            (Fraction(gamma * g, now * after)
             for gamma, ((now, g), (after, _)) in zip(steps, pairwise(left), strict=False)),
            Fraction(0),
        ),
        start_squared: Fraction(start) ** 2,
        last_gap: phi.at(here)[0] - phi.at(Fraction(0))[0] + edge * abs(here),
    }  # fmt: skip


scheduled_descent_on_the_line = Experiment(
    id="scheduled_descent_on_the_line",
    title="Subgradient descent with any schedule on functions of one variable with a kink",
    axes=(
        Axis("kink", reals(0, 2), 1.0, "|x| times this"),
        Axis("slopes", vector(3, reals(0, 1)), [0.0, 0.0, 0.0], "second derivatives of the rest"),
        Axis("breaks", vector(2, reals(-2, 2)), [-1.0, 1.0], "where they change"),
        Axis("start", reals(-3, 3), 1.0, "x_1"),
        Axis("schedule", vector(8, reals(0.0625, 1.5)), [1.0] * 8, "step sizes"),
        Axis("last", integers(1, 8), 1, "T"),
    ),
    emits=frozenset({schedule_sum, moves_squared, tail_sum, start_squared, last_gap}),
    engine=scheduled,
)

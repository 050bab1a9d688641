"""The heavy ball with Polyak's tuning on strongly convex functions of one variable, exact.

mu = low^2 and L = (low ratio)^2, so that the tuning a = 4 / (sqrt(L) + sqrt(mu))^2,
b = ((sqrt(L) - sqrt(mu)) / (sqrt(L) + sqrt(mu)))^2 is rational; the ball starts at rest.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from experiments.classical.bent import with_minimum_at_zero
from experiments.two_layer.domains import Weighted
from harness.first_order import (
    ball_squared,
    quadratic,
    rounds,
    smooth,
    start_squared,
    strong,
)
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, reals, vector


def ball(
    shape: str, low: Any, ratio: Any, slopes: Any, breaks: Any, start: Any, count: int
) -> dict[Any, Any]:
    """One orbit; the slopes are shares of the way from mu to L."""
    small = Fraction(low)
    large = small * Fraction(ratio)
    mu, L = small**2, large**2
    step, momentum = 4 / (small + large) ** 2, ((large - small) / (large + small)) ** 2
    shares = [Fraction(one) for one in (slopes if shape == "bends" else slopes[:1] * 3)]
    ends = sorted(map(Fraction, breaks))
    f = with_minimum_at_zero(ends, [mu + share * (L - mu) for share in shares])
    x = before = Fraction(start)
    for _ in range(count):
        x, before = x - step * f.at(x)[1] + momentum * (x - before), x
    return {
        rounds: count, smooth: L, strong: mu, quadratic: int(len(set(shares)) == 1),
        start_squared: Fraction(start) ** 2, ball_squared: x**2,
    }  # fmt: skip


heavy_ball_on_the_line = Experiment(
    id="heavy_ball_on_the_line",
    title="The heavy ball with Polyak's tuning on functions of one variable",
    axes=(
        Axis("shape", Weighted({"quadratic": 3, "bends": 1}), "quadratic", "or three slopes"),
        Axis("low", reals(0.25, 2), 1.0, "sqrt(mu)"),
        Axis("ratio", reals(1.25, 8), 5.0, "sqrt(L / mu)"),
        Axis("slopes", vector(3, reals(0, 1)), [1.0, 1.0, 1.0], "0 stands for mu, 1 for L"),
        Axis("breaks", vector(2, reals(-3, 3)), [1.0, 2.0], "where the slope changes"),
        Axis("start", reals(-4, 4), 1.0, "x_0"),
        Axis("count", integers(1, 32), 1, "number of steps"),
    ),
    emits=frozenset({rounds, smooth, strong, quadratic, start_squared, ball_squared}),
    engine=ball,
)

"""Gradient descent with two-point noise on functions of one variable: exact means over all signs.

x_{k+1} = x_k - g (f'(x_k) + s e_k), e_k = +1 or -1 with probability 1/2 each, independently: the
mean over the 2^N sequences of signs is a finite sum of fractions.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from experiments.classical.bent import with_minimum_at_zero
from harness.first_order import (
    gamma,
    gap_start,
    mean_dist_squared,
    mean_gap,
    noise_squared,
    pl,
    rounds,
    smooth,
    start_squared,
)
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, reals, vector


def cloud(
    slopes: Any, breaks: Any, start: Any, curvature: Any, share: Any, noise: Any, count: int
) -> dict[Any, Any]:
    """All orbits at once; the slopes are shares of L, the noise has variance noise^2."""
    L, sigma = Fraction(curvature), Fraction(noise)
    step = Fraction(share) / L
    f = with_minimum_at_zero(sorted(map(Fraction, breaks)), [Fraction(one) * L for one in slopes])
    target = f.nearest_minimiser(Fraction(start))
    points = [Fraction(start)]
    for _ in range(count):
        means = [x - step * f.at(x)[1] for x in points]
        points = [mean + sign * step * sigma for mean in means for sign in (-1, 1)]
    return {
        rounds: count, gamma: step, smooth: L, pl: f.pl, noise_squared: sigma**2,
        gap_start: f.at(Fraction(start))[0] - f.lowest,
        start_squared: (Fraction(start) - target) ** 2,
        mean_gap: sum((f.at(x)[0] - f.lowest for x in points), Fraction(0)) / len(points),
        mean_dist_squared: sum(((x - target) ** 2 for x in points), Fraction(0)) / len(points),
    }  # fmt: skip


noisy_descent_on_the_line = Experiment(
    id="noisy_descent_on_the_line",
    title="Gradient descent with two-point noise on convex functions of one variable, exact means",
    axes=(
        Axis("slopes", vector(3, reals(0, 1)), [1.0, 1.0, 1.0], "second derivatives over L"),
        Axis("breaks", vector(2, reals(-2, 2)), [-1.0, 1.0], "where they change"),
        Axis("start", reals(-3, 3), 1.0, "x_0"),
        Axis("curvature", reals(0.25, 4), 1.0, "L"),
        Axis("share", reals(0.05, 2), 1.0, "step size times L"),
        Axis("noise", reals(0, 2), 1.0, "standard deviation of the gradient's noise"),
        Axis("count", integers(1, 6), 1, "number of steps"),
    ),
    emits=frozenset(
        {
            rounds, gamma, smooth, pl, noise_squared, gap_start, start_squared,
            mean_gap, mean_dist_squared,
        }
    ),
    engine=cloud,
)  # fmt: skip

"""One exact step on 1/2 (mu - x y)^2 and on 1/2 (w1 w2 w3 - 1)^2; short runs on a quadratic.

The quadratic has eigenvalues ``curvatures`` in axes turned by the angle with tangent of its half
``turn``, so that all of it is rational.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from harness import large_steps as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, reals, vector


def two_factors(x: Any, y: Any, goal: Any, step: Any) -> dict[Any, Any]:
    """x and y move at once."""
    x, y, mu, h = map(Fraction, (x, y, goal, step))
    e = x * y - mu
    after = x - h * e * y, y - h * e * x
    found = {s.step: h, s.goal: mu}
    for pair, names in (
        ((x, y), (s.product, s.size, s.skewness)),
        (after, (s.product_after, s.size_after, s.skewness_after)),
    ):
        a, b = pair
        found |= dict(zip(names, (a * b, a * a + b * b, a * a - b * b), strict=True))
    return found


two_factors_step = Experiment(
    id="two_factors_step",
    title="One step on (mu - x y)^2 / 2, exact",
    axes=(
        Axis("x", reals(-4, 4), 1.0, "first factor"),
        Axis("y", reals(-4, 4), 0.5, "second factor"),
        Axis("goal", reals(0.1, 3), 1.0, "mu"),
        Axis("step", reals(0.01, 2), 0.25, "step size"),
    ),
    emits=frozenset(
        {s.step, s.goal, s.product, s.size, s.skewness, s.product_after, s.size_after,
         s.skewness_after}
    ),
    engine=two_factors,
)  # fmt: skip


def three_factors(weights: Any, step: Any) -> dict[Any, Any]:
    """The squares less the least of them, before and after the step."""
    w, h = [Fraction(one) for one in weights], Fraction(step)
    others = [w[1] * w[2], w[0] * w[2], w[0] * w[1]]
    e = w[0] * w[1] * w[2] - 1
    after = [one - h * e * rest for one, rest in zip(w, others, strict=True)]
    low, mid, high = sorted(one * one for one in w)
    low_1, mid_1, high_1 = sorted(one * one for one in after)
    return {
        s.step: h, s.error: e, s.widest: max(map(abs, w)), s.others_12: w[2],
        s.gap_12: w[0] ** 2 - w[1] ** 2, s.gap_12_after: after[0] ** 2 - after[1] ** 2,
        s.mid: mid - low, s.high: high - low, s.mid_after: mid_1 - low_1,
        s.high_after: high_1 - low_1,
    }  # fmt: skip


three_factors_step = Experiment(
    id="three_factors_step",
    title="One step on (w1 w2 w3 - 1)^2 / 2, exact",
    axes=(
        Axis("weights", vector(3, reals(-2, 2)), [1.0, 1.5, 0.5], "w1, w2, w3"),
        Axis("step", reals(0.01, 2, log=True), 0.25, "step size"),
    ),
    emits=frozenset(
        {s.step, s.error, s.widest, s.others_12, s.gap_12, s.gap_12_after, s.mid, s.high,
         s.mid_after, s.high_after}
    ),
    engine=three_factors,
)  # fmt: skip


def quadratic(curvatures: Any, turn: Any, offset: Any, step: Any, steps: int) -> dict[Any, Any]:
    """x - x* in the axes of the plane; H has the two curvatures along the turned axes."""
    top, low = sorted(map(Fraction, curvatures), reverse=True)
    tangent, h = Fraction(turn), Fraction(step)
    c, d = (1 - tangent**2) / (1 + tangent**2), 2 * tangent / (1 + tangent**2)
    H = [[top * c * c + low * d * d, (top - low) * c * d],
         [(top - low) * c * d, top * d * d + low * c * c]]  # fmt: skip
    x, y = a, b = [Fraction(one) for one in offset]
    for _ in range(steps):
        x, y = x - h * (H[0][0] * x + H[0][1] * y), y - h * (H[1][0] * x + H[1][1] * y)
    return {
        s.step: h, s.steps_taken: steps, s.curvature: top, s.least_curvature: low,
        s.offset_start: a * a + b * b, s.offset: x * x + y * y,
        s.sharp_start: (c * a + d * b) ** 2, s.sharp: (c * x + d * y) ** 2,
    }  # fmt: skip


quadratic_minimum = Experiment(
    id="quadratic_minimum",
    title="Gradient descent near a minimum: a quadratic in the plane, exact",
    axes=(
        Axis("curvatures", vector(2, reals(0.01, 4)), [1.0, 0.5], "eigenvalues of the Hessian"),
        Axis("turn", reals(-1, 1), 0.5, "tangent of half the angle of its axes"),
        Axis("offset", vector(2, reals(-2, 2)), [0.75, 1.0], "x_0 - x*"),
        Axis("step", reals(0.01, 1), 0.25, "step size"),
        Axis("steps", integers(1, 8), 3, "number of steps"),
    ),
    emits=frozenset(
        {s.step, s.steps_taken, s.curvature, s.least_curvature, s.offset_start, s.offset,
         s.sharp_start, s.sharp}
    ),
    engine=quadratic,
)  # fmt: skip

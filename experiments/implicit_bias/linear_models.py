"""Students from a line of functions, generalized linear models, and minimisers at a given scale."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from harness import implicit_bias as s
from harness import singular_values
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, integers, matrix, reals, vector


def student(base: Any, way: Any, truth: Any, weak: Any, convex: int) -> dict[Any, Any]:
    """Functions base + t way on three points, t in [0, 1], or t in {0, 1} where not convex."""
    base, way, weak = (
        np.array([Fraction(x) for x in one], dtype=object) for one in (base, way, weak)
    )
    best = min(Fraction(1), max(Fraction(0), (weak - base) @ way / (way @ way)))
    place = Fraction(truth)
    if not convex:
        best, place = Fraction(round(best)), Fraction(round(place))
    target, found = base + place * way, base + best * way

    def distance(one: Any, two: Any) -> Any:
        return (one - two) @ (one - two) / 3

    return {
        s.convex_students: convex, s.strong_gap: distance(found, target),
        s.weak_gap: distance(weak, target), s.label_misfit: distance(found, weak),
    }  # fmt: skip


POINTS = vector(3, reals(-2, 2))
line_of_students = Experiment(
    id="line_of_students",
    title="A student fitted to weak labels, from functions between two, exact",
    axes=(
        Axis("base", POINTS, [0.0, 0.0, 0.0], "the function at t = 0"),
        Axis("way", vector(3, reals(0.25, 2)), [1.0, 1.0, 1.0], "from there to t = 1"),
        Axis("truth", reals(0, 1), 0.75, "t of the truth"),
        Axis("weak", POINTS, [0.5, 1.0, -0.5], "weak labels"),
        Axis("convex", choice(1, 1, 1, 0), 1, "0: only t = 0 and t = 1"),
    ),
    emits=frozenset({s.convex_students, s.strong_gap, s.weak_gap, s.label_misfit}),
    engine=student,
)


def fitted(
    X: Any, start: Any, move: Any, slope: Any, bend: Any, pace: Any, steps: int
) -> dict[Any, Any]:
    """Gradient descent on 1/2 |phi(X theta) - phi(X theta*)|^2, phi(z) = slope z + bend tanh z."""
    rows, theta = np.array(X), np.array(start)
    target = theta + rows.T @ np.array(move)
    values = singular_values(list(rows))
    steep = slope + bend
    # where X = 0 nothing moves, and the theorem does not speak
    step = pace / (steep * steep * values[0] * values[0]) if values[0] > 0 else 0 * pace

    def phi(z: Any) -> Any:
        return slope * z + bend * np.tanh(z)

    goal = phi(rows @ target)
    first, path = np.sqrt((theta - target) @ (theta - target)), 0 * step
    for _ in range(steps):
        z = rows @ theta
        slopes = slope + bend * (1 - np.tanh(z) * np.tanh(z))
        change = step * (rows.T @ (slopes * (phi(z) - goal)))
        theta, path = theta - change, path + np.sqrt(change @ change)
    return {
        s.step: step, s.steps_taken: steps, s.slope_low: slope, s.slope_high: steep,
        s.smax_X: values[0], s.smin_X: values[1], s.away_start: first, s.path: path,
        s.away: np.sqrt((theta - target) @ (theta - target)),
    }  # fmt: skip


generalized_linear = Experiment(
    id="generalized_linear",
    title="Generalized linear model with two samples and three weights, gradient descent",
    axes=(
        Axis("X", matrix(2, 3, reals(-2, 2)), [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], "samples"),
        Axis("start", POINTS, [0.0, 0.0, 1.0], "theta_0"),
        Axis("move", vector(2, reals(-1, 1)), [1.0, 0.5], "theta* = theta_0 + X' move"),
        Axis("slope", reals(0.25, 1), 1.0, "gam"),
        Axis("bend", reals(0, 1), 0.0, "Gam - gam"),
        Axis("pace", reals(0.1, 1.1), 0.5, "step size times (Gam |X|)^2"),
        Axis("steps", integers(1, 30), 3, "number of steps"),
    ),
    emits=frozenset(
        {s.step, s.steps_taken, s.slope_low, s.slope_high, s.smax_X, s.smin_X, s.away_start, s.away,
         s.path}
    ),
    engine=fitted,
)  # fmt: skip


def reached(x: Any, level: Any, alpha: Any) -> dict[Any, Any]:
    """The flow on one sample ends at beta = 2 alpha^2 sinh(nu x), here with largest entry ``level``."""
    widest = max(x)
    nu = math.asinh(level / (2 * alpha * alpha)) / widest
    beta = [2 * alpha * alpha * math.sinh(nu * one) for one in x]
    y = sum(a * b for a, b in zip(x, beta, strict=True))
    return {
        s.alpha: alpha, s.inputs_count: len(x), s.norm_1: sum(beta),
        s.norm_2: sum(one * one for one in beta), s.least_1: y / widest,
        s.least_2: y / math.sqrt(sum(one * one for one in x)),
    }  # fmt: skip


diagonal_limit = Experiment(
    id="diagonal_limit",
    title="Interpolator that the flow of a diagonal linear network reaches from a given scale",
    axes=(
        Axis("x", vector(3, reals(0.1, 1)), [1.0, 0.75, 0.5], "the sample"),
        Axis("level", reals(0.25, 8), 4.0, "largest entry of beta"),
        Axis("alpha", reals(1e-6, 1e6, log=True), 1e-3, "scale of the initialization"),
    ),
    emits=frozenset({s.alpha, s.inputs_count, s.norm_1, s.norm_2, s.least_1, s.least_2}),
    engine=reached,
)

"""Gradient descent with a constant step on functions of one or two variables, mostly exact.

f(u, v) = phi(u) + c v^2 / 2 with phi of one of these shapes, all with |f''| <= L:
bends: phi'' is piecewise constant, three shares of L, phi'(0) = 0 (Huber's function, quadratics);
dip: the same with a negative middle piece and phi'' = L outside; zigzag: phi' is 1 at every iterate;
saddle: f = L (u^2 - v^2) / 2; valley: phi = (L / 8)(u^2 + 3 sin(u)^2), whose PL constant is 7 L / 320
up to 0.3 %. All but the valley are rational and computed so.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from experiments.classical.bent import Bent, with_minimum_at_zero, zigzag
from experiments.two_layer.domains import Mixed, Usual, Weighted
from harness.first_order import (
    bounded,
    convex,
    decrease,
    dist_before,
    dist_squared,
    fall,
    fall_next,
    gamma,
    gap,
    gap_before,
    gap_start,
    grad_before,
    grad_least,
    grad_squared,
    grad_start,
    lower,
    pl,
    rounds,
    smooth,
    start_squared,
    strong,
)
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, reals, vector

SHAPES = Weighted({"bends": 7, "valley": 1, "dip": 1, "zigzag": 1, "saddle": 1})
STEPS = reals(0.05, 2.2)
EMITS = frozenset(
    {
        rounds, gamma, smooth, lower, strong, pl, convex, bounded,
        start_squared, gap_start, grad_start, dist_squared, gap, grad_squared,
        grad_least, decrease, gap_before, grad_before, dist_before, fall, fall_next,
    }
)  # fmt: skip


def orbit(
    shape: str, slopes: Any, breaks: Any, across: Any, start: Any, curvature: Any, share: Any,
    count: int,
) -> dict[Any, Any]:  # fmt: skip
    """One orbit of gradient descent with the step share / curvature."""
    if shape == "valley":
        return _valley(start[0], curvature, share, count)
    u, v, L = Fraction(start[0]), Fraction(start[1]), Fraction(curvature)
    step, c = Fraction(share) / L, Fraction(across) * L
    low, high = sorted(map(Fraction, breaks))
    shares = [Fraction(one) * L for one in slopes]
    if shape == "dip":
        shares = [L, -shares[1], L]
    phi = with_minimum_at_zero((low, high), shares)
    if shape == "zigzag":
        phi, u, v, c = zigzag(L, step, count), Fraction(0), Fraction(0), Fraction(0)
    if shape == "saddle":
        phi, c = Bent((Fraction(0),), (L, L)), -L
    return _measured(phi, c, (u, v), L, step, count)


def _measured(
    phi: Bent, c: Fraction, start: tuple[Fraction, Fraction], L: Fraction, step: Fraction, N: int
) -> dict[Any, Any]:
    below = c >= 0
    lowest = phi.lowest if below else Fraction(0)
    target = phi.nearest_minimiser(start[0]), (Fraction(0) if c != 0 else start[1])
    values, grads, dists = [], [], []
    u, v = start
    for _ in range(N + 2):
        f, g = phi.at(u)
        h = c * v
        values.append(f + h * v / 2 - lowest)
        grads.append(g * g + h * h)
        dists.append((u - target[0]) ** 2 + (v - target[1]) ** 2)
        u, v = u - step * g, v - step * h
    least = min([*phi.slopes, c])
    return {
        **_orbit_symbols(values, grads, dists, N),
        rounds: N, gamma: step, smooth: L, lower: least, strong: max(least, Fraction(0)),
        pl: min([phi.pl, *([c] if c > 0 else [])]) if below else 0,
        convex: int(least >= 0), bounded: int(below),
    }  # fmt: skip


def _valley(u: Any, L: Any, share: Any, N: int) -> dict[Any, Any]:
    values, grads, dists, step = [], [], [], share / L
    for _ in range(N + 2):
        g = L / 8 * (2 * u + 3 * math.sin(2 * u))
        values.append(L / 8 * (u**2 + 3 * math.sin(u) ** 2))
        grads.append(g**2)
        dists.append(u**2)
        u = u - step * g
    return {
        **_orbit_symbols(values, grads, dists, N),
        rounds: N, gamma: step, smooth: L, lower: -L / 2, strong: 0,
        pl: 7 * L / 320, convex: 0, bounded: 1,
    }  # fmt: skip


def _orbit_symbols(values: Any, grads: Any, dists: Any, N: int) -> dict[Any, Any]:
    return {
        start_squared: dists[0], gap_start: values[0], grad_start: grads[0],
        dist_squared: dists[N], gap: values[N], grad_squared: grads[N],
        grad_least: min(grads[: N + 1]), decrease: values[0] - values[N],
        gap_before: values[N - 1], grad_before: grads[N - 1], dist_before: dists[N - 1],
        fall: values[N - 1] - values[N], fall_next: values[N] - values[N + 1],
    }  # fmt: skip


gradient_descent_on_functions = Experiment(
    id="gradient_descent_on_functions",
    title="Gradient descent with a constant step on functions of one or two variables",
    axes=(
        Axis("shape", SHAPES, "bends", "the family of the function"),
        Axis("slopes", vector(3, reals(0, 1)), [1.0, 1.0, 1.0], "bends: second derivatives over L"),
        Axis("breaks", vector(2, reals(-2, 2)), [-1.0, 1.0], "bends: where they change"),
        Axis("across", reals(0, 1), 1.0, "second derivative over L in the other direction"),
        Axis("start", vector(2, reals(-3, 3)), [1.0, 0.0], "x_0; the zigzag starts at 0"),
        Axis("curvature", reals(0.25, 4), 1.0, "L"),
        Axis("share", Usual(STEPS, Mixed(STEPS, reals(0.05, 1), 0.5)), 1.0, "step size times L"),
        Axis("count", integers(1, 16), 1, "number of steps"),
    ),
    emits=EMITS,
    engine=orbit,
)

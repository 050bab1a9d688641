"""Stationary covariance of SGD in rationals, and the kernel energy of polynomial labels."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np

from harness import implicit_bias as s
from harness import solve, spectral_radius
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, integers, matrix, reals, vector
from harness.vocabulary.structured import separated

PLACES = ((0, 0), (0, 1), (1, 1))


def columns(of: Any) -> Any:
    """The matrix of a map of symmetric matrices on E11, E12 + E21, E22."""
    basis = [[[1, 0], [0, 0]], [[0, 1], [1, 0]], [[0, 0], [0, 1]]]
    found = [of(np.array([[Fraction(x) for x in row] for row in one])) for one in basis]
    return [[one[place] for one in found] for place in PLACES]


def determinant(rows: Any) -> Any:
    """Of a 3 x 3 matrix."""
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def solved(rows: Any, right: Any) -> list[Any]:
    """Cramer's rule for three equations, so that fractions stay fractions."""
    return [
        determinant([[right[i] if j == k else rows[i][j] for j in range(3)] for i in range(3)])
        / determinant(rows)
        for k in range(3)
    ]


def stationary(rows: Any, pulls: Any, batch: int, step: Any, probe: Any) -> dict[Any, Any]:
    """Three samples with Hessian a_i a_i' + I/4 and gradients g_i of sum 0 at the minimum."""
    eta: Any = Fraction(step)
    p: Any = Fraction(3 - batch, 2 * batch)
    one = np.array([[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]])
    a = [np.array([Fraction(x) for x in row]) for row in rows]
    H = [np.outer(row, row) + one / 4 for row in a]
    g = [np.array([Fraction(x) for x in row]) for row in pulls]
    g.append(-g[0] - g[1])
    mean, Q = (H[0] + H[1] + H[2]) / 3, sum(np.outer(x, x) for x in g) / 3
    some = list(combinations(range(3), batch))
    steps = [one - eta * sum(H[i] for i in part) / batch for part in some]
    kicks = [sum(g[i] for i in part) / batch for part in some]
    noise = eta**2 * sum(np.outer(x, x) for x in kicks) / len(some)
    moved = columns(lambda S: sum(M @ S @ M for M in steps) / len(some))
    kept = [[int(i == j) - moved[i][j] for j in range(3)] for i in range(3)]
    C = columns(lambda S: mean @ S + S @ mean)
    D = columns(lambda S: (1 - p) * mean @ S @ mean + p * sum(G @ S @ G for G in H) / 3)
    bent = [[C[i][j] - eta * D[i][j] for j in range(3)] for i in range(3)]

    def read(left: Any, right: Any) -> Any:
        return sum(
            w * x for w, x in zip(probe, solved(left, [right[at] for at in PLACES]), strict=True)
        )

    return {
        s.step: eta, s.batch_factor: p, s.radius: spectral_radius(moved),
        s.spread_limit: read(kept, noise), s.spread_formula: read(bent, Q),
    }  # fmt: skip


noisy_sgd = Experiment(
    id="noisy_sgd",
    title="SGD without replacement around a minimum in the plane, exact covariance",
    axes=(
        Axis("rows", matrix(3, 2, reals(-1, 1)), [[1.0, 0.0], [0.5, 1.0], [1.0, -0.5]], "a_i"),
        Axis("pulls", matrix(2, 2, reals(-1, 1)), [[1.0, 0.0], [0.0, 0.5]], "g_1 and g_2"),
        Axis("batch", choice(1, 2), 1, "batch size"),
        Axis("step", reals(0.01, 1), 0.25, "step size"),
        Axis("probe", vector(3, integers(-3, 3)), [1, 0, 1], "P on the entries 11, 12, 22"),
    ),
    emits=frozenset({s.step, s.batch_factor, s.radius, s.spread_limit, s.spread_formula}),
    engine=stationary,
)


def energy(angles: Any, b: Any, degree: int) -> dict[Any, Any]:
    """Unit inputs in the plane at these tangents of half their angles; a = 1."""
    x = [((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)) for t in angles]
    H = []
    for i in range(len(x)):
        row = []
        for j in range(len(x)):
            inner = x[i][0] * x[j][0] + x[i][1] * x[j][1]
            angle = 2 * math.atan(abs((angles[i] - angles[j]) / (1 + angles[i] * angles[j])))
            row.append(inner * (math.pi - angle) / (2 * math.pi))
        H.append(row)
    y = [(b[0] * one[0] + b[1] * one[1]) ** degree for one in x]
    found = solve(H, y)
    return {
        s.degree: degree, s.label_scale: (b[0] * b[0] + b[1] * b[1]) ** degree,
        s.label_energy: sum(one * other for one, other in zip(y, found, strict=True)),
    }  # fmt: skip


polynomial_labels = Experiment(
    id="polynomial_labels",
    title="Kernel energy of polynomial labels on unit inputs in the plane",
    axes=(
        Axis("angles", separated(4, -0.9, 0.9, 0.1), [-0.75, -0.25, 0.25, 0.75], "tangents"),
        Axis("b", vector(2, reals(-2, 2)), [1.0, 0.0], "direction of the labels"),
        Axis("degree", choice(1, 2, 3, 4, 6), 1, "p"),
    ),
    emits=frozenset({s.degree, s.label_scale, s.label_energy}),
    engine=energy,
)

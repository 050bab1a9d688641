"""Interpolators of two samples that the flow of a diagonal linear network reaches from a given scale.

The flow ends at beta = 2 alpha^2 sinh(X' nu) entry by entry, whatever nu: the labels are X beta. The
interpolator of least l1 norm has at most two entries, so it is found among those with two.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

from harness import implicit_bias as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import reals, vector


def reached(shape: Any, level: Any, alpha: Any) -> dict[Any, Any]:
    """X = [[1, q, r], [p, 1, u]] and nu a multiple of (1, turn): the largest entry of beta is ``level``."""
    p, q, r, u, turn = shape
    columns = [(1, p), (q, 1), (r, u)]
    ways = [one + turn * two for one, two in columns]
    nu = math.asinh(level / (2 * alpha * alpha)) / max(abs(one) for one in ways)
    beta = [2 * alpha * alpha * math.sinh(nu * one) for one in ways]
    y = [sum(b * one[row] for b, one in zip(beta, columns, strict=True)) for row in (0, 1)]
    norms = []
    for (a, c), (b, d) in combinations(columns, 2):
        det = a * d - b * c
        if det != 0:
            norms.append((abs(d * y[0] - b * y[1]) + abs(a * y[1] - c * y[0])) / abs(det))
    # y' (X X')^-1 y
    g, h, k = (sum(one[i] * one[j] for one in columns) for i, j in ((0, 0), (0, 1), (1, 1)))
    squared = (k * y[0] * y[0] - 2 * h * y[0] * y[1] + g * y[1] * y[1]) / (g * k - h * h)
    return {
        s.alpha: alpha, s.inputs_count: 3, s.norm_1: sum(abs(one) for one in beta),
        s.norm_2: sum(one * one for one in beta), s.least_1: min(norms),
        s.least_2: math.sqrt(squared),
    }  # fmt: skip


two_sample_limit = Experiment(
    id="two_sample_limit",
    title="Two samples: interpolator that the flow of a diagonal linear network reaches",
    axes=(
        Axis(
            "shape",
            vector(5, reals(-0.75, 0.75)),
            [0.5, -0.25, 0.75, 0.5, 0.5],
            "p, q, r, u of X = [[1, q, r], [p, 1, u]], and the direction of nu",
        ),
        Axis("level", reals(0.25, 8), 4.0, "largest entry of beta"),
        Axis("alpha", reals(1e-6, 1e6, log=True), 1e-3, "scale of the initialization"),
    ),
    emits=frozenset({s.alpha, s.inputs_count, s.norm_1, s.norm_2, s.least_1, s.least_2}),
    engine=reached,
)

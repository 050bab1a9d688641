"""The infinite-width ReLU tangent kernel of an odd number of inputs spread evenly over a circle."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from harness import neural_kernels as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers


def around(pairs_on_circle: int) -> dict[Any, Any]:
    """The kernel is circulant and even: eigenvalue j is H_00 + 2 sum_r H_0r cos(2 pi j r / n)."""
    n = 2 * pairs_on_circle + 1
    angles = [2 * math.pi * r / n for r in range(1, pairs_on_circle + 1)]
    row = [np.cos(one) * (math.pi - one) / (2 * math.pi) for one in angles]
    found = [
        0.5 + 2 * sum(k * np.cos(j * one) for k, one in zip(row, angles, strict=True))
        for j in range(pairs_on_circle + 1)
    ]
    return {
        s.pairs_on_circle: pairs_on_circle, s.half_cosine: np.cos(math.pi / n),
        s.circle_least: min(found), s.circle_most: max(found),
    }  # fmt: skip


circle = Experiment(
    id="circle",
    title="Infinite-width ReLU kernel of 2 m + 1 inputs spread evenly over a circle",
    axes=(Axis("pairs_on_circle", integers(1, 20), 2, "m"),),
    emits=frozenset({s.pairs_on_circle, s.half_cosine, s.circle_least, s.circle_most}),
    engine=around,
)

"""Infinite-width ReLU kernels of three inputs of length 1, and their least eigenvalues."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from harness import eigenvalues
from harness import neural_kernels as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import matrix, reals

PAIRS = ((0, 1), (0, 2), (1, 2))


def angle(near: Any, far: Any) -> Any:
    """From |x - y|^2 and |x + y|^2; pi where they are opposite, a right angle where there are none."""
    if far > 0:
        return 2 * np.arctan(np.sqrt(near / far))
    return math.pi if near > 0 else math.pi / 2


def symmetric(diagonal: Any, pairs: Any) -> list[list[Any]]:
    """3 x 3, the same number along the diagonal."""
    a, b, c = pairs
    return [[diagonal, a, b], [a, diagonal, c], [b, c, diagonal]]


def least(diagonal: Any, pairs: Any) -> Any:
    return eigenvalues(symmetric(diagonal, pairs))[0]


def spectra(inputs: Any) -> dict[Any, Any]:
    """Of the inputs divided by their lengths; kernels with s_w^2 = 2, not divided by d.

    An input of length 0 counts as orthogonal to all others.
    """
    squares = [row @ row for row in np.array(inputs)]
    lengths = [np.sqrt(one) if one > 0 else 1 for one in squares]
    X = [row / length for row, length in zip(np.array(inputs), lengths, strict=True)]
    cosines, angles = [], []
    for i, j in PAIRS:
        apart, sum_ = X[i] - X[j], X[i] + X[j]
        cosines.append(X[i] @ X[j])
        angles.append(angle(apart @ apart, sum_ @ sum_))
    shares = [(math.pi - a) / (2 * math.pi) for a in angles]
    process = [
        (2 * np.sin(a) + 2 * (math.pi - a) * c) / math.pi
        for a, c in zip(angles, cosines, strict=True)
    ]
    tangent = [k + 4 * c * p for k, c, p in zip(process, cosines, shares, strict=True)]
    # cosines of the next layer; 1 less them is at least 0
    inner = [angle(max(2 - k, 0.0), 2 + k) for k in process]
    deeper = [
        (2 * np.sin(a) + (math.pi - a) * k) / math.pi for a, k in zip(inner, process, strict=True)
    ]
    last = [k + t * (math.pi - a) / math.pi for k, t, a in zip(deeper, tangent, inner, strict=True)]
    return {
        s.limit_least: least(0.5, [c * p for c, p in zip(cosines, shares, strict=True)]),
        s.pair_least: min(0.5 - abs(c) * p for c, p in zip(cosines, shares, strict=True)),
        s.gram_least: least(1.0, cosines),
        s.square_least: least(1.0, [c**2 for c in cosines]),
        s.fourth_least: least(1.0, [c**4 for c in cosines]),
        s.process_least_1: least(2.0, process), s.tangent_least_1: least(4.0, tangent),
        s.process_least_2: least(2.0, deeper), s.tangent_least_2: least(6.0, last),
    }  # fmt: skip


three_inputs = Experiment(
    id="three_inputs",
    title="Infinite-width ReLU kernels of three inputs",
    axes=(
        Axis("inputs", matrix(3, 3, reals(-1, 1)),
             [[1.0, 0.0, 0.0], [0.75, 0.5, 0.0], [0.0, 0.25, 1.0]], "rows, divided by their lengths"),
    ),
    emits=frozenset(
        {
            s.limit_least, s.pair_least, s.gram_least, s.square_least, s.fourth_least,
            s.process_least_1, s.tangent_least_1, s.process_least_2, s.tangent_least_2,
        }
    ),
    engine=spectra,
)  # fmt: skip

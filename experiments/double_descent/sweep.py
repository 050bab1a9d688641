"""Test errors below, at and beyond the interpolation threshold, on real data with noisy labels.

Along the width of the network at a fixed number of samples, or along the samples at a fixed width;
in both, three fits of the last layer on the same data, at sizes fixed beforehand.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.double_descent.frozen import Array, features
from experiments.two_layer.domains import Mixed
from harness import double_descent as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, integers

TEST_POINTS = 200
LABEL_NOISE = 0.5
"""Standard deviation of the noise added to the training targets, which have variance 1."""


def test_error(Z: Array, Y: Array, noisy: Array, penalty: float) -> float:
    """Mean squared error on the points without noisy labels; the first ones are trained on.

    The ridge parameter is ``penalty`` times the mean squared norm of the training features; 0 is the
    least-norm fit.
    """
    rows = len(noisy)
    train, fresh = Z[:rows], Z[rows:]
    left, values, right = np.linalg.svd(train, full_matrices=False)
    kept = values > 1e-12 * values[0]
    shrunk = values[kept] / (values[kept] ** 2 + penalty * np.sum(values**2) / rows)
    found = fresh @ (right[kept].T @ (shrunk[:, None] * (left[:, kept].T @ noisy)))
    return float(np.mean((found - Y[rows:]) ** 2))


def swept(
    data: str, network: str, along: str, size: int, penalty: float, rng: np.random.Generator
) -> dict[Any, Any]:
    """Errors at a quarter of ``size``, at it, and at four times it; the other size stays."""
    sizes = size // 4, size, 4 * size
    most = max(sizes) if along == "samples" else size
    noise, seed = rng.standard_normal((most, 1)), rng.integers(2**63)
    errors = []
    for one in sizes:
        rows, columns = (one, size) if along == "samples" else (size, one)
        again = np.random.default_rng(seed)
        Z, Y = features(data, network, columns, most + TEST_POINTS, again)
        target = Y[:, :1]
        kept = [*range(rows), *range(most, len(Z))]
        noisy = target[:rows] + LABEL_NOISE * noise[:rows]
        errors.append(test_error(Z[kept], target[kept], noisy, penalty))
    return dict(zip((s.error_below, s.error_at, s.error_beyond), errors, strict=True))


three_sizes = Experiment(
    id="three_sizes",
    title="Networks with frozen features around the interpolation threshold, real data",
    axes=(
        Axis("data", choice("diabetes", "digits"), "diabetes", "data set"),
        Axis("network", choice("relu", "trained relu", "tanh"), "relu", "where features are from"),
        Axis("along", choice("width", "samples"), "width", "what is swept"),
        Axis("size", integers(24, 32), 24, "what is fixed, and the threshold"),
        Axis("penalty", Mixed(choice(0.1), choice(0.0), 0.1), 0.0, "ridge parameter"),
    ),
    emits=frozenset({s.penalty, s.error_below, s.error_at, s.error_beyond}),
    engine=swept,
    randomness=("rng",),
)

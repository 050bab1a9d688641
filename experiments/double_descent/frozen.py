"""Least-norm fits of the last layer of a network whose features are frozen, over all training sets.

M points of a data set; the training set is any n of them, each subset as likely as another, so that
means over it are finite sums. The noise of the labels is averaged exactly: trained on the rows S of
the features Z, the part of the prediction at z that is noise has variance |(Z_S^+)' z|^2 times that
of the labels. The features were drawn, or trained on other points, and do not know the subset.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.data import draw_data
from harness import double_descent as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, depending, integers

Array = NDArray[np.float64]
TRAINING_POINTS, TRAINING_STEPS, RATE = 100, 100, 0.05
CONDITION = 1e6
ASSUMED_ERROR = 1e-15 * CONDITION
"""Relative rounding error of a fit whose feature matrix has that condition number."""


@cache
def table(data: str) -> tuple[Array, Array]:
    """Standardised inputs and targets, rows of order 1 an entry."""
    inputs, targets = draw_data({"data": data, "scaling": "standardised"})
    scale = np.sqrt(len(inputs))
    return inputs * scale, targets * scale


def features(
    data: str, network: str, columns: int, points: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Hidden layer at ``points`` points of the data, shape (points, columns), and their targets."""
    inputs, targets = table(data)
    order = rng.permutation(len(inputs))
    chosen, others = order[:points], order[points : points + TRAINING_POINTS]
    first = rng.standard_normal((inputs.shape[1], columns)) / np.sqrt(inputs.shape[1])
    if network == "tanh":
        return np.tanh(inputs[chosen] @ first), targets[chosen]
    if network == "trained relu":
        first = trained(inputs[others], targets[others], first, rng)
    return np.maximum(inputs[chosen] @ first, 0), targets[chosen]


def trained(X: Array, Y: Array, first: Array, rng: np.random.Generator) -> Array:
    """First layer of a two-layer ReLU network after full-batch gradient descent on both layers."""
    width = first.shape[1]
    second = rng.standard_normal((width, Y.shape[1])) / np.sqrt(width)
    for _ in range(TRAINING_STEPS):
        hidden = X @ first
        active = np.maximum(hidden, 0)
        error = (active @ second - Y) / Y.size
        back = X.T @ (error @ second.T * (hidden > 0))
        second = second - RATE * active.T @ error
        first = first - RATE * back
    return first


def noise_risks(Z: Array, rows: int) -> tuple[float, float, bool]:
    """Means over all training sets: at held-out points, at all points; whether Z is well conditioned."""
    points = len(Z)
    subsets = np.array(list(combinations(range(points), rows)))
    held = np.ones((len(subsets), points), dtype=bool)
    np.put_along_axis(held, subsets, False, axis=1)
    _, values, right = np.linalg.svd(Z[subsets], full_matrices=False)
    if not (values[:, -1] * CONDITION > values[:, 0]).all():
        return 0.0, 0.0, False
    variances = np.sum((Z @ (np.swapaxes(right, 1, 2) / values[:, None, :])) ** 2, axis=2)
    return float(variances[held].mean()), float(variances.mean()), True


def last_layer(
    data: str, network: str, points: int, rows: int, columns: int, rng: np.random.Generator
) -> dict[Any, Any]:
    """Noise part of the risk over the variance of the label noise, in both ways of testing."""
    Z, _ = features(data, network, columns, points, rng)
    held, everywhere, independent = noise_risks(Z, rows)
    return {
        s.independent: int(independent),
        s.held_out_noise: (held, held * ASSUMED_ERROR),
        s.population_noise: (everywhere, everywhere * ASSUMED_ERROR),
    }


frozen_features = Experiment(
    id="frozen_features",
    title="Last layer refitted on frozen features of random and trained networks, real data",
    axes=(
        Axis("data", choice("diabetes", "digits"), "diabetes", "data set"),
        Axis("network", choice("tanh", "relu", "trained relu"), "tanh", "where features are from"),
        Axis("points", choice(6, 8, 10, 40), 8, "M"),
        Axis("rows", depending(lambda before: _rows(before["points"])), 4, "n"),
        Axis("columns", depending(lambda before: integers(1, before["points"])), 4, "p"),
    ),
    emits=frozenset(
        {s.points, s.rows, s.columns, s.independent, s.held_out_noise, s.population_noise}
    ),
    engine=last_layer,
    randomness=("rng",),
)  # fmt: skip


def _rows(points: int) -> Any:
    """All but one of many points: larger subsets are too numerous."""
    return integers(1, points - 1) if points <= 10 else choice(points - 1)

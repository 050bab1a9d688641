"""Kernel ridge regression on two of four points, for every function of an orthonormal basis."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.two_layer.domains import Mixed
from harness import double_descent as s
from harness import eigenvalues, solve
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, matrix, reals, vector

POINTS = 4


def fitted(kernel: Any, normal: Any, jitter: Any) -> dict[Any, Any]:
    """The basis is the identity reflected at the plane with this normal; samples are points 0, 1."""
    square = normal @ normal
    scale = 2 / square if square > 0 else 0 * square
    basis = [
        np.array([(i == j) - scale * normal[i] * normal[j] for i in range(POINTS)])
        for j in range(POINTS)
    ]
    gram = [[kernel[i, j] + (i == j) * jitter for j in range(2)] for i in range(2)]
    low, high = eigenvalues([[kernel[i, j] for j in range(2)] for i in range(2)])
    determinant = gram[0][0] * gram[1][1] - gram[0][1] * gram[1][0]
    # what is more singular lies outside the hypothesis, and solving it might fail
    regular = determinant > 1e-7 * (gram[0][0] + gram[1][1]) ** 2
    total = (
        sum(phi @ (kernel[:, :2] @ solve(gram, list(phi[:2]))) for phi in basis) if regular else 0.0
    )
    return {
        s.gram_1: high, s.gram_2: low, s.jitter: jitter, s.learned: total, s.basis_size: POINTS,
    }  # fmt: skip


def with_features(features: Any, normal: Any, jitter: Any) -> dict[Any, Any]:
    """The kernel of three given features a point."""
    Z = np.array(features)
    return fitted(Z @ Z.T, np.array(normal), jitter)


def with_tangents(inputs: Any, first: Any, second: Any, normal: Any, jitter: Any) -> dict[Any, Any]:
    """The neural tangent kernel of x -> v.relu(W x) with three hidden neurons."""
    X, W, v = np.array(inputs), np.array(first), np.array(second)
    hidden = X @ W.T
    active = np.array([[one * (one > 0) for one in row] for row in hidden])
    sloped = np.array([[u * (one > 0) for one, u in zip(row, v, strict=True)] for row in hidden])
    return fitted(active @ active.T + (sloped @ sloped.T) * (X @ X.T), np.array(normal), jitter)


NORMAL = Axis("normal", vector(POINTS, reals(-1, 1)), [1.0, 1.0, 1.0, 1.0], "of the reflection")
JITTER = Axis("jitter", Mixed(choice(0.0), reals(0.05, 2), 0.25), 0.5, "delta")
EMITS = frozenset({s.gram_1, s.gram_2, s.jitter, s.learned, s.basis_size})
CORNERS = [[1.0, 0.0], [0.5, 1.0], [-1.0, 0.5], [0.0, -1.0]]

kernel_of_features = Experiment(
    id="kernel_of_features",
    title="Kernel ridge regression with three given features, all basis functions of four points",
    axes=(
        Axis("features", matrix(POINTS, 3, reals(-2, 2)), [[*row, 1.0] for row in CORNERS], "rows"),
        NORMAL,
        JITTER,
    ),
    emits=EMITS,
    engine=with_features,
)
kernel_of_tangents = Experiment(
    id="kernel_of_tangents",
    title="Kernel ridge regression with the tangent kernel of a ReLU network of width three",
    axes=(
        Axis("inputs", matrix(POINTS, 2, reals(-2, 2)), CORNERS, "points"),
        Axis("first", matrix(3, 2, reals(-2, 2)), [[1.0, 0.5], [-0.5, 1.0], [0.5, -1.0]], "W"),
        Axis("second", vector(3, reals(-2, 2)), [1.0, -1.0, 0.5], "v"),
        NORMAL,
        JITTER,
    ),
    emits=EMITS,
    engine=with_tangents,
)

"""Two-layer ReLU networks trained in both layers on diabetes, to a minimum, at three widths.

Training is damped Gauss-Newton descent on |f - y|^2 + decay |theta|^2: a step is taken when it lowers
this, and the damping falls; else it grows. Widths are fixed beforehand: parameters at about a quarter
of the samples, at 1.6 times, and at 13 times.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.double_descent.frozen import Array, table
from experiments.double_descent.sweep import LABEL_NOISE, TEST_POINTS
from experiments.two_layer.domains import Mixed
from harness import double_descent as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice

SAMPLES, WIDTHS, STEPS = 60, (1, 8, 64), 60


def outputs(theta: Array, width: int, X: Array) -> tuple[Array, Array]:
    """f and its Jacobian in theta = (W, b, v, c), f(x) = v.relu(W x + b) + c."""
    inputs = X.shape[1]
    W, b, v = np.split(theta[:-1], [width * inputs, width * (inputs + 1)])
    hidden = X @ W.reshape(width, inputs).T + b
    active, slopes = np.maximum(hidden, 0), (hidden > 0) * v
    first = (slopes[:, :, None] * X[:, None, :]).reshape(len(X), -1)
    return active @ v + theta[-1], np.hstack([first, slopes, active, np.ones((len(X), 1))])


def minimised(theta: Array, width: int, X: Array, y: Array, decay: float) -> Array:
    """The parameters after ``STEPS`` damped Gauss-Newton steps, tried or taken."""
    damping = 1.0
    f, J = outputs(theta, width, X)
    least = np.sum((f - y) ** 2) + decay * theta @ theta
    for _ in range(STEPS):
        gradient, much = J.T @ (f - y) + decay * theta, decay + damping
        # (J'J + much)^-1 through the smaller matrix J J'
        small = np.linalg.solve(J @ J.T + much * np.eye(len(X)), J @ gradient)
        moved = theta - (gradient - J.T @ small) / much
        found, slopes = outputs(moved, width, X)
        value = np.sum((found - y) ** 2) + decay * moved @ moved
        if value < least:
            theta, f, J, least, damping = moved, found, slopes, value, max(damping / 3, 1e-8)
        else:
            damping *= 4
    return theta


def trained_errors(weight_penalty: float, rng: np.random.Generator) -> dict[Any, Any]:
    """Clean test errors at the three widths, each from its own initialization."""
    inputs, targets = table("diabetes")
    order = rng.permutation(len(inputs))
    train, fresh = order[:SAMPLES], order[SAMPLES : SAMPLES + TEST_POINTS]
    noisy = targets[train, 0] + LABEL_NOISE * rng.standard_normal(SAMPLES)
    errors = []
    for width in WIDTHS:
        count = inputs.shape[1]
        first = rng.standard_normal(width * count) * np.sqrt(2 / count)
        second = rng.standard_normal(width) / np.sqrt(width)
        start = np.concatenate([first, np.zeros(width), second, [0.0]])
        theta = minimised(start, width, inputs[train], noisy, weight_penalty)
        errors.append(
            float(np.mean((outputs(theta, width, inputs[fresh])[0] - targets[fresh, 0]) ** 2))
        )
    return dict(zip((s.trained_below, s.trained_at, s.trained_beyond), errors, strict=True))


trained_networks = Experiment(
    id="trained_networks",
    title="ReLU networks trained in both layers around the interpolation threshold, diabetes",
    axes=(Axis("weight_penalty", Mixed(choice(10.0), choice(0.0), 0.1), 0.0, "weight decay"),),
    emits=frozenset({s.weight_penalty, s.trained_below, s.trained_at, s.trained_beyond}),
    engine=trained_errors,
    randomness=("rng",),
)

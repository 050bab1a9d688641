"""Two-layer ReLU networks trained in both layers on diabetes, to a minimum, at three widths or sample sizes.

Training is damped Gauss-Newton descent on |f - y|^2 + decay |theta|^2: a step is taken when it lowers
this, and the damping falls; else it grows. Widths are fixed beforehand: parameters at about a quarter
of the samples, at 1.6 times, and at 13 times; so are the numbers of samples at the second width: the parameters
are 6.5 times as many, 1.6 times, and 0.6 times.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.double_descent.frozen import Array, table
from experiments.double_descent.sweep import LABEL_NOISE, TEST_POINTS
from experiments.two_layer.domains import Mixed
from harness import double_descent as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice

SAMPLES, WIDTHS, STEPS = 60, (1, 8, 64), 60
AMOUNTS = (15, SAMPLES, 160)


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


def clean_errors(
    sizes: Sequence[tuple[int, int]], weight_penalty: float, rng: np.random.Generator
) -> list[float]:
    """Clean test error for each (width, samples), each from its own initialization on the same data."""
    inputs, targets = table("diabetes")
    order, most = rng.permutation(len(inputs)), max(samples for _, samples in sizes)
    fresh = order[most : most + TEST_POINTS]
    noisy = targets[order[:most], 0] + LABEL_NOISE * rng.standard_normal(most)
    errors = []
    for width, samples in sizes:
        count = inputs.shape[1]
        first = rng.standard_normal(width * count) * np.sqrt(2 / count)
        second = rng.standard_normal(width) / np.sqrt(width)
        start = np.concatenate([first, np.zeros(width), second, [0.0]])
        train = inputs[order[:samples]]
        theta = minimised(start, width, train, noisy[:samples], weight_penalty)
        found = outputs(theta, width, inputs[fresh])[0]
        errors.append(float(np.mean((found - targets[fresh, 0]) ** 2)))
    return errors


def trained_errors(weight_penalty: float, rng: np.random.Generator) -> dict[Any, Any]:
    """Errors at the three widths."""
    errors = clean_errors([(one, SAMPLES) for one in WIDTHS], weight_penalty, rng)
    return dict(zip((s.trained_below, s.trained_at, s.trained_beyond), errors, strict=True))


def errors_by_samples(weight_penalty: float, rng: np.random.Generator) -> dict[Any, Any]:
    """Errors at the second width, trained on ever more samples."""
    errors = clean_errors([(WIDTHS[1], one) for one in AMOUNTS], weight_penalty, rng)
    return dict(zip((s.trained_on_few, s.trained_on_some, s.trained_on_many), errors, strict=True))


DECAY = Axis("weight_penalty", Mixed(choice(10.0), choice(0.0), 0.1), 0.0, "weight decay")
trained_networks = Experiment(
    id="trained_networks",
    title="ReLU networks trained in both layers around the interpolation threshold, diabetes",
    axes=(DECAY,),
    emits=frozenset({s.weight_penalty, s.trained_below, s.trained_at, s.trained_beyond}),
    engine=trained_errors,
    randomness=("rng",),
)
trained_on_more = Experiment(
    id="trained_on_more",
    title="A ReLU network trained in both layers on ever more samples, diabetes",
    axes=(DECAY,),
    emits=frozenset({s.weight_penalty, s.trained_on_few, s.trained_on_some, s.trained_on_many}),
    engine=errors_by_samples,
    randomness=("rng",),
)

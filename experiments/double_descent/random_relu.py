"""Ridgeless regression on random ReLU features of inputs on a sphere, with a linear target."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.two_layer.domains import Mixed
from harness import double_descent as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, reals

FRESH = 400
"""Inputs on which the risk is averaged."""


def relu_features(
    sphere: int, psi_1: int, psi_2: int, tau_2: float, rng: np.random.Generator
) -> dict[Any, Any]:
    """The means over the noise and over the direction of the target are taken exactly."""

    def drawn(count: int) -> NDArray[np.float64]:
        rows = rng.standard_normal((count, sphere))
        return np.asarray(rows * np.sqrt(sphere / np.sum(rows**2, axis=1, keepdims=True)))

    train, neurons, fresh = drawn(psi_2 * sphere), drawn(psi_1 * sphere), drawn(FRESH)
    hidden = [np.maximum(one @ neurons.T / np.sqrt(sphere), 0) for one in (train, fresh)]
    # labels to predictions
    fit = hidden[1] @ np.linalg.pinv(hidden[0])
    away = np.sum((fit @ train - fresh) ** 2) / sphere
    return {s.relu_risk: float(away + tau_2 * np.sum(fit**2)) / FRESH}


random_relu = Experiment(
    id="random_relu",
    title="Ridgeless regression on random ReLU features, inputs on a sphere",
    axes=(
        Axis("sphere", Mixed(choice(20, 30), choice(120), 0.1), 20, "d"),
        Axis("psi_1", choice(1, 4, 5), 1, "N/d"),
        Axis("psi_2", choice(2, 3), 3, "n/d"),
        Axis("tau_2", reals(0.1, 1), 0.2, "variance of the noise"),
    ),
    emits=frozenset({s.sphere, s.psi_1, s.psi_2, s.tau_2, s.relu_risk}),
    engine=relu_features,
    randomness=("rng",),
)

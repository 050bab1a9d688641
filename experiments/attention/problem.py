"""The two-layer linear network that the training of one linear attention layer is.

A prompt holds N pairs (x_i, w'x_i) and a query x, all x independent N(0, diag(lam)), w ~ N(0, I_d).
With W^PV zero but for its last entry u, and W^KQ zero but for its first d x d block U, the layer
predicts u/N sum_i (w'x_i) x_i' U x. Half the mean squared error of that is, by Isserlis' formula,

    1/2 sum_ij H_ij (u U_ij - [i = j] / Gam_i)^2 + 1/2 sum_i (lam_i - lam_i^2 / Gam_i),
    Gam_i = (1 + 1/N) lam_i + tr(lam)/N,  H_ij = Gam_i lam_i lam_j,

a two-layer linear network with W1 = vec U, W2 = u, X = diag(sqrt(vec H)), Y = X vec(diag(1/Gam)):
n = d^2 inputs, one output, width 1. The zero blocks have no gradient and stay zero. The doubles X
and Y are the problem that is run and certified.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.two_layer.completion import complete

Array = NDArray[np.float64]
Configuration = Mapping[str, Any]

SHARED = ("init", "scale", "imbalance", "margin", "seed", "steps", "step_size", "parameters")
"""Coordinates that mean the same of the layer and of the network."""


def moments(configuration: Configuration) -> tuple[Array, Array]:
    """lam and Gam, both of shape (d,)."""
    lam = np.array(configuration["spectrum"], dtype=np.float64)
    length = float(configuration["prompt_length"])
    return lam, (1 + 1 / length) * lam + lam.sum() / length


def network(configuration: Configuration) -> dict[str, Any]:
    """The configuration of the two-layer linear network, complete."""
    lam, gam = moments(configuration)
    curvature = (gam * lam)[:, None] * lam[None, :]
    inputs = np.sqrt(curvature).ravel()
    targets = inputs * np.diag(1 / gam).ravel()
    given: dict[str, Any] = {one: configuration[one] for one in SHARED if one in configuration}
    given |= {"data": "given", "X": np.diag(inputs).tolist(), "Y": targets[:, None].tolist()}
    if configuration["init"] == "given":
        weights = np.array(configuration["U"], dtype=np.float64)
        given |= {"W1": weights.reshape(-1, 1).tolist(), "W2": [[configuration["u"]]]}
    return complete({**given, "width": 1})


def layer(first: Array, second: Array) -> tuple[Array, float]:
    """U (d x d) and u of the network's weights W1 (d^2 x 1), W2 (1 x 1)."""
    dimension = round(np.sqrt(len(first)))
    return first.reshape(dimension, dimension), float(second[0, 0])

"""The run symbols: measured once, on the reduced problem."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from experiments.two_layer.batch import Batch
from experiments.two_layer.norms import UNIT, Array, gamma, norm, singular_values
from experiments.two_layer.quantities import spectrum_error

Pair = tuple[Array, Array]
"""A value and its error, (B,) each."""


def _inputs(batch: Batch) -> Pair:
    return np.full(len(batch.X), float(batch.inputs)), np.zeros(len(batch.X))


def _norm_Y(batch: Batch) -> Pair:
    value = norm(batch.Y)
    return value, gamma(batch.loss.entries, UNIT) * value


def _extreme(matrices: Array, index: int, error: Array | float) -> Pair:
    values = singular_values(matrices)
    return values[:, index], spectrum_error(matrices, values[:, 0]) + error


RUN_QUANTITIES: dict[str, Callable[[Batch], Pair]] = {
    "inputs": _inputs,
    "K": lambda batch: (batch.K, batch.K_error),
    "mu": lambda batch: (batch.mu, batch.mu_error),
    "norm_Y": _norm_Y,
    "smin_Y": lambda batch: _extreme(batch.Y, -1, 0.0),
    "smin_target": lambda batch: _extreme(batch.target, -1, batch.target_error),
    "smax_target": lambda batch: _extreme(batch.target, 0, batch.target_error),
}

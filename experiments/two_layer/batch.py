"""A group of reduced problems of equal shape, stacked with the configurations first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.two_layer.losses import LogCosh, Loss, Squared
from experiments.two_layer.norms import UNIT, Array, norm
from experiments.two_layer.reduction import Problem


@dataclass(frozen=True)
class State:
    """What a quantity added by a user sees: reduced X (B, n, n), Y (B, n, m), W1, W2."""

    X: Array
    Y: Array
    W1: Array
    W2: Array


@dataclass(frozen=True)
class Batch:
    """Stacked problems; ``missing`` zero eigenvalues of D were cut off with the hidden layer.

    K, mu (B,) with ``*_error``; ``scale`` = |X|_F, ``stretch`` >= |X|_2. ``precision`` is the type the steps are taken
    in, ``step_unit`` its unit roundoff; measurements are always taken in double precision.
    """

    loss: Loss
    X: Array
    Y: Array
    target: Array
    target_error: Array
    K: Array
    K_error: Array
    mu: Array
    mu_error: Array
    scale: Array
    stretch: Array
    width: int
    missing: int
    precision: Any

    @property
    def inputs(self) -> int:
        return int(self.Y.shape[1])

    @property
    def outputs(self) -> int:
        return int(self.Y.shape[2])

    def taken(self, rows: NDArray[np.int64] | slice) -> Batch:
        """The problems at these positions, which may repeat."""
        names = (
            "X", "Y", "target", "target_error", "K", "K_error", "mu", "mu_error", "scale", "stretch"
        )  # fmt: skip
        parts = {name: getattr(self, name)[rows] for name in names}
        return replace(self, loss=self.loss.taken(rows), **parts)

    @property
    def step_unit(self) -> float:
        return float(np.finfo(self.precision).eps) / 2

    @property
    def K_bound(self) -> Array:
        return self.K + self.K_error


def stacked(
    problems: Sequence[Problem],
    ratios: Sequence[float] | None,
    width: int,
    missing: int,
    precision: Any,
) -> Batch:
    """The batch of these problems; ``ratios`` = K/mu of the logcosh loss, None for the squared."""
    X = np.stack([problem.X for problem in problems])
    Y = np.stack([problem.Y for problem in problems])
    entries = Y.shape[1] * Y.shape[2]
    loss: Loss
    if ratios is None:
        largest = np.array([problem.values[0] for problem in problems])
        least = np.array([problem.values[-1] for problem in problems])
        error = np.array([problem.values_error for problem in problems])
        K, K_error = _square(largest, error)
        mu, mu_error = _square(least, error)
        loss = Squared(Y.shape[1], entries, _diagonals(X))
    else:
        K, mu = np.array(ratios), np.ones(len(problems))
        K_error = mu_error = np.zeros(len(problems))
        loss = LogCosh(K - 1, entries)
    return Batch(
        loss=loss,
        X=X,
        Y=Y,
        target=np.stack([problem.target for problem in problems]),
        target_error=np.array([problem.target_error for problem in problems]),
        K=K,
        K_error=K_error,
        mu=mu,
        mu_error=mu_error,
        scale=norm(X),
        stretch=np.sqrt(K + K_error) if ratios is None else np.ones(len(X)),
        width=width,
        missing=missing,
        precision=precision,
    )


def _diagonals(X: Array) -> Array | None:
    """The diagonals (B, n, 1) of X, None where one of them is not diagonal."""
    diagonals = np.diagonal(X, axis1=1, axis2=2)[:, :, None]
    plain = np.array_equal(X, diagonals * np.eye(X.shape[1]))
    return np.ascontiguousarray(diagonals) if plain else None


def _square(values: Array, error: Array) -> tuple[Array, Array]:
    squares = values**2
    return squares, 1.01 * (2 * values * error + error**2 + UNIT * squares)

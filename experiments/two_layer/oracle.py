"""The plain implementation: torch autograd on the original, unreduced data and weights.

Nothing of the engine's arithmetic is used. The rounding bound compares this run with the reduced
one. In the coordinates of the reduction this run is gradient descent on the reduced problem with
an error in every step: its own rounding, that of the reduced doubles (X, Y, V from LAPACK, and the
QR of the hidden layer, each backward stable: |change| <= c u |.| with c = 8 times the dimensions),
so that per step

    rho = |eta| C u (|W1| + |W2|) (|X|^2 |W1| |W2| + |X| |Y|) + u (|W1| + |W2|),
    C = 8 (N + n + h + m),

starting from e_0 = C u (|W1| + |W2|), tracked as in tracking.py; and the loss, a difference of two
numbers of order |Y|^2, is off by another C u (|E| (|X| |W1| |W2| + |Y|) + L + rest).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from experiments.data import draw_data
from experiments.two_layer.norms import Array
from experiments.two_layer.setup import precision, problem, weights

Configuration = Mapping[str, Any]


def _originals(configuration: Configuration) -> tuple[Array, Array, Array, Array]:
    """X (N x n), Y (N x m), W1 (n x h), W2 (h x m) before any reduction."""
    reduced = problem(configuration)
    if configuration["loss"] == "logcosh":
        inputs, targets = np.eye(len(reduced.Y)), reduced.Y
    else:
        inputs, targets = draw_data(configuration)
    first, second = weights(configuration)
    if configuration["init"] == "given":
        first = np.array(configuration["W1"], dtype=np.float64)
    elif reduced.basis is not None:
        first = reduced.basis @ first
    return inputs, targets, first, second


def autograd_losses(
    configuration: Configuration, step_sizes: Sequence[float]
) -> tuple[Array, Array]:
    """Excess loss at each of the len(step_sizes) + 1 states, and its rounding error bound."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with np.errstate(all="ignore"):
            losses, bounds = _trained(configuration, step_sizes)
            return losses, np.where(np.isnan(bounds), np.inf, bounds)
    finally:
        torch.set_num_threads(threads)


def _trained(configuration: Configuration, step_sizes: Sequence[float]) -> tuple[Array, Array]:
    rest = problem(configuration).rest
    X, Y, W1, W2 = (torch.tensor(part, dtype=torch.float64) for part in _originals(configuration))
    W1.requires_grad_()
    W2.requires_grad_()
    logcosh = configuration["loss"] == "logcosh"
    ratio = float(configuration["ratio"])
    bound = Bound(configuration, X, Y, rest, W1.shape[1])
    losses, bounds = [], []
    for step in [*step_sizes, None]:
        residual = Y - X @ W1 @ W2
        loss = (residual**2).sum() / 2
        if logcosh:
            loss = loss + (ratio - 1) * _log_cosh(residual).sum()
        first, second = torch.autograd.grad(loss, (W1, W2))
        sizes = np.array([_size(W1), _size(W2)])
        losses.append(loss.item() - rest)
        bounds.append(bound.of_loss(loss.item(), _size(residual), sizes))
        if step is not None:
            norms = np.array([_spectral(W1), _spectral(W2)])
            bound.step(step, sizes, norms, np.array([_size(first), _size(second)]))
            with torch.no_grad():
                W1 -= step * first
                W2 -= step * second
    return np.array(losses), np.array(bounds)


class Bound:
    """The scalar that tracks how far this run may be from the reduced one; see the module."""

    def __init__(
        self,
        configuration: Configuration,
        X: torch.Tensor,
        Y: torch.Tensor,
        rest: float,
        width: int,
    ) -> None:
        self.unit = float(np.finfo(precision(configuration)).eps) / 2
        self.constant = 8 * self.unit * (sum(X.shape) + width + Y.shape[1])
        self.stretch = _spectral(X)
        self.targets, self.rest = _size(Y), rest
        self.curvature = self.stretch**2
        if configuration["loss"] == "logcosh":
            self.curvature = float(configuration["ratio"])
        self.distance: np.float64 | None = None
        self.slope = self.move = np.float64(0)

    def of_loss(
        self, loss: float, residual: float, sizes: Array, cancelling: float = 0.0
    ) -> np.float64:
        """Bound of the difference of the two losses at this state.

        ``cancelling``: the size of what the loss is the sum of, where it is no sum of squares.
        """
        K = self.curvature
        if self.distance is None:
            self.distance = self.constant * sizes.sum()
        forward = self.stretch * sizes.prod() + self.targets
        # per unit of error of the residual: |grad l| / |E| is at most K / |X|^2 |X|
        steepness = K / self.stretch**2
        summed = steepness * residual * forward + loss + self.rest + cancelling
        cancelled = self.constant * summed
        # |grad l|^2 <= 2 K l for a K-smooth l with minimum 0
        self.slope = np.sqrt(2 * K * (max(loss - self.rest, 0.0) + cancelled))
        self.move = np.sqrt((sizes**2).sum()) * self.distance + self.distance**2 / 2
        return np.float64(self.slope * self.move + K * self.move**2 / 2 + cancelled)

    def step(self, step: float, sizes: Array, norms: Array, slopes: Array) -> None:
        """Carry the distance through one step; ``norms`` are spectral, the others Frobenius."""
        K, eta, reach = self.curvature, abs(step), sizes.sum()
        distance = np.float64(0) if self.distance is None else self.distance
        low = self.slope + K * self.move
        high = K * ((norms * (1 + 1e-9) + distance) ** 2).sum() + low
        factor = np.maximum(1 + eta * low, eta * high - 1) if step >= 0 else 1 + eta * high
        pull = K * (sizes.prod() + self.targets / self.stretch)
        rounding = eta * (self.constant * reach * pull + self.unit * slopes.sum())
        self.distance = factor * distance + rounding + self.unit * reach


def _size(values: torch.Tensor) -> float:
    return float(torch.linalg.norm(values.detach()).item())


def _spectral(values: torch.Tensor) -> float:
    kept = values.detach()
    return float(torch.linalg.matrix_norm(kept, 2).item()) if kept.isfinite().all() else math.inf


def _log_cosh(values: torch.Tensor) -> torch.Tensor:
    """log cosh r: -1/2 log(1 - tanh(r)^2) near 0, |r| - log 2 + log(1 + e^(-2|r|)) far from it."""
    size = values.abs()
    near = -torch.log1p(-(torch.tanh(size.clamp(max=1.0)) ** 2)) / 2
    far = size - np.log(2.0) + torch.log1p(torch.exp(-2 * size))
    return torch.where(size < 1, near, far)

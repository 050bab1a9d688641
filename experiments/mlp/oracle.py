"""The plain implementation: torch autograd on the layers of torch.nn.Linear, nothing of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from experiments.mlp.quantities import loss_pair, residual_error
from experiments.mlp.setup import Problem, problem
from experiments.two_layer.norms import Array

MOVED = 2.0**-40
"""A twin run starts this far away, relative to each weight: it shows what the run amplifies."""

PHI: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "erf": torch.erf,
    "linear": lambda z: z,
}


def autograd_losses(
    configuration: Mapping[str, Any], step_sizes: Sequence[float]
) -> tuple[Array, Array]:
    """1/2 |f(X) - Y|^2 at each of the len(step_sizes) + 1 states, and its assumed error."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with np.errstate(all="ignore"):
            return _trained(configuration, step_sizes)
    finally:
        torch.set_num_threads(threads)


def _trained(configuration: Mapping[str, Any], step_sizes: Sequence[float]) -> tuple[Array, Array]:
    """The losses of the run, and how far rounding could have taken another one.

    Nothing is known of a run's sensitivity beforehand (large steps amplify), so that a twin is trained
    beside it; the error is that of one residual plus the largest distance between theirs so far.
    """
    given = problem(configuration)
    rng = np.random.default_rng(0)
    factors = [1 + MOVED * rng.choice((-1.0, 1.0), one.shape) for one in given.weights]
    runs = [_residuals(given, weights, step_sizes) for weights in (
        given.weights, [one * factor for one, factor in zip(given.weights, factors, strict=True)]
    )]  # fmt: skip
    sizes = np.linalg.norm(runs[0], axis=(1, 2))
    apart = np.linalg.norm(runs[0] - runs[1], axis=(1, 2))
    unsure = residual_error(np.fmax.accumulate(sizes), float(np.linalg.norm(given.Y)))
    loss, error = loss_pair(sizes, unsure + np.maximum.accumulate(apart))
    return loss, np.where(np.isnan(error), np.inf, error)


def _residuals(given: Problem, weights: Sequence[Array], step_sizes: Sequence[float]) -> Array:
    """f(X) - Y at each state, (T + 1, N, m)."""
    X, Y = torch.tensor(given.X), torch.tensor(given.Y)
    phi = PHI[given.activation]
    # as torch.nn.Linear keeps them: outputs by inputs
    layers = [torch.tensor(one.T.copy(), requires_grad=True) for one in weights]
    found = []
    for step in [*step_sizes, 0.0]:
        H = X
        for at, (W, scale) in enumerate(zip(layers, given.scales, strict=True)):
            H = scale * torch.nn.functional.linear(H if at == 0 else phi(H), W)
        residual = H - Y
        found.append(residual.detach().numpy().copy())
        slopes = torch.autograd.grad((residual**2).sum() / 2, layers)
        with torch.no_grad():
            for W, slope in zip(layers, slopes, strict=True):
                W -= step * slope
    return np.stack(found)

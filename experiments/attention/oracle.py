"""The plain implementation: torch autograd on the attention layer's own blocks U and u.

The mean over prompts and tasks is the matrix expression

    1/2 (u^2 tr(M U diag(lam) U') - 2 u tr(diag(lam) U diag(lam)) + tr diag(lam)),

with M = E[S^2] = diag(lam Gam) and S = 1/N sum_i x_i x_i' of a prompt; nothing of the reduced network's arithmetic is used. Its
rounding is bounded as that of the unreduced network is, see experiments/two_layer/oracle.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from experiments.attention.problem import Array, Configuration, layer, moments, network
from experiments.two_layer.oracle import Bound
from experiments.two_layer.setup import weights


def mean_loss(
    U: torch.Tensor, u: torch.Tensor, lam: torch.Tensor, second: torch.Tensor
) -> tuple[torch.Tensor, float]:
    """Half the mean squared error, and the size of the terms that cancel in it.

    ``second`` = E[S^2], all of shape (d, d) but u.
    """
    fitted = u**2 * torch.trace(second @ U @ lam @ U.T)
    mixed, alone = 2 * u * torch.trace(lam @ U @ lam), torch.trace(lam)
    terms = (fitted, mixed, alone)
    return (fitted - mixed + alone) / 2, sum(abs(one.item()) for one in terms) / 2


def attention_losses(
    configuration: Configuration, step_sizes: Sequence[float]
) -> tuple[Array, Array]:
    """Excess loss at each of the len(step_sizes) + 1 states, and its rounding error bound."""
    reduced = network(configuration)
    lam, gam = moments(configuration)
    spectrum, second = torch.diag(torch.tensor(lam)), torch.diag(torch.tensor(lam * gam))
    rest = float((lam - lam**2 / gam).sum() / 2)
    X, Y = (torch.tensor(reduced[name], dtype=torch.float64) for name in "XY")
    block, scalar = layer(*weights(reduced))
    U = torch.tensor(block, requires_grad=True)
    u = torch.tensor(scalar, dtype=torch.float64, requires_grad=True)
    bound = Bound(reduced, X, Y, rest, 1)
    losses, bounds = [], []
    for step in [*step_sizes, None]:
        loss, terms = mean_loss(U, u, spectrum, second)
        first, last = torch.autograd.grad(loss, (U, u))
        sizes = np.array([float(torch.linalg.norm(U.detach())), abs(float(u.detach()))])
        excess = loss.item() - rest
        losses.append(excess)
        residual = float(np.sqrt(2 * max(excess, 0.0)))
        bounds.append(bound.of_loss(loss.item(), residual, sizes, terms))
        if step is not None:
            slopes = np.array([float(torch.linalg.norm(first)), abs(float(last))])
            bound.step(step, sizes, sizes, slopes)
            with torch.no_grad():
                U -= step * first
                u -= step * last
    return np.array(losses), np.where(np.isnan(bounds), np.inf, bounds)

"""The empirical NTK from the Jacobian, by torch's automatic differentiation: the independent way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from experiments.kernels.network import Array, Network, checked_inputs
from harness.errors import UsageError

Parameters = Mapping[str, torch.Tensor]
Function = Callable[[Parameters, torch.Tensor], torch.Tensor]
"""Outputs (m,) of one sample (d,)."""

_TORCH: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "erf": torch.erf,
    "linear": lambda z: z,
}


def empirical_ntk_by_jacobian(network: Network, X: Array, samples: int | None = None) -> Array:
    """The same matrix as :func:`~experiments.kernels.layers.empirical_ntk_by_layers`, from J itself.

    ``samples``: at most that many samples' Jacobians at a time (twice, for two blocks of rows); the
    others are taken anew for each block. Raises UsageError for shapes that do not fit.
    """
    inputs = checked_inputs(network, X)
    weights, biases = network.stacked()
    found = []
    for at in range(len(weights[0])):
        named = {f"W{layer}": _tensor(W[at]) for layer, W in enumerate(weights)}
        named |= {f"b{layer}": _tensor(b[at]) for layer, b in enumerate(biases)}
        data = _tensor(inputs[0] if len(inputs) == 1 else inputs[at])
        found.append(jacobian_kernel(_forward(network), named, data, samples).numpy())
    return np.stack(found) if network.weights[0].ndim == 3 else found[0]


def jacobian_kernel(
    function: Function, parameters: Parameters, X: torch.Tensor, samples: int | None = None
) -> torch.Tensor:
    """K = J J' of any differentiable function of parameters and one sample, (mN, mN).

    ``X`` has one sample along its first axis. Output a of sample i is row aN + i.
    """
    count = len(X)
    step = count if samples is None else samples
    if step < 1:
        raise UsageError(f"samples={samples}: must be at least 1.")
    blocks = [X[start : start + step] for start in range(0, count, step)]
    rows = []
    for i, left in enumerate(blocks):
        J = _jacobian(function, parameters, left)
        found = [_product(J, _jacobian(function, parameters, one)) for one in blocks[:i]]
        rows.append([*found, _product(J, J)])
    full = [
        [rows[i][j] if j <= i else rows[j][i].permute(2, 3, 0, 1) for j in range(len(blocks))]
        for i in range(len(blocks))
    ]
    whole = torch.cat([torch.cat(row, dim=3) for row in full], dim=1)
    return whole.reshape(whole.shape[0] * count, -1)


def _jacobian(function: Function, parameters: Parameters, X: torch.Tensor) -> torch.Tensor:
    """(samples, outputs, parameters)."""
    each = torch.func.vmap(torch.func.jacrev(function), (None, 0))
    found: dict[str, torch.Tensor] = each(dict(parameters), X)
    return torch.cat([one.reshape(len(X), one.shape[1], -1) for one in found.values()], dim=2)


def _product(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """(outputs, samples, outputs, samples)."""
    return torch.einsum("iap,jbp->aibj", left, right)


def _forward(network: Network) -> Function:
    act = _TORCH[network.activation]

    def outputs(named: Parameters, x: torch.Tensor) -> torch.Tensor:
        for layer, scale in enumerate(network.scaled):
            x = scale * (x @ named[f"W{layer}"])
            if network.biases:
                x = x + named[f"b{layer}"]
            if layer < len(network.weights) - 1:
                x = act(x)
        return x

    return outputs


def _tensor(array: Any) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, dtype=np.float64))

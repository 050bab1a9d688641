"""The empirical NTK layer by layer, without the Jacobian.

With G_l = s_l^2 H_{l-1} H_{l-1}' (plus 1 where layer l has a bias) and D_l the Jacobian of the outputs
at z_l, the parameters of layer l contribute G_l o (D_l D_l'): a Hadamard product, since dz_l/dW_l is
the input of the layer and nothing else. Memory: N m h numbers instead of N m h h'.
"""

from __future__ import annotations

import numpy as np

from experiments.kernels.network import ACTIVATIONS, Array, Network, checked_inputs
from harness.errors import UsageError

GROUP = 1 << 20
"""Entries of kernels worked on at once (8 MiB): small ones go through each operation together."""


def empirical_ntk_by_layers(network: Network, X: Array, rows: int | None = None) -> Array:
    """K = J J', J the Jacobian of all outputs by all parameters; no 1/N and no 1/h.

    ``X`` is N x d, or B x N x d with one data set a network. Returns (mN, mN), or (B, mN, mN), its
    rows as in vec of the N x m output matrix: output a of sample i is row aN + i. Symmetric to the
    last bit. ``rows``: at most that many rows of K at a time, to save memory; the result then
    differs by rounding only. Raises UsageError for shapes that do not fit.
    """
    inputs = checked_inputs(network, X)
    if rows is not None and rows < 1:
        raise UsageError(f"rows={rows}: must be at least 1.")
    weights, biases = network.stacked()
    count, size = len(weights[0]), network.outputs * inputs.shape[1]
    together = max(1, GROUP // (size * size))
    found = np.empty((count, size, size))
    for start in range(0, count, together):
        part = slice(start, start + together)
        found[part] = _kernels(
            network,
            tuple(W[part] for W in weights),
            tuple(b[part] for b in biases),
            inputs if len(inputs) == 1 else inputs[part],
            rows or size,
        )
    return found if network.weights[0].ndim == 3 else found[0]


def _kernels(
    network: Network,
    weights: tuple[Array, ...],
    biases: tuple[Array, ...],
    X: Array,
    rows: int,
) -> Array:
    """Kernels of a stack of networks: (B, mN, mN)."""
    act, count, samples = ACTIVATIONS[network.activation], len(weights[0]), X.shape[1]
    outputs = network.outputs
    grams, slopes, H = [], [], X
    for at, (W, scale) in enumerate(zip(weights, network.scaled, strict=True)):
        grams.append(scale * scale * (H @ H.swapaxes(1, 2)) + bool(biases))
        if at < len(weights) - 1:
            z = scale * (H @ W)
            H, slope = act(z + biases[at][:, None, :] if biases else z)
            slopes.append(slope)
    K = np.zeros((count, outputs, samples, outputs, samples))
    for a in range(outputs):
        # the output layer: outputs share no weights
        K[:, a, :, a, :] = grams[-1]
    flat = K.reshape(count, outputs * samples, outputs * samples)
    D = np.broadcast_to(np.eye(outputs)[None, :, None, :], (count, outputs, 1, outputs))
    for at in range(len(weights) - 1, 0, -1):
        back = network.scaled[at] * (D @ weights[at][:, None].swapaxes(2, 3))
        D = back * slopes[at - 1][:, None]
        _add(flat, grams[at - 1], D.reshape(count, outputs * samples, -1), rows)
    if rows < flat.shape[1]:
        _mirror(flat)
    return flat


def _add(K: Array, gram: Array, D: Array, rows: int) -> None:
    """Add gram o (D D') to K; in blocks of rows, from the diagonal block to the left."""
    count, size = K.shape[:2]
    samples = gram.shape[1]
    if rows >= size:
        product = (D @ D.swapaxes(1, 2)).reshape(count, -1, samples, size // samples, samples)
        product *= gram[:, None, :, None, :]
        K += product.reshape(K.shape)
        return
    index = np.arange(size) % samples
    for start in range(0, size, rows):
        end = min(start + rows, size)
        block = D[:, start:end] @ D[:, :end].swapaxes(1, 2)
        K[:, start:end, :end] += block * gram[:, index[start:end, None], index[None, :end]]


def _mirror(K: Array) -> None:
    """Copy the lower triangle to the upper one."""
    row, column = np.tril_indices(K.shape[1], -1)
    K[:, column, row] = K[:, row, column]

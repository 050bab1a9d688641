"""Runs in the compiled kernel: two-layer ReLU networks to the squared norms of their states."""

from __future__ import annotations

import numpy as np

from experiments.aligned import zeros
from experiments.compiling import installed
from experiments.mlp.network import Array, Stack
from experiments.mlp.setup import Problem
from experiments.threads import mapped


def runs(one: Problem) -> bool:
    """Whether the kernel is installed and covers networks like this one."""
    covered = one.activation == "relu" and len(one.weights) == 2
    return covered and installed()


def squares(stack: Stack, sizes: Array, horizon: int, threads: int) -> Array:
    """|f(X) - Y|^2 and the squared gradients by V_1 and V_2 along constant steps, (3, B, T + 1).

    The stack stays as it is; the result does not depend on the number of threads.
    """
    from experiments.mlp.kernel import LANES, RECORDED, TILE, UNITS, kernel

    count, samples, outputs = stack.Y.shape
    inputs, width = stack.layers[0].shape[1:]
    rows, blocks = -(-samples // TILE) * TILE, -(-width // UNITS)
    entries = -(-rows * outputs // LANES) * LANES
    out = np.zeros((count, horizon + 1, RECORDED))
    run = kernel(outputs)

    def one(at: int) -> None:
        X, Y = zeros(rows, inputs), zeros(entries)
        X[:samples] = stack.X[at]
        Y[: samples * outputs] = stack.Y[at].ravel()
        layers = [_blocks(stack.layers[0][at], blocks), _blocks(stack.layers[1][at].T, blocks)]
        steps = sizes[at] * np.array(stack.scales) ** 2
        H, G = zeros(blocks, rows, UNITS), zeros(rows, UNITS)
        arrays = (X, *layers, Y, steps, H, G, zeros(entries, LANES), zeros(entries), out[at])
        run(
            horizon + 1, rows, inputs, blocks, entries,
            *(array.ctypes.data for array in arrays),
        )  # fmt: skip

    mapped(one, range(count), threads)
    return np.ascontiguousarray(out.transpose(2, 0, 1))


def _blocks(layer: Array, blocks: int) -> Array:
    """(rows, h) as (blocks, rows, units), units beyond h zero."""
    from experiments.mlp.kernel import UNITS

    padded = np.zeros((len(layer), blocks * UNITS))
    padded[:, : layer.shape[1]] = layer
    found = zeros(blocks, len(layer), UNITS)
    found[...] = padded.reshape(len(layer), blocks, UNITS).swapaxes(0, 1)
    return found

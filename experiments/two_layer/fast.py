"""Runs in the lanes of the compiled kernel: a group of configurations to the norms of its states."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np

from experiments.threads import mapped
from experiments.two_layer.lean import Log, log_of
from experiments.two_layer.losses import Squared
from experiments.two_layer.norms import Array, Flags
from experiments.two_layer.snapshot import Snapshot
from experiments.two_layer.stepping import covers


def runs(state: Snapshot) -> bool:
    """Whether the kernel is installed and covers this group."""
    return covers(state) and find_spec("llvmlite") is not None


def recorded(
    state: Snapshot, usable: Flags, numbers: Array, horizon: int, threads: int
) -> tuple[Log, Flags]:
    """The norms (T + 1, B) along the run of constant steps (B,), and the usable states (B, T + 1).

    The result does not depend on the number of threads.
    """
    from experiments.two_layer.lanes import LANES, NORMS, kernel

    loss, count = state.batch.loss, len(state.W1)
    assert isinstance(loss, Squared)
    assert loss.scales is not None
    groups = -(-count // LANES)

    def lanes(array: Array) -> Array:
        """(B, ...) as (groups, elements, lanes); idle lanes are zero."""
        flat = np.zeros((groups * LANES, array[0].size))
        flat[:count] = array.reshape(count, -1)
        return np.ascontiguousarray(flat.reshape(groups, LANES, -1).swapaxes(1, 2))

    # columns of W1 first: the kernel goes over hidden units
    arrays = [lanes(state.W1.swapaxes(1, 2)), lanes(state.W2), lanes(state.batch.Y)]
    arrays += [lanes(loss.scales), lanes(np.where(usable, numbers, 0.0)[:, None])]
    arrays += [np.zeros_like(arrays[2]), np.zeros((groups, (horizon + 1) * NORMS, LANES))]
    run = kernel(state.batch.outputs)

    def one(group: int) -> None:
        run(
            horizon + 1, state.batch.inputs, state.batch.width,
            *(array[group].ctypes.data for array in arrays),
        )  # fmt: skip

    mapped(one, range(groups), threads)
    squares = arrays[-1].reshape(groups, horizon + 1, NORMS, LANES).transpose(2, 1, 0, 3)
    squares = squares.reshape(NORMS, horizon + 1, -1)[:, :, :count]
    return log_of(state.batch, squares, usable)

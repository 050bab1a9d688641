"""Runs in the lanes of the compiled kernel: a group of configurations to the norms of its states."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from experiments.aligned import zeros
from experiments.compiling import installed
from experiments.threads import mapped
from experiments.two_layer.lean import Log, log_of, losses_of
from experiments.two_layer.losses import Squared
from experiments.two_layer.norms import Array, Flags
from experiments.two_layer.snapshot import Snapshot
from experiments.two_layer.stepping import covers
from harness.running.protocol import Measured

STATES = 1 << 16
"""States of which norms and bounds are taken at a time: more would leave the cache."""


def runs(state: Snapshot) -> bool:
    """Whether the kernel is installed and covers this group."""
    return covers(state) and installed()


def recorded(
    state: Snapshot, usable: Flags, numbers: Array, horizon: int, threads: int
) -> tuple[Log, Flags]:
    """The norms (T + 1, B) along the run of constant steps (B,), and the usable states (B, T + 1).

    The result does not depend on the number of threads.
    """
    run = Lanes(state, horizon + 1)
    run.take(np.where(usable, numbers, 0.0), threads)
    return log_of(state.batch, run.squares(), usable)


def losses(
    state: Snapshot, usable: Flags, numbers: Array, horizon: int, threads: int
) -> tuple[Measured, Flags]:
    """The loss with its bounds, and the usable states, (B, T + 1) each, of the same run."""
    from experiments.two_layer.lanes import LANES

    count = len(usable)
    groups = -(-count // LANES)
    parts = -(-count * (horizon + 1) // STATES)
    # as many for each thread, of nearly equal size, and no group of lanes in two
    parts = min(-(-parts // threads) * threads, groups)
    ends = [LANES * (groups * part // parts) for part in range(parts + 1)]
    found = np.empty((3, count, horizon + 1))
    alive = np.empty((count, horizon + 1), dtype=bool)

    def one(rows: slice) -> None:
        part = Snapshot(state.batch.taken(rows), state.W1[rows], state.W2[rows])
        log, alive[rows] = recorded(part, usable[rows], numbers[rows], horizon, 1)
        steps = np.where(alive[rows, :-1], numbers[rows, None], 0.0)
        measured = losses_of(log, steps, compiled=True)
        assert measured is not None
        for whole, one in zip(found, (measured.value, measured.error, measured.drift), strict=True):
            whole[rows] = one

    mapped(one, [slice(*pair) for pair in pairwise(ends)], threads)
    return Measured(*found), alive


def walked(state: Snapshot, step_sizes: Sequence[float]) -> list[tuple[Array, Array]]:
    """The weights W1 (1, r, h), W2 (1, h, m) after each of these steps of a single configuration."""
    run, found = Lanes(state, 1), []
    for size in step_sizes:
        run.take(np.array([size]), 1)
        found.append(run.weights())
    return found


class Lanes:
    """A group in the layout of the kernel, (lane groups, elements, lanes); idle lanes are zero."""

    def __init__(self, state: Snapshot, states: int) -> None:
        """Room for the norms of so many states, which one run of the kernel records."""
        from experiments.two_layer.lanes import LANES, NORMS, kernel

        loss, batch = state.batch.loss, state.batch
        assert isinstance(loss, Squared)
        assert loss.scales is not None
        self._lanes, self._states = LANES, states
        self._count = len(state.W1)
        self._sizes = batch.inputs, batch.width, batch.outputs
        self._groups = -(-self._count // LANES)
        self._run = kernel(batch.outputs)
        # columns of W1 first: the kernel goes over hidden units
        self._first, self._second = self._laid(state.W1.swapaxes(1, 2)), self._laid(state.W2)
        self._targets, self._scales = self._laid(batch.Y), self._laid(loss.scales)
        self._gradient = zeros(*self._targets.shape)
        self._column = zeros(*self._scales.shape)
        self._out = zeros(NORMS, states, self._groups, LANES)

    def take(self, numbers: Array, threads: int) -> None:
        """So many steps of these sizes (B,), the norms recorded before each."""
        arrays = [self._first, self._second, self._targets, self._scales]
        arrays += [self._laid(numbers[:, None]), self._gradient, self._column]
        rows, units, _ = self._sizes

        def one(group: int) -> None:
            addresses = [array[group].ctypes.data for array in arrays]
            addresses.append(self._out[:, :, group].ctypes.data)
            self._run(self._states, rows, units, self._groups, *addresses)

        mapped(one, range(self._groups), threads)

    def squares(self) -> Array:
        """The recorded norms, squared, (5, states, B)."""
        found = self._out.reshape(*self._out.shape[:2], -1)
        return np.ascontiguousarray(found[:, :, : self._count])

    def weights(self) -> tuple[Array, Array]:
        """W1 (B, r, h) and W2 (B, h, m) as they are now."""
        rows, units, outputs = self._sizes
        first = self._plain(self._first, units, rows).swapaxes(1, 2)
        return np.ascontiguousarray(first), self._plain(self._second, units, outputs)

    def _laid(self, array: Array) -> Array:
        flat = np.zeros((self._groups * self._lanes, array[0].size))
        flat[: self._count] = array.reshape(self._count, -1)
        laid = zeros(self._groups, flat.shape[1], self._lanes)
        laid[...] = flat.reshape(self._groups, self._lanes, -1).swapaxes(1, 2)
        return laid

    def _plain(self, laid: Array, *shape: int) -> Array:
        flat = laid.swapaxes(1, 2).reshape(self._groups * self._lanes, *shape)
        return np.array(flat[: self._count])

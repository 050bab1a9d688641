"""Runs of which only the loss and the step sizes are read: norms now, rounding bounds afterwards.

The steps are those of the full recorder. Kept of each state are its norms; the bounds are then
taken of all states at once, by the same formulas in the same order, so that the trace is the same
to the last bit. Where those formulas ask for singular values (steps beyond 2 over the smoothness in
Frobenius norms), the norms do not suffice, and the full recorder has to run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from experiments.two_layer.batch import Batch
from experiments.two_layer.norms import Array, Flags, kept
from experiments.two_layer.quantities import loss
from experiments.two_layer.sizes import Sizes
from experiments.two_layer.snapshot import Snapshot
from experiments.two_layer.tracking import carried_along, committed, widening
from harness.running.protocol import Measured

READ = frozenset({"loss", "eta"})
"""What such a run records."""

KEPT = ("w1", "w2", "e", "g", "slant", "loss")

BLOCK = 8192
"""Norms of each kind that are taken through the formulas at a time: they stay in the cache."""


class Log(Sizes):
    """The norms of some states of a run, (T, B) each."""

    def __init__(self, batch: Batch, norms: Mapping[str, Array]) -> None:
        """``norms`` by the names of ``KEPT``."""
        self.batch, self.norms = batch, norms
        for name in KEPT:
            setattr(self, name, norms[name])

    def part(self, states: slice) -> Log:
        """The norms of these states."""
        return Log(self.batch, {name: series[states] for name, series in self.norms.items()})


class Watch(Protocol):
    """Looks at each state of a run as it is made, and at its bounds afterwards."""

    def beginning(self, rows: slice) -> None:
        """The rows whose states follow."""

    def seen(self, t: int, W1: Array, W2: Array, P: Array) -> None:
        """The state of those rows at step t; the arrays are used again."""

    def moved(self, t: int, first: Array, second: Array) -> None:
        """What the step to t subtracts from W1 and W2; used again two steps later."""

    def bounded(self, log: Log, steps: Array, rounding: Array, carried: Array) -> None:
        """All states, (T + 1, B): what the step to each committed, and all steps until then."""


def losses_of(
    log: Log, steps: Array, compiled: bool = False, watch: Watch | None = None
) -> Measured | None:
    """The loss along the run, (B, T + 1), with its bounds as the recorder takes them.

    ``steps`` (B, T) with 0 for rows that have ended. None where the norms do not suffice,
    unless ``compiled``: Frobenius norms then stand for spectral ones, and bounds are wider.
    """
    states, count = log.loss.shape
    # laid out as the norms are: mixed layouts would cost more than what is computed
    taken = np.zeros((states, count))
    taken[:-1] = steps.T
    error, drift, arrived, distances = np.empty((4, states, count))
    last, distance = np.zeros((2, count))
    size = max(1, BLOCK // count)
    for begin in range(0, states, size):
        block = slice(begin, begin + size)
        part = log.part(block)
        rounding, run = committed(part, taken[block]), widening(part, taken[block])
        carried = carried_along(run, rounding, distance, compiled)
        if not compiled and run.too_coarse(carried[:-1]).any():
            return None
        reading = loss(part)
        arrived[block] = np.concatenate([last[None], rounding[:-1]])
        distances[block] = carried[:-1]
        error[block] = reading.error + reading.spread(arrived[block])
        drift[block] = reading.error + reading.spread(distances[block])
        last, distance = rounding[-1], carried[-1]
    if watch is not None:
        watch.bounded(log, taken, arrived, distances)
    return Measured(log.loss.T, error.T, drift.T)


def sizes_of(steps: Array) -> Measured:
    """The step sizes (B, T), NaN where a row has ended, as what is measured at the states."""
    last = np.full((len(steps), 1), np.nan)
    still = np.concatenate([np.zeros_like(steps), last], axis=1)
    return Measured(np.concatenate([steps, last], axis=1), still, still)


def log_of(batch: Batch, squares: Array, usable: Flags) -> tuple[Log, Flags]:
    """From the squares (5, T + 1, B) of the norms of W1, W2, E, G and G' G, under the squared loss.

    The log, zero after the end of a row, and the usable states (B, T + 1).
    """
    w1, w2, e, g, gram = np.sqrt(squares)
    norms = dict(zip(KEPT, (w1, w2, e, g, np.sqrt(gram), squares[2] / 2), strict=True))
    alive = np.logical_and.accumulate(Log(batch, norms).usable() & usable, axis=0)
    if not alive.all():
        norms = {name: np.where(alive, series, 0.0) for name, series in norms.items()}
    return Log(batch, norms), np.ascontiguousarray(alive.T)


def logged(
    state: Snapshot, usable: Flags, numbers: Array, horizon: int, watch: Watch | None = None
) -> tuple[Log, Flags]:
    """The norms (T + 1, B) along the run of constant steps (B,), and the usable states (B, T + 1)."""
    norms = {name: np.zeros((horizon + 1, len(usable))) for name in KEPT}
    batch, alive = state.batch, np.zeros((len(usable), horizon + 1), dtype=bool)
    if watch is not None:
        watch.beginning(slice(None))
    for t in range(horizon + 1):
        if watch is not None:
            watch.seen(t, state.W1, state.W2, state.P)
        for name, series in norms.items():
            series[t] = getattr(state, name)
        alive[:, t] = usable
        if t < horizon:
            steps = np.where(usable, numbers, 0.0)
            before = state
            state, usable = masked(Snapshot(batch, *state.advanced(steps)), usable)
            if watch is not None:
                watch.moved(t + 1, *before.displacements(steps, state))
    return Log(batch, norms), alive


def masked(state: Snapshot, alive: Flags) -> tuple[Snapshot, Flags]:
    """The state with diverged rows set to zero, where they stay, and which rows are usable."""
    usable = alive & state.usable()
    if (usable == alive).all():
        return state, usable
    return Snapshot(state.batch, kept(state.W1, usable), kept(state.W2, usable)), usable

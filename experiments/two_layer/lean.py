"""Runs of which only the loss is read: norms now, rounding bounds afterwards.

The steps are those of the full recorder. Kept of each state are its norms; the bounds are then
taken of all states at once, by the same formulas in the same order, so that the trace is the same
to the last bit. Where those formulas ask for singular values (steps beyond 2 over the smoothness in
Frobenius norms), the norms do not suffice, and the full recorder has to run.
"""

from __future__ import annotations

import numpy as np

from experiments.two_layer.norms import Array, Flags, kept
from experiments.two_layer.quantities import loss
from experiments.two_layer.sizes import Sizes
from experiments.two_layer.snapshot import Snapshot
from experiments.two_layer.tracking import committed, curvatures, factor, too_coarse, widened
from harness.running.protocol import Measured

READ = frozenset({"loss"})
"""What such a run records."""

KEPT = ("w1", "w2", "e", "g", "a", "b", "slant", "loss")


class Log(Sizes):
    """The norms of the states of a run, (T + 1, B) each."""

    def __init__(self, state: Snapshot, states: int) -> None:
        self.batch = state.batch
        for name in KEPT:
            setattr(self, name, np.zeros((states, len(state.W1))))

    def keep(self, t: int, state: Snapshot) -> None:
        """The norms of the state at step t."""
        for name in KEPT:
            getattr(self, name)[t] = getattr(state, name)

    def at(self, t: int) -> Sizes:
        """The norms at step t, and the curvature."""
        row = Sizes()
        row.batch = self.batch
        for name in ("w1", "w2", "size", "curvature"):
            setattr(row, name, getattr(self, name)[t])
        return row


def losses_of(log: Log, steps: Array, loose: bool = False) -> Measured | None:
    """The loss along the run, (B, T + 1), with its bounds as the recorder takes them.

    ``steps`` (B, T) with 0 for rows that have ended. None where the norms do not suffice,
    unless ``loose``: Frobenius norms then stand for spectral ones, and bounds are wider.
    """
    states = len(log.w1)
    taken = np.concatenate([steps.T, np.zeros((1, len(steps)))])
    rounding = np.concatenate([np.zeros((1, len(steps))), committed(log, taken)[:-1]])
    carried = np.zeros_like(rounding)
    for t in range(states - 1):
        top, low = curvatures(log.at(t), carried[t])
        if not loose and too_coarse(top, low, taken[t]).any():
            return None
        carried[t + 1] = widened(factor(top, low, taken[t]), carried[t], rounding[t + 1])
    reading = loss(log)
    error, drift = (reading.error + reading.spread(one) for one in (rounding, carried))
    return Measured(reading.value.T, error.T, drift.T)


def logged(state: Snapshot, usable: Flags, numbers: Array, horizon: int) -> tuple[Log, Flags]:
    """The norms (T + 1, B) along the run of constant steps (B,), and the usable states (B, T + 1)."""
    log, alive = Log(state, horizon + 1), np.zeros((len(usable), horizon + 1), dtype=bool)
    for t in range(horizon + 1):
        log.keep(t, state)
        alive[:, t] = usable
        if t < horizon:
            steps = np.where(usable, numbers, 0.0)
            state, usable = masked(Snapshot(state.batch, *state.advanced(steps)), usable)
    return log, alive


def masked(state: Snapshot, alive: Flags) -> tuple[Snapshot, Flags]:
    """The state with diverged rows set to zero, where they stay, and which rows are usable."""
    usable = alive & state.usable()
    if (usable == alive).all():
        return state, usable
    return Snapshot(state.batch, kept(state.W1, usable), kept(state.W2, usable)), usable

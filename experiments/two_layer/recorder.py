"""Collects what was measured into a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from experiments.two_layer.batch import State
from experiments.two_layer.norms import SAFETY, Array, Flags, host
from experiments.two_layer.quantities import QUANTITIES
from experiments.two_layer.snapshot import Snapshot
from experiments.two_layer.transitions import (
    TRANSITIONS,
    Drift,
    increment,
    smoothness,
    smoothness_error,
)
from harness.running.protocol import Measured, Trace, leading

ASSUMED = 2.0**-44
"""Relative rounding error assumed of a quantity that a user added."""

FLOOR = 2.0**20
"""A loss is resolved while it exceeds its own error by this factor: six digits."""


def measured_at(
    state: Snapshot,
    wanted: frozenset[str],
    measures: Mapping[str, Callable[[Any], Any]],
    rounding: Array,
    carried: Array,
) -> dict[str, Measured]:
    """The wanted quantities of one state, (B,) each, as they were computed: see ``finished``.

    ``rounding`` bounds what the last step committed, ``carried`` what all steps did to the state.
    Of a quantity that a user added, the error is assumed: 2^-44 of the value, and a relative
    sensitivity of 16 to relative changes of the weights.
    """
    found = {}
    for name in sorted(wanted & QUANTITIES.keys()):
        reading = QUANTITIES[name](state)
        found[name] = Measured(
            reading.value,
            reading.error + reading.spread(rounding),
            reading.error + reading.spread(carried),
        )
    for name in sorted(wanted & measures.keys()):
        seen = State(*map(host, (state.batch.X, state.batch.Y, state.W1, state.W2)))
        value = np.asarray(measures[name](seen), dtype=np.float64).reshape(len(state.W1))
        size = np.abs(value)
        found[name] = Measured(
            value,
            size * (ASSUMED + 16 * rounding / state.size),
            size * (ASSUMED + 16 * carried / state.size),
        )
    return found


def finished(raw: Measured, alive: Flags) -> Measured:
    """Diverged entries become NaN; bounds get their safety factor, infinite where unknown."""
    error, drift = (
        np.where(alive & ~np.isnan(bound), SAFETY * bound, np.inf)
        for bound in (raw.error, raw.drift)
    )
    return Measured(np.where(alive, raw.value, np.nan), error, drift)


class Columns(Mapping[str, Measured]):
    """What was measured at one state, as (B, 1) columns that are finished when looked at."""

    def __init__(self, raw: Mapping[str, Measured], names: frozenset[str], alive: Flags) -> None:
        self._raw, self._alive = raw, alive
        self._names = [name for name in raw if name in names]

    def __getitem__(self, name: str) -> Measured:
        if name not in self._names:
            raise KeyError(name)
        raw = self._raw[name]
        whole = finished(raw, self._alive)
        return Measured(whole.value[:, None], whole.error[:, None], whole.drift[:, None])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Recorder:
    """Fills (B, T+1) arrays step by step."""

    def __init__(self, wanted: frozenset[str], count: int, horizon: int, state: Snapshot) -> None:
        self.wanted = wanted
        self.count, self.horizon = count, horizon
        self.columns: dict[str, Measured] = {}
        self.steps = np.full((count, horizon), np.nan)
        self.alive = np.zeros((count, horizon + 1), dtype=bool)
        self.drift = Drift(state) if "drift" in wanted else None

    def _put(self, name: str, t: int, measured: Sequence[Array]) -> None:
        if name not in self.columns:
            blank = [np.full((self.count, self.horizon + 1), np.nan) for _ in range(3)]
            self.columns[name] = Measured(*blank)
        target = self.columns[name]
        for whole, part in zip((target.value, target.error, target.drift), measured, strict=True):
            whole[:, t] = part

    def state(self, t: int, measured: Mapping[str, Measured], alive: Flags) -> None:
        """The quantities of the state at step t."""
        self.alive[:, t] = alive
        for name, one in measured.items():
            self._put(name, t, (one.value, one.error, one.drift))
        if self.drift is not None:
            self._put("drift", t, self.drift.value())
        if t == self.horizon:
            for name in self.wanted & set(TRANSITIONS) - {"drift"}:
                self._put(name, t, (np.full(self.count, np.nan),) * 3)

    def step(
        self,
        t: int,
        state: Snapshot,
        following: Snapshot,
        steps: Array,
        rounding: tuple[Array, Array],
        carried: tuple[Array, Array],
    ) -> None:
        """The quantities of the step from t to t+1.

        The pairs bound how far rounding moved both states: in the last steps, and since step 0.
        """
        self.steps[:, t] = steps
        if "eta" in self.wanted:
            self._put("eta", t, (steps, np.zeros(self.count), np.zeros(self.count)))
        if self.wanted & {"drift_step", "drift"}:
            change = increment(state, steps)
            if self.drift is not None:
                self.drift.add(change, carried[0])
            if "drift_step" in self.wanted:
                reading = change.norm
                bounds = [reading.error + reading.spread(one[0]) for one in (rounding, carried)]
                self._put("drift_step", t, (reading.value, *bounds))
        if "smoothness" in self.wanted:
            value = smoothness(state, following, steps)
            bounds = [
                smoothness_error(state, following, steps, *one) for one in (rounding, carried)
            ]
            self._put("smoothness", t, (value, *bounds))

    def trace(self, run: Mapping[str, Measured], notes: Sequence[Mapping[str, Any]]) -> Trace:
        """The finished trace, with the lengths of what is finite and of what is resolved."""
        found = {name: finished(one, self.alive) for name, one in self.columns.items()}
        loss = found["loss"]
        resolved = self.alive & (loss.value > FLOOR * loss.error)
        wanted = {name: one for name, one in found.items() if name in self.wanted}
        return Trace(
            measured={**run, **wanted},
            step_sizes=self.steps,
            finite=leading(self.alive),
            resolved=leading(resolved),
            notes=notes,
        )

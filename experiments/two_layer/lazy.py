"""Spectra measured at few states of a run and enclosed at the others.

While a run is recorded a diary keeps how far each step moved the weights, and the weights of every
so many states. From there any state comes again to the bit, and its spectra are taken as they would
have been at once. Which states are measured first follows from the row alone: the first, the last,
and one whenever the weights have moved by a fraction of the smallest quantity they determine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.two_layer.chord import SLACK, Chord
from experiments.two_layer.diary import Diary
from experiments.two_layer.norms import Array, Flags
from experiments.two_layer.recorder import finished, measured_at
from experiments.two_layer.snapshot import Snapshot
from experiments.two_layer.transport import (
    PATHS,
    SQUARES,
    Exact,
    slips,
    spreads,
    transported,
    zero_by_rank,
)
from harness.running.protocol import Enclosed, Measured, Trace

FRACTION = 1 / 2
"""Of a quantity, or of its root: the way between states that are measured from the outset."""
TOGETHER = 1024
"""Stretches of runs that are taken again side by side."""
_WORN = frozenset({"first", "second", "both"})
"""Paths whose spectra the smoothness along the path takes at every state anyway."""


def enclosable(wanted: frozenset[str]) -> frozenset[str]:
    """Those of the wanted quantities that are worth enclosing."""
    needed = _WORN if "smoothness" in wanted else frozenset()
    return frozenset(name for name in wanted & PATHS.keys() if PATHS[name] not in needed)


class Lazily:
    """A run whose spectra are measured at some states, and at others when asked."""

    def __init__(self, diary: Diary, trace: Trace, alive: Flags) -> None:
        self._diary, self._trace, self._alive = diary, trace, alive
        shape = alive.shape
        self._at = np.zeros(shape, dtype=bool)
        self._zero = frozenset(one for one in diary.names if zero_by_rank(one, diary.batch))
        self._names = sorted(diary.names - self._zero)
        self._exact = {name: Exact(*np.full((4, *shape), np.nan)) for name in self._names}
        self._ways = diary.ways(alive)
        self._raw = {name: Measured(*np.zeros((3, *shape))) for name in diary.names}
        self._measure(self._first())
        self._measure(self._spaced())
        self._enclose(np.arange(len(alive)))

    def trace(self) -> Trace:
        """The trace as it stands."""
        found = {name: finished(one, self._alive) for name, one in self._raw.items()}
        where = self._alive & ~self._at if self._names else np.zeros_like(self._at)
        return dataclasses.replace(
            self._trace,
            measured={**self._trace.measured, **found},
            enclosed=Enclosed(frozenset(self._names), where, self.measured),
        )

    def measured(self, mask: Flags) -> Trace:
        """The trace with the states of the mask measured as well."""
        new = mask & self._alive & ~self._at
        self._measure(new)
        self._enclose(np.flatnonzero(new.any(axis=1)))
        return self.trace()

    def _first(self) -> Flags:
        """The first and the last state of every row."""
        mask = np.zeros_like(self._at)
        mask[:, 0] = True
        mask[:, :-1] |= self._alive[:, :-1] & ~self._alive[:, 1:]
        mask[:, -1] |= self._alive[:, -1]
        return mask & self._alive

    def _spaced(self) -> Flags:
        """States between which every quantity stays within a fraction of what it was at first."""
        mask = np.zeros_like(self._at)
        for name in self._names:
            size = np.abs(self._exact[name].value[:, :1])
            size = np.sqrt(size) if name in SQUARES else size
            with np.errstate(all="ignore"):
                count = np.floor(self._ways[PATHS[name]].length / (FRACTION * size))
            mask[:, 1:] |= (np.diff(count, axis=1) > 0) & np.isfinite(count[:, 1:])
        return mask & self._alive & ~self._at

    def _measure(self, new: Flags) -> None:
        """Measure the states of the mask: every stretch from its kept weights on."""
        if not self._names or not new.any():
            return
        spacing, states = self._diary.spacing, new.shape[1]
        rows, steps = np.nonzero(new)
        segments = -(-states // spacing)
        keys = np.unique(rows * segments + steps // spacing)
        with np.errstate(all="ignore"):
            for begin in range(0, len(keys), TOGETHER):
                part = keys[begin : begin + TOGETHER]
                self._again(new, part // segments, part % segments)
        self._at |= new

    def _again(self, new: Flags, rows: NDArray[np.int64], segments: NDArray[np.int64]) -> None:
        """Take stretches again, side by side, and measure their states in the mask."""
        spacing, states = self._diary.spacing, new.shape[1]
        state = self._diary.weights(segments, rows)
        steps = segments * spacing
        within = steps[:, None] + np.arange(spacing)
        due = new[rows[:, None], np.minimum(within, states - 1)] & (within < states)
        for offset in range(spacing):
            here = np.flatnonzero(due[:, offset])
            if len(here):
                self._read(_taken(state, here), rows[here], steps[here] + offset)
            left = np.flatnonzero(due[:, offset + 1 :].any(axis=1))
            if not len(left):
                return
            if len(left) < len(rows):
                state = _taken(state, left)
                rows, steps, due = rows[left], steps[left], due[left]
            sizes = self._trace.step_sizes[rows, steps + offset]
            state = Snapshot(state.batch, *state.advanced(sizes))

    def _read(self, state: Snapshot, rows: NDArray[np.int64], steps: NDArray[np.int64]) -> None:
        names, still = frozenset(self._names), np.zeros(len(rows))
        rounding, carried = (self._diary.rows(one)[rows, steps] for one in ("rounding", "carried"))
        found = measured_at(state, names, {}, rounding, carried)
        bare = measured_at(state, names, {}, still, still)
        for name, exact in self._exact.items():
            one = found[name]
            parts: Sequence[Array] = (one.value, bare[name].error, one.error, one.drift)
            for field, part in zip(dataclasses.fields(exact), parts, strict=True):
                getattr(exact, field.name)[rows, steps] = part

    def _enclose(self, rows: NDArray[np.int64]) -> None:
        """The columns of these rows: measurements where there are any, else enclosures."""
        diary, at = self._diary, self._at[rows]
        if not len(rows):
            return
        size, product, rounding, carried = (
            diary.rows(one)[rows] for one in ("size", "product", "rounding", "carried")
        )
        with np.errstate(all="ignore"):
            ways = {PATHS[name]: self._ways[PATHS[name]].taken(rows) for name in self._names}
            chords = {path: Chord.of(way, at) for path, way in ways.items()}
            for name in self._names:
                arrays = (getattr(self._exact[name], f.name) for f in dataclasses.fields(Exact))
                exact = Exact(*(array[rows] for array in arrays))
                path = PATHS[name]
                low, high = transported(name, exact, ways[path].length, at, chords[path])
                slip = slips(name, diary.batch, size, product, np.abs(high))
                middle = low / 2 + high / 2
                half = (high / 2 - low / 2) * SLACK + 2.0**-45 * (np.abs(low) + np.abs(high))
                bounds = [
                    half + 2.1 * slip + SLACK * 1.02 * spreads(name, size, np.abs(high), slip, one)
                    for one in (rounding, carried)
                ]
                raw = self._raw[name]
                raw.value[rows] = np.where(at, exact.value, middle)
                raw.error[rows] = np.where(at, exact.error, bounds[0])
                raw.drift[rows] = np.where(at, exact.drift, bounds[1])


def _taken(state: Snapshot, positions: NDArray[np.int64]) -> Snapshot:
    """The rows of a state at these positions."""
    return Snapshot(state.batch.taken(positions), state.W1[positions], state.W2[positions])

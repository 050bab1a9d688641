"""The engine of recorded runs: it measures nothing, it looks up what was recorded.

Error of a cell: the largest of ``relative`` times its size, half a unit in the last decimal place
written, and what a column NAME_error says. In a file with numbers written to their last digit that
place is the finest one of the column, and 0 for constants and step sizes. Exact are configuration
symbols, step sizes written in full, whole numbers among the run symbols, and what was given beside
the file.

The loss is a sum of squares of differences: its error is at least ``relative`` times the geometric
mean of it and the largest loss before, and it is read until it has fallen to ``relative`` of that.
A run that starts there already (large weights, almost fitted) needs a column loss_error.

The loop's rounding in each step is part of that error. Nothing is known of what it did along the
way, hence drift = error: claims about a trajectory are judged for the recorded numbers.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.running.protocol import Array, Configuration, Measured, Start, StepSize, Trace
from harness.tracing.recording import ERROR, Recording, Rows
from harness.vocabulary.symbol import Quantity, Scope


class RecordedRuns:
    """Runs of one file.

    ``quantities`` are the symbols it speaks of, by name; those in ``along`` are read at every state,
    the others at the first one only.
    """

    def __init__(
        self,
        recording: Recording,
        quantities: Mapping[str, Quantity],
        along: Collection[str],
        relative: float,
    ) -> None:
        self._recording = recording
        self._quantities = quantities
        self._along = along
        self._relative = relative
        columns = [name for name in quantities if name in recording.symbols]
        self._in_full = recording.in_full(columns)

    def key(self, configuration: Configuration) -> str:
        """Runs of equal length may be judged together."""
        return str(len(self._rows(configuration)))

    def initial(self, configurations: Sequence[Configuration], wanted: frozenset[str]) -> Start:
        """The wanted symbols that were recorded, in the first row of each run."""
        measured = self._measured(configurations, sorted(wanted & self._quantities.keys()))
        first = {
            name: Measured(one.value[:, :1], one.error[:, :1], one.drift[:, :1])
            for name, one in measured.items()
        }
        return Start(tuple(configurations), first)

    def run(self, start: Start, step_size: StepSize, horizon: int, wanted: frozenset[str]) -> Trace:
        """The recorded steps, whatever horizon was asked for."""
        configurations: tuple[Configuration, ...] = start.state
        states = len(self._rows(configurations[0]))
        measured = self._measured(configurations, sorted(wanted & self._quantities.keys()))
        found = [self._finite(one) for one in configurations]
        finite = np.array([count for count, _ in found], dtype=np.int64)
        sizes = np.full((len(configurations), states - 1), math.nan)
        if "eta" in measured:
            sizes = measured["eta"].value[:, : states - 1]
        return Trace(
            measured=measured,
            step_sizes=sizes,
            finite=finite,
            resolved=self._resolved(measured.get("loss"), finite),
            notes=[
                {"trace_error": self._relative} | ({"stops": why} if why else {})
                for _, why in found
            ],
        )

    def _rows(self, configuration: Configuration) -> Rows:
        return self._recording.runs[configuration.get("run", "")]

    def _measured(
        self, configurations: Sequence[Configuration], names: Sequence[str]
    ) -> dict[str, Measured]:
        found = {}
        for name in names:
            quantity = self._quantities[name]
            if quantity.scope is Scope.CONFIGURATION:
                continue
            pairs = [self._column(quantity, one) for one in configurations]
            error = np.array([error for _, error in pairs])
            found[name] = Measured(np.array([value for value, _ in pairs]), error, error)
        return found

    def _column(self, quantity: Quantity, configuration: Configuration) -> tuple[Array, Array]:
        """Values and errors of one quantity along one run, or its single value."""
        name, rows = quantity.name, self._rows(configuration)
        if name in configuration:
            count = len(rows) if quantity.scope.varies else 1
            return np.full(count, float(configuration[name])), np.zeros(count)
        if quantity.scope is Scope.RUN:
            value = np.array([self._recording.constant(name, configuration.get("run", ""))])
            rows = rows[[bool(self._recording.sheet.columns[name][row]) for row in rows]][:1]
            exact = self._recording.whole(name, rows) or (self._in_full and not value[0] % 1)
        else:
            value = self._recording.numbers(name)[rows]
            value = np.where(np.isfinite(value), value, math.nan)
            exact = False
        return value, np.zeros(len(rows)) if exact else self._error(quantity, value, rows)

    def _error(self, quantity: Quantity, value: Array, rows: Rows) -> Array:
        name, recording = quantity.name, self._recording
        error = np.zeros(len(rows))
        if name != "eta":
            error = self._relative * np.abs(value)
            if name == "loss":
                size = np.sqrt(np.abs(value))
                error = self._relative * size * np.fmax.accumulate(size)
        given_to_the_loop = name == "eta" or quantity.scope is Scope.RUN
        if not (given_to_the_loop and self._in_full):
            error = np.maximum(error, recording.half_units(name, rows))
        if name + ERROR in recording.symbols:
            bound = np.abs(recording.numbers(name + ERROR)[rows])
            error = np.maximum(error, np.where(np.isnan(bound), math.inf, bound))
        return error

    def _finite(self, configuration: Configuration) -> tuple[int, str]:
        """How many leading states have all their numbers, and which cell ends them.

        A state may lack what belongs to the step after it, which then is not judged.
        """
        rows = self._rows(configuration)
        first, why = len(rows), ""
        for name, quantity in self._quantities.items():
            if not quantity.scope.varies or name in configuration:
                continue
            later = quantity.scope is Scope.TRANSITION
            read = rows[: len(rows) - later] if name in self._along else rows[:1]
            missing: NDArray[Any] = np.flatnonzero(
                ~np.isfinite(self._recording.numbers(name)[read])
            )
            if missing.size and missing[0] + later < first:
                first = int(missing[0]) + later
                cell = self._recording.where(int(rows[missing[0]]), name)
                why = f"no finite number in {cell}"
        return first, why

    def _resolved(self, loss: Measured | None, finite: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many leading states have a loss that still holds half of its digits."""
        if loss is None:
            return finite
        floor = self._relative * np.fmax.accumulate(loss.value, axis=1)
        above = np.logical_and.accumulate(loss.value > np.maximum(floor, loss.error), axis=1)
        return np.asarray(np.minimum(finite, above.sum(axis=1)), dtype=np.int64)

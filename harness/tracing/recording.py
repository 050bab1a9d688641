"""The runs of a recorded table: their rows, their numbers, and how precisely those were written."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from harness.errors import UsageError
from harness.tracing.sheet import Sheet

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

RUN = "run"
"""The column that names the run a row belongs to."""
INDICES = ("t", "step")
"""Columns that count the rows of a run from 0."""
ERROR = "_error"
"""A column NAME_error bounds the absolute error of the column NAME."""
FULL = 15
"""Significant digits from which on a double counts as written in full."""
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+|nan|inf|infinity)(?:e[+-]?\d+)?\s*", re.I)


class Recording:
    """One file of recorded runs. Columns are looked at when asked for, so that a column no
    theorem reads may hold anything.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._numbers: dict[str, Array] = {}
        self._units: dict[str, Array] = {}
        self._check_indices()

    @property
    def file(self) -> str:
        return self.sheet.file

    @property
    def symbols(self) -> frozenset[str]:
        """The columns that may hold symbols."""
        return frozenset(self.sheet.columns) - {RUN, *INDICES}

    @cached_property
    def runs(self) -> dict[str, Rows]:
        """The rows of each run, in the order of the file; one run "" where none is named."""
        if RUN not in self.sheet.columns:
            return {"": np.arange(len(self.sheet.lines))}
        members: dict[str, list[int]] = {}
        for row, name in enumerate(self.sheet.columns[RUN]):
            if not name:
                raise UsageError(f"{self.where(row, RUN)}: this row belongs to no run.")
            members.setdefault(name, []).append(row)
        return {name: np.array(rows) for name, rows in members.items()}

    def where(self, row: int, column: str) -> str:
        """A cell, for messages."""
        return f"{self.file}, line {self.sheet.lines[row]}, column {column}"

    def numbers(self, column: str) -> Array:
        """Every cell of the column; NaN where it is empty. UsageError for text."""
        if column not in self._numbers:
            found = np.full(len(self.sheet.lines), math.nan)
            for row, text in enumerate(self.sheet.columns[column]):
                if text and not _NUMBER.fullmatch(text):
                    raise UsageError(f"{self.where(row, column)}: “{text}” is not a number.")
                found[row] = float(text) if text else math.nan
            self._numbers[column] = found
        return self._numbers[column]

    def constant(self, column: str, run: str) -> float:
        """The one finite value of a column in a run, empty cells aside; UsageError otherwise."""
        rows = self.runs[run]
        written = [row for row in rows if self.sheet.columns[column][row]]
        if not written:
            raise UsageError(f"{self.where(rows[0], column)}: is empty in the whole run.")
        first = float(self.numbers(column)[written[0]])
        if not math.isfinite(first):
            raise UsageError(f"{self.where(written[0], column)}: is not a finite number.")
        for row in written:
            if self.numbers(column)[row] != first:
                raise UsageError(
                    f"{self.where(row, column)}: must be the same in every row of a run, and is "
                    f"{self.sheet.columns[column][row]} after {first!r}."
                )
        return first

    def in_full(self, columns: Sequence[str]) -> bool:
        """Whether some cell of these columns is a double written to its last digit."""
        texts = (text for column in columns for text in self.sheet.columns[column])
        return self.sheet.binary or any(_digits(text) >= FULL for text in texts)

    def half_units(self, column: str, rows: Rows) -> Array:
        """Half a unit in the last decimal place of each cell; 0 where it holds no number.

        In a column written in full the finest place of any cell counts: a short cell there is a
        short number, but fixed-point writing cuts small numbers off.
        """
        if self.sheet.binary:
            return np.zeros(len(rows))
        if column not in self._units:
            units = np.array([_half_unit(text) for text in self.sheet.columns[column]])
            if self.in_full([column]):
                units = np.full(len(units), units[units > 0].min())
            self._units[column] = units
        return self._units[column][rows]

    def whole(self, column: str, rows: Rows) -> bool:
        """Whether the cells are whole numbers written as such."""
        texts = self.sheet.columns[column]
        return all(re.fullmatch(r"[+-]?\d+|", texts[row]) for row in rows)

    def _check_indices(self) -> None:
        for column in INDICES:
            if column not in self.sheet.columns:
                continue
            found = self.numbers(column)
            for run, rows in self.runs.items():
                wrong = np.flatnonzero(found[rows] != np.arange(len(rows)))
                if wrong.size:
                    row, expected = int(rows[wrong[0]]), int(wrong[0])
                    of = f" of run {run}" if run else ""
                    raise UsageError(
                        f"{self.where(row, column)}: row {expected}{of} must say {expected}, not "
                        f"“{self.sheet.columns[column][row]}”; rows count 0, 1, 2, ... without gaps."
                    )


def _digits(text: str) -> int:
    mantissa = text.lower().partition("e")[0]
    return len(re.sub(r"\D", "", mantissa).lstrip("0"))


def _half_unit(text: str) -> float:
    exponent = Decimal(text).as_tuple().exponent if text else "n"
    # rounded up: a power of ten is itself rounded
    return 0.5 * 10.0**exponent * (1 + 2.0**-50) if isinstance(exponent, int) else 0.0

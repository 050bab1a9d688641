"""CSV files that a user names: read with the standard library, checked, hashed."""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from harness.errors import UsageError


@dataclass(frozen=True)
class Table:
    """The numbers of a CSV file, row by row, and the SHA-256 of its bytes."""

    rows: tuple[tuple[float, ...], ...]
    sha256: str

    @property
    def columns(self) -> int:
        return len(self.rows[0])


def varying(rows: Sequence[Sequence[float]], start: int, stop: int) -> list[int]:
    """The columns start..stop-1 that are not constant."""
    return [column for column in range(start, stop) if len({row[column] for row in rows}) > 1]


def read_table(file: str | None, targets: int) -> Table:
    """The table of a CSV file whose last ``targets`` columns are the targets.

    A first row without any number is a header. Raises UsageError when the file cannot be used.
    """
    if not file:
        raise UsageError("data=csv needs the file: set file=PATH (or --data PATH).")
    path = Path(file)
    try:
        status = path.stat()
        table = _read(path, status.st_mtime_ns, status.st_size)
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"The data file {file} cannot be read: {problem}.") from None
    if targets >= table.columns:
        raise UsageError(
            f"The data file {file} has {table.columns} column(s): too few for {targets} target "
            "column(s) and at least one feature."
        )
    return table


@lru_cache(maxsize=16)
def _read(path: Path, modified: int, size: int) -> Table:
    """The parsed file; its time and size are part of the key so that a change is seen."""
    content = path.read_bytes()
    lines = [
        (number, line)
        for number, line in enumerate(csv.reader(content.decode("utf-8-sig").splitlines()), 1)
        if line
    ]
    if lines and not any(_number(cell) is not None for cell in lines[0][1]):
        del lines[0]
    if not lines:
        raise UsageError(f"The data file {path} holds no rows of numbers.")
    width = len(lines[0][1])
    rows = []
    for number, line in lines:
        if len(line) != width:
            raise UsageError(
                f"The data file {path} is ragged: line {number} has {len(line)} cells, the first "
                f"row of numbers has {width}."
            )
        rows.append(tuple(_cell(cell, path, number) for cell in line))
    return Table(tuple(rows), hashlib.sha256(content).hexdigest())


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _cell(cell: str, path: Path, line: int) -> float:
    value = _number(cell)
    if value is None:
        raise UsageError(f"The data file {path}, line {line}: “{cell}” is not a number.")
    if not math.isfinite(value):
        raise UsageError(f"The data file {path}, line {line}: “{cell}” is not a finite number.")
    return value

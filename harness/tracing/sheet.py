"""Reads the table of a recorded run, CSV or Parquet, as texts column by column."""

from __future__ import annotations

import csv
import hashlib
import importlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from harness.errors import UsageError

PARQUET = (".parquet", ".pq")


@dataclass(frozen=True)
class Sheet:
    """The cells of a file as they were written, "" where one is empty.

    ``lines``: where each row stands in the file, from 1 (the header of a CSV file is line 1).
    ``binary``: the file holds doubles, so that writing them rounded nothing.
    """

    file: str
    sha256: str
    columns: Mapping[str, Sequence[str]]
    lines: Sequence[int]
    binary: bool


def read_sheet(file: str) -> Sheet:
    """The table in ``file``; UsageError, one sentence, when it is no table with named columns."""
    path = Path(file)
    try:
        status = path.stat()
        return _read(file, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror or error}).") from error


@lru_cache(maxsize=4)
def _read(file: str, modified: int, size: int) -> Sheet:
    """The parsed file; its time and size are part of the key so that a change is seen."""
    content = Path(file).read_bytes()
    binary = file.lower().endswith(PARQUET)
    names, rows, lines = _parquet(file, content) if binary else _csv(file, content)
    named = [name for name in names if name]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise UsageError(f"{file}: the column “{twice[0]}” stands twice.")
    if not named:
        raise UsageError(f"{file}: is empty; the first line names the columns.")
    if not rows:
        raise UsageError(f"{file}: has a header and no rows.")
    columns = {name: [row[index] for row in rows] for index, name in enumerate(names) if name}
    return Sheet(file, hashlib.sha256(content).hexdigest(), columns, lines, binary)


Cells = tuple[list[str], list[list[str]], list[int]]


def _csv(file: str, content: bytes) -> Cells:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: is not UTF-8 (byte {error.start}).") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        names = [name.strip() for name in next((row for row in reader if row), [])]
        for row in reader:
            if not row:
                continue
            if len(row) != len(names):
                raise UsageError(
                    f"{file}, line {reader.line_num}: has {len(row)} cells, the header {len(names)}."
                )
            rows.append([cell.strip() for cell in row])
            lines.append(reader.line_num)
    except csv.Error as error:
        raise UsageError(f"{file}, line {reader.line_num}: is not CSV ({error}).") from error
    return names, rows, lines


def _parquet(file: str, content: bytes) -> Cells:
    try:
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise UsageError(
            f"{file}: reading Parquet needs pyarrow; pip install 'boundcheck[parquet]'."
        ) from error
    try:
        table = parquet.read_table(io.BytesIO(content))
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: is not Parquet ({str(error).rstrip('.')}).") from error
    columns = [["" if one is None else str(one) for one in c.to_pylist()] for c in table.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return [str(name) for name in table.column_names], rows, list(range(1, len(rows) + 1))

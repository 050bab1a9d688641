"""The CSV files: fixed leading columns, floats that round-trip, empty for missing."""

from __future__ import annotations

import json
import math
import os
import shlex
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from types import NoneType
from typing import Any

from harness.errors import UsageError
from harness.judging.row import SCHEMA, Row
from harness.options import FAST_ENGINE

COLUMNS = (
    "schema", "theorem", "version", "claim", "experiment", "verdict", "expected", "kind",
    "quantity", "step", "value", "sense", "bound", "ratio", "margin", "certified",
    "hypotheses_broken", "width", "depth", "step_size", "init", "data", "seed", "dtype", "device",
    "samples", "confidence", "fingerprint", "config", "reproduce",
    # appended since: columns are only ever added at the end
    "rule", "steps_judged", "progress", "p_value", "origin", "reading", "reason", "notes",
    "persists",
    "assumed",
    "q_value",
    "exact_steps",
    "engine",
)  # fmt: skip
"""Columns of checks.csv and violations.csv, in order."""


_FROM_ROW: dict[str, Callable[[Row], Any]] = {
    "schema": lambda _: SCHEMA,
    "theorem": attrgetter("theorem"),
    "version": attrgetter("version"),
    "claim": attrgetter("claim"),
    "experiment": attrgetter("experiment"),
    "verdict": attrgetter("finding.verdict.value"),
    "expected": attrgetter("expected.value"),
    "kind": attrgetter("kind"),
    "quantity": attrgetter("quantity"),
    "step": attrgetter("finding.step"),
    "value": attrgetter("finding.value"),
    "sense": attrgetter("sense"),
    "bound": attrgetter("finding.bound"),
    "ratio": attrgetter("finding.ratio"),
    "margin": attrgetter("finding.margin"),
    "certified": attrgetter("finding.certified"),
    "hypotheses_broken": lambda row: ";".join(row.finding.hypotheses_broken),
    "step_size": attrgetter("step_size"),
    "samples": attrgetter("finding.samples"),
    "confidence": attrgetter("finding.confidence"),
    "fingerprint": attrgetter("fingerprint"),
    "config": attrgetter("configuration"),
    "reproduce": lambda row: reproduce(row),
    "rule": attrgetter("finding.rule"),
    "steps_judged": attrgetter("finding.judged"),
    "progress": attrgetter("finding.progress"),
    "p_value": attrgetter("finding.p_value"),
    "reading": attrgetter("reading"),
    "reason": attrgetter("finding.reason"),
    "notes": attrgetter("notes"),
    "persists": attrgetter("finding.persists"),
    "q_value": attrgetter("finding.q_value"),
    "exact_steps": attrgetter("exact_steps"),
    "engine": attrgetter("engine"),
}
_FROM_CONFIGURATION = (
    "width", "depth", "init", "data", "seed", "dtype", "device", "assumed",
)  # fmt: skip
TOGETHER = 4096
"""Rows whose text is made together: lists of so many cells are quick, and soon forgotten."""


def record(row: Row, origin: str) -> dict[str, Any]:
    """A row as column -> value; None for what is missing."""
    found = {"origin": origin}
    found |= zip(_FROM_CONFIGURATION, _read_off(row.configuration), strict=True)
    found |= ((name, get(row)) for name, get in _FROM_ROW.items())
    return {name: found[name] for name in COLUMNS}


def rows_as_text(rows: Sequence[Row], origins: Sequence[str]) -> str:
    """The text of `as_text` for the records of the rows, made column by column."""
    lines = [",".join(COLUMNS)]
    read: dict[str, tuple[Any, ...]] = {}
    for start in range(0, len(rows), TOGETHER):
        part = rows[start : start + TOGETHER]
        for row in part:
            if row.configuration not in read:
                read[row.configuration] = _read_off(row.configuration)
        told = zip(*(read[row.configuration] for row in part), strict=True)
        columns: dict[str, Iterable[Any]] = dict(zip(_FROM_CONFIGURATION, told, strict=True))
        columns["origin"] = origins[start : start + TOGETHER]
        columns |= {name: map(get, part) for name, get in _FROM_ROW.items()}
        cells = (_cells(list(columns[name])) for name in COLUMNS)
        lines += map(",".join, zip(*cells, strict=True))
    return "\n".join(lines) + "\n"


def reproduce(row: Row) -> str:
    """The command that makes this row again."""
    if not row.claim:
        return shlex.join(["python", "-c", f"import {row.theorem}"])
    ref = f"{row.theorem}@{row.version}"
    target = f"{row.path}::{ref}" if row.path else ref
    command = _command(target, row.experiment, row.engine, row.samples_planned)
    return f"{command} --config {shlex.quote(row.configuration)}"


def _read_off(configuration: str) -> tuple[Any, ...]:
    """What columns of their own say of a configuration."""
    found: dict[str, Any] = json.loads(configuration)
    assumed = ";".join(found.get("assume", ()))
    return (*map(found.get, _FROM_CONFIGURATION[:-1]), assumed)


@lru_cache(maxsize=1024)
def _command(target: str, experiment: str, engine: str, replicates: int) -> str:
    words = ["boundcheck", "check", *map(shlex.quote, (target, "--experiment", experiment))]
    if engine == FAST_ENGINE:
        words += ["--engine", FAST_ENGINE]
    if replicates:
        words += ["--replicates", str(replicates)]
    return " ".join(words)


def as_text(records: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """RFC 4180 with a header, LF line ends, UTF-8.

    Faster than csv.writer, because most cells repeat.
    """
    lines = [",".join(map(_quoted, columns))]
    lines += [",".join([_cell(one.get(name)) for name in columns]) for one in records]
    return "\n".join(lines) + "\n"


def write_atomically(path: Path, text: str) -> None:
    """The file appears whole or not at all; UsageError where it cannot be written."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror}); what is there was left as it is, and the "
            "same command continues."
        ) from error


def _cells(values: list[Any]) -> list[str]:
    """`_cell` of each value, once for those that are alike."""
    kinds = set(map(type, values))
    if kinds == {float}:
        return ["" if one != one else repr(one) for one in values]
    # 1, 1.0 and True are one key, but not one text
    if not (kinds <= {str, NoneType} or kinds <= {int, NoneType}):
        return list(map(_cell, values))
    cells = {one: _cell(one) for one in set(values)}
    return list(map(cells.__getitem__, values))


def _cell(value: Any) -> str:
    """Floats as repr, inf and nan spelled so; NaN in a column of ours means missing."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(float(value))
    return "" if value is None else _quoted(str(value))


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    # a spreadsheet would run a cell that starts like a formula
    return _quoted(f"'{text}" if text != "==" and text.startswith(("=", "@", "+", "-")) else text)


def _quoted(text: str) -> str:
    if '"' in text or "," in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text

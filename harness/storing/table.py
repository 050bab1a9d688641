"""The CSV files: fixed leading columns, floats that round-trip, empty for missing."""

from __future__ import annotations

import json
import math
import os
import shlex
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
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


def record(row: Row, origin: str) -> dict[str, Any]:
    """A row as column -> value; None for what is missing."""
    configuration = _parsed(row.configuration)
    finding = row.finding
    return {
        "schema": SCHEMA,
        "theorem": row.theorem,
        "version": row.version,
        "claim": row.claim,
        "experiment": row.experiment,
        "verdict": str(finding.verdict),
        "expected": str(row.expected),
        "kind": row.kind,
        "quantity": row.quantity,
        "step": finding.step,
        "value": finding.value,
        "sense": row.sense,
        "bound": finding.bound,
        "ratio": finding.ratio,
        "margin": finding.margin,
        "certified": finding.certified,
        "hypotheses_broken": ";".join(finding.hypotheses_broken),
        "width": configuration.get("width"),
        "depth": configuration.get("depth"),
        "step_size": row.step_size,
        "init": configuration.get("init"),
        "data": configuration.get("data"),
        "seed": configuration.get("seed"),
        "dtype": configuration.get("dtype"),
        "device": configuration.get("device"),
        "samples": finding.samples,
        "confidence": finding.confidence,
        "fingerprint": row.fingerprint,
        "config": row.configuration,
        "reproduce": reproduce(row),
        "rule": finding.rule,
        "steps_judged": finding.judged,
        "progress": finding.progress,
        "p_value": finding.p_value,
        "origin": origin,
        "reading": row.reading,
        "reason": finding.reason,
        "notes": row.notes,
        "persists": finding.persists,
        "assumed": ";".join(configuration.get("assume", ())),
        "q_value": finding.q_value,
        "exact_steps": row.exact_steps,
        "engine": row.engine,
    }


def reproduce(row: Row) -> str:
    """The command that makes this row again."""
    if not row.claim:
        return shlex.join(["python", "-c", f"import {row.theorem}"])
    ref = f"{row.theorem}@{row.version}"
    target = f"{row.path}::{ref}" if row.path else ref
    words = ["boundcheck", "check", *map(_shell, (target, "--experiment", row.experiment))]
    if row.engine == FAST_ENGINE:
        words += ["--engine", FAST_ENGINE]
    if row.samples_planned:
        words += ["--replicates", str(row.samples_planned)]
    return f"{' '.join(words)} --config {_shell(row.configuration)}"


# claims that share a configuration stand together in most files
@lru_cache(maxsize=1024)
def _parsed(configuration: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(configuration)
    return found


@lru_cache(maxsize=1024)
def _shell(word: str) -> str:
    return shlex.quote(word)


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

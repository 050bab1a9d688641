"""The CSV files: fixed leading columns, floats that round-trip, empty for missing."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import shlex
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.judging.row import SCHEMA, Row

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
)  # fmt: skip
"""Columns of checks.csv and violations.csv, in order."""


def record(row: Row, origin: str) -> dict[str, Any]:
    """A row as column -> value; None for what is missing."""
    configuration = json.loads(row.configuration)
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
    }


def reproduce(row: Row) -> str:
    """The command that makes this row again."""
    if not row.claim:
        return shlex.join(["python", "-c", f"import {row.theorem}"])
    ref = f"{row.theorem}@{row.version}"
    target = f"{row.path}::{ref}" if row.path else ref
    words = ["boundcheck", "check", target, "--experiment", row.experiment]
    if row.samples_planned:
        words += ["--replicates", str(row.samples_planned)]
    return shlex.join([*words, "--config", row.configuration])


def as_text(records: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """RFC 4180 with a header, LF line ends, UTF-8."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for one in records:
        writer.writerow([_cell(one.get(name)) for name in columns])
    return buffer.getvalue()


def write_atomically(path: Path, text: str) -> None:
    """The file appears whole or not at all."""
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


def _cell(value: Any) -> str:
    """Floats as repr, inf and nan spelled so; NaN in a column of ours means missing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = repr(float(value)) if isinstance(value, float) else str(value)
    # a spreadsheet would run a cell that starts like a formula
    formula = isinstance(value, str) and text != "==" and text.startswith(("=", "@", "+", "-"))
    return f"'{text}" if formula else text

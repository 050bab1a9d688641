"""Reads recorded violations: JSON records, violations.csv, or a folder of results."""

from __future__ import annotations

import csv
import io
import json
import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.handing.record import SCHEMA
from harness.judging.row import LEDGER
from harness.judging.row import SCHEMA as TABLE
from harness.options import FAST_ENGINE

NEEDED = (
    "schema", "theorem", "version", "claim", "experiment", "verdict", "step", "value", "bound",
    "fingerprint",
    "config", "reproduce",
)  # fmt: skip
"""Columns of violations.csv that a row is run again from."""
LONGEST_CELL = 2**31 - 1


@dataclass(frozen=True)
class Recorded:
    """A violation as it was recorded; ``where`` says in which file and at which place.

    ``fingerprint`` identifies statement and configuration. ``replicates`` is the number of seeds it was run under, 0 for a single run; ``ledger``: it
    speaks of many nights; ``fast``: compiled kernels took the steps.
    """

    where: str
    selector: str
    theorem: str
    claim: str
    experiment: str
    fingerprint: str
    configuration: Mapping[str, Any]
    value: float
    bound: float
    step: int | None
    replicates: int = 0
    ledger: bool = False
    fast: bool = False


def read_recorded(paths: Sequence[str]) -> list[Recorded]:
    """The violations of all these files, in order; UsageError in a sentence for any other file."""
    return [one for name in paths for file in _files(Path(name)) for one in _read(file)]


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    if (path / "violations.csv").is_file():
        return [path / "violations.csv"]
    if found := sorted(path.glob("*.json")):
        return found
    raise UsageError(f"{path}: holds neither a violations.csv nor JSON records of violations.")


def _read(path: Path) -> list[Recorded]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            text = stream.read()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise UsageError(f"{path}: cannot be read ({why}).") from error
    return [_record(path, text)] if path.suffix == ".json" else _table(path, text)


def _record(path: Path, text: str) -> Recorded:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        why = f"not JSON (line {error.lineno}: {error.msg})"
        raise UsageError(f"{path}: {why}.") from error
    if not isinstance(found, dict) or "schema" not in found:
        raise UsageError(f"{path}: is no record of a violation.")
    if found["schema"] != SCHEMA:
        raise UsageError(f"{path}: has schema {found['schema']!r}; {SCHEMA!r} is what can be read.")
    try:
        texts = {name: _typed(found, name, str) for name in _TEXTS}
        step = found["step"]
        return Recorded(
            where=str(path),
            **texts,
            configuration=_typed(found, "configuration", dict),
            value=float.fromhex(_typed(_typed(found, "value", dict), "hex", str)),
            bound=float.fromhex(_typed(_typed(found, "bound", dict), "hex", str)),
            step=None if step is None else _typed(found, "step", int),
            replicates=_count(_typed(found, "replicates", int)),
            # older records have none
            fast=found.get("engine") == FAST_ENGINE,
        )
    except KeyError as error:
        raise UsageError(f"{path}: lacks {error.args[0]!r}.") from error
    except ValueError as error:
        raise UsageError(f"{path}: is damaged ({error}).") from error


_TEXTS = ("selector", "theorem", "claim", "experiment", "fingerprint")


def _typed(record: Mapping[str, Any], name: str, kind: type) -> Any:
    value = record[name]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{name} is {value!r}")
    return value


def _table(path: Path, text: str) -> list[Recorded]:
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise UsageError(f"{path}: is not a CSV file ({error}).") from error
    finally:
        csv.field_size_limit(before)
    columns = lines[0] if lines else []
    if lacking := [name for name in NEEDED if name not in columns]:
        raise UsageError(f"{path}: lacks the columns {', '.join(lacking)} of a violations.csv.")
    found = []
    for number, line in enumerate(lines[1:], start=1):
        where = f"{path}, row {number}"
        if len(line) != len(columns):
            raise UsageError(f"{where}: has {len(line)} cells for {len(columns)} columns.")
        cells = dict(zip(columns, line, strict=True))
        if cells["schema"] != TABLE:
            raise UsageError(
                f"{where}: has schema {cells['schema']!r}; {TABLE!r} is what can be read."
            )
        if cells["verdict"] == "violated":
            try:
                found.append(_row(where, cells))
            except ValueError as error:
                raise UsageError(f"{where}: is damaged ({error}).") from error
    return found


def _row(where: str, cells: Mapping[str, str]) -> Recorded:
    """ValueError for cells that we would not have written."""
    configuration = json.loads(cells["config"])
    if not isinstance(configuration, dict):
        raise ValueError("config is no JSON object")
    words = shlex.split(cells["reproduce"])
    if words[:2] != ["boundcheck", "check"] or len(words) < 3:
        raise ValueError("reproduce is no command of Boundcheck")
    planned = words[words.index("--replicates") + 1 :] if "--replicates" in words else ["0"]
    return Recorded(
        where=where,
        selector=words[2],
        theorem=f"{cells['theorem']}@{int(cells['version'])}",
        claim=cells["claim"],
        experiment=cells["experiment"],
        fingerprint=cells["fingerprint"],
        configuration=configuration,
        value=_number(cells["value"]),
        bound=_number(cells["bound"]),
        step=int(cells["step"]) if cells["step"] else None,
        replicates=_count(int(planned[0] if planned else "")),
        ledger=cells.get("origin") == LEDGER,
        fast=cells.get("engine") == FAST_ENGINE,
    )


def _number(cell: str) -> float:
    return float(cell) if cell else math.nan


def _count(number: int) -> int:
    if number < 0:
        raise ValueError(f"{number} replicates")
    return number

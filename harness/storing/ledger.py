"""The ledger: a CSV file, one line an e-process, replaced as a whole after each night.

A statement that was changed starts a line of its own; old lines stay. The number of the night is
one more than the last one in the file, and the seeds of a night follow from it, so that a night
that was killed is made again as it was, and no night meets the dice of another.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.judging.evidence import Wealth, reaches
from harness.judging.nights import Key, Process
from harness.storing.table import as_text, write_atomically

SCHEMA = "boundcheck-ledger-1"
COLUMNS = (
    "schema", "order", "theorem", "version", "claim", "experiment", "kind", "statement", "verdict",
    "first_night", "last_night", "nights", "runs", "failures", "log10_e_against", "violated_at",
    "log10_e_for", "wealth_against", "wealth_for",
)  # fmt: skip
"""Columns in order. The wealth is that of each bet, as natural logarithm."""


@dataclass(frozen=True)
class Ledger:
    """The processes of a ledger file as it was read."""

    path: Path
    text: str
    processes: tuple[Process, ...]

    @property
    def night(self) -> int:
        """The number of the night to come, from 1."""
        return 1 + max((one.last_night for one in self.processes), default=0)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs out until the night is written; the lock dies with the process.

        Raises UsageError when another run holds the file, or changed it since it was read.
        """
        import fcntl  # not on every system

        try:
            if not self.path.exists():
                write_atomically(self.path, self.text)
            stream = self.path.open("r+", encoding="utf-8", newline="")
        except OSError as error:
            raise _refused(self.path, f"cannot be written ({error.strerror})") from error
        with stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise _refused(self.path, "is in use by another run") from error
            if self.path.read_text(encoding="utf-8") != self.text:
                raise _refused(self.path, "was changed by another run; start again")
            yield

    def write(self, processes: Sequence[Process]) -> None:
        """Replace the file, whole or not at all."""
        write_atomically(self.path, as_text((_record(one) for one in processes), COLUMNS))


def read_ledger(path: Path) -> Ledger:
    """The ledger in the file, an empty one if there is none; UsageError for any other file."""
    if not path.exists():
        if not path.parent.is_dir():
            raise _refused(path, "there is no such folder")
        return Ledger(path, as_text((), COLUMNS), ())
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            text = stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, "cannot be read as text") from error
    try:
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise _refused(path, f"is not a CSV file ({error})") from error
    if not lines or tuple(lines[0]) != COLUMNS or not text.endswith("\n"):
        raise _refused(path, "is not a ledger of Boundcheck, or was cut short")
    processes: list[Process] = []
    for number, line in enumerate(lines[1:], start=2):
        try:
            process = _process(dict(zip(COLUMNS, line, strict=True)))
            if process.order != number - 1 or process.key in {one.key for one in processes}:
                raise ValueError("out of order or twice")
        except ValueError as error:
            raise _refused(path, f"line {number} is damaged ({error})") from error
        processes.append(process)
    return Ledger(path, text, tuple(processes))


def _record(one: Process) -> dict[str, Any]:
    key = one.key
    return {
        "schema": SCHEMA,
        "order": one.order,
        "theorem": key.theorem,
        "version": key.version,
        "claim": key.claim,
        "experiment": key.experiment,
        "kind": key.kind,
        "statement": key.statement,
        "verdict": str(one.verdict),
        "first_night": one.first_night,
        "last_night": one.last_night,
        "nights": one.nights,
        "runs": one.runs,
        "failures": one.failures,
        "log10_e_against": one.log10_against,
        "violated_at": one.needed,
        "log10_e_for": one.log10_support,
        "wealth_against": _written(one.against),
        "wealth_for": " and ".join(_written(wealth) for wealth in one.support),
    }


def _process(cells: Mapping[str, str]) -> Process:
    """ValueError for anything that was not written by us."""
    if cells["schema"] != SCHEMA:
        raise ValueError(f"schema {cells['schema']!r}")
    names = ("order", "version", "first_night", "last_night", "nights", "runs")
    order, version, first, last, nights, runs = (int(cells[name]) for name in names)
    failures = int(cells["failures"]) if cells["failures"] else None
    if not (order > 0 and 0 < first <= last and 0 < nights <= last - first + 1 and runs > 0):
        raise ValueError("impossible counts")
    if failures is not None and not 0 <= failures <= runs:
        raise ValueError("impossible counts")
    support = cells["wealth_for"].split(" and ") if cells["wealth_for"] else []
    found = Process(
        key=Key(
            cells["theorem"],
            version,
            cells["claim"],
            cells["experiment"],
            cells["kind"],
            cells["statement"],
        ),
        order=order,
        first_night=first,
        last_night=last,
        nights=nights,
        runs=runs,
        failures=failures,
        against=_wealth(cells["wealth_against"]),
        support=tuple(_wealth(one) for one in support),
        refuted=cells["verdict"] == "violated",
    )
    crossed = reaches(found.against, found.level) and not found.refuted
    if str(found.verdict) != cells["verdict"] or crossed:
        raise ValueError("the verdict does not follow from the wealth")
    return found


def _written(wealth: Wealth) -> str:
    return f"[{' '.join(repr(one) for one in wealth)}]"


def _wealth(text: str) -> Wealth:
    if not (text.startswith("[") and text.endswith("]")):
        raise ValueError("wealth without brackets")
    found = tuple(float(one) for one in text[1:-1].split())
    if not found or any(math.isnan(one) for one in found):
        raise ValueError("wealth that is no number")
    return found


def _refused(path: Path, why: str) -> UsageError:
    return UsageError(f"--ledger {path}: {why}; nothing was written.")

"""The result of a check: rows, one summary a claim, tables and an exit code."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from harness.judging.row import Row
from harness.options import TRACES
from harness.storing.table import as_text, record, rows_as_text, write_atomically
from harness.vocabulary.verdict import Verdict, over_rows

SUMMARY_COLUMNS = (
    "theorem", "version", "claim", "verdict", "expected", "checks", "held", "violated",
    "undecided", "void", "vacuous", "broken", "tightest_ratio", "median_ratio",
    "hypotheses_met_share", "mutants_caught", "seconds",
    # appended since
    "reading", "violated_unaided", "tightest_progress", "smallest_sharpening_caught",
)  # fmt: skip
"""Columns of summary.csv, in order."""

_GREEN, _RED, _OPEN = 0, 1, 3


def worst_code(codes: Iterable[int]) -> int:
    """The most serious exit code: 1, then 3, then 0; 3 when there is none."""
    return max(codes, key=(_GREEN, _OPEN, _RED).index, default=_OPEN)


@dataclass(frozen=True)
class Summary:
    """One claim over all its rows."""

    theorem: str
    version: int
    reading: str
    claim: str
    verdict: Verdict
    expected: Verdict
    counts: Mapping[Verdict, int]
    tightest_ratio: float
    median_ratio: float
    tightest_progress: float
    hypotheses_met: float
    unaided: int
    seconds: float
    recorded: bool = False

    @property
    def key(self) -> tuple[str, int, str]:
        """Theorem, version and claim."""
        return self.theorem, self.version, self.claim

    @property
    def checks(self) -> int:
        return sum(self.counts.values())

    @property
    def smallest_sharpening(self) -> float:
        """Factor by which the guarantee would have to be stronger to be caught by these rows.

        Measured on progress where the claim has a trivial value, else on the ratio; 1 is tight.
        """
        share = self.tightest_progress
        share = self.tightest_ratio if math.isnan(share) else share
        return max(1.0, 1 / share) if share > 0 else math.nan

    @property
    def code(self) -> int:
        """0 behaved as declared, 1 a surprise, 3 otherwise not green."""
        if self.counts.get(Verdict.BROKEN):
            return _RED
        if self.expected is Verdict.VIOLATED:
            if self.recorded and self.verdict is not Verdict.VIOLATED:
                # nobody promised that these very runs would show it
                return _GREEN if self.verdict is Verdict.HELD else _OPEN
            return _GREEN if self.verdict is Verdict.VIOLATED else _RED
        if self.verdict is Verdict.VIOLATED:
            return _RED
        if self.expected in (Verdict.VOID, Verdict.VACUOUS, Verdict.UNTESTED):
            return _GREEN if self.verdict is Verdict.UNTESTED else _OPEN
        return _GREEN if self.verdict is self.expected else _OPEN


@dataclass(frozen=True)
class Report:
    """Everything a check found; ``scripts`` are the counterexamples written beside the tables,
    ``unscripted`` says why a violated claim has none.

    ``statements``: the fingerprint of each theorem, by ID@VERSION. Of recorded runs ``remarks`` say
    what was not judged or not read, and ``legend`` what the symbols that were read mean.
    """

    rows: tuple[Row, ...]
    declared: frozenset[str]
    seconds: Mapping[tuple[str, int], float]
    reused: int = 0
    given: bool = False
    scripts: tuple[Path, ...] = ()
    statements: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    legend: tuple[str, ...] = ()
    boundary: frozenset[str] = frozenset()
    unscripted: tuple[str, ...] = ()

    def origin(self, row: Row) -> str:
        """Where its configuration came from.

        "witness" of the theorem, "boundary" case of the experiment, "draw", or "given" by the
        user; else the part it plays in a search or a ledger.
        """
        if row.origin:
            return row.origin
        if self.given:
            return "given"
        if row.configuration in self.declared:
            return "witness"
        return "boundary" if row.configuration in self.boundary else "draw"

    def summaries(self) -> list[Summary]:
        """One a claim, in the order of the rows."""
        groups: dict[tuple[str, int, str], list[Row]] = {}
        for row in (one for one in self.rows if one.decides):
            groups.setdefault((row.theorem, row.version, row.claim), []).append(row)
        return [self._summary(rows) for rows in groups.values()]

    def _summary(self, rows: Sequence[Row]) -> Summary:
        first = rows[0]
        counts: dict[Verdict, int] = {}
        for row in rows:
            counts[row.finding.verdict] = counts.get(row.finding.verdict, 0) + 1
        held = [row.finding for row in rows if row.finding.verdict is Verdict.HELD]
        ratios = [one.ratio for one in held if not math.isnan(one.ratio)]
        progress = [one.progress for one in held if not math.isnan(one.progress)]
        spoken = len(rows) - counts.get(Verdict.VOID, 0) - counts.get(Verdict.BROKEN, 0)
        violated = [row for row in rows if row.finding.verdict is Verdict.VIOLATED]
        return Summary(
            theorem=first.theorem,
            version=first.version,
            reading=first.reading,
            claim=first.claim,
            verdict=over_rows(row.finding.verdict for row in rows),
            expected=first.expected,
            counts=counts,
            tightest_ratio=max(ratios, default=math.nan),
            median_ratio=median(ratios) if ratios else math.nan,
            tightest_progress=max(progress, default=math.nan),
            hypotheses_met=spoken / len(rows),
            unaided=sum(
                not self.given and row.configuration not in self.declared | self.boundary
                for row in violated
            ),
            seconds=self.seconds.get((first.theorem, first.version), math.nan),
            recorded=first.experiment == TRACES,
        )

    @property
    def violations(self) -> list[Row]:
        """The violated rows, in order."""
        return [row for row in self.rows if row.finding.verdict is Verdict.VIOLATED]

    @property
    def exit_code(self) -> int:
        """0 as declared; 1 unexpected violation, a false claim not refuted, or a broken row; 3."""
        return worst_code(one.code for one in self.summaries())

    def to_dicts(self, rows: Iterable[Row] | None = None) -> list[dict[str, Any]]:
        """Rows as dictionaries with the columns of checks.csv."""
        chosen = self.rows if rows is None else rows
        return [record(row, self.origin(row)) for row in chosen]

    def to_csv(self, rows: Iterable[Row] | None = None) -> str:
        """The text of checks.csv (or of the given rows in its schema)."""
        chosen = self.rows if rows is None else tuple(rows)
        return rows_as_text(chosen, [self.origin(row) for row in chosen])

    def write(
        self, folder: Path, mutants: Mapping[tuple[str, int, str], str] | None = None
    ) -> None:
        """checks.csv, violations.csv and summary.csv, each whole or not at all.

        ``mutants``: "caught/counted" by theorem, version and claim, where controls were run.
        """
        scores = mutants or {}
        write_atomically(folder / "checks.csv", self.to_csv())
        write_atomically(folder / "violations.csv", self.to_csv(self.violations))
        summary = as_text(
            (
                {**_summary_record(one), "mutants_caught": scores.get(one.key)}
                for one in self.summaries()
            ),
            SUMMARY_COLUMNS,
        )
        write_atomically(folder / "summary.csv", summary)


def _summary_record(one: Summary) -> dict[str, Any]:
    counts = {str(v): one.counts.get(v, 0) for v in Verdict if v is not Verdict.UNTESTED}
    return {
        "theorem": one.theorem,
        "version": one.version,
        "claim": one.claim,
        "verdict": str(one.verdict),
        "expected": str(one.expected),
        "checks": one.checks,
        **counts,
        "tightest_ratio": one.tightest_ratio,
        "median_ratio": one.median_ratio,
        "hypotheses_met_share": one.hypotheses_met,
        "seconds": round(one.seconds, 3),
        "reading": one.reading,
        "violated_unaided": one.unaided,
        "tightest_progress": one.tightest_progress,
        "smallest_sharpening_caught": one.smallest_sharpening,
    }

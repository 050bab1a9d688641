"""What went wrong with a claim, in a few lines: the simplest and the worst point."""

from __future__ import annotations

import math
from collections.abc import Sequence

from harness.judging.row import Row
from harness.report import Summary
from harness.storing.table import reproduce
from harness.vocabulary.verdict import Verdict


def simplest(rows: Sequence[Row]) -> Row:
    """The row with the shortest configuration."""
    return min(rows, key=lambda row: (len(row.configuration), row.configuration))


def worst(rows: Sequence[Row]) -> Row:
    """The row farthest outside its bound, by relative margin."""
    return min(rows, key=relative_margin)


def relative_margin(row: Row) -> float:
    """The room left (negative: outside) over the larger of the two sides, 0 where both are 0."""
    size = max(abs(row.finding.value), abs(row.finding.bound))
    return row.finding.margin / size if size else 0.0


def described(summary: Summary, rows: Sequence[Row]) -> list[str]:
    """The verdict of a claim, and its simplest and worst points where it was violated."""
    expected = f"expected {summary.expected}"
    lines = [f"{summary.theorem}@{summary.version} {summary.claim}: {summary.verdict}, {expected}"]
    broken = [row for row in rows if row.finding.verdict is Verdict.BROKEN]
    if broken:
        lines += [f"  broken ({len(broken)} rows): {broken[0].finding.reason}"]
        lines += [f"    {reproduce(broken[0])}"]
    violated = [row for row in rows if row.finding.verdict is Verdict.VIOLATED]
    if violated:
        lines += point("simplest", simplest(violated)) + point("worst", worst(violated))
    if summary.verdict in (Verdict.UNTESTED, Verdict.UNDECIDED):
        counted = ", ".join(f"{count} {verdict}" for verdict, count in summary.counts.items())
        lines.append(f"  rows: {counted}")
        lines += sorted({f"  {row.finding.reason}" for row in rows if row.finding.reason})[:3]
    return lines


def point(label: str, row: Row) -> list[str]:
    """One violating point: both sides, where, how far it persists, and how to make it again."""
    persistence = _persistence(row.finding.persists)
    return [f"  {label}: {measured_at(row)}", *persistence, f"    {reproduce(row)}"]


def measured_at(row: Row) -> str:
    """Both sides of a row, where, and how certain."""
    found = row.finding
    how = f", certified {found.certified}" if found.certified else ""
    where = f" at step {found.step}" if found.step is not None else ""
    return f"{row.quantity} = {found.value!r} against {row.sense} {found.bound!r}{where}{how}"


def _persistence(radius: float) -> list[str]:
    """How far the weights may be moved without ending the violation, where that was asked."""
    if math.isnan(radius):
        return []
    if radius == 0:
        return ["    not shown to persist under any change of the weights"]
    return [f"    persists for all weights within 2^{math.frexp(radius)[1] - 1} of these"]

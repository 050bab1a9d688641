"""The closing table of a check, and its last lines."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from harness.judging.row import LEDGER, Row
from harness.options import TRACES
from harness.report import Report, Summary
from harness.transcription.alive import idle
from harness.vocabulary.verdict import Verdict

_STYLES = {0: "green", 1: "bold red", 3: "yellow"}


def summary_table(report: Report) -> Table:
    """One line a claim: verdict, rows, tightness, hypotheses met, seconds."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("theorem")
    table.add_column("claim")
    table.add_column("verdict")
    for name in ("held", "void", "vacuous", "other", "tightest", "sharpening", "met", "s"):
        table.add_column(name, justify="right")
    previous = None
    for one in report.summaries():
        ref = f"{one.theorem}@{one.version}"
        first = ref != previous
        previous = ref
        other = sum(
            one.counts.get(v, 0) for v in (Verdict.VIOLATED, Verdict.UNDECIDED, Verdict.BROKEN)
        )
        table.add_row(
            ref if first else "",
            one.claim,
            f"[{_STYLES[one.code]}]{sentence(one)}[/]",
            str(one.counts.get(Verdict.HELD, 0)),
            str(one.counts.get(Verdict.VOID, 0)),
            str(one.counts.get(Verdict.VACUOUS, 0)),
            str(other),
            _number(one.tightest_ratio),
            _number(one.smallest_sharpening),
            f"{one.hypotheses_met:.0%}",
            f"{one.seconds:.1f}" if first and not math.isnan(one.seconds) else "",
        )
    return table


def closing(report: Report, out: Path) -> str:
    """Where the files are, what is not as declared, and what the columns mean."""
    summaries = report.summaries()
    lines = [
        "",
        "tightest: measured/bound at its closest (1 = attained); sharpening: the factor by which the "
        "guarantee would have to grow for these rows to refute it; met: share of rows whose "
        "hypotheses were met.",
    ]
    for one in summaries:
        if one.expected is Verdict.VIOLATED and one.verdict is Verdict.VIOLATED:
            by_sampling = f"{one.unaided} of them found by sampling"
            how = by_sampling if one.unaided else "none of them by sampling"
            lines.append(
                f"known to be false, and found so: {one.theorem}@{one.version} {one.claim} "
                f"({one.counts[Verdict.VIOLATED]} rows, {how})"
            )
    for row in sorted(report.rows, key=_rank):
        unexpected = (
            row.finding.verdict is Verdict.VIOLATED and row.expected is not Verdict.VIOLATED
        )
        unseen = row.finding.verdict is Verdict.UNDECIDED and row.experiment == TRACES
        if unexpected or unseen or row.finding.verdict is Verdict.BROKEN:
            lines.append(
                f"{row.finding.verdict}: {row.theorem}@{row.version} {row.claim}: "
                f"{row.finding.reason or f'{row.quantity} = {row.finding.value!r} against {row.finding.bound!r}'}"
            )
            if len(lines) > 20:
                lines.append("... more in violations.csv and checks.csv")
                break
    lines += scripts_said(report.scripts, report.unscripted)
    if report.legend:
        lines.append("symbols as they are read here, for the normalisation to be compared:")
        lines += [f"  {one}" for one in report.legend]
    lines += [
        f"ledger: {row.theorem}@{row.version} {row.claim}: {row.finding.verdict}, {row.finding.reason}"
        for row in report.rows
        if row.origin == LEDGER
    ]
    lines += idle(report)
    if report.reused:
        lines.append(f"reused {report.reused} configurations finished earlier")
    lines.append(
        f"{len(report.rows)} rows in {out / 'checks.csv'}, {len(report.violations)} of them in "
        f"{out / 'violations.csv'}; exit code {report.exit_code}"
    )
    return "\n".join(lines)


def scripts_said(scripts: Sequence[Path], unscripted: Sequence[str]) -> list[str]:
    """Where the counterexamples are, and why some violated claims have none."""
    if not scripts:
        return [*unscripted]
    names = ", ".join(one.name for one in scripts)
    return [f"counterexamples to run alone, in {scripts[0].parent}: {names}", *unscripted]


def as_json(report: Report) -> str:
    """The summary for a machine."""
    return json.dumps([_record(one) for one in report.summaries()], indent=1)


def _record(one: Summary) -> dict[str, Any]:
    return {
        "theorem": one.theorem,
        "version": one.version,
        "reading": one.reading,
        "claim": one.claim,
        "verdict": str(one.verdict),
        "expected": str(one.expected),
        "counts": {str(verdict): count for verdict, count in one.counts.items()},
        "tightest_ratio": _finite(one.tightest_ratio),
        "smallest_sharpening_caught": _finite(one.smallest_sharpening),
        "hypotheses_met_share": one.hypotheses_met,
        "violated_unaided": one.unaided,
        "as_declared": one.code == 0,
    }


def _rank(row: Row) -> float:
    """Claims about chance after the others, the least likely by chance first."""
    return -1.0 if math.isnan(row.finding.q_value) else row.finding.q_value


def sentence(one: Summary) -> str:
    """The verdict in words that claim no more than was seen."""
    count = sum(one.counts.get(v, 0) for v in (Verdict.HELD, Verdict.VACUOUS))
    if one.verdict is Verdict.HELD:
        return f"not refuted on {one.counts[Verdict.HELD]:,}".replace(",", " ")
    if one.verdict is Verdict.VIOLATED:
        return f"violated on {one.counts[Verdict.VIOLATED]:,}".replace(",", " ")
    if one.verdict is Verdict.UNDECIDED:
        return f"undecided on {one.counts[Verdict.UNDECIDED]:,}".replace(",", " ")
    return "untested" if not count else "untested (vacuous)"


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4g}"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None

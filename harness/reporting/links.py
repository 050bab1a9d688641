"""A chain of inequalities as a table, as lines of text, and as rows of chain.csv."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable
from typing import Any

from rich.table import Table

from harness.judging.row import Row
from harness.report import Summary
from harness.reporting.table import sentence
from harness.reporting.violations import measured_at
from harness.transcription.chain import Chain
from harness.vocabulary.verdict import Verdict

COLUMNS = (
    "theorem", "version", "reading", "position", "link", "sentence", "source", "verdict", "checks",
    "held", "violated", "undecided", "void", "vacuous", "broken", "slack_median", "slack_least",
    "first_false", "step", "value", "sense", "bound", "certified", "config", "reproduce",
)  # fmt: skip
"""Columns of chain.csv: one row a link, from ``step`` on its simplest violating row."""

_STYLES = {Verdict.HELD: "green", Verdict.VIOLATED: "bold red"}


def chain_table(chain: Chain) -> Table:
    """One line a link, in the order of the proof."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "link", "verdict"):
        table.add_column(name)
    for name in ("void", "vacuous", "slack", "least"):
        table.add_column(name, justify="right")
    table.add_column("says")
    for position, (link, one) in enumerate(chain.summaries, 1):
        source = f" {link.source}" if link.source else ""
        table.add_row(
            str(position),
            link.id,
            f"[{_STYLES.get(one.verdict, 'yellow')}]{sentence(one)}[/]",
            str(one.counts.get(Verdict.VOID, 0)),
            str(one.counts.get(Verdict.VACUOUS, 0)),
            _factor(one.median_ratio),
            _factor(one.tightest_ratio),
            link.sentence + source,
        )
    return table


def closing(chain: Chain) -> list[str]:
    """The first false link with a counterexample, or that there is none."""
    lines = [
        f"broken: {row.claim}: {row.finding.reason}"
        for row in chain.report.rows
        if row.finding.verdict is Verdict.BROKEN
    ][:3]
    link = chain.first_false
    if link is None:
        return [*lines, "no link was refuted"]
    row = chain.counterexample(link)
    count = sum(one.claim == link.id for one in chain.report.violations)
    assert row is not None
    return [
        *lines,
        f"first false link: {link.id} ({link.sentence}) on {count} row{'s' * (count != 1)}, simplest:",
        f"  {measured_at(row)}",
        f"    {reproduce(row)}",
    ]


def records(chain: Chain) -> Iterable[dict[str, Any]]:
    """Rows of chain.csv."""
    for position, (link, one) in enumerate(chain.summaries, 1):
        row = chain.counterexample(link)
        counts = {str(v): one.counts.get(v, 0) for v in Verdict if v is not Verdict.UNTESTED}
        shown: dict[str, Any] = {
            "theorem": one.theorem,
            "version": one.version,
            "reading": one.reading,
            "position": position,
            "link": link.id,
            "sentence": link.sentence,
            "source": link.source,
            "verdict": str(one.verdict),
            "checks": one.checks,
            **counts,
            "slack_median": slack(one.median_ratio),
            "slack_least": slack(one.tightest_ratio),
            "first_false": "yes" if link == chain.first_false else "no",
        }
        if row is not None:
            shown |= {
                "step": row.finding.step,
                "value": row.finding.value,
                "sense": row.sense,
                "bound": row.finding.bound,
                "certified": row.finding.certified,
                "config": row.configuration,
                "reproduce": reproduce(row),
            }
        yield shown


def reproduce(row: Row) -> str:
    """The command that judges the chain again on the configuration of this row."""
    ref = f"{row.theorem}@{row.version}"
    target = f"{row.path}::{ref}" if row.path else ref
    words = ["boundcheck", "chain", target, "--experiment", row.experiment]
    return shlex.join([*words, "--config", row.configuration])


def slack(ratio: float) -> float:
    """The factor lost: larger over smaller side; 1 is tight, infinite against 0."""
    return 1 / ratio if ratio > 0 else (math.inf if ratio == 0 else math.nan)


def _factor(ratio: float) -> str:
    lost = slack(ratio)
    return "" if math.isnan(lost) else f"{lost:.4g}"


def header(summary: Summary, title: str) -> str:
    """The theorem and the reading that the chain is of."""
    reading = f" ({summary.reading})" if summary.reading else ""
    return f"{summary.theorem}@{summary.version}  {title}{reading}"

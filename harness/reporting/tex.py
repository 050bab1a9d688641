"""A paragraph and a booktabs table for the appendix of a paper; no more than was seen."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from harness.judging.row import Row
from harness.report import Report, Summary
from harness.reporting.violations import simplest, worst
from harness.vocabulary.verdict import Verdict

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip
_COUNTED = (
    Verdict.HELD, Verdict.VIOLATED, Verdict.UNDECIDED, Verdict.VOID, Verdict.VACUOUS,
    Verdict.BROKEN,
)  # fmt: skip
_HEAD = ("claim", "rows", *map(str, _COUNTED), "tightest", "sharpening")
_LONGEST = 200
"""Longer configurations are referred to by their fingerprint in the CSV files."""


def escaped(text: str) -> str:
    """Plain text as LaTeX shows it in a paragraph."""
    return "".join(_SPECIAL.get(sign, sign) for sign in text)


def as_tex(report: Report, manifest: Mapping[str, Any]) -> str:
    """The paragraph and the table; ``manifest`` is the content of run.json."""
    summaries = report.summaries()
    groups = groupby(summaries, key=lambda one: f"{one.theorem}@{one.version}")
    sentences = [_opening(report, manifest)]
    for ref, claims in groups:
        statement = report.statements.get(ref)
        of = f" (statement \\texttt{{{escaped(statement)}}})" if statement else ""
        told = [_told(one, _rows(report, one)) for one in claims]
        sentences.append(f"\\texttt{{{escaped(ref)}}}{of}: {'; '.join(told)}.")
    sentences.append(
        "Held: hypotheses met, and within the bound beyond doubt of rounding or chance, on that "
        "row. Void: a hypothesis is not met. Vacuous: the bound is no better than what holds "
        "anyway. Undecided: rounding, too few samples or missing records leave both possible. "
        "Tightest: measured over bound, 1 where it is attained. Sharpening: the factor by which "
        "the guarantee would have to be stronger for these rows to refute it."
    )
    return "\n".join([*sentences, "", *_table(summaries)])


def _opening(report: Report, manifest: Mapping[str, Any]) -> str:
    versions = manifest.get("versions") or {}
    release = f" {versions['boundcheck']}" if versions.get("boundcheck") else ""
    count = len({row.configuration for row in report.rows})
    if report.given:
        source = f"on {count} given {'configuration' if count == 1 else 'configurations'}"
    else:
        source = (
            f"on {count} {'configuration' if count == 1 else 'configurations'} (profile "
            f"{escaped(str(manifest['profile']))}, seed {manifest['seed']})"
        )
    if manifest.get("traces"):
        source = f"on {count} recorded {'run' if count == 1 else 'runs'}"
    return (
        f"The following was put to the test with Boundcheck{release} {source}, plan "
        f"\\texttt{{{escaped(str(manifest['plan']))}}}."
    )


def _rows(report: Report, one: Summary) -> list[Row]:
    key = one.theorem, one.version, one.claim
    return [row for row in report.rows if (row.theorem, row.version, row.claim) == key]


def _told(one: Summary, rows: Sequence[Row]) -> str:
    """One claim in words."""
    parts = [f"{escaped(one.claim)} was {_verdict(one)}"]
    if one.expected is Verdict.VIOLATED:
        parts.append("as it was known to be false" if one.counts.get(Verdict.VIOLATED) else
                     "though it was known to be false")  # fmt: skip
    if violated := [row for row in rows if row.finding.verdict is Verdict.VIOLATED]:
        points = dict.fromkeys(_point(row) for row in (simplest(violated), worst(violated)))
        parts.append(f"namely {' and '.join(points)}")
    if void := one.counts.get(Verdict.VOID):
        broken = {name for row in rows for name in row.finding.hypotheses_broken}
        names = ", ".join(escaped(name) for name in sorted(broken))
        parts.append(f"void outside its hypotheses on {void}{f' ({names})' if names else ''}")
    for verdict in (Verdict.UNDECIDED, Verdict.BROKEN):
        count = one.counts.get(verdict)
        if count and one.verdict is not verdict:
            parts.append(f"{verdict} on {count}")
    if one.counts.get(Verdict.HELD) and not math.isnan(one.smallest_sharpening):
        parts.append(
            f"the smallest sharpening that these rows would have caught is a factor "
            f"{_number(one.smallest_sharpening)}"
        )
    if assumed := {
        name for row in rows for name in json.loads(row.configuration).get("assume", ())
    }:
        parts.append(f"under the assumption {', '.join(map(escaped, sorted(assumed)))}")
    return ", ".join(parts)


def _verdict(one: Summary) -> str:
    if one.verdict is Verdict.HELD:
        return f"not refuted on {one.counts[Verdict.HELD]}"
    if one.verdict in (Verdict.VIOLATED, Verdict.UNDECIDED):
        return f"{one.verdict} on {one.counts[one.verdict]}"
    return "not put to the test by any row"


def _point(row: Row) -> str:
    """Where a claim was violated: both sides, the step, and the configuration or its fingerprint."""
    found = row.finding
    step = f"at step {found.step}, " if found.step is not None else ""
    short = len(row.configuration) <= _LONGEST
    where = f"configuration \\texttt{{{escaped(row.configuration)}}}, " if short else ""
    return (
        f"{step}\\texttt{{{escaped(row.quantity)}}} $=$ {found.value!r} against "
        f"\\texttt{{{escaped(row.sense)}}} {found.bound!r} ({where}row "
        f"\\texttt{{{row.fingerprint}}})"
    )


def _table(summaries: Sequence[Summary]) -> list[str]:
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\begin{{tabular}}{{l{'r' * (len(_HEAD) - 1)}}}",
        r"\toprule",
        " & ".join(_HEAD) + r" \\",
        r"\midrule",
    ]
    for ref, claims in groupby(summaries, key=lambda one: f"{one.theorem}@{one.version}"):
        lines.append(rf"\multicolumn{{{len(_HEAD)}}}{{l}}{{\texttt{{{escaped(ref)}}}}} \\")
        for one in claims:
            counts = [str(one.counts.get(verdict, 0)) for verdict in _COUNTED]
            figures = [_number(one.tightest_ratio), _number(one.smallest_sharpening)]
            cells = [escaped(one.claim), str(one.checks), *counts, *figures]
            lines.append(" & ".join(cells) + r" \\")
    lines += [
        r"\bottomrule",
        r"\end{tabular}",
        r"\caption{Rows a claim, by verdict.}",
        r"\end{table}",
    ]
    return lines


def _number(value: float) -> str:
    return "--" if math.isnan(value) else f"{value:.4g}"

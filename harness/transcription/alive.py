"""Whether a theorem was put to the test at all: hypotheses never met, alone or together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness.judging.row import Row
from harness.report import Report
from harness.vocabulary.verdict import Verdict


@dataclass(frozen=True)
class Share:
    """On how many of its runs a theorem met a hypothesis; those always met are left out."""

    theorem: str
    version: int
    hypothesis: str
    met: int
    runs: int


def shares(report: Report) -> list[Share]:
    """Each hypothesis that was not met on some run, in the order of the theorems.

    A run counts as met when some claim spoke, or was void for other reasons alone; broken rows
    say nothing.
    """
    return [share for rows in _by_theorem(report).values() for share in _shares(rows)]


def idle(report: Report) -> list[str]:
    """One sentence for each theorem that no run put to the test, naming what was never met."""
    found = []
    for (theorem, version), rows in _by_theorem(report).items():
        if any(row.finding.verdict is not Verdict.VOID for row in rows):
            continue
        unmet = _shares(rows)
        never = [one.hypothesis for one in unmet if one.met == 0]
        how = "never met" if never else "never met together"
        names = ", ".join(never or [one.hypothesis for one in unmet])
        runs = len(_by_run(rows))
        found.append(f"{theorem}@{version}: {how} in {runs} run{'s' * (runs != 1)}: {names}")
    return found


def _by_theorem(report: Report) -> dict[tuple[str, int], list[Row]]:
    found: dict[tuple[str, int], list[Row]] = {}
    for row in report.rows:
        if row.finding.verdict is not Verdict.BROKEN:
            found.setdefault((row.theorem, row.version), []).append(row)
    return found


def _by_run(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.experiment, row.configuration), []).append(row)
    return found


def _shares(rows: Sequence[Row]) -> list[Share]:
    runs = [frozenset(_unmet(run)) for run in _by_run(rows).values()]
    names = dict.fromkeys(name for row in rows for name in row.finding.hypotheses_broken)
    first = rows[0]
    return [
        Share(first.theorem, first.version, name, sum(name not in one for one in runs), len(runs))
        for name in names
        if any(name in one for one in runs)
    ]


def _unmet(rows: Sequence[Row]) -> Iterator[str]:
    """The hypotheses that every claim of one run lacked."""
    lacking = [set(row.finding.hypotheses_broken) for row in rows]
    yield from set.intersection(*lacking)

"""Collectors and items of the pytest plugin, loaded once a theorem has been seen."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.options import DEFAULT_SEED, Options
from harness.report import Report, Summary
from harness.reporting.violations import described
from harness.session import check
from harness.storing.table import COLUMNS, as_text, write_atomically
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Theorem

_seen = pytest.StashKey[set[int]]()

ROWS_PROPERTY = "boundcheck_rows"
STORY_PROPERTY = "boundcheck_story"


class ClaimFailedError(Exception):
    """A claim that did not behave as declared."""


def theorem_node(collector: Any, name: str, theorem: Theorem) -> Any:
    """A node for the theorem; nothing for a second name of the same record."""
    seen = collector.stash.setdefault(_seen, set())
    if id(theorem) in seen:
        return []
    seen.add(id(theorem))
    theorem.refuse_ambiguity()
    if not theorem.id:
        path = os.path.relpath(collector.path, collector.config.invocation_params.dir)
        theorem = dataclasses.replace(theorem, id=name, path=path)
    return TheoremNode.from_parent(collector, name=theorem.ref, theorem=theorem)


class TheoremNode(pytest.Collector):
    """One theorem; its check runs once, when the first of its claims is tested."""

    def __init__(self, *, theorem: Theorem, **rest: Any) -> None:
        super().__init__(**rest)
        self.theorem = theorem
        self._report: Report | None = None

    def collect(self) -> Iterator[ClaimItem]:
        for claim in self.theorem.claims:
            yield ClaimItem.from_parent(self, name=claim.id)

    def report(self) -> Report:
        """The check of this theorem under the options of the session."""
        if self._report is None:
            option = self.config.getoption
            seed = option("--bound-seed")
            options = Options(
                profile=option("--bound-profile"),
                seed=DEFAULT_SEED if seed is None else seed,
                device=option("--bound-device"),
                engine=option("--bound-engine"),
            )
            self._report = check(self.theorem, experiments=self._local(), options=options)
        return self._report

    def _local(self) -> list[Experiment]:
        """Experiments that stand in the same test module."""
        module = getattr(self.parent, "obj", None)
        return [one for one in vars(module).values() if isinstance(one, Experiment)]


class ClaimItem(pytest.Item):
    """One claim."""

    parent: TheoremNode

    def runtest(self) -> None:
        report = self.parent.report()
        summary = next(one for one in report.summaries() if one.claim == self.name)
        self.user_properties += _properties(summary)
        rows = [row for row in report.rows if row.claim == self.name]
        if self.config.getoption("--bound-csv"):
            self.user_properties.append((ROWS_PROPERTY, report.to_dicts(rows)))
        if summary.code:
            story = "\n".join(described(summary, rows))
            self.user_properties.append((STORY_PROPERTY, story))
            raise ClaimFailedError(story)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        if isinstance(excinfo.value, ClaimFailedError):
            return str(excinfo.value).partition("\n")[0]
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.parent.name}::{self.name}"


def _properties(summary: Summary) -> list[tuple[str, object]]:
    """Figures for JUnit XML and other reports."""
    return [
        ("verdict", str(summary.verdict)),
        ("expected", str(summary.expected)),
        ("checks", summary.checks),
        *((str(verdict), count) for verdict, count in summary.counts.items()),
        ("tightest_ratio", summary.tightest_ratio),
        ("hypotheses_met_share", summary.hypotheses_met),
    ]


def write_section(terminal: Any, config: pytest.Config) -> None:
    """Name what failed, with the simplest and the worst point and how to reproduce them."""
    stories = [
        (report.nodeid, value)
        for report in terminal.stats.get("failed", [])
        for name, value in report.user_properties
        if name == STORY_PROPERTY
    ]
    if stories:
        terminal.section("bounds that did not behave as declared")
    for nodeid, story in stories:
        terminal.line(nodeid)
        terminal.line(story)


def write_csv(config: pytest.Config) -> None:
    """All rows of the session in the schema of checks.csv."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    rows: list[dict[str, Any]] = []
    for reports in terminal.stats.values() if terminal else ():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == ROWS_PROPERTY and getattr(report, "when", "") == "call":
                    rows += value
    write_atomically(Path(config.getoption("--bound-csv")), as_text(rows, COLUMNS))

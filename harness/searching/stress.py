"""Hypothesis-driven search for a violation of one claim, reporting simplest and worst point.

The search chooses configurations, never the seed of a randomness that a probability speaks of.
Shrinking hides the size of a violation, so every violating row seen is kept as well.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings

from harness.discovery import finder
from harness.errors import UsageError
from harness.judging.row import Row
from harness.reporting.violations import worst
from harness.running.jobs import run_task
from harness.running.replicated import about_chance
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.session import experiments_for
from harness.strategies import configurations
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict

DEFAULT_BUDGET = 300


@dataclass
class Search:
    """What a search for a violation of one claim saw."""

    theorem: Theorem
    claim: Claim
    experiment: Experiment
    tried: int = 0
    met: int = 0
    seconds: float = 0.0
    violated: list[Row] = field(default_factory=list)
    broken: list[Row] = field(default_factory=list)
    simplest: Row | None = None
    closest: Row | None = None

    @property
    def worst(self) -> Row | None:
        return worst(self.violated) if self.violated else None

    @property
    def code(self) -> int:
        """0 as declared, 1 a surprise, 3 nothing was put to the test."""
        if self.broken or bool(self.violated) != (self.claim.expected is Verdict.VIOLATED):
            return 1
        return 0 if self.met else 3

    @property
    def rows(self) -> list[Row]:
        """The rows worth keeping: every violation, and the closest call."""
        kept = {row.fingerprint: row for row in [*self.violated, *self.broken]}
        if self.closest is not None:
            kept.setdefault(self.closest.fingerprint, self.closest)
        return list(kept.values())


class _ViolatedError(Exception):
    """Tells hypothesis that this configuration violates the claim, so that it shrinks it."""


def stress(
    theorem: Theorem,
    claim_id: str,
    experiment: Experiment | None = None,
    lookup: Lookup = finder.theorem,
    *,
    seed: int = 0,
    budget: int = DEFAULT_BUDGET,
    seconds: float = math.inf,
    fixed: Mapping[str, Any] | None = None,
) -> Search:
    """Search for a violation; deterministic given the seed unless ``seconds`` ends it.

    Without an experiment, the first that emits what the theorem needs. ``budget`` counts
    configurations, ``fixed`` pins axes, ``lookup`` finds theorems that step sizes refer to.
    Raises UsageError for a claim about chance: single runs say nothing about it.
    """
    claim = theorem.claim(claim_id)
    experiment = experiment or experiments_for(theorem, (), None)[0]
    if about_chance(theorem):
        raise UsageError(
            f"{theorem.ref} speaks of chance; one run cannot violate it: use `boundcheck check`."
        )
    search = Search(theorem, claim, experiment)
    alone = dataclasses.replace(theorem, claims=(claim,))
    started = time.perf_counter()

    def attempt(configuration: dict[str, Any]) -> None:
        if time.perf_counter() - started > seconds:
            return
        (row,) = run_task(Task(alone, experiment, (configuration,)), lookup)
        _note(search, row)
        if row.finding.verdict is Verdict.VIOLATED:
            search.simplest = row
            raise _ViolatedError

    settled = settings(
        max_examples=budget,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.target, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )
    space = configurations(alone, experiment, **(fixed or {}))
    run = hypothesis.seed(seed)(settled(given(space)(attempt)))
    try:
        run()
    except _ViolatedError:
        pass
    except hypothesis.errors.Unsatisfiable:
        pass
    search.seconds = time.perf_counter() - started
    return search


def _note(search: Search, row: Row) -> None:
    finding = row.finding
    search.tried += 1
    search.met += finding.verdict not in (Verdict.VOID, Verdict.BROKEN)
    if finding.verdict is Verdict.VIOLATED:
        search.violated.append(row)
    elif finding.verdict is Verdict.BROKEN:
        search.broken.append(row)
    ratio = finding.ratio
    if finding.verdict is Verdict.HELD and not math.isnan(ratio):
        hypothesis.target(ratio, label="ratio")
        best = search.closest.finding.ratio if search.closest else -math.inf
        if ratio > best:
            search.closest = row

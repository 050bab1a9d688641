"""Hypothesis-driven search for a violation of one claim, reporting simplest and worst point.

The search chooses configurations, never the seed of a randomness that a probability speaks of.
Shrinking hides the size of a violation, so every violating row seen is kept as well.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
import time
from collections.abc import Mapping
from typing import Any

import hypothesis

from harness.discovery import finder
from harness.judging.row import Row
from harness.running.jobs import run_task
from harness.running.replicated import about_chance
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.searching.explore import explore, judged
from harness.searching.search import Search, hunt
from harness.session import experiments_for
from harness.strategies import configurations
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.kinds import Chance
from harness.vocabulary.theorem import Theorem
from harness.vocabulary.verdict import Verdict

DEFAULT_BUDGET = 300


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
    corrected: bool = True,
) -> Search:
    """Search for a violation; deterministic given the seed unless ``seconds`` ends it.

    Without an experiment, the first that emits what the theorem needs. ``budget`` counts
    configurations, ``fixed`` pins axes, ``lookup`` finds theorems that step sizes refer to. A
    claim about chance is explored and confirmed (see `harness.searching.explore`); ``corrected``
    says whether this search stands alone, else `explore.judged` is to be called on all of them.
    """
    claim = theorem.claim(claim_id)
    experiment = experiment or experiments_for(theorem, (), None)[0]
    search = Search(theorem, claim, experiment)
    started = time.perf_counter()
    if isinstance(claim.kind, Chance):
        explore(search, lookup, seed=seed, budget=budget, seconds=seconds, fixed=fixed)
        if corrected:
            judged([search])
        search.seconds = time.perf_counter() - started
        return search
    # beside claims about chance a row replays as one replicate of the whole theorem
    replicates = 1 if about_chance(theorem) else 0
    alone = theorem if replicates else dataclasses.replace(theorem, claims=(claim,))

    def attempt(configuration: dict[str, Any]) -> None:
        if time.perf_counter() - started > seconds:
            return
        rows = run_task(Task(alone, experiment, (configuration,), replicates), lookup)
        row = next(one for one in rows if one.claim == claim_id)
        _note(search, row)
        if row.finding.verdict is Verdict.VIOLATED:
            search.simplest = row
            raise _ViolatedError

    space = configurations(alone, experiment, **(fixed or {}))
    with contextlib.suppress(_ViolatedError):
        hunt(space, attempt, seed=seed, budget=budget, shrink=True)
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

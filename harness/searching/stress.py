"""Searches for a violation of one claim, and reports the simplest and the worst point.

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
from threadpoolctl import threadpool_limits

from harness.discovery import finder
from harness.judging.row import Row
from harness.running.jobs import run_task
from harness.running.replicated import about_chance
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.searching.evaluation import Arena
from harness.searching.explore import explore, judged
from harness.searching.journal import journal_of
from harness.searching.race import Watch, race
from harness.searching.search import Search, hunt
from harness.searching.shrink import shrunk
from harness.session import experiments_for
from harness.storing.store import Store
from harness.strategies import configurations
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.kinds import Chance
from harness.vocabulary.theorem import Theorem
from harness.vocabulary.verdict import Verdict

DEFAULT_BUDGET = 2000
CHANCE_BUDGET = 300
"""Configurations of a claim about chance, each of which takes many runs."""


class _ViolatedError(Exception):
    """Tells hypothesis that this configuration violates the claim, so that it shrinks it."""


def stress(
    theorem: Theorem,
    claim_id: str,
    experiment: Experiment | None = None,
    lookup: Lookup = finder.theorem,
    *,
    seed: int = 0,
    budget: int | None = None,
    seconds: float = math.inf,
    fixed: Mapping[str, Any] | None = None,
    store: Store | None = None,
    watch: Watch | None = None,
    corrected: bool = True,
    fast: bool = False,
) -> Search:
    """Search for a violation; deterministic given the seed unless ``seconds`` ends it.

    Without an experiment, the first that emits what the theorem needs. ``budget`` counts
    configurations, ``fixed`` pins axes, ``lookup`` finds theorems that step sizes refer to. What was
    evaluated is kept in ``store``, so that the same search continues where it was killed; ``watch``
    is told of the progress. A claim about chance is explored and confirmed (see
    `harness.searching.explore`); ``corrected`` says whether this search stands alone, else
    `explore.judged` is to be called on all of them. ``fast``: compiled kernels may take the runs of
    a claim that is not about chance.
    """
    claim = theorem.claim(claim_id)
    experiment = experiment or experiments_for(theorem, (), None)[0]
    search = Search(theorem, claim, experiment)
    started = time.perf_counter()
    if isinstance(claim.kind, Chance):
        most = CHANCE_BUDGET if budget is None else budget
        explore(search, lookup, seed=seed, budget=most, seconds=seconds, fixed=fixed)
        if corrected:
            judged([search])
    elif about_chance(theorem):
        most = CHANCE_BUDGET if budget is None else budget
        _beside_chance(search, lookup, seed, most, started + seconds, fixed or {})
    else:
        most = DEFAULT_BUDGET if budget is None else budget
        _raced(search, lookup, seed, most, started + seconds, fixed or {}, store, watch, fast)
    search.seconds = time.perf_counter() - started
    return search


def _raced(
    search: Search,
    lookup: Lookup,
    seed: int,
    budget: int,
    deadline: float,
    fixed: Mapping[str, Any],
    store: Store | None,
    watch: Watch | None,
    fast: bool,
) -> None:
    alone = dataclasses.replace(search.theorem, claims=(search.claim,))
    pinned = dict(fixed)
    arena = Arena(
        alone, search.claim, search.experiment, lookup, budget, deadline,
        journal_of(store, alone, search.experiment, lookup, seed, pinned, fast=fast), fast=fast,
    )  # fmt: skip
    with threadpool_limits(limits=1):
        found = race(arena, seed, pinned, watch=watch)
        search.tried, search.met = arena.tried, arena.met
        search.broken = list(arena.broken.values())
        search.discoveries, search.spent = found.discoveries, found.spent
        search.gradients, search.exhausted = arena.gradients, found.exhausted
        if arena.violated:
            search.simplest = shrunk(arena, frozenset(pinned), seed)
        elif arena.closest is not None:
            search.closest = arena.row(arena.closest)
    search.violated = list(arena.violated.values())


def _beside_chance(
    search: Search,
    lookup: Lookup,
    seed: int,
    budget: int,
    deadline: float,
    fixed: Mapping[str, Any],
) -> None:
    """Beside claims about chance a row replays as one replicate of the whole theorem."""
    theorem, experiment = search.theorem, search.experiment

    def attempt(configuration: dict[str, Any]) -> None:
        if time.perf_counter() > deadline:
            return
        rows = run_task(Task(theorem, experiment, (configuration,), 1), lookup)
        row = next(one for one in rows if one.claim == search.claim.id)
        _note(search, row)
        if row.finding.verdict is Verdict.VIOLATED:
            search.simplest = row
            raise _ViolatedError

    space = configurations(theorem, experiment, **fixed)
    with contextlib.suppress(_ViolatedError):
        hunt(space, attempt, seed=seed, budget=budget, shrink=True)


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

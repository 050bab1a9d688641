"""Searches for a violation of one claim, and reports the simplest and the worst point.

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

from threadpoolctl import threadpool_limits

from harness.discovery import finder
from harness.errors import UsageError
from harness.judging.row import Row
from harness.reporting.violations import worst
from harness.running.configuration import canonical, digest
from harness.running.replicated import about_chance
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.searching.evaluation import Arena
from harness.searching.journal import Journal
from harness.searching.race import Discovery, Watch, race
from harness.searching.shrink import shrunk
from harness.session import experiments_for
from harness.storing.store import Store, key_of
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict

DEFAULT_BUDGET = 2000


@dataclass
class Search:
    """What a search for a violation of one claim saw.

    ``discoveries``: the first violation of each method that found one, in order; ``spent``: the
    evaluations each method used. ``tried`` leaves out what shrinking took.
    """

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
    discoveries: list[Discovery] = field(default_factory=list)
    spent: dict[str, int] = field(default_factory=dict)

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
    store: Store | None = None,
    watch: Watch | None = None,
) -> Search:
    """Search for a violation; deterministic given the seed unless ``seconds`` ends it.

    Without an experiment, the first that emits what the theorem needs. ``budget`` counts
    configurations, ``fixed`` pins axes, ``lookup`` finds theorems that step sizes refer to.
    What was evaluated is kept in ``store``, so that the same search continues where it was
    killed; ``watch`` is told of the progress.
    Raises UsageError for a claim about chance: single runs say nothing about it.
    """
    claim = theorem.claim(claim_id)
    experiment = experiment or experiments_for(theorem, (), None)[0]
    if about_chance(theorem):
        raise UsageError(
            f"{theorem.ref} speaks of chance; one run cannot violate it: use `boundcheck check`."
        )
    started = time.perf_counter()
    alone = dataclasses.replace(theorem, claims=(claim,))
    pinned = dict(fixed or {})
    arena = Arena(
        alone, claim, experiment, lookup, budget, started + seconds,
        _journal(store, alone, experiment, lookup, seed, pinned),
    )  # fmt: skip
    with threadpool_limits(limits=1):
        found = race(arena, seed, pinned, watch=watch)
        search = Search(
            theorem, claim, experiment, arena.tried, arena.met,
            broken=list(arena.broken.values()),
            discoveries=found.discoveries, spent=found.spent,
        )  # fmt: skip
        if arena.violated:
            search.simplest = shrunk(arena, frozenset(pinned), seed)
        elif arena.closest is not None:
            search.closest = arena.row(arena.closest)
    search.violated = list(arena.violated.values())
    search.seconds = time.perf_counter() - started
    return search


def _journal(
    store: Store | None,
    theorem: Theorem,
    experiment: Experiment,
    lookup: Lookup,
    seed: int,
    fixed: Mapping[str, Any],
) -> Journal:
    """The journal of this very search; the budget is no part of it, so that more can be asked."""
    if store is None:
        return Journal()
    named = key_of(Task(theorem, experiment, ()), lookup)
    return Journal(store, digest("search", named, str(seed), canonical(fixed)))

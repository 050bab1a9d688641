"""Races the methods under one budget: those that improve the best margin get more of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harness.errors import UsageError
from harness.running.configuration import canonical, completed
from harness.sampling.draw import refused
from harness.sampling.plan import witnesses
from harness.searching.coordinates import Coordinates, Point
from harness.searching.evaluation import Arena
from harness.searching.journal import Outcome
from harness.searching.local import refinement
from harness.searching.margin import VACUOUS
from harness.searching.methods import (
    Method,
    Pool,
    ascent,
    everything,
    evolution,
    simple,
    spread,
)
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Theorem

Watch = Callable[[int, int, float], None]
"""Told after every batch: evaluations done, evaluations allowed, the best margin so far."""

WITNESS = "declared witness"
SPREAD = "space filling"
EVERYTHING = "all values"
SHARES = {
    EVERYTHING: 3.0,
    "simple values": 0.8,
    SPREAD: 0.4,
    "CMA-ES": 5.0,
    "gradient": 1.5,
    "refinement": 0.6,
}
"""How much of the budget each method is given while none is ahead of the others."""
FAVOUR = 8.0
"""By how much the share of a method grows that improves the best margin with every batch."""
MEMORY = 0.8
"""How much of its past standing a method keeps from batch to batch."""
GAIN = 0.02
"""Relative gain of the best margin that counts as full progress. Creeping up to a margin of zero
does not: many true claims are attained in a limit."""
HEAD_START = 24
"""Evaluations for the gradient after the opening: where it works at all, it needs the fewest."""
OPENING = (EVERYTHING, "simple values", SPREAD)
"""Methods that go first, so that the others have something to start from."""
ENUMERATED = 2048
"""Spaces of at most so many values, and no more than the budget, are searched completely."""
BARREN = 100
"""Batches without anything new after which the space is taken to be used up."""
WORST_SHARE = 0.2
"""Share of the budget, at most, spent on the size of a violation once one is found."""


@dataclass(frozen=True)
class Discovery:
    """The first violation: by which method, after how many evaluations, in which time."""

    method: str
    evaluations: int
    seconds: float


@dataclass
class Entry:
    """A method in the race; ``clock`` is its evaluations divided by its share."""

    name: str
    method: Method
    share: float
    standing: float = 0.0
    clock: float = 0.0
    spent: int = 0
    pending: list[Point] | None = None

    def proposes(self, scores: list[float] | None) -> bool:
        """Let it go on; False when it has nothing more to propose."""
        try:
            self.pending = next(self.method) if scores is None else self.method.send(scores)
        except StopIteration:
            self.pending = None
        return self.pending is not None

    def charge(self, spent: int, best: float, before: float) -> None:
        """Count the evaluations of a turn in which the best margin rose from ``before`` to ``best``."""
        gained = (best - before) / max(abs(best), GAIN) / GAIN
        self.standing = MEMORY * self.standing + (1 - MEMORY) * min(1.0, gained)
        self.spent += spent
        # a batch that asks for nothing new must still pass the turn on
        self.clock += max(spent, 1) / (self.share * (1 + FAVOUR * self.standing))


@dataclass
class Race:
    """What a race found, and how the budget was spent.

    ``alive``: of the ``spread`` points that fill the space evenly, those where the theorem speaks
    and its bound is better than what holds anyway. ``exhausted``: the number of values of a finite
    space that was looked at completely; 0 for any other.
    """

    discoveries: list[Discovery] = field(default_factory=list)
    spent: dict[str, int] = field(default_factory=dict)
    spread: int = 0
    alive: int = 0
    exhausted: int = 0


def completing(theorem: Theorem, experiment: Experiment) -> Callable[..., dict[str, Any] | None]:
    """Completes a configuration; None where axes do not go together or a hypothesis fails."""
    refusals: dict[tuple[str, ...], bool] = {}

    def refuse(found: dict[str, Any]) -> bool:
        # hypotheses about configurations see no more of them than this, and it often comes again
        key = repr(experiment.known(found)), repr(found.get("parameters"))
        if key not in refusals:
            refusals[key] = refused(theorem, experiment, found)
        return refusals[key]

    def complete(given: Mapping[str, Any]) -> dict[str, Any] | None:
        try:
            found = completed(experiment, theorem, given)
        except UsageError:
            return None
        return None if refuse(found) else found

    return complete


def race(
    arena: Arena,
    seed: int,
    fixed: Mapping[str, Any],
    only: frozenset[str] = frozenset(),
    watch: Watch | None = None,
) -> Race:
    """Search until a violation is found and a share of the budget was spent on its size.

    ``only`` restricts the race to some methods (the declared witnesses are always looked at).
    """
    found = Race()
    pool = Pool()
    started = time.perf_counter()
    entries, values = _entries(arena, seed, fixed, pool, only)
    stop_at, barren = arena.budget, 0
    try:
        while entries and arena.spent < stop_at and barren < BARREN:
            entry = min(entries, key=lambda one: one.clock)
            before, best = arena.spent, arena.best
            if entry.pending is None and not entry.proposes(None):
                entries.remove(entry)
                continue
            scores = _evaluated(arena, entry, found, pool, started)
            barren = 0 if arena.spent > before else barren + 1
            if watch is not None:
                watch(arena.spent, arena.budget, arena.best)
            if scores is None:
                break
            unaided = [one for one in found.discoveries if one.method != WITNESS]
            if unaided and stop_at == arena.budget:
                more = min(int(WORST_SHARE * arena.budget), 50 + unaided[0].evaluations)
                stop_at = min(arena.budget, arena.spent + more)
            if not entry.proposes(scores):
                entries.remove(entry)
                found.exhausted = values if entry.name == EVERYTHING else 0
            # what a method differentiates before it proposes is part of what it spent
            entry.charge(arena.spent - before, arena.best, best)
            found.spent[entry.name] = entry.spent
        if arena.closest is not None and canonical(arena.closest) in arena.outside:
            arena.confirmed(arena.closest)
    finally:
        arena.journal.flush(now=True)
    return found


def _evaluated(
    arena: Arena, entry: Entry, found: Race, pool: Pool, started: float
) -> list[float] | None:
    """The scores of what the entry proposes, noted wherever they matter; None: out of budget."""
    assert entry.pending is not None
    before = arena.spent
    outcomes = arena.evaluate([point.configuration for point in entry.pending])
    spent = arena.spent - before
    if not any(one.method == entry.name for one in found.discoveries):
        place = _first_violation(arena, entry.pending, outcomes)
        if place is not None:
            elapsed = time.perf_counter() - started
            found.discoveries.append(Discovery(entry.name, before + min(spent, place + 1), elapsed))
    if entry.name == SPREAD:
        found.spread += len(outcomes)
        found.alive += sum(one.met and one.score > VACUOUS for one in outcomes)
    if len(outcomes) < len(entry.pending):
        return None
    for point, outcome in zip(entry.pending, outcomes, strict=True):
        pool.note(point, outcome.score, spread=entry.name in OPENING)
    return [one.score for one in outcomes]


def _first_violation(arena: Arena, points: list[Point], outcomes: list[Outcome]) -> int | None:
    """The place of the first that the judge calls violated."""
    for place, (point, outcome) in enumerate(zip(points, outcomes, strict=False)):
        if outcome.violated or (
            outcome.certain
            and point.configuration is not None
            and arena.confirmed(point.configuration)
        ):
            return place
    return None


def _begin(name: str) -> float:
    """The clock of a method at the start: the opening first, then the gradient alone for a while."""
    if name in OPENING:
        return -1.0
    return 0.0 if name == "gradient" else HEAD_START / SHARES["gradient"]


def _entries(
    arena: Arena, seed: int, fixed: Mapping[str, Any], pool: Pool, only: frozenset[str]
) -> tuple[list[Entry], int]:
    """The methods that race, and the number of values of a space that is looked at completely."""
    theorem, experiment = arena.theorem, arena.experiment
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(len(SHARES))]
    coordinates = Coordinates(theorem, experiment, fixed)
    complete = completing(theorem, experiment)
    methods: dict[str, Method] = {
        "simple values": simple(theorem, experiment, fixed, streams[0]),
        "refinement": refinement(lambda: arena.closest, complete, frozenset(fixed), streams[1]),
    }
    points = coordinates.all(min(ENUMERATED, arena.budget))
    if points:
        methods = {EVERYTHING: everything(points)}
    elif coordinates.dimension:

        def predict(points: list[Point]) -> Any:
            return arena.predicted([one.configuration for one in points])

        methods |= {
            SPREAD: spread(coordinates, streams[2]),
            "CMA-ES": evolution(coordinates, pool, streams[3]),
            "gradient": ascent(coordinates, pool, predict, streams[4]),
        }
    declared = [] if fixed else [Point(one) for one in witnesses(theorem, experiment, seed)]
    first = Entry(WITNESS, everything(declared), 1.0, clock=-1.0)
    entries = [
        Entry(name, method, SHARES[name], clock=_begin(name))
        for name, method in methods.items()
        if not only or name in only
    ]
    ordered = sorted(entries, key=lambda one: list(SHARES).index(one.name))
    return [first, *ordered], len(points)

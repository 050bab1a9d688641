"""From violating configurations to a small, readable one that violates still.

Greedy steps lead to a configuration from which no single step helps. There are usually simpler
ones, which only several steps at once reach, so the search goes on from all the violating
configurations seen, through ones that are a little worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any

import numpy as np

from harness.judging.row import Row
from harness.running.configuration import canonical
from harness.searching.complexity import complexity
from harness.searching.evaluation import Arena, Configuration
from harness.searching.local import Complete, changed, numbers
from harness.searching.moves import admissible, simplifications
from harness.searching.race import completing

BUDGET = 2000
"""Evaluations that shrinking may take, whatever the search took."""
BATCH = 32
STARTS = 3
"""Violating configurations shrunk step by step before their neighbourhoods are searched."""
PATIENCE = 30
"""Batches without success after which the neighbourhoods are given up."""
TINY = 0.25
"""Less than any two costs differ by that are not equal."""
PLAIN = (0, 1, 1, 2)
"""Sizes of numbers with which the shape of the simplest one is filled by chance."""
SLACK = 4.0
"""How much more complex than the simplest a configuration may be to be searched around."""


def shrunk(arena: Arena, pinned: frozenset[str], seed: int) -> Row:
    """The row of the simplest violating configuration found; axes that are pinned stay."""
    return _Shrinker(arena, pinned, seed).run()


class _Shrinker:
    def __init__(self, arena: Arena, pinned: frozenset[str], seed: int) -> None:
        self._arena, self._pinned = arena, pinned
        self._complete: Complete = completing(arena.theorem, arena.experiment)
        self._rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
        self._costs: dict[str, float] = {}
        self._seen: set[str] = set()
        self._front: dict[str, Configuration] = {}
        arena.budget = arena.spent + BUDGET

    def run(self) -> Row:
        for one in self._arena.outside.values():
            self._add(one)
        for start in list(self._best(STARTS)):
            self._descend(start)
        self._write_out()
        self._wander()
        self._arena.journal.flush(now=True)
        simplest = next(one for one in self._best(len(self._front)) if self._arena.confirmed(one))
        return self._arena.violated[canonical(simplest)]

    def _write_out(self) -> None:
        """Go on with what is given instead of drawn, where the engine can say it.

        Numbers on the page are read; a seed is not, however small.
        """
        drawn = list(self._best(STARTS))
        pairs = [(one, given) for one in drawn if (given := self._arena.explicit(one)) is not None]
        found = self._violating([given for _, given in pairs])
        if not found:
            return
        self._pinned |= {
            axis
            for one, given in pairs
            for axis, value in given.items()
            if isinstance(value, str) and one.get(axis) != value
        }
        kept = {canonical(one) for one in found}
        self._front = {key: one for key, one in self._front.items() if key in kept}
        for one in found:
            self._descend(one)

    def _add(self, configuration: Configuration) -> None:
        key = canonical(configuration)
        self._front[key] = configuration
        self._costs[key] = complexity(configuration)

    def _best(self, count: int) -> Iterator[Configuration]:
        order = sorted(self._front, key=lambda key: (self._costs[key], key))
        return (self._front[key] for key in order[:count])

    def _violating(self, proposals: Iterable[Configuration]) -> list[Configuration]:
        """Those of the proposals that violate the claim; they join the front."""
        batch = list(proposals)
        told = self._arena.evaluate(batch)
        found = [one for one, outcome in zip(batch, told, strict=False) if outcome.certain]
        for one in found:
            self._add(one)
        return found

    def _descend(self, current: Configuration) -> None:
        """Take the best step of each round until no single step helps."""
        cost = complexity(current)
        while self._arena.left:
            proposals = admissible(
                simplifications(current, self._arena.experiment, self._pinned), self._complete
            )
            costed = {
                canonical(one): (c, one) for one in proposals if (c := complexity(one)) < cost
            }
            steps = [one for _, one in sorted(costed.values(), key=itemgetter(0))]
            better = self._first(steps)
            if better is None:
                return
            current, cost = better, complexity(better)

    def _first(self, steps: list[dict[str, Any]]) -> Configuration | None:
        """The simplest violating step of the first batch that has one."""
        for start in range(0, len(steps), BATCH):
            if found := self._violating(steps[start : start + BATCH]):
                return min(found, key=complexity)
        return None

    def _wander(self) -> None:
        """Search around the simplest ones; descend wherever something simpler turns up."""
        fruitless = 0
        while self._arena.left and fruitless < PATIENCE:
            least = complexity(next(self._best(1)))
            near = [one for one in self._best(16) if complexity(one) <= least + SLACK]
            tried = [*self._mutants(near, least + SLACK), *self._refilled(near[0], least)]
            found = self._violating(sorted(tried, key=complexity))
            best = min(found, key=complexity, default=None)
            if best is not None and complexity(best) < least:
                self._descend(best)
            fruitless = 0 if complexity(next(self._best(1))) < least else fruitless + 1

    def _mutants(self, near: list[Configuration], most: float) -> list[Configuration]:
        """Configurations with a few numbers changed at once, by chance."""
        rng = self._rng
        spots = [[one for one in numbers(c) if one[0][0] not in self._pinned] for c in near]

        def mutant() -> Configuration:
            which = int(rng.integers(len(near)))
            parent, places = near[which], spots[which]
            count = min(len(places), 2 + int(rng.integers(3)))
            chosen = rng.choice(len(places), size=count, replace=False) if count else ()
            changes = {places[i][0]: self._another(places[i][1], places) for i in chosen}
            return dict(changed(parent, changes))

        return self._fresh(mutant, most)

    def _refilled(self, simplest: Configuration, least: float) -> list[Configuration]:
        """Configurations of that shape, but of small whole numbers drawn anew, that cost less."""
        places = [one for one in numbers(simplest) if one[0][0] not in self._pinned]

        def refill() -> Configuration:
            sizes = self._rng.choice(PLAIN, size=len(places))
            signs = np.where(self._rng.random(len(places)) < 0.1, -1, 1)
            whole = zip(places, (sizes * signs).tolist(), strict=True)
            return dict(changed(simplest, {path: type(value)(one) for (path, value), one in whole}))

        return self._fresh(refill, least - TINY) if places else []

    def _fresh(self, propose: Callable[[], Configuration], most: float) -> list[Configuration]:
        """Half a batch of proposals not seen before, no more complex than that."""
        fresh = dict[str, Configuration]()
        for _ in range(4 * BATCH):
            proposed = propose()
            if complexity(proposed) > most or (found := self._complete(proposed)) is None:
                continue
            if (key := canonical(found)) not in self._seen:
                self._seen.add(key)
                fresh[key] = found
            if len(fresh) == BATCH // 2:
                break
        return list(fresh.values())

    def _another(self, value: int | float, spots: list[Any]) -> int | float:
        """A nearby whole number, or one that stands elsewhere."""
        rng = self._rng
        other = spots[int(rng.integers(len(spots)))][1]
        whole = round(value) + int(rng.integers(-2, 3))
        chosen = whole if rng.random() < 0.75 else other
        if isinstance(value, int):
            return int(chosen)
        return float(chosen) / 2 if rng.random() < 0.1 else float(chosen)

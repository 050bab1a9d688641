"""What a search has evaluated so far, kept so that a killed one continues where it was.

A search is determined by its seed, so the same command asks for the same configurations in the
same order; those found here are answered from the store instead of being run again.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.running.configuration import canonical, digest
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.storing.store import Store, key_of
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Theorem

INTERVAL = 1.0
"""Seconds between two commits."""


@dataclass(frozen=True)
class Outcome:
    """What exploring one configuration said: see :class:`harness.searching.margin.Margins`.

    ``violated`` is the judge's word. Where the judge refused, ``score`` is at most 0 and ``certain``
    is false.
    """

    score: float
    met: bool = False
    suspect: bool = False
    certain: bool = False
    broken: bool = False
    violated: bool = False


class Journal:
    """Outcomes by configuration, committed in chunks; without a store it forgets."""

    def __init__(self, store: Store | None = None, key: str = "") -> None:
        self._store, self._key = store, key
        self._kept: dict[str, list[float | bool]] = {}
        self._pending: dict[str, list[float | bool]] = {}
        self._chunks = 0
        self._last = time.perf_counter()
        while store is not None:
            chunk = store.recall(self._name())
            if chunk is None:
                break
            self._kept.update(chunk)
            self._chunks += 1

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def __getitem__(self, key: str) -> Outcome:
        score, *flags = self._kept[key]
        return Outcome(float(score), *(bool(one) for one in flags))

    def note(self, key: str, outcome: Outcome) -> None:
        """Remember an outcome at the next commit."""
        if self._store is not None:
            self._pending[key] = list(dataclasses.astuple(outcome))

    def flush(self, now: bool = False) -> None:
        """Commit what is pending, once a second unless ``now``."""
        due = now or time.perf_counter() - self._last > INTERVAL
        if self._store is None or not self._pending or not due:
            return
        self._store.keep(self._name(), self._pending)
        self._chunks += 1
        self._pending = {}
        self._last = time.perf_counter()

    def _name(self) -> str:
        return digest("journal", self._key, str(self._chunks))


def journal_of(
    store: Store | None,
    theorem: Theorem,
    experiment: Experiment,
    lookup: Lookup,
    seed: int,
    fixed: Mapping[str, Any],
    purpose: str = "search",
    fast: bool = False,
) -> Journal:
    """The journal of this very search; the budget is no part of it, so that more can be asked.

    ``purpose`` keeps apart searches of one statement that score configurations differently.
    """
    if store is None:
        return Journal()
    named = key_of(Task(theorem, experiment, (), fast=fast), lookup)
    return Journal(store, digest(purpose, named, str(seed), canonical(fixed)))

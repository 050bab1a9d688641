"""Evaluates configurations in blocks, remembers them, and lets the judge confirm what looks false.

Exploring needs enclosures and no more: rows are neither certified nor compared with the oracle.
Whatever lies outside its bound is then run again, alone, as ``check`` would run it, and only that
row is a verdict.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from harness.judging.row import Row
from harness.running.configuration import canonical, completed
from harness.running.engines import engine_of
from harness.running.functions import FunctionEngine
from harness.running.jobs import run_task
from harness.running.measure import finished_run
from harness.running.protocol import Engine, Explicit
from harness.running.steps import Lookup, step_group
from harness.running.task import Task
from harness.searching.gradient import predicted
from harness.searching.journal import Journal, Outcome
from harness.searching.margin import BROKEN, margins
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict

Configuration = Mapping[str, Any]
Floats = NDArray[np.float64]

REFUSALS = 24
"""Rows outside their bound in the middle of the enclosure only, refused by the judge, until such
rows are no longer run again: the claim is one that is attained."""
BROKEN_KEPT = 3
DUALS_REFUSED = 3
"""Gradients asked for in vain, until no more are."""
WORSE = 1.05
"""Once a violation is confirmed, those farther outside by this factor are confirmed as well."""
TINY = 1e-300


INADMISSIBLE = Outcome(2 * BROKEN)
"""A vector that is no configuration, or one that certainly fails a hypothesis."""


@dataclass
class Arena:
    """Where configurations of one claim on one experiment are evaluated, within a budget.

    ``violated`` and ``broken`` hold judged rows, by configuration; ``outside`` the configurations
    whose enclosures lie outside their bound, whether or not the judge was asked. ``cautious`` is
    for margins, see there. ``fast``: compiled kernels may take the runs. ``tried`` counts configurations, ``gradients`` what was differentiated;
    each costs one evaluation of the budget.
    """

    theorem: Theorem
    claim: Claim
    experiment: Experiment
    lookup: Lookup
    budget: int
    deadline: float = math.inf
    journal: Journal = field(default_factory=Journal)
    cautious: bool = False
    fast: bool = False
    tried: int = 0
    gradients: int = 0
    met: int = 0
    best: float = 2 * BROKEN
    closest: Configuration | None = None
    violated: dict[str, Row] = field(default_factory=dict)
    broken: dict[str, Row] = field(default_factory=dict)
    outside: dict[str, Configuration] = field(default_factory=dict)
    _known: dict[str, Outcome] = field(default_factory=dict)
    _verdicts: dict[str, Verdict] = field(default_factory=dict)
    _worst: float = 0.0
    _refusals: int = 0
    _in_vain: int = 0

    def __post_init__(self) -> None:
        self._engine = engine_of(self.experiment, self.fast)

    @property
    def left(self) -> int:
        """Evaluations that remain."""
        return max(0, self.budget - self.spent)

    @property
    def spent(self) -> int:
        """Evaluations so far."""
        return self.tried + self.gradients

    def evaluate(self, configurations: Sequence[Configuration | None]) -> list[Outcome]:
        """The outcome of each, up to where the budget ends: fewer outcomes say that it did."""
        keys = [None if one is None else canonical(one) for one in configurations]
        fresh = {
            key: one
            for key, one in zip(keys, configurations, strict=True)
            if key is not None and one is not None and key not in self._known
        }
        late = time.perf_counter() > self.deadline
        self._take(dict(list(fresh.items())[: 0 if late else self.left]))
        found = []
        for key in keys:
            if key is not None and key not in self._known:
                break
            found.append(INADMISSIBLE if key is None else self._known[key])
        return found

    def predicted(self, configurations: Sequence[Configuration | None]) -> Floats | None:
        """Scores to first order around the first configuration, by one evaluation with duals.

        None where there is no such gradient (the engine is no function, the function takes no duals
        or is not differentiable here, a configuration is None) or no budget; what is asked in vain
        costs one evaluation as well, and is not asked for ever.
        """
        present = [one for one in configurations if one is not None]
        late = time.perf_counter() > self.deadline
        if not self.left or late or self._in_vain >= DUALS_REFUSED:
            return None
        if not isinstance(self._engine, FunctionEngine) or len(present) < len(configurations):
            return None
        self.gradients += 1
        task = Task(self.theorem, self.experiment, tuple(present))
        found = predicted(task, self.claim, self._engine, self.lookup, self.cautious)
        self._in_vain = 0 if found is not None else self._in_vain + 1
        return found

    def row(self, configuration: Configuration) -> Row:
        """The row of one configuration as ``check`` gives it, certified where it can be."""
        task = Task(self.theorem, self.experiment, (configuration,), fast=self.fast)
        (row,) = run_task(task, self.lookup)
        return row

    def explicit(self, configuration: Configuration) -> Configuration | None:
        """The same run with what the seed would draw written out, if the engine can say it."""
        if not hasattr(self._engine, "explicit"):
            return None
        given = cast(Explicit, self._engine).explicit(configuration)
        return None if given is None else completed(self.experiment, self.theorem, given)

    def _take(self, fresh: Mapping[str, Configuration]) -> None:
        new = {key: one for key, one in fresh.items() if key not in self.journal}
        found = explored(
            self.theorem,
            self.claim,
            self.experiment,
            self._engine,
            self.lookup,
            [*new.values()],
            self.cautious,
        )
        explored_now = dict(zip(new, found, strict=True))
        for key, one in fresh.items():
            if key in explored_now:
                outcome = self._judged(key, one, explored_now[key])
                self.journal.note(key, outcome)
            else:
                outcome = self._recalled(key, one)
            self._known[key] = outcome
            self.tried += 1
            self.met += outcome.met
            if outcome.met and outcome.score > self.best:
                self.best, self.closest = outcome.score, one
        self.journal.flush()

    def confirmed(self, configuration: Configuration) -> bool:
        """Whether the judge, asked now if it was not before, calls it violated."""
        key = canonical(configuration)
        if key not in self._verdicts:
            row = self.row(configuration)
            self._verdicts[key] = row.finding.verdict
            if row.finding.verdict is Verdict.VIOLATED:
                self.violated[key] = row
            elif row.finding.verdict is Verdict.BROKEN:
                self.broken[key] = row
        return self._verdicts[key] is Verdict.VIOLATED

    def _judged(self, key: str, configuration: Configuration, outcome: Outcome) -> Outcome:
        """The outcome with the judge's word on it, where that is worth a run of its own."""
        if outcome.broken and len(self.broken) < BROKEN_KEPT:
            self.confirmed(configuration)
        if outcome.broken or not outcome.suspect:
            return outcome
        if outcome.certain:
            self.outside[key] = configuration
            if self.violated and outcome.score < WORSE * self._worst:
                return outcome
        elif self._refusals >= REFUSALS:
            return dataclasses.replace(outcome, score=min(outcome.score, 0.0))
        if self.confirmed(configuration):
            self._worst = max(self._worst, outcome.score)
            self.outside[key] = configuration
            score = max(outcome.score, TINY)
            return dataclasses.replace(outcome, score=score, certain=True, violated=True)
        self.outside.pop(key, None)
        self._refusals += not outcome.certain
        return dataclasses.replace(outcome, score=min(outcome.score, 0.0), certain=False)

    def _recalled(self, key: str, configuration: Configuration) -> Outcome:
        """An outcome of an earlier run of this search; its row is made again where it matters."""
        outcome = self.journal[key]
        if outcome.violated or (outcome.broken and len(self.broken) < BROKEN_KEPT):
            self.confirmed(configuration)
            self._worst = max(self._worst, outcome.score if outcome.violated else 0.0)
        if outcome.certain:
            self.outside[key] = configuration
        self._refusals += outcome.suspect and not outcome.certain and self._refusals < REFUSALS
        return outcome


def explored(
    theorem: Theorem,
    claim: Claim,
    experiment: Experiment,
    engine: Engine,
    lookup: Lookup,
    configurations: Sequence[Configuration],
    cautious: bool = False,
) -> list[Outcome]:
    """The outcome of each configuration, run in blocks of equal horizon and kind of step."""
    blocks: dict[tuple[str, int], list[int]] = {}
    for index, one in enumerate(configurations):
        blocks.setdefault((step_group(one), int(one.get("steps", 0))), []).append(index)
    found: dict[int, Outcome] = {}
    for members in blocks.values():
        task = Task(theorem, experiment, tuple(configurations[index] for index in members))
        found |= dict(zip(members, _block(task, claim, engine, lookup, cautious), strict=True))
    return [found[index] for index in range(len(configurations))]


def _block(
    task: Task, claim: Claim, engine: Engine, lookup: Lookup, cautious: bool
) -> list[Outcome]:
    try:
        run = finished_run(task, engine, lookup)
        found = margins(run, claim, task.theorem.hypotheses, cautious)
    except Exception:
        if len(task.configurations) == 1:
            return [Outcome(BROKEN, broken=True)]
        half = len(task.configurations) // 2
        parts = (task.configurations[:half], task.configurations[half:])
        tasks = [Task(task.theorem, task.experiment, part) for part in parts]
        return [one for part in tasks for one in _block(part, claim, engine, lookup, cautious)]
    columns = (found.score, found.met, found.suspect, found.certain, found.broken)
    return [Outcome(*row) for row in zip(*(one.tolist() for one in columns), strict=True)]

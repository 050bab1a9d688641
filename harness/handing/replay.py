"""Runs recorded violations again, with theorems and experiments as they are now."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from harness.discovery import finder
from harness.errors import UsageError
from harness.handing.recorded import Recorded
from harness.judging.chance import corrected
from harness.judging.row import Row
from harness.options import DEFAULT_ENGINE, FAST_ENGINE, TRACES
from harness.reporting.violations import measured_at
from harness.running.configuration import completed
from harness.running.engines import refuse_engine
from harness.running.jobs import done_all, killed, run_task
from harness.running.steps import Lookup, check_step
from harness.running.task import Task
from harness.session import experiments_for, lookup_among
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.kinds import Chance
from harness.vocabulary.theorem import Theorem
from harness.vocabulary.verdict import Verdict


class Fate(StrEnum):
    """What became of a recorded violation."""

    STILL = "STILL"
    FIXED = "FIXED"
    ERROR = "ERROR"


@dataclass(frozen=True)
class Replayed:
    """A recorded violation, what became of it, and how that shows."""

    recorded: Recorded
    fate: Fate
    reason: str

    def __str__(self) -> str:
        one = self.recorded
        name = f"{one.theorem} {one.claim} on {one.experiment}"
        return f"{self.fate}  {name}: {self.reason}  ({one.where})"


def replay(
    recorded: Sequence[Recorded],
    jobs: int = 1,
    progress: Callable[[int, int, str], None] | None = None,
) -> list[Replayed]:
    """What became of each violation, in order.

    Claims about chance are run again under as many seeds. Their dice follow from the statement: as
    long as it is unchanged they are those recorded, the same evidence once more; a changed statement
    meets fresh ones. Each line says which.
    """
    selected = cache(finder.select)
    fates: dict[int, Replayed] = {}
    tasks: list[Task] = []
    places: list[int] = []
    lookups: dict[int, Lookup] = {}
    for index, one in enumerate(recorded):
        try:
            theorems, own = selected((one.selector,))
            lookup = lookup_among(theorems)
            task = _task(one, theorems, own, lookup)
        except UsageError as error:
            fates[index] = Replayed(one, Fate.ERROR, str(error))
            continue
        tasks.append(task)
        places.append(index)
        lookups[id(task)] = lookup

    def work(task: Task, lookup: Lookup) -> list[Row]:
        # files of the same name may hold different theorems
        return run_task(task, lookups[id(task)])

    for position, rows in done_all(tasks, finder.theorem, jobs, work, killed):
        index = places[position]
        one = recorded[index]
        (row,) = (row for row in corrected(rows) if row.claim == one.claim)
        fates[index] = _judged(one, row)
        if progress is not None:
            progress(len(fates), len(recorded), one.theorem)
    return [fates[index] for index in range(len(recorded))]


def _task(
    one: Recorded, theorems: Sequence[Theorem], own: Sequence[Experiment], lookup: Lookup
) -> Task:
    """UsageError where it cannot be run any more."""
    if one.experiment == TRACES:
        raise UsageError("a recorded run; judge it again with check --traces.")
    if one.ledger:
        raise UsageError("evidence of many nights; go on with check --ledger.")
    theorem = next((found for found in theorems if found.ref == one.theorem), None)
    if theorem is None:
        raise UsageError(f"{one.selector} holds no theorem {one.theorem} any more.")
    claim = theorem.claim(one.claim)
    if isinstance(claim.kind, Chance) and not one.replicates:
        raise UsageError("the claim is about chance now, and was recorded from a single run.")
    (experiment,) = experiments_for(theorem, own, one.experiment)
    configuration = completed(experiment, theorem, one.configuration)
    check_step(configuration, lookup)
    refuse_engine(FAST_ENGINE if one.fast else DEFAULT_ENGINE)
    return Task(theorem, experiment, (configuration,), one.replicates, fast=one.fast)


def _judged(one: Recorded, row: Row) -> Replayed:
    found = row.finding
    kind = "the recorded" if row.fingerprint == one.fingerprint else "fresh"
    dice = f" on {kind} dice, {found.samples} runs" if found.samples else ""
    if found.verdict is Verdict.VIOLATED:
        same = _alike(found.value, one.value) and _alike(found.bound, one.bound)
        numbers = "as recorded" if same and found.step == one.step else _changed(one)
        return Replayed(one, Fate.STILL, f"{measured_at(row)}{dice}, {numbers}")
    if found.verdict is Verdict.VOID:
        names = ", ".join(found.hypotheses_broken)
        return Replayed(one, Fate.FIXED, f"the hypotheses no longer include it (not met: {names})")
    if found.verdict in (Verdict.HELD, Verdict.VACUOUS):
        vacuous = f"; vacuous: {found.reason}" if found.verdict is Verdict.VACUOUS else ""
        return Replayed(
            one, Fate.FIXED, f"the claim holds there: {measured_at(row)}{dice}{vacuous}"
        )
    return Replayed(one, Fate.ERROR, f"{found.verdict}: {found.reason}")


def _alike(now: float, then: float) -> bool:
    return now == then or (math.isnan(now) and math.isnan(then))


def _changed(one: Recorded) -> str:
    at = f" at step {one.step}" if one.step is not None else ""
    return f"where {one.value!r} against {one.bound!r}{at} was recorded"


def counted(replayed: Sequence[Replayed]) -> Iterator[tuple[Fate, int]]:
    """How many came to each fate."""
    for fate in Fate:
        yield fate, sum(one.fate is fate for one in replayed)

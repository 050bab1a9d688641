"""Checks theorems: plan, run, judge, store, report."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.discovery import finder
from harness.errors import UsageError
from harness.judging.chance import corrected
from harness.judging.row import Finding, Row
from harness.nightly import fresh, settle
from harness.options import FAST_ENGINE, Options
from harness.report import Report
from harness.reporting.counterexamples import HandedOver, write_counterexamples
from harness.running.configuration import completed
from harness.running.engines import refuse_engine
from harness.running.jobs import died, run_all
from harness.running.replicated import about_chance, refuse_moving
from harness.running.seeds import derived
from harness.running.steps import check_step
from harness.running.task import Task
from harness.sampling.plan import PROFILES, Agenda, Plan, fitting, foreign, missing, planned, tasks
from harness.sampling.registration import Registered, registered
from harness.storing.ledger import Ledger, read_ledger
from harness.storing.store import Store, key_of
from harness.tracing import planning as tracing
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Theorem
from harness.vocabulary.verdict import Verdict

IN_FLIGHT = "in-flight"
"""The folder of the marks of what runs, beside the store."""

Progress = Callable[[int, int, str], None]
"""Told after each group: configurations done, configurations in all, and what is running."""


def check(
    *theorems: Theorem | str,
    experiments: Sequence[Experiment] = (),
    options: Options | None = None,
    progress: Progress | None = None,
    before: Callable[[Registered], None] | None = None,
) -> Report:
    """Put theorems to the test on every experiment that fits.

    ``theorems``: records or selectors ("xu23_drift@1", "convergence/*", "mine.py"); none means
    the whole catalogue. ``experiments``: more experiments than the installed ones. ``before`` is
    told what is planned before the first configuration runs. Raises
    UsageError for bad input, before anything runs.
    """
    options = options or Options()
    return check_selection(selected(theorems, experiments, options), options, progress, before)


@dataclass(frozen=True)
class Selection:
    """What a check is about: theorems, the experiments that fit each, and all that will run.

    ``pairs`` go with the plans of the agenda one by one; recorded runs have none.
    """

    theorems: tuple[Theorem, ...]
    pairs: tuple[tuple[Theorem, Experiment], ...]
    agenda: Agenda
    lookup: Callable[[str], Theorem]
    broken: tuple[Row, ...] = ()
    ledger: Ledger | None = None


def selected(
    theorems: Sequence[Theorem | str], experiments: Sequence[Experiment], options: Options
) -> Selection:
    """The theorems, records or selectors, with their plans; UsageError for bad input."""
    refuse_engine(options.engine)
    if options.profile not in PROFILES:
        raise UsageError(f"profile “{options.profile}” is none of {', '.join(PROFILES)}.")
    records = [one for one in theorems if isinstance(one, Theorem)]
    for record in records:
        record.refuse_ambiguity()
    selectors = [one for one in theorems if isinstance(one, str)]
    broken: list[Row] = []
    from_catalogue = bool(selectors) or not records
    if from_catalogue:
        chosen, own = finder.select(selectors)
        records += chosen
        experiments = [*experiments, *own]
    lookup = lookup_among(records)
    finder.experiments()
    if from_catalogue:
        broken = [_unreadable(one) for one in finder.broken_among(selectors)]
    pairs: tuple[tuple[Theorem, Experiment], ...] = ()
    ledger = None if options.ledger is None else read_ledger(options.ledger)
    if tracing.concerns(options):
        agenda = tracing.planned(records, options)
    else:
        pairs = tuple(
            (theorem, experiment)
            for theorem in records
            for experiment in experiments_for(
                theorem, experiments, options.experiment, options.pinned
            )
        )
        for theorem, experiment in pairs:
            refuse_moving(theorem, experiment)
        agenda = _agenda(pairs, options, 0 if ledger is None else ledger.night)
    for one in (one for plan in agenda.plans for one in plan.configurations):
        check_step(one, lookup)
    return Selection(tuple(records), pairs, agenda, lookup, tuple(broken), ledger)


def check_selection(
    selection: Selection,
    options: Options,
    progress: Progress | None = None,
    before: Callable[[Registered], None] | None = None,
) -> Report:
    """Run and judge what was selected."""
    agenda, ledger = selection.agenda, selection.ledger
    with nullcontext() if ledger is None else ledger.held():
        if before is not None:
            before(registered(selection.pairs, agenda.plans, agenda.tasks))
        session = _Session(options, selection.lookup, progress)
        report = session.run(agenda.tasks, agenda.plans, selection.broken, ledger)
    handed = HandedOver()
    if options.out is not None:
        handed = write_counterexamples(
            options.out, report.violations, selection.pairs, selection.lookup
        )
    return dataclasses.replace(
        report,
        scripts=handed.scripts,
        unscripted=handed.remarks,
        statements={one.ref: one.fingerprint for one in selection.theorems},
        remarks=(*report.remarks, *agenda.remarks),
        legend=tuple(agenda.legend),
    )


def _agenda(pairs: Iterable[tuple[Theorem, Experiment]], options: Options, night: int) -> Agenda:
    """Configurations of every theorem on every experiment that fits, and what runs together."""
    found = Agenda()
    for theorem, experiment in pairs:
        found.plans.append(plan_for(theorem, experiment, options, night))
        found.tasks += tasks_for(theorem, experiment, found.plans[-1], options)
    return found


def experiments_for(
    theorem: Theorem,
    more: Sequence[Experiment],
    wanted: str | None,
    pinned: Mapping[str, Any] | None = None,
) -> list[Experiment]:
    """The experiments to test a theorem on, the one with the most axes first.

    Those that lack an axis of ``pinned`` are left out where another has them all. UsageError,
    naming what lacks, when none fits.
    """
    known = {one.id: one for one in [*finder.experiments(), *more]}
    if wanted is not None:
        if wanted not in known:
            raise UsageError(f"there is no experiment “{wanted}”; known: {', '.join(known)}.")
        if lacking := missing(theorem, known[wanted]):
            raise UsageError(
                f"experiment {wanted} does not emit {', '.join(lacking)}, needed by {theorem.ref}."
            )
        return [known[wanted]]
    fit = fitting(theorem, known.values())
    if not fit:
        nearest = min(known.values(), key=lambda one: len(missing(theorem, one)), default=None)
        lacking = missing(theorem, nearest) if nearest else []
        raise UsageError(
            f"no experiment emits all that {theorem.ref} needs; the nearest, "
            f"{nearest.id if nearest else 'none'}, lacks {', '.join(lacking)}."
        )
    fit.sort(key=lambda one: -len(one.axes))
    return [one for one in fit if not foreign(one, pinned or {})] or fit


def lookup_among(records: Iterable[Theorem]) -> Callable[[str], Theorem]:
    """Finds theorems by "ID@VERSION", these first, then the installed ones."""
    own = {one.ref: one for one in records}
    return lambda ref: own[ref] if ref in own else finder.theorem(ref)


def plan_for(theorem: Theorem, experiment: Experiment, options: Options, night: int = 0) -> Plan:
    """What to run; a night of a ledger (from 1, 0 for none) has configurations and dice of its own."""
    if not night or not about_chance(theorem):
        return _drawn(theorem, experiment, options, options.seed)
    drawn = _drawn(theorem, experiment, options, derived(options.seed, "night", night))
    return fresh(drawn, options.seed, night)


def _drawn(theorem: Theorem, experiment: Experiment, options: Options, seed: int) -> Plan:
    if options.configuration is not None:
        own = {"seed": seed} if about_chance(theorem) else {}
        given = {**own, **options.configuration, **on_device(theorem, experiment, options.device)}
        return Plan((completed(experiment, theorem, given),))
    fixed = {**options.fixed, **on_device(theorem, experiment, options.device)}
    return planned(theorem, experiment, PROFILES[options.profile], seed, fixed)


def on_device(theorem: Theorem, experiment: Experiment, device: str | None) -> dict[str, Any]:
    """What pins the device; UsageError where the experiment does not run there."""
    if any(axis.name == "device" for axis in experiment.axes):
        pinned = {} if device is None else {"device": device}
        completed(experiment, theorem, pinned)
        return pinned
    if device in (None, "cpu"):
        return {}
    raise UsageError(
        f"experiment {experiment.id} runs on the CPU only: it has no --device {device}."
    )


def tasks_for(theorem: Theorem, experiment: Experiment, plan: Plan, options: Options) -> list[Task]:
    """What runs together of a plan."""
    if options.replicates:
        return [Task(theorem, experiment, plan.configurations, options.replicates)]
    profile, fast = PROFILES[options.profile], options.engine == FAST_ENGINE
    found = tasks(theorem, experiment, plan.configurations, profile)
    return [dataclasses.replace(one, fast=fast and not one.replicates) for one in found]


def carried_out(
    todo: Sequence[Task],
    plans: Sequence[Plan],
    options: Options,
    lookup: Callable[[str], Theorem],
    progress: Progress | None = None,
) -> Report:
    """Run the tasks, and report them in the order of the plans."""
    return _Session(options, lookup, progress).run(todo, plans, (), None)


def _unreadable(module: finder.Broken) -> Row:
    """A row for a module of a third party that cannot be read."""
    return Row(
        theorem=module.module,
        version=0,
        reading="",
        claim="",
        experiment="",
        expected=Verdict.HELD,
        kind="",
        quantity="",
        sense="",
        fingerprint="",
        configuration="{}",
        finding=Finding(Verdict.BROKEN, reason=module.reason),
    )


class _Session:
    """One run over many groups, with its store and its clock."""

    def __init__(
        self, options: Options, lookup: Callable[[str], Theorem], progress: Progress | None
    ) -> None:
        self._options = options
        self._lookup = lookup
        self._progress = progress
        self._seconds: dict[tuple[str, int], float] = {}

    def run(
        self,
        todo: Sequence[Task],
        plans: Sequence[Plan],
        broken: Sequence[Row],
        ledger: Ledger | None,
    ) -> Report:
        remarks: tuple[str, ...] = ()
        declared = frozenset[str]().union(*(plan.declared for plan in plans))
        boundary = frozenset[str]().union(*(plan.boundary for plan in plans))
        if self._options.out is None:
            found = self._finish(todo, None, ())
            reused = 0
        else:
            with Store(self._options.out) as store:
                keys = [key_of(task, self._lookup) for task in todo]
                known = {i: rows for i, key in enumerate(keys) if (rows := store.get(key))}
                reused = sum(len(todo[index].configurations) for index in known)
                found = known | self._finish(todo, store, keys, skip=frozenset(known))
                remarks = store.remarks
        rows = [row for index in range(len(todo)) for row in found[index]]
        rows = _ordered(rows, todo, plans)
        theorems = [task.theorem for task in todo]
        judged = corrected(rows) if ledger is None else settle(rows, theorems, ledger)
        given = self._options.configuration is not None or self._options.traces is not None
        report = Report((*judged, *broken), declared, self._seconds, reused, given)
        report = dataclasses.replace(report, boundary=boundary, remarks=remarks)
        if self._options.out is not None:
            report.write(self._options.out)
        return report

    def _finish(
        self,
        todo: Sequence[Task],
        store: Store | None,
        keys: Sequence[str],
        skip: frozenset[int] = frozenset(),
    ) -> dict[int, list[Row]]:
        rest = [index for index in range(len(todo)) if index not in skip]
        total = sum(len(task.configurations) for task in todo)
        done = sum(len(todo[index].configurations) for index in skip)
        found: dict[int, list[Row]] = {}
        last = time.perf_counter()
        folder = None if self._options.out is None else self._options.out / IN_FLIGHT
        marks = [] if folder is None else [folder / keys[index] for index in rest]
        for position, rows in self._carried_out([todo[index] for index in rest], marks):
            index = rest[position]
            task = todo[index]
            found[index] = rows
            # a process may have died of want of memory: the same command tries it again
            if store is not None and not any(map(died, rows)):
                store.put(keys[index], rows)
            now = time.perf_counter()
            key = task.theorem.id, task.theorem.version
            self._seconds[key] = self._seconds.get(key, 0.0) + now - last
            last = now
            done += len(task.configurations)
            if self._progress is not None:
                self._progress(done, total, task.theorem.ref)
        return found

    def _carried_out(
        self, todo: Sequence[Task], marks: Sequence[Path]
    ) -> Iterator[tuple[int, list[Row]]]:
        if self._options.scheduler is None:
            return run_all(todo, self._lookup, self._options.jobs, marks)
        from harness.running.cluster import run_on

        return run_on(self._options.scheduler, todo, self._lookup)


def _ordered(rows: Sequence[Row], todo: Sequence[Task], plans: Sequence[Plan]) -> list[Row]:
    """Rows in the order of the plan, whatever the grouping was: theorem, claim, configuration."""
    position: dict[tuple[str, int, str, str], int] = {}
    for task in todo:
        for claim in task.claims:
            key = task.theorem.id, task.theorem.version, task.experiment.id, claim.id
            position.setdefault(key, len(position))
    drawn = {text: index for plan in plans for index, text in enumerate(plan.texts)}
    return sorted(
        rows,
        key=lambda row: (
            position[row.theorem, row.version, row.experiment, row.claim],
            drawn[row.configuration],
        ),
    )

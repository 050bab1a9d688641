"""Runs the controls of theorems: a check first, then mutants, dropped and declared controls."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from harness.controls.declared import outcome
from harness.controls.study import Study, merged, nothing, studied
from harness.controls.worth import (
    Outcome,
    Worth,
    coverage,
    declared_outcome,
    hypothesis_outcome,
    mutant_outcomes,
    size_outcome,
)
from harness.errors import UsageError
from harness.judging.row import Row
from harness.options import Options
from harness.report import Report
from harness.running.configuration import canonical, completed, digest
from harness.running.jobs import done_all
from harness.running.replicated import about_chance
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.sampling.draw import draws
from harness.sampling.plan import PROFILES, foreign, tasks
from harness.sampling.registration import Registered
from harness.session import Progress, Selection, check_selection
from harness.storing.store import Store, key_of
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Control, Theorem
from harness.vocabulary.verdict import Verdict

OVERSHOOTS = (1.5, 4.0, 16.0, 64.0, 256.0)
"""Multiples of a step limit at which the limit itself is put to the test."""
STEPS_TRIED = (1e-3, 1e-2, 1e-1, 1.0)
"""Step sizes tried where the theorem gives no limit to overshoot."""


def weigh(
    selection: Selection,
    options: Options,
    progress: Progress | None = None,
    before: Callable[[Registered], None] | None = None,
) -> tuple[Report, list[Worth]]:
    """Check the theorems, then say what each pass is worth, claim by claim."""
    report = check_selection(selection, options, progress, before)
    # sharper bounds are judged on the runs of the check itself
    jobs = [(task, True) for task in selection.agenda.tasks]
    jobs += _broken_tasks(selection, options)
    studies = _finished(jobs, selection.lookup, options, progress)
    worths: list[Worth] = []
    for theorem, experiment in selection.pairs:
        own = [
            study
            for (task, _), study in zip(jobs, studies, strict=True)
            if task.theorem.ref == theorem.ref and task.experiment.id == experiment.id
        ]
        worths += _worths(theorem, experiment, merged(own), report, selection.lookup)
    return report, worths


def _broken_tasks(selection: Selection, options: Options) -> list[tuple[Task, bool]]:
    """Runs on which a hypothesis fails: declared ones, draws without it, steps beyond limits.

    None for claims about chance, whose hypotheses may be what makes a moment or a law exist.
    """
    found = []
    profile = PROFILES[options.profile]
    for (theorem, experiment), plan in zip(selection.pairs, selection.agenda.plans, strict=True):
        if about_chance(theorem):
            continue
        base = {*plan.texts}
        fresh = {canonical(one): one for one in _breaking(theorem, experiment, options)}
        kept = [one for key, one in fresh.items() if key not in base]
        found += [(task, False) for task in tasks(theorem, experiment, kept, profile)]
    return found


def _breaking(
    theorem: Theorem, experiment: Experiment, options: Options
) -> Iterator[dict[str, Any]]:
    count = max(1, PROFILES[options.profile].draws // 4)
    for one in theorem.hypotheses:
        if one.breaks_with is not None and _belongs(one.breaks_with, theorem, experiment):
            yield completed(experiment, theorem, one.breaks_with)
        others = tuple(other for other in theorem.hypotheses if other.id != one.id)
        without = dataclasses.replace(theorem, hypotheses=others)
        yield from draws(without, experiment, options.seed, count, options.fixed)
    if not experiment.trajectory or "step_size" in options.fixed:
        return
    limited = theorem.step is not None and theorem.step.limit is not None
    sizes: Sequence[Any] = [{"fraction": k, "of": theorem.ref} for k in OVERSHOOTS]
    drawn = draws(theorem, experiment, options.seed, 2 * count, options.fixed)
    for index, configuration in enumerate(drawn):
        if limited:
            yield {**configuration, "step_size": sizes[index % len(sizes)]}
        yield {**configuration, "step_size": STEPS_TRIED[index % len(STEPS_TRIED)]}


def _belongs(configuration: Mapping[str, Any], theorem: Theorem, experiment: Experiment) -> bool:
    """Whether it is one of this experiment; one meant for another has other axes, or other sizes."""
    if foreign(experiment, configuration):
        return False
    try:
        completed(experiment, theorem, dict(configuration))
    except UsageError:
        return False
    return True


def _finished(
    jobs: Sequence[tuple[Task, bool]], lookup: Lookup, options: Options, progress: Progress | None
) -> list[Study]:
    """The study of every task, taken from the store where it was finished before."""
    found: dict[int, Study] = {}
    sharpen = {id(task): flag for task, flag in jobs}

    def work(task: Task, lookup: Lookup) -> Study:
        return studied(task, lookup, sharpen[id(task)])

    if options.out is None:
        return [one for _, one in sorted(_each(jobs, range(len(jobs)), lookup, options, work))]
    with Store(options.out) as store:
        keys = [digest("study", str(flag), key_of(task, lookup)) for task, flag in jobs]
        found = {i: kept for i, key in enumerate(keys) if (kept := store.recall(key)) is not None}
        rest = [index for index in range(len(jobs)) if index not in found]
        for index, study in _each(jobs, rest, lookup, options, work):
            store.keep(keys[index], study)
            found[index] = json.loads(json.dumps(study))
            if progress is not None:
                progress(len(found), len(jobs), f"controls of {jobs[index][0].theorem.ref}")
    return [found[index] for index in range(len(jobs))]


def _each(
    jobs: Sequence[tuple[Task, bool]],
    indices: Sequence[int],
    lookup: Lookup,
    options: Options,
    work: Any,
) -> Iterator[tuple[int, Study]]:
    chosen = [jobs[index][0] for index in indices]
    for position, study in done_all(chosen, lookup, options.jobs, work, lambda task: nothing()):
        yield indices[position], study


def _worths(
    theorem: Theorem, experiment: Experiment, study: Study, report: Report, lookup: Lookup
) -> Iterator[Worth]:
    for claim in theorem.claims:
        rows = [
            row
            for row in report.rows
            if (row.theorem, row.version, row.claim, row.experiment)
            == (theorem.id, theorem.version, claim.id, experiment.id)
        ]
        anyway = any(row.finding.verdict is Verdict.VIOLATED for row in rows)
        widths = [json.loads(row.configuration).get("width") for row in rows]
        met, vacuous, widest = coverage(rows, widths)
        found: list[Outcome] = list(
            mutant_outcomes(theorem, claim.id, study["mutants"].get(claim.id, {}))
        )
        judged = partial(outcome, theorem, experiment=experiment, lookup=lookup)
        for hypothesis, claims in study["dropped"].items():
            counts = claims[claim.id]
            example: Row | None = None
            if counts["example"] is not None and not anyway:
                example = judged(
                    Control(f"without {hypothesis}", claim.id, drop=hypothesis,
                            configuration=counts["example"])
                )  # fmt: skip
            found.append(hypothesis_outcome(theorem, claim.id, hypothesis, counts, example, anyway))
        found += [
            declared_outcome(theorem, claim.id, control.id, judged(control))
            for control in theorem.controls
            if control.claim == claim.id and _belongs(control.configuration, theorem, experiment)
        ]
        found += [size_outcome(theorem, claim.id, h, p) for h, p in study["sizes"].items()]
        yield Worth(theorem.id, theorem.version, claim.id, tuple(found), met, vacuous, widest)

"""Runs one group of configurations of equal shape and judges a theorem on it."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from harness.expressions.evaluator import Evaluator
from harness.expressions.interval import Interval
from harness.judging.row import Finding, Row
from harness.judging.slopes import judge_exponent
from harness.judging.trajectory import judge, judge_rows
from harness.options import DEFAULT_ENGINE, FAST_ENGINE, TRACES
from harness.running.certify import settled
from harness.running.configuration import digest
from harness.running.lazily import decided_run, exact_steps
from harness.running.oracle import disagreements
from harness.running.protocol import Engine
from harness.running.reach import within_reach
from harness.running.rehearsal import RehearsalError, careful, rehearse
from harness.running.replicated import over_replicates, scaled_and_seeded, seeded
from harness.running.steps import Lookup
from harness.running.task import Run, Task
from harness.running.view import View
from harness.vocabulary.definition import spelled_out
from harness.vocabulary.kinds import Expectation, Exponent, Law
from harness.vocabulary.theorem import Claim, Hypothesis
from harness.vocabulary.verdict import Verdict

SPELLED_OUT = 3
"""Levels of definitions spelled out where rounding leaves a claim open."""


def rows_of(task: Task, engine: Engine, lookup: Lookup) -> list[Row]:
    """All rows of a task; an exception breaks only the rows it belongs to.

    So does what kills the process, where care is asked for (see `harness.running.rehearsal`).
    """
    try:
        rehearse(lambda: _rows(task, engine, lookup))
    except RehearsalError as error:
        return _apart(task, engine, lookup, str(error))
    with careful(False):
        return _rows(task, engine, lookup)


def _rows(task: Task, engine: Engine, lookup: Lookup) -> list[Row]:
    if task.replicates:
        return _replicated(task, engine, lookup)
    try:
        run = decided_run(task, engine, lookup)
        found = within_reach(run, findings_of(run, task.claims, task.hypotheses))
        wrong = disagreements(run)
    except (Exception, SystemExit) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        return _apart(task, engine, lookup, reason)
    rows = []
    for index in range(len(task.configurations)):
        for claim in task.claims:
            finding = found[claim.id][index]
            if index in wrong:
                finding = Finding(Verdict.BROKEN, reason=wrong[index])
            rows.append(row_of(task, index, claim, finding, run))
    return rows


def _apart(task: Task, engine: Engine, lookup: Lookup, reason: str) -> list[Row]:
    """Half by half down to the configurations that fail alone, which are broken for the reason."""
    configurations = task.configurations
    if len(configurations) > 1:
        half = len(configurations) // 2
        parts = (configurations[:half], configurations[half:])
        halves = (dataclasses.replace(task, configurations=part) for part in parts)
        return [row for one in halves for row in rows_of(one, engine, lookup)]
    broken = Finding(Verdict.BROKEN, reason=reason)
    return [row_of(task, 0, claim, broken, None) for claim in task.claims]


def _replicated(task: Task, engine: Engine, lookup: Lookup) -> list[Row]:
    """One row a claim and configuration, from all its replicates."""
    rows = []
    for index, configuration in enumerate(task.configurations):
        runs = seeded(task.theorem, task.experiment, configuration, task.replicates)
        alike = tuple(c for c in task.theorem.claims if not isinstance(c.kind, Exponent))
        found = _runs(task, alike, runs, engine, lookup)
        for claim in task.theorem.claims:
            context = task.theorem, task.experiment, configuration
            if isinstance(claim.kind, Exponent):
                finding = _exponent(task, claim, configuration, engine, lookup)
            else:
                finding = over_replicates(claim, found[claim.id], *context)
            rows.append(row_of(task, index, claim, finding, None))
    return rows


def _exponent(
    task: Task, claim: Claim, configuration: Mapping[str, Any], engine: Engine, lookup: Lookup
) -> Finding:
    """The finding of one order relation, from runs at every value of its variable."""
    assert isinstance(claim.kind, Exponent)
    count = min(task.replicates, claim.kind.replicates)
    groups = [
        _runs(task, (claim,), runs, engine, lookup)[claim.id]
        for runs in scaled_and_seeded(claim, task.theorem, task.experiment, configuration, count)
    ]
    return judge_exponent(groups, claim.kind.values, claim.sense, claim.kind.tolerance)


def _runs(
    task: Task,
    claims: tuple[Claim, ...],
    configurations: Sequence[Mapping[str, Any]],
    engine: Engine,
    lookup: Lookup,
) -> dict[str, list[Finding]]:
    """Findings of some of the task's claims on each of the configurations."""
    if not claims:
        return {}
    theorem = dataclasses.replace(task.theorem, claims=claims)
    single = Task(theorem, task.experiment, tuple(configurations))
    found = rows_of(single, engine, lookup)
    return {c.id: [row.finding for row in found if row.claim == c.id] for c in claims}


def findings_of(
    run: Run, claims: Sequence[Claim], hypotheses: Sequence[Hypothesis]
) -> dict[str, list[Finding]]:
    """Findings of each claim on a finished run, certified where rounding left them open."""
    view = View(run, hypotheses)
    found: dict[str, list[Finding]] = {}
    for claim in claims:
        sides, where = view.sides(claim), view.conditions(claim)
        # a single run neither breaks nor keeps a claim about a mean, an exponent or a law
        alone = not isinstance(claim.kind, Expectation | Exponent | Law)
        findings = judge(claim, sides, where)
        undecided = [finding.verdict is Verdict.UNDECIDED for finding in findings]
        if alone and any(undecided):
            # only there: a row's figures must not depend on what else is in its block
            narrow = _narrowed(sides.gap, claim, view.evaluator(claim))
            gap = sides.gap.replaced(np.array(undecided)[:, None], narrow)
            sides = dataclasses.replace(sides, gap=gap)
            rows = np.flatnonzero(undecided)
            again = judge_rows(claim, sides, where, rows)
            for row, finding in zip(rows.tolist(), again, strict=True):
                findings[row] = finding
        found[claim.id] = (
            settled(run, claim, hypotheses, sides, where, findings) if alone else findings
        )
    return found


def _narrowed(gap: Interval, claim: Claim, evaluate: Evaluator) -> Interval:
    """A narrower enclosure of bound - quantity, where both are made of the same parts.

    Interval arithmetic does not know that the alpha0 of one side is the alpha0 of the other.
    Spelling out definitions lets sympy cancel what the sides share before it is evaluated.
    """
    difference = claim.bound - claim.quantity
    for _ in range(SPELLED_OUT):
        difference = spelled_out(difference)
        gap = gap.intersect(evaluate(difference))
    return gap


def row_of(task: Task, index: int, claim: Claim, finding: Finding, run: Run | None) -> Row:
    """The finding with everything needed to read it and to run it again."""
    configuration = task.texts[index]
    step_size, notes = math.nan, ""
    if run is not None and run.trace.step_sizes.shape[1]:
        at = min(finding.step or 0, run.trace.step_sizes.shape[1] - 1)
        step_size = float(run.trace.step_sizes[index, at])
    if run is not None and run.trace.notes:
        notes = json.dumps(run.trace.notes[index], sort_keys=True, separators=(",", ":"))
    theorem = task.theorem
    return Row(
        theorem=theorem.id,
        version=theorem.version,
        reading=theorem.reading,
        claim=claim.id,
        experiment=task.experiment.id,
        expected=claim.expected,
        kind=claim.kind.name,
        quantity=claim.measured,
        sense=claim.sense,
        fingerprint=digest(theorem.fingerprint, claim.id, task.experiment.id, configuration),
        configuration=configuration,
        finding=finding,
        path="" if theorem.topic else theorem.path,
        engine=_engine(task, index, run),
        samples_planned=task.replicates,
        step_size=step_size,
        notes=notes,
        exact_steps="" if run is None else exact_steps(run, index),
    )


def _engine(task: Task, index: int, run: Run | None) -> str:
    """Which engine the row is of; where nothing ran, the one that was asked for."""
    if task.experiment.id == TRACES:
        return ""
    compiled = None if run is None else run.trace.compiled
    fast = task.fast if compiled is None else bool(compiled[index])
    return FAST_ENGINE if fast else DEFAULT_ENGINE

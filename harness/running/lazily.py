"""Runs with enclosures in the place of measurements, refined until every finding is the same.

The first pass measures what the engine chose; then, round by round, the states at which judging
meets a doubt. What a row asks for follows from the row alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import sympy
from numpy.typing import NDArray

from harness.judging.doubt import doubtful, spread_out
from harness.judging.trajectory import Bools
from harness.running.measure import finished_run
from harness.running.protocol import Engine, Measured, Start, Trace
from harness.running.steps import Lookup
from harness.running.task import Run, Task
from harness.running.values import wanted
from harness.running.view import View
from harness.vocabulary.definition import Definition, Root, closure, looks_ahead
from harness.vocabulary.kinds import Deterministic
from harness.vocabulary.operators import Prod, Sum
from harness.vocabulary.symbol import NEXT, AtTime
from harness.vocabulary.theorem import Claim, Hypothesis

ROUNDS = 6
"""Rounds in which a few of the doubtful states are measured; then all of them are."""


def decided_run(task: Task, engine: Engine, lookup: Lookup) -> Run:
    """The run of the task, measured wherever the findings depend on it."""
    names: frozenset[str] = getattr(engine, "enclosable", frozenset())
    if not names or not _refinable(task, names):
        return finished_run(task, engine, lookup)
    run = finished_run(task, engine, lookup, lazily=True)
    run = dataclasses.replace(run, constants=View(run, task.hypotheses).constants)
    rows = np.arange(len(task.configurations))
    for attempt in range(len(run.task.configurations) * run.states):
        enclosed = run.trace.enclosed
        if enclosed is None:
            break
        asked = _asked(_part(run, rows), task.claims, task.hypotheses, enclosed.names)
        chosen = spread_out(asked, enclosed.where[rows]) if attempt < ROUNDS else asked
        if not chosen.any():
            break
        mask = np.zeros_like(enclosed.where)
        mask[rows] = chosen
        run = dataclasses.replace(run, trace=enclosed.measured(mask))
        rows = rows[asked.any(axis=1)]
    return run


def exact_steps(run: Run, index: int) -> str:
    """How many of how many states of a row were measured; empty where all were."""
    enclosed = run.trace.enclosed
    if enclosed is None or not enclosed.where[index].any():
        return ""
    states = min(int(run.trace.finite[index]), run.states)
    return f"{states - int(enclosed.where[index].sum())}/{states}"


def _asked(
    run: Run, claims: Sequence[Claim], hypotheses: Sequence[Hypothesis], names: frozenset[str]
) -> Bools:
    """States (B, S) that have to be measured, as far as enclosures can tell so far."""
    assert run.trace.enclosed is not None
    where, view = run.trace.enclosed.where, View(run, hypotheses)
    asked = np.zeros_like(where)
    for claim in claims:
        for hypothesis in hypotheses:
            reads = [part for relation in hypothesis.relations for part in relation.args]
            unknown = _enclosed(where, names, reads)
            if unknown.any():
                holds, fails = view.met(not claim.one_step).by_name[hypothesis.id]
                asked |= _states(unknown & ~holds & ~fails, where, reads)
        sides = [claim.statement, *([] if claim.trivial is None else [claim.trivial])]
        unknown = _enclosed(where, names, sides)
        if unknown.any():
            found = doubtful(claim, view.sides(claim), view.conditions(claim), unknown)
            asked |= _states(found, where, sides)
    return asked


def _enclosed(where: Bools, names: frozenset[str], reads: Sequence[sympy.Basic]) -> Bools:
    """Where any of what is read is an enclosure."""
    expressions = [sympy.sympify(one) for one in reads]
    if not wanted(*expressions)[1] & names:
        return np.zeros_like(where)
    return where | _moved(where, -1) if any(map(looks_ahead, expressions)) else where


def _states(asked: Bools, where: Bools, reads: Sequence[sympy.Basic]) -> Bools:
    """The states behind what is asked for: a step is read at both its ends."""
    ahead = any(looks_ahead(sympy.sympify(one)) for one in reads)
    return where & (asked | _moved(asked, 1)) if ahead else where & asked


def _moved(mask: Bools, by: int) -> Bools:
    """The mask one state earlier (-1) or later (1)."""
    moved = np.zeros_like(mask)
    if by < 0:
        moved[:, :-1] = mask[:, 1:]
    else:
        moved[:, 1:] = mask[:, :-1]
    return moved


def _part(run: Run, rows: NDArray[np.int64]) -> Run:
    """Some rows of a run."""
    if len(rows) == len(run.task.configurations):
        return run

    def taken(measured: dict[str, Measured]) -> dict[str, Measured]:
        return {
            name: Measured(one.value[rows], one.error[rows], one.drift[rows])
            for name, one in measured.items()
        }

    trace, enclosed = run.trace, run.trace.enclosed
    assert enclosed is not None
    part = Trace(
        taken(dict(trace.measured)),
        trace.step_sizes[rows],
        trace.finite[rows],
        trace.resolved[rows],
        enclosed=dataclasses.replace(enclosed, where=enclosed.where[rows]),
    )
    configurations = tuple(run.task.configurations[row] for row in rows)
    task = dataclasses.replace(run.task, configurations=configurations)
    assert run.constants is not None
    # what is the same for all rows has one
    constants = run.constants.narrowed(lambda one: one if len(one.lo) == 1 else one[rows])
    return Run(task, run.engine, Start(None, taken(dict(run.start.measured))), part, constants)


def _refinable(task: Task, names: frozenset[str]) -> bool:
    """Whether each step of a finding depends on few steps of what would be enclosed.

    Products, sums and roots along a run do not; claims about chance compare runs by other means.
    """
    if task.replicates or any(not isinstance(one.kind, Deterministic) for one in task.claims):
        return False
    read = [claim.statement for claim in task.claims]
    read += [sympy.sympify(claim.trivial) for claim in task.claims if claim.trivial is not None]
    read += [relation for one in task.hypotheses for relation in one.relations]
    symbols = closure(*read)
    definitions = [one for one in symbols if isinstance(one, Definition)]
    along: list[sympy.Basic] = [one for one in definitions if isinstance(one, Root)]
    along += [one.base for one in symbols if isinstance(one, AtTime) and one.step not in (0, NEXT)]
    for expression in [*read, *(one.expression for one in definitions)]:
        along += expression.atoms(Prod, Sum)
    return not wanted(*along)[1] & names

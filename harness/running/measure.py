"""Runs the configurations of a task: engine group by engine group, judged afterwards as one block.

Arrays of a few rows cost as much as arrays of hundreds, so step limits and claims are evaluated
on the whole block; only the engine needs rows of equal shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from harness.running.lockstep import in_lockstep
from harness.running.oracle import compared
from harness.running.protocol import (
    Array,
    ConstantSteps,
    Enclosed,
    Engine,
    Measured,
    Preparing,
    Start,
    StepSize,
    Trace,
)
from harness.running.rehearsal import rehearse
from harness.running.shapes import check_start, check_trace
from harness.running.steps import Lookup, StepPlan
from harness.running.task import Run, Task
from harness.running.values import wanted

Positions = list[int]
Recording = Callable[[Start, StepSize, int, frozenset[str]], Trace]


def finished_run(task: Task, engine: Engine, lookup: Lookup, lazily: bool = False) -> Run:
    """Measure what the theorem needs on every configuration of the task.

    ``lazily``: the engine may enclose quantities instead, see `harness.running.protocol.Enclosed`.
    RehearsalError where that kills a process and care is asked for.
    """
    rehearse(lambda: _run(task, engine, lookup, lazily))
    return _run(task, engine, lookup, lazily)


def _run(task: Task, engine: Engine, lookup: Lookup, lazily: bool) -> Run:
    at_start, along = wanted(*task.theorem.expressions())
    groups = _groups(task.configurations, engine)
    members = [tuple(task.configurations[i] for i in group) for group in groups]
    if not task.experiment.trajectory:
        starts = [_initial(engine, one, at_start) for one in members]
        traces = [
            _trace(task, engine.run, one, start, _no_step, 0, along)
            for one, start in zip(members, starts, strict=True)
        ]
        return _merged(task, engine, groups, starts, traces)
    # the loss is always recorded: the oracle compares it
    loss = compared(task.experiment.emits)
    plan = StepPlan(task.configurations, task.experiment, lookup)
    plan_start, plan_along = plan.wanted
    starts = [_initial(engine, one, at_start | plan_start | loss) for one in members]
    horizon = int(task.configurations[0]["steps"])
    whole = _merged_start(groups, starts)
    names = along | plan_along | loss
    if plan.adaptive:
        runners = [
            partial(_trace, task, engine.run, one, start, horizon=horizon, wanted=names)
            for one, start in zip(members, starts, strict=True)
        ]
        return _merged(task, engine, groups, starts, in_lockstep(runners, groups, plan.rule(whole)))
    sizes = plan.numbers(whole)
    record = getattr(engine, "run_lazily", engine.run) if lazily else engine.run
    traces = [
        _trace(task, record, one, start, ConstantSteps(sizes[group]), horizon, names)
        for one, start, group in zip(members, starts, groups, strict=True)
    ]
    return _merged(task, engine, groups, starts, traces)


def _initial(
    engine: Engine, configurations: Sequence[Mapping[str, Any]], wanted: frozenset[str]
) -> Start:
    start = engine.initial(configurations, wanted)
    check_start(start, len(configurations))
    return start


def _trace(
    task: Task,
    record: Recording,
    configurations: Sequence[Mapping[str, Any]],
    start: Start,
    size: StepSize,
    horizon: int,
    wanted: frozenset[str],
) -> Trace:
    trace = record(start, size, horizon, wanted)
    # recorded runs bring their own number of steps
    taken = horizon if task.experiment.trajectory else trace.step_sizes.shape[-1]
    check_trace(task.experiment, trace, len(configurations), taken)
    return trace


def _groups(configurations: Sequence[Mapping[str, Any]], engine: Engine) -> list[Positions]:
    """Positions of the configurations that the engine can run together."""
    if hasattr(engine, "prepare"):
        cast(Preparing, engine).prepare(configurations)
    found: dict[str, Positions] = {}
    for index, one in enumerate(configurations):
        found.setdefault(engine.key(one), []).append(index)
    return list(found.values())


def _merged_start(groups: Sequence[Positions], starts: Sequence[Start]) -> Start:
    return Start(None, _scattered(groups, [start.measured for start in starts]))


def _merged(
    task: Task,
    engine: Engine,
    groups: Sequence[Positions],
    starts: Sequence[Start],
    traces: Sequence[Trace],
) -> Run:
    return Run(task, engine, _merged_start(groups, starts), _merged_trace(groups, traces))


def _merged_trace(groups: Sequence[Positions], traces: Sequence[Trace]) -> Trace:
    order = np.argsort([index for group in groups for index in group])
    notes = [note for trace in traces for note in trace.notes]
    return Trace(
        measured=_scattered(groups, [one.measured for one in traces]),
        step_sizes=np.concatenate([one.step_sizes for one in traces])[order],
        finite=np.concatenate([one.finite for one in traces])[order],
        resolved=np.concatenate([one.resolved for one in traces])[order],
        notes=[notes[index] for index in order] if notes else (),
        enclosed=_merged_enclosures(groups, traces),
        compiled=_merged_flags(traces)[order],
    )


def _merged_flags(traces: Sequence[Trace]) -> NDArray[np.bool_]:
    """Which runs compiled kernels took, group after group."""
    flags = (
        np.zeros(len(one.finite), dtype=bool) if one.compiled is None else one.compiled
        for one in traces
    )
    return np.concatenate(list(flags))


def _merged_enclosures(groups: Sequence[Positions], traces: Sequence[Trace]) -> Enclosed | None:
    """What any group encloses; a group that was measured throughout encloses nothing."""
    names = frozenset[str]().union(*(one.enclosed.names for one in traces if one.enclosed))
    if not names:
        return None
    order = np.argsort([index for group in groups for index in group])
    shapes = [(len(one.finite), one.step_sizes.shape[1] + 1) for one in traces]
    where = [
        np.zeros(shape, dtype=bool) if one.enclosed is None else one.enclosed.where
        for one, shape in zip(traces, shapes, strict=True)
    ]

    def measured(mask: NDArray[np.bool_]) -> Trace:
        return _merged_trace(
            groups,
            [
                one if one.enclosed is None else one.enclosed.measured(mask[group])
                for group, one in zip(groups, traces, strict=True)
            ],
        )

    return Enclosed(names, np.concatenate(where)[order], measured)


def _scattered(
    groups: Sequence[Positions], parts: Sequence[Mapping[str, Measured]]
) -> dict[str, Measured]:
    """Quantities of all groups, rows in the order of the task."""
    order = np.argsort([index for group in groups for index in group])

    def joined(arrays: Sequence[NDArray[np.float64]]) -> Array:
        return np.concatenate(arrays)[order]

    return {
        name: Measured(
            joined([part[name].value for part in parts]),
            joined([part[name].error for part in parts]),
            joined([part[name].drift for part in parts]),
        )
        for name in parts[0]
    }


def _no_step(step: int, measured: Mapping[str, Measured]) -> Array:
    return np.zeros(0)

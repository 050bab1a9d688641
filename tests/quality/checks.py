"""The shipped checks that are meant to notice a fault, each listing its complaints."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer_linear import two_layer_linear
from harness.controls.declared import outcome
from harness.discovery import finder
from harness.expressions.ball_algebra import Along, ball_at
from harness.expressions.balls import exact, precision
from harness.expressions.evaluator import MissingSymbol
from harness.options import Options
from harness.report import Report
from harness.running import oracle
from harness.running.engines import engine_of
from harness.running.measure import finished_run
from harness.running.protocol import Measured
from harness.running.task import Task
from harness.sampling.plan import PROFILES
from harness.session import (
    carried_out,
    check,
    experiments_for,
    lookup_among,
    plan_for,
    tasks_for,
)
from harness.transcription.formulas import disagreements
from harness.transcription.homogeneity import misfits
from harness.vocabulary.theorem import Theorem
from harness.vocabulary.verdict import Verdict
from tests.quality.records import Fault

ATTAINED = 1.02
"""Sharpening left to a claim where theory says that its bound is attained: the parameters TIGHT
and the first step take one per cent each."""
SMALL: tuple[dict[str, Any], ...] = (
    {"features": 2, "outputs": 2, "width": 2},
    {"features": 3, "outputs": 2, "width": 4, "init": "imbalanced"},
    {"features": 2, "outputs": 3, "width": 12, "init": "orthogonal"},
    {"features": 3, "outputs": 3, "width": 2, "init": "narrow", "data": "conditioned"},
    {"features": 2, "outputs": 2, "width": 2, "loss": "logcosh"},
    {"data": "given", "X": [[2, 1], [0, 3]], "Y": [[1, 0], [2, 1]], "width": 2},
)
"""Inputs more, fewer and as many as outputs; square, wide and narrow hidden layers."""
ENGINE = two_layer_linear.id
"""Where the faults are planted."""
STEPS = 3
MEASURED = frozenset(one.name for one in two_layer_linear.emits if one.scope != "configuration")


def draws(fault: Fault, theorem: Theorem, effort: int) -> list[str]:
    """``boundcheck check``: claims that come out other than declared, in the first block that has any."""
    experiment = experiments_for(theorem, (), None)[0]
    lookup, options = lookup_among([theorem]), Options(fixed=fault.pins)
    with _so_many(fault, effort):
        plan = plan_for(theorem, experiment, options)
        todo = tasks_for(theorem, experiment, plan, options)
    reports = (carried_out([task], [plan], options, lookup) for task in todo)
    return next(filter(None, (_surprises(one, (Verdict.HELD,)) for one in reports)), [])


def known_false(fault: Fault, theorem: Theorem, effort: int) -> list[str]:
    """``boundcheck check``: claims declared false that are no longer refuted."""
    with _so_many(fault, effort):
        report = check(theorem, options=Options(fixed=fault.pins, experiment=ENGINE))
    return _surprises(report, (Verdict.VIOLATED,))


def controls(fault: Fault, theorem: Theorem, effort: int) -> list[str]:
    """Declared controls that no longer break their claim."""
    experiment = experiments_for(theorem, (), None)[0]
    lookup = lookup_among([theorem])
    found = ((one, outcome(theorem, one, experiment, lookup)) for one in theorem.controls)
    return [
        f"{control.id} is {row.finding.verdict}"
        for control, row in found
        if row.finding.verdict is not Verdict.VIOLATED
    ]


def at_controls(fault: Fault, theorem: Theorem, effort: int) -> list[str]:
    """Claims that fail where a declared control changes them, although nothing is changed."""
    found = []
    for control in theorem.controls:
        options = Options(configuration=dict(control.configuration), experiment=ENGINE)
        report = check(theorem, options=options)
        expected = {claim.id: claim.expected for claim in theorem.claims}
        found += [
            f"{row.claim} at {control.id}"
            for row in report.violations
            if expected[row.claim] is not Verdict.VIOLATED
        ]
    return found


def attained(fault: Fault, theorem: Theorem, effort: int) -> list[str]:
    """The claim keeps room at a configuration where its bound is attained."""
    report = check(theorem, options=Options(configuration=fault.witness, experiment=ENGINE))
    (one,) = (summary for summary in report.summaries() if summary.claim == fault.claim)
    near = one.verdict is Verdict.HELD and one.smallest_sharpening <= ATTAINED
    return [] if near else [f"{one.claim} {one.verdict}, sharpening {one.smallest_sharpening:.3g}"]


def autograd(fault: Fault, theorem: Theorem, effort: int) -> list[str]:
    """The engine against the plain torch loop, asked about every run instead of one in 97."""
    found: list[str] = []
    configurations = _small(effort)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(oracle, "ONE_IN", 1)
        for one in configurations:
            task = Task(theorem, two_layer_linear, (one,))
            run = finished_run(task, engine_of(two_layer_linear), finder.theorem)
            found += oracle.disagreements(run).values()
    return found


def certificates(fault: Fault, theorem: Theorem, effort: int) -> list[str]:
    """Measured quantities outside the balls around the same state, or one exact step before.

    A check asks for balls only where a row is open or violated; here every quantity is asked for.
    """
    found: list[str] = []
    for configuration in _small(effort):
        engine = TwoLayerLinear({})
        size = np.array([configuration["step_size"]])
        start = engine.initial([configuration], MEASURED)
        trace = engine.run(start, lambda step, seen, size=size: size, STEPS, MEASURED)
        measured = {**start.measured, **trace.measured}
        sizes = trace.step_sizes[0].tolist()
        for step in range(STEPS):
            with precision(128):
                balls = engine.enclose(configuration, sizes, step, MEASURED)
                found += _outside(balls, measured, step)
    return found


CAUGHT_BY: Mapping[str, Callable[[Fault, Theorem, int], list[str]]] = {
    "draws": draws,
    "known false": known_false,
    "controls": controls,
    "at the controls": at_controls,
    "attained": attained,
    "oracle": autograd,
    "certificates": certificates,
    "homogeneity": lambda fault, theorem, effort: misfits(theorem),
    "formula": lambda fault, theorem, effort: disagreements(theorem),
}
ELSEWHERE = ("experiment tests", "nothing")
"""Checks that do not run here; the faults that name them pass everything that does."""


@contextmanager
def _so_many(fault: Fault, effort: int) -> Iterator[None]:
    """As many draws as the fault asks for."""
    with pytest.MonkeyPatch.context() as patch:
        profile = dataclasses.replace(PROFILES["quick"], draws=fault.draws * effort)
        patch.setitem(PROFILES, "quick", profile)
        yield


def _surprises(report: Report, expected: Sequence[Verdict]) -> list[str]:
    return [
        f"{one.claim} {one.verdict}, {one.counts.get(Verdict.BROKEN, 0)} rows broken"
        for one in report.summaries()
        if one.code == 1 and one.expected in expected
    ]


def _small(effort: int) -> list[dict[str, Any]]:
    return [
        {**two_layer_linear.complete(axes), "seed": seed, "steps": STEPS, "step_size": 0.05}
        for axes in SMALL
        for seed in range(effort)
    ]


def _outside(balls: Mapping[str, Any], measured: Mapping[str, Measured], step: int) -> list[str]:
    found = []
    for name, value in balls.items():
        one = measured[name]
        for at in (step, step + 1) if isinstance(value, Along) else (0,):
            try:
                ball = ball_at(value, at)
            except MissingSymbol:
                continue
            column = min(at, one.value.shape[1] - 1)
            number, error = float(one.value[0, column]), float(one.error[0, column])
            if abs(exact(number) - ball) > exact(error):
                found.append(f"{name} = {number!r} at step {at} is outside {ball}")
    return found

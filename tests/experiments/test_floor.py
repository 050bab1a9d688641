"""Long runs without noise end at the rounding floor of the loss, where no bound may seem violated.

3 000 steps of four networks; 20 000 steps of eighteen with BOUNDCHECK_QUALITY=full.
"""

from __future__ import annotations

import dataclasses
import itertools
import os
from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from experiments.two_layer_linear import two_layer_linear
from harness.discovery import finder
from harness.judging.trajectory import judge
from harness.running.block import findings_of
from harness.running.configuration import completed
from harness.running.engines import engine_of
from harness.running.measure import finished_run
from harness.running.protocol import Measured
from harness.running.task import Run, Task
from harness.running.view import View
from harness.vocabulary.verdict import Verdict

FULL = os.environ.get("BOUNDCHECK_QUALITY") == "full"
STEPS = 20_000 if FULL else 3_000
INITS = ("imbalanced", "balanced_margin", "gaussian") if FULL else ("imbalanced",)
WIDTHS = (5, 8, 40) if FULL else (8, 40)
THEOREMS = ("xu23_thm32_linear_rate@2", "xu23_thm31_spectral@2")


@cache
def long_run(ref: str) -> Run:
    """Runs at the theorem's step limit and at half of it."""
    theorem, experiment = finder.theorem(ref), two_layer_linear
    data = {"data": "orthogonal", "samples": 8, "features": 3, "outputs": 2, "noise": 0.0}
    configurations = [
        completed(
            experiment, theorem,
            {**data, "init": init, "imbalance": 4.0, "width": width, "seed": width, "steps": STEPS,
             "step_size": {"fraction": fraction, "of": ref}},
        )
        for init, width, fraction in itertools.product(INITS, WIDTHS, (1.0, 0.5))
    ]  # fmt: skip
    task = Task(theorem, experiment, tuple(configurations))
    return finished_run(task, engine_of(experiment), finder.theorem)


def trusting(measured: Mapping[str, Measured]) -> dict[str, Measured]:
    """The same numbers, taken for exact."""
    return {
        name: Measured(one.value, np.zeros_like(one.value), np.zeros_like(one.value))
        for name, one in measured.items()
    }


@pytest.mark.parametrize("ref", THEOREMS)
def test_no_claim_is_violated_at_the_floor(ref: str) -> None:
    run = long_run(ref)
    # the floor is met, and thousands of states lie on it
    assert (run.trace.finite == STEPS + 1).all()
    assert run.trace.resolved.min() < 300
    verdicts = findings_of(run, run.task.claims, run.task.hypotheses)
    assert {one.verdict for found in verdicts.values() for one in found} <= {
        Verdict.HELD,
        Verdict.VACUOUS,
    }


def test_numbers_taken_for_exact_would_be_violated_there() -> None:
    run = long_run(THEOREMS[0])
    trace = dataclasses.replace(
        run.trace, measured=trusting(run.trace.measured), resolved=run.trace.finite
    )
    start = dataclasses.replace(run.start, measured=trusting(run.start.measured))
    view = View(dataclasses.replace(run, trace=trace, start=start), run.task.hypotheses)
    for name in ("one-step", "product"):
        claim = run.task.theorem.claim(name)
        found = judge(claim, view.sides(claim), view.conditions(claim))
        assert Verdict.VIOLATED in {one.verdict for one in found}

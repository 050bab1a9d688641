"""Every control breaks its claim, and every hypothesis that names a breaking configuration needs it."""

from __future__ import annotations

import dataclasses

import pytest

from harness.controls.declared import outcome
from harness.discovery import finder
from harness.session import experiments_for
from harness.vocabulary.theorem import Control, Theorem
from harness.vocabulary.verdict import Verdict

THEOREMS = [finder.theorem(header.ref) for header in finder.installed().theorems]
LATEST = list({theorem.id: theorem for theorem in THEOREMS}.values())
CONTROLS = [
    pytest.param(theorem, control, id=f"{theorem.ref}-{control.id}")
    for theorem in LATEST
    for control in theorem.controls
]
NEEDED = [
    pytest.param(theorem, hypothesis, id=f"{theorem.ref}-{hypothesis.id}")
    for theorem in LATEST
    for hypothesis in theorem.hypotheses
    if hypothesis.breaks_with is not None
]


@pytest.mark.parametrize(("theorem", "control"), CONTROLS)
def test_the_control_breaks_the_claim(theorem: Theorem, control: Control) -> None:
    experiment = experiments_for(theorem, (), None)[0]
    row = outcome(theorem, control, experiment, finder.theorem)
    assert row.finding.verdict is Verdict.VIOLATED, row.finding


@pytest.mark.parametrize(("theorem", "hypothesis"), NEEDED)
def test_a_claim_breaks_without_the_hypothesis(theorem: Theorem, hypothesis: object) -> None:
    experiment = experiments_for(theorem, (), None)[0]
    found = []
    for claim in theorem.claims:
        control = Control(
            id=f"without {hypothesis.id}",
            claim=claim.id,
            drop=hypothesis.id,
            configuration=hypothesis.breaks_with,
        )
        found.append(outcome(theorem, control, experiment, finder.theorem).finding.verdict)
    assert Verdict.VIOLATED in found


@pytest.mark.parametrize("theorem", LATEST, ids=lambda theorem: theorem.ref)
def test_every_theorem_has_a_control(theorem: Theorem) -> None:
    assert theorem.controls


def test_a_control_that_changes_nothing_does_not_break() -> None:
    theorem = finder.theorem("xu25_thm31_local_descent_pl")
    control = next(one for one in theorem.controls if one.replace)
    (symbol,) = list(control.replace)[:1]
    idle = dataclasses.replace(control, replace={symbol: symbol})
    experiment = experiments_for(theorem, (), None)[0]
    row = outcome(theorem, idle, experiment, finder.theorem)
    assert row.finding.verdict is not Verdict.VIOLATED

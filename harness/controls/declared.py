"""Controls: changes that must break a claim, the proof that its check can fail."""

from __future__ import annotations

import dataclasses

from harness.judging.row import Row
from harness.running.configuration import completed
from harness.running.jobs import run_task
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.vocabulary.definition import substituted
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Control, Theorem


def altered(theorem: Theorem, control: Control) -> Theorem:
    """The theorem with one claim: changed as the control says, or with a hypothesis ignored.

    Replacements touch the claim alone: step sizes and hypotheses stay the theorem's own.
    """
    claim = theorem.claim(control.claim)
    if control.replace:
        statement = substituted(claim.statement, dict(control.replace))
        claim = dataclasses.replace(claim, statement=statement)
    kept = tuple(one for one in theorem.hypotheses if one.id != control.drop)
    return dataclasses.replace(theorem, claims=(claim,), hypotheses=kept)


def outcome(
    theorem: Theorem,
    control: Control,
    experiment: Experiment,
    lookup: Lookup,
) -> Row:
    """The row of the altered theorem on the control's configuration; it should be violated."""

    configuration = completed(experiment, theorem, dict(control.configuration))
    (row,) = run_task(Task(altered(theorem, control), experiment, (configuration,)), lookup)
    return row

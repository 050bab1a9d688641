"""Controls: changes that must break a claim, the proof that its check can fail."""

from __future__ import annotations

import dataclasses

from harness.judging.chance import corrected
from harness.judging.row import Row
from harness.running.configuration import completed
from harness.running.jobs import run_task
from harness.running.replicated import about_chance, replicate_count
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.sampling.plan import PROFILES
from harness.vocabulary.definition import substituted
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.kinds import Law, Probability, changed
from harness.vocabulary.theorem import Control, Theorem


def altered(theorem: Theorem, control: Control) -> Theorem:
    """The theorem with one claim: changed as the control says, or with a hypothesis ignored.

    Replacements touch the claim alone: step sizes and hypotheses stay the theorem's own.
    """
    claim = theorem.claim(control.claim)
    if control.replace:
        kind, statement = claim.kind, substituted(claim.statement, dict(control.replace))
        # what is stated of a mean's spread stays true
        if isinstance(kind, Law | Probability):
            kind = changed(kind, lambda one: substituted(one, dict(control.replace)))
        claim = dataclasses.replace(claim, statement=statement, kind=kind)
    kept = tuple(one for one in theorem.hypotheses if one.id != control.drop)
    return dataclasses.replace(theorem, claims=(claim,), hypotheses=kept)


def outcome(
    theorem: Theorem,
    control: Control,
    experiment: Experiment,
    lookup: Lookup,
) -> Row:
    """The row of the altered theorem on the control's configuration; it should be violated.

    A claim about chance is judged on as many runs as at the profile “standard”.
    """
    weaker = altered(theorem, control)
    configuration = completed(experiment, theorem, dict(control.configuration))
    power = PROFILES["standard"].chance_power
    runs = replicate_count(weaker, experiment, configuration, power) if about_chance(weaker) else 0
    (row,) = corrected(run_task(Task(weaker, experiment, (configuration,), runs), lookup))
    return row

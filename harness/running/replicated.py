"""Runs one configuration under many seeds and judges claims about chance on all of them."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any

from harness.errors import UsageError
from harness.expressions.evaluator import Evaluator, MissingSymbol
from harness.expressions.interval_algebra import IntervalAlgebra
from harness.judging.chance import (
    MEAN_REPLICATES,
    judge_mean,
    judge_probability,
    replicates_for,
)
from harness.judging.row import Finding
from harness.running.values import fixed_values
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.kinds import Expectation, Probability
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict


def about_chance(theorem: Theorem) -> bool:
    """Whether any claim speaks of a probability or an expectation."""
    return any(isinstance(claim.kind, Probability | Expectation) for claim in theorem.claims)


def replicate_count(
    theorem: Theorem, experiment: Experiment, configuration: Mapping[str, Any], power: float
) -> int:
    """How many seeds the configuration is run under, known before the first run."""
    counts = [1]
    for claim in theorem.claims:
        if isinstance(claim.kind, Probability):
            counts.append(replicates_for(_delta(claim, theorem, experiment, configuration), power))
        elif isinstance(claim.kind, Expectation):
            counts.append(MEAN_REPLICATES)
    return max(counts)


def over_replicates(
    claim: Claim,
    findings: list[Finding],
    theorem: Theorem,
    experiment: Experiment,
    configuration: Mapping[str, Any],
) -> Finding:
    """The finding of one claim from those of all replicates."""
    if isinstance(claim.kind, Probability):
        return judge_probability(findings, _delta(claim, theorem, experiment, configuration))
    if isinstance(claim.kind, Expectation):
        return judge_mean(findings, claim.sense)
    order = [Verdict.BROKEN, Verdict.VIOLATED, Verdict.UNDECIDED, Verdict.HELD]
    rank = {verdict: index for index, verdict in enumerate(order)}
    worst = min(findings, key=lambda one: rank.get(one.verdict, len(order)))
    return dataclasses.replace(worst, samples=len(findings))


def replicates(configuration: Mapping[str, Any], label: str, count: int) -> list[dict[str, Any]]:
    """The same configuration under ``count`` seeds of its own, none chosen by any search."""
    fresh = []
    for index in range(count):
        text = f"{label}|{index}".encode()
        seed = int.from_bytes(hashlib.sha256(text).digest()[:4], "big")
        fresh.append({**configuration, "seed": seed})
    return fresh


def _delta(
    claim: Claim, theorem: Theorem, experiment: Experiment, configuration: Mapping[str, Any]
) -> float:
    assert isinstance(claim.kind, Probability)
    evaluate = Evaluator(IntervalAlgebra(), fixed_values(theorem, experiment, [configuration]))
    try:
        value = evaluate(claim.kind.delta)
    except MissingSymbol as error:
        raise UsageError(
            f"{theorem.ref}, claim “{claim.id}”: delta must follow from the configuration ({error})."
        ) from error
    return float(value.hi.reshape(-1)[0])

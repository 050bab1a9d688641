"""Claims about chance: how many runs they take, under which seeds, and who judges them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy

from harness.errors import UsageError
from harness.expressions.distribution import levels
from harness.expressions.evaluator import Evaluator, MissingSymbol
from harness.expressions.interval import Interval
from harness.expressions.interval_algebra import IntervalAlgebra
from harness.judging.chance import MAX_REPLICATES, judge_probability, replicates_for, usable
from harness.judging.laws import judge_law, law_replicates
from harness.judging.means import Facts, judge_mean, mean_replicates
from harness.judging.row import Finding
from harness.running.configuration import completed
from harness.running.seeds import replicates
from harness.running.values import fixed_values
from harness.vocabulary.definition import latest, symbols_in
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.kinds import Chance, Expectation, Exponent, Law, Probability
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict

Configuration = Mapping[str, Any]

ROUNDED = 2.0**-40
"""Relative rounding that a mean may have, as a standard deviation, where nothing varies."""


def about_chance(theorem: Theorem) -> bool:
    """Whether any claim is judged on many runs of one configuration."""
    return any(isinstance(claim.kind, Chance) for claim in theorem.claims)


def refuse_moving(theorem: Theorem, experiment: Experiment) -> None:
    """UsageError for a mean or an exponent of something that changes during a run.

    The step of each run would be chosen by looking at it.
    """
    for claim in theorem.claims:
        moving = experiment.trajectory and latest(symbols_in(claim.quantity)).varies
        if moving and isinstance(claim.kind, Chance) and not isinstance(claim.kind, Probability):
            raise UsageError(
                f"{theorem.ref}, claim “{claim.id}”: {claim.quantity} changes during a run; say at "
                "which step it is meant, as in loss.at(10)."
            )


def replicate_count(
    theorem: Theorem, experiment: Experiment, configuration: Configuration, power: float
) -> int:
    """How many seeds the configuration is run under, known before the first run."""
    counts = [1]
    for claim in theorem.claims:
        if isinstance(claim.kind, Probability):
            _, delta = _share(claim, theorem, experiment, configuration)
            counts.append(replicates_for(float(delta), power))
        elif isinstance(claim.kind, Expectation):
            facts = _facts(claim, theorem, experiment, configuration)
            bound = _bound(claim, theorem, experiment, configuration)
            counts.append(mean_replicates(bound, facts, power))
        elif isinstance(claim.kind, Law):
            _levels(claim, [], theorem, experiment, configuration)
            counts.append(law_replicates(claim.kind.resolution, power))
        elif isinstance(claim.kind, Exponent):
            scaled(claim, theorem, experiment, configuration)
            counts.append(claim.kind.replicates)
    return min(max(counts), MAX_REPLICATES)


def scaled(
    claim: Claim, theorem: Theorem, experiment: Experiment, configuration: Configuration
) -> list[dict[str, Any]]:
    """The configuration at each value of the exponent's variable; UsageError outside its axis."""
    assert isinstance(claim.kind, Exponent)
    name = claim.kind.variable.name
    experiment.axis(name)
    return [
        completed(experiment, theorem, {**configuration, name: value})
        for value in claim.kind.values
    ]


def seeded(
    theorem: Theorem, experiment: Experiment, configuration: Configuration, count: int
) -> list[dict[str, Any]]:
    """The configuration under ``count`` seeds of its own."""
    return replicates(configuration, count, 0, theorem.fingerprint, experiment.id)


def scaled_and_seeded(
    claim: Claim, theorem: Theorem, experiment: Experiment, configuration: Configuration, count: int
) -> list[list[dict[str, Any]]]:
    """At each value of the exponent's variable, ``count`` seeds that no other value has."""
    label = theorem.fingerprint, experiment.id, claim.id
    return [
        replicates(one, count, index * count, *label)
        for index, one in enumerate(scaled(claim, theorem, experiment, configuration))
    ]


def over_replicates(
    claim: Claim,
    findings: Sequence[Finding],
    theorem: Theorem,
    experiment: Experiment,
    configuration: Configuration,
) -> Finding:
    """The finding of one claim from those of all replicates."""
    if isinstance(claim.kind, Probability):
        least, delta = _share(claim, theorem, experiment, configuration)
        return usable(findings, lambda spoken: judge_probability(spoken, delta, least))
    if isinstance(claim.kind, Expectation):
        facts = _facts(claim, theorem, experiment, configuration)
        return usable(findings, lambda spoken: judge_mean(spoken, claim.sense, facts))
    if isinstance(claim.kind, Law):
        resolution = claim.kind.resolution

        def judge(spoken: Sequence[Finding]) -> Finding:
            found = _levels(claim, spoken, theorem, experiment, configuration)
            return judge_law(spoken, found, resolution)

        return usable(findings, judge)
    order = [Verdict.BROKEN, Verdict.VIOLATED, Verdict.UNDECIDED, Verdict.HELD]
    rank = {verdict: index for index, verdict in enumerate(order)}
    worst = min(findings, key=lambda one: rank.get(one.verdict, len(order)))
    return worst._replace(samples=len(findings))


def _levels(
    claim: Claim,
    findings: Sequence[Finding],
    theorem: Theorem,
    experiment: Experiment,
    configuration: Configuration,
) -> Any:
    """The claimed distribution function at the value of each finding."""
    assert isinstance(claim.kind, Law)
    known = fixed_values(theorem, experiment, [configuration])
    values = {one: _middle(found) for one, found in known.items()}
    try:
        return levels(claim.kind.cdf, claim.bound, [one.value for one in findings], values)
    except MissingSymbol as error:
        raise UsageError(
            f"{theorem.ref}, claim “{claim.id}”: cdf must follow from the configuration ({error})."
        ) from error


def _share(
    claim: Claim, theorem: Theorem, experiment: Experiment, configuration: Configuration
) -> tuple[Fraction, Fraction]:
    """Both ends of the allowed share of failures; equal where the theorem gives a rational."""
    assert isinstance(claim.kind, Probability)
    delta = sympy.sympify(claim.kind.delta)
    if isinstance(delta, sympy.Rational):
        exact = Fraction(int(delta.p), int(delta.q))
        return exact, exact
    found = _known(claim, "delta", delta, theorem, experiment, configuration)
    return Fraction(_end(found.lo)), Fraction(_end(found.hi))


def _facts(
    claim: Claim, theorem: Theorem, experiment: Experiment, configuration: Configuration
) -> Facts:
    """The stated range and moments, rounded to the safe side."""
    kind = claim.kind
    assert isinstance(kind, Expectation)

    def known(name: str) -> Interval | None:
        one = getattr(kind, name)
        if one is None:
            return None
        return _known(claim, name, sympy.sympify(one), theorem, experiment, configuration)

    ends = {name: known(name) for name in ("lower", "upper", "second_moment", "variance")}
    given = {
        name: _end(found.lo if name == "lower" else found.hi)
        for name, found in ends.items()
        if found is not None
    }
    for name in given.keys() & {"second_moment", "variance"}:
        if not given[name] >= 0:
            raise UsageError(
                f"{theorem.ref}, claim “{claim.id}”: {name} = {given[name]:g} must not be negative."
            )
        if given[name] == 0:
            # a constant, up to its rounding
            bound = abs(_bound(claim, theorem, experiment, configuration))
            given[name] = (ROUNDED * (bound if 0 < bound < math.inf else 1.0)) ** 2
    return Facts(**{"lower": None, **given}, resolution=kind.resolution)


def _bound(
    claim: Claim, theorem: Theorem, experiment: Experiment, configuration: Configuration
) -> float:
    """The claimed mean; NaN where it depends on the runs."""
    try:
        return _middle(_value(claim.bound, theorem, experiment, configuration))
    except MissingSymbol:
        return math.nan


def _known(
    claim: Claim,
    name: str,
    expression: sympy.Expr,
    theorem: Theorem,
    experiment: Experiment,
    configuration: Configuration,
) -> Interval:
    try:
        found = _value(expression, theorem, experiment, configuration)
    except MissingSymbol as error:
        raise UsageError(
            f"{theorem.ref}, claim “{claim.id}”: {name} must follow from the configuration ({error})."
        ) from error
    if not (math.isfinite(_end(found.lo)) and math.isfinite(_end(found.hi))):
        raise UsageError(f"{theorem.ref}, claim “{claim.id}”: {name} is not a finite number.")
    return found


def _value(
    expression: sympy.Expr, theorem: Theorem, experiment: Experiment, configuration: Configuration
) -> Interval:
    evaluate = Evaluator(IntervalAlgebra(), fixed_values(theorem, experiment, [configuration]))
    found: Interval = evaluate(expression)
    return found


def _end(side: Any) -> float:
    return float(side.reshape(-1)[0])


def _middle(value: Interval) -> float:
    return _end(value.lo) / 2 + _end(value.hi) / 2

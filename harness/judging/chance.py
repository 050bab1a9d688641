"""Judges claims about chance from many runs of one configuration; n is fixed beforehand.

Probability: the share of runs outside the bound against delta, by the exact binomial law.
Expectation: the mean against the bound, by an e-value that needs nonnegative samples only. The
p-values of a whole run are then corrected together (Holm), so that many true claims do not add up
to a false alarm.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from harness.judging.row import Finding, Row
from harness.judging.statistics import (
    binomial_p_value,
    holm,
    mean_evalue,
    runs_needed,
    runs_to_support,
    upper_confidence,
)
from harness.vocabulary.verdict import Verdict

LEVEL = 0.01
"""Chance that a whole run calls any true claim violated, and error of each "held"."""
PLANNING_LEVEL = 0.001
"""Level at which the number of runs is planned, so that power survives the correction."""
MAX_REPLICATES = 20_000
MEAN_REPLICATES = 1_000


def replicates_for(delta: float, power: float) -> int:
    """Runs that find a failure share of twice delta with the given power, and support half of it.

    Bounds that are nearer to the truth than a factor of two may stay undecided.
    """
    if not 0 < delta < 1:
        return 1
    alternative = min(2 * delta, (1 + delta) / 2)
    wanted = max(
        runs_needed(delta, alternative, PLANNING_LEVEL, power), runs_to_support(delta, LEVEL)
    )
    while (
        wanted < MAX_REPLICATES
        and upper_confidence(math.ceil(wanted * delta / 2), wanted, LEVEL) > delta
    ):
        wanted += wanted // 4 + 1
    return min(wanted, MAX_REPLICATES)


def judge_probability(findings: Sequence[Finding], delta: float) -> Finding:
    """One finding from the replicates: value = failure share, bound = delta."""
    usable = [one for one in findings if one.verdict is not Verdict.VOID]
    if (odd := _unusable(findings, usable)) is not None:
        return odd
    runs = len(usable)
    failures = sum(one.verdict is Verdict.VIOLATED for one in usable)
    unclear = sum(one.verdict is Verdict.UNDECIDED for one in usable)
    share = failures / runs
    above = upper_confidence(failures + unclear, runs, LEVEL)
    supported = above <= delta
    return Finding(
        verdict=_vacuous_or(delta >= 1, Verdict.HELD if supported else Verdict.UNDECIDED),
        value=share,
        bound=delta,
        ratio=share / delta if delta > 0 else math.nan,
        margin=delta - share,
        rule="statistics",
        judged=runs,
        samples=runs,
        confidence=1 - LEVEL,
        p_value=binomial_p_value(failures, runs, delta) if delta < 1 else 1.0,
        reason=f"at most {above:.3g} of runs fail, with confidence {1 - LEVEL:g}",
    )


def judge_mean(findings: Sequence[Finding], sense: str) -> Finding:
    """One finding from the replicates: value = mean, bound = the stated mean.

    Only "at most" can be refuted without a moment bound, and then only for nonnegative values.
    """
    usable = [one for one in findings if one.verdict is not Verdict.VOID]
    if (odd := _unusable(findings, usable)) is not None:
        return odd
    samples = [one.value for one in usable]
    bound = usable[0].bound
    mean = math.fsum(samples) / len(samples)
    finding = Finding(
        verdict=Verdict.UNDECIDED,
        value=mean,
        bound=bound,
        ratio=mean / bound if bound > 0 else math.nan,
        margin=bound - mean if sense == "<=" else mean - bound,
        rule="statistics",
        judged=len(samples),
        samples=len(samples),
        confidence=1 - LEVEL,
        reason=f"not refuted by the mean of {len(samples)} runs; support needs a moment bound",
    )
    if not all(map(math.isfinite, (bound, *samples))):
        return dataclasses.replace(finding, reason="rounding leaves some sample or its bound open")
    if sense != "<=" or min(samples) < 0 or bound <= 0 or len({one.bound for one in usable}) > 1:
        reason = "only E[X] <= b with X >= 0 and b > 0 fixed can be refuted without a moment bound"
        return dataclasses.replace(finding, reason=reason)
    return dataclasses.replace(finding, p_value=min(1.0, 1 / mean_evalue(samples, bound)))


def corrected(rows: Sequence[Row]) -> list[Row]:
    """The rows with the violations that survive Holm's correction over the whole run."""
    chance = [index for index, row in enumerate(rows) if not math.isnan(row.finding.p_value)]
    rejected = holm([rows[index].finding.p_value for index in chance], LEVEL)
    result = list(rows)
    for index, refuted in zip(chance, rejected, strict=True):
        if refuted:
            finding = result[index].finding
            reason = f"p = {finding.p_value:.3g}, corrected over {len(chance)} chance claims"
            violated = dataclasses.replace(finding, verdict=Verdict.VIOLATED, reason=reason)
            result[index] = dataclasses.replace(result[index], finding=violated)
    return result


def _unusable(findings: Sequence[Finding], usable: Sequence[Finding]) -> Finding | None:
    broken = next((one for one in findings if one.verdict is Verdict.BROKEN), None)
    if broken is not None:
        return broken
    return findings[0] if not usable else None


def _vacuous_or(vacuous: bool, verdict: Verdict) -> Verdict:
    return Verdict.VACUOUS if vacuous else verdict

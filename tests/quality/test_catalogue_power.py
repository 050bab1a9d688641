"""The sharpening that a summary reports is the one that a check would really have caught.

Each claim is stated again with its guarantee multiplied by a factor: the room below the trivial
value where there is one, else the bound itself. Just above the reported factor the same rows must
refute it, just below none of them may. Claims about chance are left out: another statement has other dice.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping

import pytest
import sympy

from harness.discovery import finder
from harness.judging.row import Finding
from harness.options import Options
from harness.report import Report
from harness.running.replicated import about_chance
from harness.sampling.plan import PROFILES
from harness.session import check, experiments_for
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict
from tests.quality.effort import EFFORT

LATEST = list({one.id: finder.theorem(one.ref) for one in finder.installed().theorems}.values())
TRAINED = {"peak_from_above", "peak_from_below"}
"""Balls would have to train a network for each violation: a minute, left to the full effort."""
NEARLY = 1e-3
FACTORS = (1.5, 2.0, 3.0)
QUICK = PROFILES["quick"].draws


def sharpened(claim: Claim, factor: float) -> Claim:
    """The claim with its guarantee ``factor`` times as strong."""
    scale = sympy.Rational(factor)
    if claim.trivial is not None:
        bound = claim.trivial + scale * (claim.bound - claim.trivial)
    else:
        bound = claim.bound * scale if claim.sense in (">=", ">") else claim.bound / scale
    return dataclasses.replace(claim, statement=claim.statement.func(claim.quantity, bound))


def stated(theorem: Theorem, factors: Mapping[str, float]) -> Theorem:
    """The theorem with these claims sharpened, each by its factor."""
    claims = (
        sharpened(one, factors[one.id]) if one.id in factors else one for one in theorem.claims
    )
    return dataclasses.replace(theorem, claims=tuple(claims))


def hidden(report: Report, tightest: Mapping[str, str]) -> set[str]:
    """Claims whose tightest configuration now counts as an equality: within 1e-12 of the bound."""
    equal = {(r.claim, r.configuration) for r in report.rows if r.finding.rule == "equality"}
    return {name for name, configuration in tightest.items() if (name, configuration) in equal}


def tightness(finding: Finding) -> float:
    """What the summary takes the largest of."""
    found = finding.ratio if math.isnan(finding.progress) else finding.progress
    return -math.inf if math.isnan(found) else found


def refuted(report: Report, rows: Mapping[str, frozenset[str]]) -> set[str]:
    """Claims violated on a configuration among those given for them."""
    return {one.claim for one in report.violations if one.configuration in rows.get(one.claim, ())}


@pytest.mark.parametrize(
    "theorem",
    [
        one
        for one in LATEST
        if any(claim.sense != "==" for claim in one.claims)
        and not about_chance(one)
        and (EFFORT > 1 or one.id not in TRAINED)
    ],
    ids=lambda theorem: theorem.ref,
)
def test_the_reported_sharpening_is_the_one_that_refutes(
    theorem: Theorem,
    effort: int,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    draws = QUICK if effort > 1 else QUICK // 16
    profile = dataclasses.replace(PROFILES["quick"], draws=draws)
    monkeypatch.setitem(PROFILES, "quick", profile)
    options = Options(seed=effort, experiment=experiments_for(theorem, (), None)[0].id)
    # an equality is refuted by a factor on either side
    bounds = tuple(one for one in theorem.claims if one.sense != "==")
    theorem = dataclasses.replace(theorem, claims=bounds, controls=())
    plain = check(theorem, options=options)
    reported = {
        one.claim: one.smallest_sharpening
        for one in plain.summaries()
        if math.isfinite(one.smallest_sharpening)
    }
    rows = {
        name: frozenset(
            row.configuration
            for row in plain.rows
            if row.claim == name and row.finding.verdict is Verdict.HELD
        )
        for name in reported
    }
    tightest = {
        name: max(
            (row for row in plain.rows if row.claim == name and row.configuration in rows[name]),
            key=lambda row: tightness(row.finding),
        ).configuration
        for name in reported
    }
    above = {name: factor * (1 + NEARLY) for name, factor in reported.items()}
    below = {name: factor * (1 - NEARLY) for name, factor in reported.items()}
    stronger = check(stated(theorem, above), options=options)
    masked = hidden(stronger, tightest) - refuted(stronger, rows)
    assert refuted(stronger, rows) | masked == set(reported)
    assert refuted(check(stated(theorem, below), options=options), rows) == set()
    told = [f"{len(reported)} of {len(theorem.claims)} claims held on {draws} draws"]
    if masked:
        told.append(f"{len(masked)} tightest within 1e-12 of equality, where nothing is refuted")
    for factor in FACTORS if effort > 1 else ():
        everywhere = dict.fromkeys(reported, factor)
        found = refuted(check(stated(theorem, everywhere), options=options), rows)
        least = {name for name, one in reported.items() if one * (1 + NEARLY) < factor}
        assert found >= least - masked
        told.append(f"{len(found)} refuted when {factor:g} times as strong")
    record_property("figure", f"sharpening, {theorem.ref}: " + "; ".join(told))

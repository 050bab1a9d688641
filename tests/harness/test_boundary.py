"""Cases at the boundary of an experiment: run in every check, told apart, never against a pin."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from harness import (
    Claim,
    Probability,
    Theorem,
    UsageError,
    Verdict,
    check,
    experiment,
    integers,
    symbol,
)
from harness.report import Report
from harness.session import Options
from harness.vocabulary.experiment import Experiment

n = symbol("n", "size", "configuration")
k = symbol("k", "second size", "configuration")
x = symbol("x", "measured", "run")


@experiment(emits=[n, k, x], n=integers(1, 1000), k=integers(0, 1000))
def plain(n: int, k: int) -> dict[Any, Any]:
    return {x: (float(n), 0.0)}


CASES = ({"n": 1, "k": 0}, {"n": 999, "k": 1})
EDGED = dataclasses.replace(plain, boundary=CASES)


def law(claim: Claim) -> Theorem:
    return Theorem(title="Law", id="law", claims=[claim])


FALSE_AT_ONE = law(Claim("c", x >= 2, expected=Verdict.VIOLATED, because="n may be 1"))


def origins(report: Report) -> list[str]:
    return [report.origin(row) for row in report.rows]


def checked(theorem: Theorem, edged: Experiment = EDGED, **fixed: Any) -> Report:
    return check(theorem, experiments=[edged], options=Options(fixed=fixed, experiment="plain"))


def test_boundary_cases_come_after_witnesses_and_before_draws() -> None:
    witnessed = law(dataclasses.replace(FALSE_AT_ONE.claims[0], witness={"n": 1, "k": 7}))
    found = origins(checked(witnessed))
    assert found[:4] == ["witness", "boundary", "boundary", "draw"]
    assert set(found[4:]) == {"draw"}


def test_the_rows_of_boundary_cases_are_those_declared() -> None:
    report = checked(law(Claim("c", x <= n)))
    rows = [json.loads(row.configuration) for row in report.rows]
    assert rows[:2] == [*CASES]
    assert [one["origin"] for one in report.to_dicts()][:3] == ["boundary", "boundary", "draw"]


def test_a_violation_at_the_boundary_is_not_one_found_by_sampling() -> None:
    (summary,) = checked(FALSE_AT_ONE).summaries()
    drawn_too = sum(json.loads(r.configuration)["n"] == 1 for r in checked(FALSE_AT_ONE).rows) - 1
    assert summary.counts[Verdict.VIOLATED] == 1 + drawn_too
    assert summary.unaided == drawn_too


def test_what_is_pinned_silences_the_cases_that_contradict_it() -> None:
    both = checked(law(Claim("c", x <= n)), k=0)
    assert origins(both).count("boundary") == 1
    assert {json.loads(row.configuration)["k"] for row in both.rows} == {0}
    assert "boundary" not in origins(checked(law(Claim("c", x <= n)), n=5))


def test_a_given_configuration_is_run_alone() -> None:
    options = Options(configuration={"n": 1, "k": 0}, experiment="plain")
    report = check(law(Claim("c", x <= n)), experiments=[EDGED], options=options)
    assert origins(report) == ["given"]


def test_claims_about_chance_have_no_boundary_cases(few: Any) -> None:
    few(3)

    @experiment(emits=[n, x], n=integers(1, 3))
    def chancy(n: int, rng: Any) -> dict[Any, Any]:
        return {x: rng.random()}

    claim = Claim("c", x <= 0.99, kind=Probability(0.5, "rng"))
    edged = dataclasses.replace(chancy, boundary=({"n": 1},))
    options = Options(experiment="chancy")
    assert set(origins(check(law(claim), experiments=[edged], options=options))) == {"draw"}


def test_a_case_that_the_experiment_itself_refuses_is_an_error() -> None:
    wrong = dataclasses.replace(plain, boundary=({"n": 0, "k": 0},))
    with pytest.raises(UsageError, match="n=0"):
        checked(law(Claim("c", x <= n)), wrong)

"""The Python entry: records or selectors in, a report out, several processes or one."""

from __future__ import annotations

import math
from typing import Any

import pytest

from harness import (
    Claim,
    Definition,
    Hypothesis,
    Theorem,
    UsageError,
    Verdict,
    check,
    experiment,
    integers,
)
from harness import symbol as declared
from harness.sampling.registration import Registered
from harness.session import Options
from harness.vocabulary.experiment import Experiment

n = declared("n", "size", "configuration")
x = declared("x", "measured", "run")


def lab(name: str = "lab") -> Experiment:
    @experiment(emits=[n, x], n=integers(1, 6))
    def made(n: int) -> dict[Any, Any]:
        return {x: (float(n), 0.0)}

    import dataclasses

    return dataclasses.replace(made, id=name)


def law(claim: Any = None, **more: Any) -> Theorem:
    return Theorem(
        title="Law", id="law", claims=[Claim("c", x <= n if claim is None else claim)], **more
    )


def test_a_record_is_checked_on_the_experiment_given() -> None:
    report = check(law(), experiments=[lab()])
    assert report.exit_code == 0
    assert {row.experiment for row in report.rows} == {"lab"}
    (summary,) = report.summaries()
    assert (summary.verdict, summary.checks) == (Verdict.HELD, len(report.rows))
    assert summary.tightest_ratio == summary.median_ratio == 1.0


def test_zero_against_zero_is_no_sign_of_a_tight_bound() -> None:
    (summary,) = check(law(x - n <= 0), experiments=[lab()]).summaries()
    assert summary.verdict is Verdict.HELD
    assert math.isnan(summary.tightest_ratio)


def test_all_experiments_that_fit_are_run_unless_one_is_named() -> None:
    labs = [lab(name="one"), lab(name="two")]
    both = check(law(), experiments=labs)
    assert {row.experiment for row in both.rows} == {"one", "two"}
    named = check(law(), experiments=labs, options=Options(experiment="two"))
    assert {row.experiment for row in named.rows} == {"two"}


def test_nothing_runs_when_the_input_is_bad() -> None:
    started: list[Registered] = []
    for options, expected in (
        (Options(profile="lavish"), "lavish"),
        (Options(experiment="nowhere"), "nowhere"),
        (Options(fixed={"m": 1}), "no axis “m”"),
        (Options(configuration={"n": 7}), "n=7"),
    ):
        with pytest.raises(UsageError, match=expected):
            check(law(), experiments=[lab()], options=options, before=started.append)
    assert not started


def test_a_record_with_two_meanings_of_one_name_is_refused() -> None:
    claims = [Claim(str(i), x <= n + Definition("d", i * n)) for i in (1, 2)]
    with pytest.raises(UsageError, match="d has two different definitions"):
        check(Theorem(title="T", claims=claims), experiments=[lab()])


def test_the_plan_is_told_before_and_the_progress_along_the_way() -> None:
    plans: list[Registered] = []
    told: list[tuple[int, int, str]] = []
    report = check(
        law(), experiments=[lab()], before=plans.append,
        progress=lambda done, total, what: told.append((done, total, what)),
    )  # fmt: skip
    (plan,) = plans
    planned = plan.configurations
    assert planned == [row.configuration for row in report.rows]
    assert told[-1] == (len(planned), len(planned), "law@1")


def test_void_rows_lower_the_share_of_hypotheses_met() -> None:
    fixed = Options(configuration={"n": 2})
    strict = law(hypotheses=[Hypothesis("large", "n >= 4", n >= 4)])
    (summary,) = check(strict, experiments=[lab()], options=fixed).summaries()
    assert (summary.hypotheses_met, summary.verdict) == (0.0, Verdict.UNTESTED)


def test_a_violation_found_by_its_witness_alone_is_told_apart() -> None:
    witnessed = Theorem(
        title="W",
        id="w",
        hypotheses=[Hypothesis("small", "n <= 5", n <= 5)],
        claims=[
            Claim("c", x <= 4, expected=Verdict.VIOLATED, because="n may be 5", witness={"n": 5})
        ],
    )
    report = check(witnessed, experiments=[lab()])
    (summary,) = report.summaries()
    assert (summary.verdict, summary.unaided) == (Verdict.VIOLATED, 0)
    assert {one["origin"] for one in report.to_dicts(report.violations)} == {"witness"}
    assert report.exit_code == 0


def test_controls_of_a_theorem_are_no_part_of_its_check() -> None:
    assert len(check(law(), experiments=[lab()]).summaries()) == 1

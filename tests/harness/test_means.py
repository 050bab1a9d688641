"""Means: what refutes, what supports, what is refused, and how many runs that takes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from harness.judging.chance import corrected
from harness.judging.means import MEAN_REPLICATES, Facts, judge_mean, mean_replicates
from harness.judging.row import Finding, Row
from harness.vocabulary.verdict import Verdict

HELD, VIOLATED, UNDECIDED = Verdict.HELD, Verdict.VIOLATED, Verdict.UNDECIDED
NONE = Facts()
TWO = Facts(second_moment=2.0)


def samples(mean: float, runs: int = 8000) -> list[float]:
    """Quantiles of an exponential law: E X^2 = 2 mean^2."""
    return [-mean * math.log(1 - (k + 0.5) / runs) for k in range(runs)]


def judged(values: list[float], sense: str, facts: Facts = NONE, bound: float = 1.0) -> Finding:
    finding = judge_mean([Finding(HELD, value=x, bound=bound) for x in values], sense, facts)
    row = Row(
        theorem="t", version=1, reading="", claim="c", experiment="e", expected=HELD,
        kind="expectation", quantity="x", sense=sense, fingerprint="f", configuration="{}",
        finding=finding,
    )  # fmt: skip
    return corrected([row])[0].finding


@pytest.mark.parametrize(
    ("sense", "mean", "facts", "verdict"),
    [
        ("<=", 1.0, Facts(), UNDECIDED),
        ("<=", 3.0, Facts(), VIOLATED),
        ("<=", 1.0, TWO, HELD),
        ("<=", 3.0, Facts(second_moment=18.0), VIOLATED),
        (">=", 1.0, Facts(), HELD),
        (">=", 1 / 3, Facts(), UNDECIDED),
        (">=", 1 / 3, TWO, VIOLATED),
        (">=", 1 / 3, Facts(variance=1.0), VIOLATED),
        ("==", 1.0, Facts(), UNDECIDED),
        ("==", 1.0, TWO, HELD),
        ("==", 1 / 3, TWO, VIOLATED),
        ("==", 3.0, Facts(second_moment=18.0), VIOLATED),
    ],
)
def test_what_refutes_and_what_supports(
    sense: str, mean: float, facts: Facts, verdict: Verdict
) -> None:
    assert judged(samples(mean), sense, facts).verdict is verdict


def test_a_range_makes_at_least_refutable_and_at_most_supportable() -> None:
    uniform = [(k + 0.5) / 4000 for k in range(4000)]
    known = Facts(upper=1.0)
    assert judged(uniform, ">=", known, 0.75).verdict is VIOLATED
    assert judged(uniform, "<=", known, 0.5).verdict is HELD
    assert judged(uniform, ">=", Facts(), 0.75).verdict is UNDECIDED


def test_values_of_either_sign_need_a_variance() -> None:
    signed = [x - 1.0 for x in samples(1.0)]
    free = Facts(lower=None)
    assert judged([x + 3 for x in signed], "<=", free).verdict is UNDECIDED
    assert "nothing stated" in judged([x + 3 for x in signed], "<=", free).reason
    stated = Facts(lower=None, variance=1.0)
    assert judged([x + 3 for x in signed], "<=", stated).verdict is VIOLATED
    assert judged([x - 1 for x in signed], "<=", stated, -1.0).verdict is HELD
    assert judged([x - 1 for x in signed], "<=", stated, -1.0).reason.startswith("mean <= 0.9 b")


def test_the_reason_says_exactly_what_is_supported() -> None:
    assert judged(samples(1.0), "<=", TWO).reason == "mean <= 1.1 b with confidence 0.99"
    assert judged(samples(1.0), ">=").reason == "mean >= 0.9 b with confidence 0.99"
    both = judged(samples(1.0), "==", TWO)
    assert both.reason == "0.9 b <= mean <= 1.1 b with confidence 0.99"
    coarse = Facts(second_moment=2.0, resolution=0.5)
    assert judged(samples(1.0, 1000), "<=", coarse).reason.startswith("mean <= 1.5 b")


def test_a_mean_at_the_end_of_the_resolution_is_not_supported() -> None:
    assert judged(samples(1.1), "<=", Facts(second_moment=3.0)).verdict is not HELD
    assert judged(samples(0.9), ">=").verdict is not HELD


def test_at_least_without_a_moment_is_refused_with_the_reason() -> None:
    found = judged(samples(0.2), ">=")
    assert found.verdict is UNDECIDED
    assert math.isnan(found.p_value)
    assert "rare huge values" in found.reason


@pytest.mark.parametrize(
    ("values", "facts", "expected"),
    [
        ([2.0] * 99 + [-1.0], Facts(), "below the stated least value 0"),
        ([2.0] * 99 + [5.0], Facts(upper=4.0), "above the stated greatest value 4"),
    ],
)
def test_what_contradicts_the_stated_range_decides_nothing(
    values: list[float], facts: Facts, expected: str
) -> None:
    found = judged(values, "<=", facts)
    assert found.verdict is UNDECIDED
    assert expected in found.reason


def test_a_random_bound_is_refused() -> None:
    findings = [Finding(HELD, value=9.0, bound=1.0 + k) for k in range(100)]
    found = judge_mean(findings, "<=")
    assert found.verdict is UNDECIDED
    assert math.isnan(found.p_value)


def test_a_bound_of_zero_has_no_relative_resolution() -> None:
    facts = Facts(lower=None, variance=1.0)
    assert judged([-1.0, 1.0] * 2000, "<=", facts, 0.0).verdict is UNDECIDED
    assert judged([0.0, 1.0] * 2000, "<=", facts, 0.0).verdict is VIOLATED


@pytest.mark.parametrize("power", [0.5, 0.9])
def test_the_planned_runs_follow_the_formula(power: float) -> None:
    """n = s^2 2 v / (r b)^2, s the root of 3/4 s^2 - z sqrt(2) s = log(18 / alpha)."""
    planned = mean_replicates(2.0, Facts(second_moment=8.0), power)
    assert planned == mean_replicates(1.0, Facts(variance=2.0), power)
    s = math.sqrt(planned * 0.01 / 4)
    from scipy.stats import norm

    z = float(norm.ppf((1 + power) / 2))
    assert 0.75 * s * s - z * math.sqrt(2) * s == pytest.approx(math.log(1800), rel=1e-3)
    assert mean_replicates(1.0, Facts(), power) == MEAN_REPLICATES
    assert mean_replicates(0.0, TWO, power) == MEAN_REPLICATES
    assert mean_replicates(math.nan, Facts(), power) == MEAN_REPLICATES
    # a bound that only the runs tell of
    assert mean_replicates(math.nan, TWO, power) == MEAN_REPLICATES


THEOREM = """
from harness import Claim, Expectation, Theorem, experiment, integers, symbol
n = symbol("n", "draws", "configuration")
x = symbol("x", "exponential number", "run")


@experiment(emits=[n, x], n=integers(1, 5))
def exponential(n, rng):
    return {{x: float(rng.exponential())}}


mine = Theorem(title="M", claims=[Claim("mean", {claim}, kind=Expectation("rng", {moments}))])
"""


@pytest.mark.parametrize(
    ("claim", "moments", "code", "verdict"),
    [
        ("x <= 1", "second_moment=2", 0, "held"),
        ("x <= n / n", "variance=n / n, resolution=0.2", 0, "held"),
        ("x >= 3", "second_moment=18", 1, "violated"),
        ("3 * x <= 1", "", 1, "violated"),
        ("x <= 1", "", 3, "undecided"),
    ],
)
def test_a_claim_about_a_mean_from_end_to_end(
    cli: Any, few: Any, write: Any, table: Any, tmp_path: Any,
    claim: str, moments: str, code: int, verdict: str,
) -> None:  # fmt: skip
    few(1)
    path = write(THEOREM.format(claim=claim, moments=moments), "mean.py")
    assert cli("check", path, "--out", tmp_path / "out").code == code
    (row,) = table(tmp_path / "out" / "checks.csv")
    assert row["verdict"] == verdict


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [("Eq(x, n / 3)", "held"), ("x >= 34 * n / 100", "violated")],
)
def test_a_mean_of_what_does_not_vary_is_judged_up_to_rounding(
    cli: Any, few: Any, write: Any, table: Any, tmp_path: Any, claim: str, verdict: str
) -> None:
    few(1)
    text = THEOREM.format(claim=claim, moments="variance=0 * n")
    text = text.replace("import Claim", "import Claim, Eq").replace(
        "float(rng.exponential())", "n / 3"
    )
    cli("check", write(text, "mean.py"), "--out", tmp_path / "out")
    rows = table(tmp_path / "out" / "checks.csv")
    assert {row["verdict"] for row in rows} == {verdict}


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ("second_moment=-1", "second_moment = -1 must not be negative"),
        ("variance=x", "variance must follow from the configuration"),
        ("variance=1 / (n - n)", "not a finite number"),
        ("resolution=0", "resolution=0: must lie strictly between 0 and 1"),
        ("resolution=1.5", "resolution=1.5"),
    ],
)
def test_moments_that_are_none_are_refused(
    cli: Any, few: Any, write: Any, tmp_path: Any, moments: str, expected: str
) -> None:
    few(1)
    path = write(THEOREM.format(claim="x <= 1", moments=moments), "mean.py")
    found = cli("check", path, "--out", tmp_path / "out")
    assert found.code == 2
    assert expected in found.sentence


def test_a_mean_of_something_that_moves_is_refused(cli: Any, write: Any, tmp_path: Any) -> None:
    path = write(
        "from harness import Claim, Expectation, Theorem\n"
        "from harness.symbols import loss\n"
        "mine = Theorem(title='M', claims=[Claim('c', loss <= 1, kind=Expectation('init'))])\n",
        "moving.py",
    )
    found = cli("check", path, "--out", tmp_path / "out")
    assert found.code == 2
    assert "say at which step it is meant" in found.sentence


def test_another_moment_is_another_statement() -> None:
    from harness import Claim, Expectation, Theorem, symbol

    x = symbol("x", "measured", "run")
    prints = {
        Theorem(title="T", claims=[Claim("c", x <= 1, kind=Expectation("rng", **more))]).fingerprint
        for more in ({}, {"second_moment": 2}, {"second_moment": 3}, {"lower": 1})
    }
    assert len(prints) == 4
    assert np.isfinite([len(one) for one in prints]).all()

"""Exact laws: Kolmogorov's distance and its p-value against scipy, special functions, refusals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import sympy
from scipy import stats

from harness import Claim, Eq, Law, Theorem, Unknown, UsageError, symbol
from harness.expressions.distribution import levels
from harness.judging.laws import judge_law, law_replicates
from harness.judging.row import Finding
from harness.vocabulary.verdict import Verdict

x = Unknown("x")
n = symbol("n", "size", "configuration")
risk = symbol("risk", "measured", "run")


def judged(values: Any, claimed: Any, resolution: float = 0.05) -> Finding:
    findings = [Finding(Verdict.HELD, value=float(one)) for one in values]
    return judge_law(findings, np.asarray(claimed, dtype=float), resolution)


@pytest.mark.parametrize("shift", [0.0, 0.02, 0.2])
def test_the_p_value_is_that_of_the_exact_test(shift: float) -> None:
    values = np.random.default_rng(1).random(300) ** (1 + shift)
    reference = stats.ks_1samp(values, stats.uniform.cdf, method="exact")
    found = judged(values, values)
    assert found.value == pytest.approx(reference.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(reference.pvalue, rel=1e-6)


def test_a_law_is_held_once_the_band_fits_into_the_resolution() -> None:
    """Distance 1/(2n) at the best, plus the 99 % quantile of the exact law."""
    for runs, verdict in ((200, Verdict.UNDECIDED), (2000, Verdict.HELD)):
        values = (np.arange(runs) + 0.5) / runs
        found = judged(values, values)
        assert found.verdict is verdict
        band = 0.5 / runs + stats.kstwo.isf(0.01, runs)
        assert (band <= 0.05) == (verdict is Verdict.HELD)


@pytest.mark.parametrize(
    "odd", [[0.2, math.nan, 0.9], [0.2, 0.5, 1.5], [0.9, 0.5, 0.1], [-0.1, 0, 1]]
)
def test_what_is_no_distribution_function_is_never_held(odd: list[float]) -> None:
    found = judged([1.0, 2.0, 3.0], odd)
    assert found.verdict is Verdict.UNDECIDED
    assert math.isnan(found.p_value)


def test_planned_runs() -> None:
    planned = law_replicates(0.05, 0.9)
    assert planned == pytest.approx((1.6276 + 1.2238) ** 2 / 0.05**2, rel=1e-3)


POINTS = [0.01, 0.3, 0.77, 2.5]


@pytest.mark.parametrize(
    ("cdf", "reference"),
    [
        (sympy.betainc_regularized(n, 2, 0, x), stats.beta(3, 2)),
        (sympy.lowergamma(n / 2, x / 2) / sympy.gamma(n / 2), stats.chi2(3)),
        (1 - sympy.uppergamma(n / 2, x / 2) / sympy.gamma(n / 2), stats.chi2(3)),
        ((1 + sympy.erf((x - n) / sympy.sqrt(2))) / 2, stats.norm(3, 1)),
        (1 - sympy.exp(-n * x), stats.expon(scale=1 / 3)),
    ],
)
def test_special_functions_are_those_of_scipy(cdf: Any, reference: Any) -> None:
    points = [one for one in POINTS if reference.support()[1] > one]
    assert levels(cdf, x, points, {n: 3.0}) == pytest.approx(reference.cdf(points), rel=1e-10)


def test_a_law_is_written_as_an_equality_with_its_unknown() -> None:
    for statement in (risk <= x, Eq(risk, n)):
        with pytest.raises(UsageError, match="write a law as Eq"):
            Claim("c", statement, kind=Law(1 - sympy.exp(-x), over="data"))
    with pytest.raises(UsageError, match="resolution=0"):
        Law(1 - sympy.exp(-x), over="data", resolution=0)


def test_another_law_is_another_statement() -> None:
    prints = {
        Theorem(
            title="T", claims=[Claim("c", Eq(risk, x), kind=Law(1 - sympy.exp(-k * x), "data"))]
        ).fingerprint
        for k in (1, 2, n)
    }
    assert len(prints) == 3


FILE = """
from sympy import Function, exp
mystery = Function("mystery")
from harness import Claim, Eq, Law, Theorem, Unknown, experiment, integers, symbol
n = symbol("n", "draws", "configuration")
least = symbol("least", "least of n exponential numbers", "run")
x = Unknown("x")


@experiment(emits=[n, least], n=integers(1, 9))
def exponential(n, rng):
    return {{least: float(rng.exponential(size=n).min())}}


mine = Theorem(title="M", claims=[Claim("law", Eq(least, x), kind=Law({cdf}, over="rng"))])
"""


@pytest.mark.parametrize(
    ("cdf", "code", "verdict"),
    [
        ("1 - exp(-n * x)", 0, "held"),
        ("1 - exp(-3 * n * x)", 1, "violated"),
        ("n + exp(-x)", 3, "undecided"),
    ],
)
def test_a_law_from_end_to_end(
    cli: Any, few: Any, write: Any, table: Any, tmp_path: Any, cdf: str, code: int, verdict: str
) -> None:
    few(1, power=0.95)
    out = tmp_path / "out"
    assert cli("check", write(FILE.format(cdf=cdf), "law.py"), "--out", out).code == code
    (row,) = table(out / "checks.csv")
    assert (row["verdict"], row["kind"]) == (verdict, "exact law")


@pytest.mark.parametrize(
    ("cdf", "expected"),
    [
        ("1 - exp(-least * x)", "cdf must follow from the configuration"),
        ("mystery(x)", "mystery(x) cannot be evaluated"),
    ],
)
def test_a_law_that_cannot_be_evaluated_is_refused(
    cli: Any, few: Any, write: Any, tmp_path: Any, cdf: str, expected: str
) -> None:
    few(1)
    found = cli("check", write(FILE.format(cdf=cdf), "law.py"), "--out", tmp_path / "out")
    assert found.code == 2
    assert expected in found.sentence


def test_show_prints_the_distribution_function(cli: Any, write: Any) -> None:
    found = cli("show", write(FILE.format(cdf="1 - exp(-n * x)"), "law.py"))
    assert "with the distribution function of x" in found.out

"""Exponents: the sign test and its interval by enumeration, and what each kind of growth is told."""

from __future__ import annotations

import math
from typing import Any

import pytest

from harness.judging.row import Finding
from harness.judging.slopes import Half, judge_exponent
from harness.judging.statistics import LEVEL
from harness.vocabulary.verdict import Verdict

VALUES = (8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
HELD, UNDECIDED = Verdict.HELD, Verdict.UNDECIDED


def tail(runs: int, at_least: int) -> float:
    return sum(math.comb(runs, k) for k in range(at_least, runs + 1)) / 2**runs


def half(above: int, runs: int, sense: str = "<=") -> Half:
    return Half([1.0] * above + [-1.0] * (runs - above), sense, 0.05)


@pytest.mark.parametrize("above", [0, 7, 15, 20])
def test_the_p_value_is_that_of_the_sign_test(above: int) -> None:
    assert half(above, 20).p_value() == pytest.approx(tail(20, above))
    assert half(above, 20, ">=").p_value() == pytest.approx(tail(20, 20 - above))
    both = 2 * min(tail(20, above), tail(20, 20 - above))
    assert half(above, 20, "==").p_value() == pytest.approx(min(1.0, both))


@pytest.mark.parametrize("runs", [8, 9, 20, 41])
def test_the_interval_misses_the_median_as_rarely_as_promised(runs: int) -> None:
    """The k-th of n order statistics exceeds the median when fewer than k values lie below it."""
    low, high = Half([float(k) for k in range(1, runs + 1)], "<=", 0.0).interval()
    cut = int(low)
    assert high == runs + 1 - cut
    assert 1 - tail(runs, cut) <= LEVEL / 2
    assert 1 - tail(runs, cut + 1) > LEVEL / 2


def test_too_few_replicates_have_no_interval() -> None:
    found = half(5, 7)
    assert found.interval() == (-math.inf, math.inf)
    assert not found.inside()
    assert not found.outside()


def groups(growth: Any, replicates: int = 20, bound: float = 1.0) -> list[list[Finding]]:
    """Values growth(x) times a spread that is the same for all x and differs by replicate."""
    return [
        [
            Finding(HELD, value=growth(x) * (1 + 0.01 * ((7 * r + index) % 5)), bound=bound)
            for r in range(replicates)
        ]
        for index, x in enumerate(VALUES)
    ]


@pytest.mark.parametrize(
    ("power", "sense", "violated", "held"),
    [
        (0.0, "<=", False, True),
        (-0.5, "<=", False, True),
        (0.5, "<=", True, False),
        (0.0, ">=", False, True),
        (-0.5, ">=", True, False),
        (0.5, ">=", False, True),
        (0.0, "==", False, True),
        (0.5, "==", True, False),
        (-0.5, "==", True, False),
    ],
)
def test_a_power_law_is_told_by_its_exponent(
    power: float, sense: str, violated: bool, held: bool
) -> None:
    found = judge_exponent(groups(lambda x: 3 * x**power), VALUES, sense, 0.05)
    assert found.value == pytest.approx(power, abs=0.02)
    assert (found.verdict is HELD) == held
    assert (found.p_value < 1e-4) == violated
    assert found.bound == (-0.05 if sense == ">=" else 0.05)
    assert (found.margin < 0) == violated
    assert found.samples == 120


def test_the_bound_takes_part_in_the_slope() -> None:
    findings = [
        [Finding(HELD, value=x**-0.5 * (1 + 0.01 * r), bound=x**-0.5) for r in range(20)]
        for x in VALUES
    ]
    found = judge_exponent(findings, VALUES, "==", 0.05)
    assert found.verdict is HELD
    assert found.value == pytest.approx(0.0, abs=1e-12)


def test_halves_that_disagree_show_no_power_law() -> None:
    """Flat at every second value, falling at the others."""

    def growth(x: float) -> float:
        return 1.0 if round(math.log2(x)) % 2 == 0 else x**-1.0

    found = judge_exponent(groups(growth), VALUES, "<=", 0.05)
    assert found.verdict is UNDECIDED
    assert found.p_value == 1.0
    assert "no power law in this range" in found.reason


def test_one_half_alone_violates_nothing() -> None:
    def growth(x: float) -> float:
        return x if round(math.log2(x)) % 2 == 0 else 1.0

    assert judge_exponent(groups(growth), VALUES, "<=", 0.05).p_value == 1.0


@pytest.mark.parametrize("odd", [0.0, -1.0])
def test_what_has_no_logarithm_is_never_held(odd: float) -> None:
    findings = groups(lambda x: x**-0.5)
    findings[2][3] = Finding(HELD, value=odd, bound=1.0)
    found = judge_exponent(findings, VALUES, "<=", 0.05)
    assert found.verdict is UNDECIDED
    assert math.isnan(found.p_value)
    assert "not positive and finite" in found.reason


def test_a_broken_replicate_breaks_and_a_void_one_is_left_out() -> None:
    findings = groups(lambda x: x**-0.5)
    findings[0][0] = Finding(Verdict.VOID)
    found = judge_exponent(findings, VALUES, "<=", 0.05)
    assert (found.verdict, found.samples) == (HELD, 19 * 6)
    findings[5][1] = Finding(Verdict.BROKEN, reason="not a number")
    assert judge_exponent(findings, VALUES, "<=", 0.05).verdict is Verdict.BROKEN
    nothing = [[Finding(Verdict.VOID)] for _ in VALUES]
    assert judge_exponent(nothing, VALUES, "<=", 0.05).verdict is Verdict.VOID


LAW = """
from sympy import Rational
from harness import Claim, Exponent, Theorem, experiment, integers, symbol
n = symbol("n", "draws", "configuration")
m = symbol("m", "nothing", "configuration")
mean = symbol("mean", "mean of n uniform numbers plus one", "run")
spread = symbol("spread", "range of the mean", "run")


@experiment(emits=[n, mean, spread], n=integers(1, 4096), m=integers(1, 3))
def uniform(n, m, rng):
    x = rng.standard_normal((n, 16)).mean(axis=0)
    return {{mean: 1 + x[0] / 100, spread: float(x.max() - x.min())}}


mine = Theorem(title="M", claims=[
    Claim("c", {claim}, kind=Exponent(n, {values}, over="rng"))])
"""


@pytest.mark.parametrize(
    ("claim", "code", "verdict"),
    [
        ("spread <= n**Rational(-1, 2)", 0, "held"),
        ("spread <= 1 / n", 1, "violated"),
        ("spread >= n**Rational(-1, 4)", 1, "violated"),
        ("spread >= n**-1.0", 0, "held"),
    ],
)
def test_an_order_relation_from_end_to_end(
    cli: Any, few: Any, write: Any, table: Any, tmp_path: Any, claim: str, code: int, verdict: str
) -> None:
    few(1)
    path = write(LAW.format(claim=claim, values="(4, 16, 64, 256, 1024, 4096)"), "law.py")
    out = tmp_path / "out"
    assert cli("check", path, "--out", out).code == code
    (row,) = table(out / "checks.csv")
    assert (row["verdict"], row["kind"], row["samples"]) == (verdict, "exponent", "1200")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("(4, 16, 64)", "at least four positive values"),
        ("(4, 16, 64, 64)", "rising order"),
        ("(0, 16, 64, 128)", "positive"),
        ("(4, 16, 64, 8192)", "n=8192: must lie in 1..4096"),
        ("(4, 16, 64, 256), tolerance=2", "tolerance=2"),
        ("(4, 16, 64, 256), replicates=0", "replicates=0"),
    ],
)
def test_values_that_are_none_are_refused(
    cli: Any, few: Any, write: Any, tmp_path: Any, values: str, expected: str
) -> None:
    few(1)
    path = write(LAW.format(claim="spread <= 1 / n", values=values), "law.py")
    found = cli("check", path, "--out", tmp_path / "out")
    assert found.code == 2
    assert expected in found.sentence


def test_a_variable_that_is_no_axis_is_refused(
    cli: Any, few: Any, write: Any, tmp_path: Any
) -> None:
    few(1)
    text = LAW.format(claim="spread <= 1 / n", values="(4, 16, 64, 256)")
    path = write(text.replace("Exponent(n,", "Exponent(mean,"), "law.py")
    found = cli("check", path, "--out", tmp_path / "out")
    assert found.code == 2
    assert "has no axis “mean”" in found.sentence

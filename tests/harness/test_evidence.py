"""Bets are fair or worse where the statement is true: expectations enumerated, none simulated."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from harness.judging.evidence import (
    EXPONENTS,
    MORE,
    added,
    below_by_second_moment,
    catoni,
    fewer_failures,
    from_p_value,
    log_evalue,
    mean_above,
    more_failures,
    p_value,
    reaches,
)

Law = list[tuple[float, float]]


def binomial(runs: int, share: float) -> list[float]:
    p = Fraction(share)
    return [float(math.comb(runs, k) * p**k * (1 - p) ** (runs - k)) for k in range(runs + 1)]


def means(runs: int, truth: float, bets: list[tuple[float, ...]]) -> list[float]:
    """The expectation of each bet's wealth when a run fails with probability ``truth``."""
    law = binomial(runs, truth)
    return [
        math.fsum(weight * math.exp(bet[index]) for weight, bet in zip(law, bets, strict=True))
        for index in range(len(bets[0]))
    ]


@pytest.mark.parametrize("delta", [0.01, 0.1, 0.5, 0.9])
def test_bets_on_more_failures_are_fair_at_delta_and_lose_below(delta: float) -> None:
    runs = 12
    bets = [more_failures(k, runs, delta) for k in range(runs + 1)]
    assert means(runs, delta, bets) == pytest.approx([1.0] * len(MORE), rel=1e-9)
    assert all(one < 1 for one in means(runs, delta / 2, bets))
    assert all(one > 1 for one in means(runs, min(1.5 * delta, 0.99), bets))


@pytest.mark.parametrize("delta", [0.01, 0.1, 0.5, 0.9])
def test_bets_on_fewer_failures_are_fair_at_delta_and_lose_above(delta: float) -> None:
    runs = 12
    bets = [fewer_failures(k, runs, delta) for k in range(runs + 1)]
    assert means(runs, delta, bets) == pytest.approx([1.0] * 5, rel=1e-9)
    assert all(one < 1 for one in means(runs, (1 + delta) / 2, bets))
    assert all(one > 1 for one in means(runs, delta / 2, bets))


def test_one_failure_is_no_refutation() -> None:
    assert max(MORE) <= 16
    assert math.exp(log_evalue(more_failures(1, 1, 0.01))) < 20


def test_a_share_of_zero_is_refuted_by_one_failure_and_by_nothing_else() -> None:
    assert log_evalue(more_failures(0, 100, 0.0)) == 0.0
    assert log_evalue(more_failures(1, 100, 0.0)) == math.inf


def two_points(low: float, high: float, chance: float) -> Law:
    return [(low, 1 - chance), (high, chance)]


def moment(law: Law, power: int, around: float = 0.0) -> float:
    return math.fsum(weight * (x - around) ** power for x, weight in law)


LAWS = [
    two_points(0.0, 1.0, 0.5),
    two_points(0.0, 1000.0, 0.001),
    two_points(0.9, 1.1, 0.5),
    [(0.0, 0.3), (1.0, 0.5), (7.0, 0.2)],
]


@pytest.mark.parametrize("law", LAWS)
def test_bets_below_a_mean_are_never_better_than_fair(law: Law) -> None:
    mean, second = moment(law, 1), moment(law, 2)
    for stated in (second, 3 * second):
        for bound in (mean, mean / 2):
            factors = [(weight, below_by_second_moment([x], bound, stated)) for x, weight in law]
            for index in range(10):
                assert math.fsum(w * math.exp(f[index]) for w, f in factors) <= 1 + 1e-12


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("law", [*LAWS, two_points(-50.0, 1.0, 0.9), two_points(-3.0, 3.0, 0.5)])
def test_catoni_bets_are_never_better_than_fair(law: Law, sign: int) -> None:
    mean = moment(law, 1)
    variance = moment(law, 2, mean)
    for inside in (0.0, 0.1, 3.0, 100.0):
        bound = mean + sign * inside * math.sqrt(variance)
        factors = [(weight, catoni([x], bound, variance, sign)) for x, weight in law]
        for index in range(10):
            assert math.fsum(w * math.exp(f[index]) for w, f in factors) <= 1 + 1e-12


def test_bets_win_where_the_mean_is_off() -> None:
    assert log_evalue(below_by_second_moment([1.0] * 400, 1.5, 1.0)) > 20
    assert log_evalue(catoni([0.0, 2.0] * 200, 0.5, 1.0, 1)) > 20
    assert log_evalue(catoni([0.0, 2.0] * 200, 1.5, 1.0, -1)) > 20
    assert log_evalue(catoni([0.0, 2.0] * 200, 1.5, 1.0, 1)) < 0


def test_one_huge_value_cannot_win_a_catoni_bet_outright() -> None:
    """phi grows like 2 log, where the plain exponential would explode."""
    wealth = catoni([1e6], 0.0, 1.0, 1)
    assert max(wealth) == pytest.approx(math.log1p(0.5e6 + 0.125e12) - 0.125, rel=1e-9)


def test_a_p_value_as_wealth() -> None:
    for p in (1.0, 0.3, 1e-6):
        expected = [kappa * p ** (kappa - 1) for kappa in EXPONENTS]
        assert [math.exp(one) for one in from_p_value(p)] == pytest.approx(expected, rel=1e-12)
    # kappa p^(kappa - 1) integrates to p^kappa = 1 on (0, 1): a Riemann sum from above
    steps = 100_000
    for index in range(len(EXPONENTS)):
        lower = sum(math.exp(from_p_value(k / steps)[index]) for k in range(1, steps + 1)) / steps
        assert lower <= 1
    assert log_evalue(from_p_value(0.0)) == math.inf


def test_the_evidence_is_the_mean_wealth() -> None:
    assert log_evalue([0.0, math.log(3.0)]) == pytest.approx(math.log(2.0))
    assert log_evalue([-math.inf, 2000.0]) == pytest.approx(2000 - math.log(2))
    assert log_evalue([-math.inf, -math.inf]) == -math.inf
    assert log_evalue([]) == 0.0
    assert p_value([math.log(50.0)]) == pytest.approx(0.02)
    assert p_value([math.log(50.0)]) >= 0.02
    assert p_value([-3.0]) == 1.0
    assert p_value([5000.0]) == 5e-324
    assert p_value([math.inf]) == 0.0


def test_a_level_is_reached_from_above_only() -> None:
    assert reaches([math.log(100.0) + 1e-6], 0.01)
    assert not reaches([math.log(100.0) - 1e-6], 0.01)
    assert not reaches([], 0.99)


def test_wealth_adds_up_over_samples() -> None:
    first, second = [0.5, 2.0], [3.0, 0.0, 1.0]
    whole = mean_above(first + second, 1.5)
    parts = added(mean_above(first, 1.5), mean_above(second, 1.5))
    assert parts == pytest.approx(whole, rel=1e-12)
    assert added((), (1.0,)) == added((1.0,), ()) == (1.0,)
    both = added(more_failures(1, 10, 0.1), more_failures(2, 20, 0.1))
    assert both == pytest.approx(more_failures(3, 30, 0.1))


@pytest.mark.parametrize("bad", [-1e-9, math.nan])
def test_a_negative_sample_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="nonnegative"):
        below_by_second_moment([1.0, bad], 1.0, 1.0)

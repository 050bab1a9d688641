"""Tests of chance against exact rational sums: levels, power, coverage, none of it simulated."""

from __future__ import annotations

import math
import subprocess
import sys
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.judging.evidence import BETS, log_evalue, mean_above
from harness.judging.statistics import (
    benjamini_hochberg,
    binomial_p_value,
    holm,
    runs_needed,
    runs_to_support,
    supports,
    upper_confidence,
)

DELTAS = (0.01, 0.05, 0.1, 0.37, 0.5, 0.9)
probabilities = st.floats(1e-6, 1 - 1e-6)


def weights(runs: int, share: float | Fraction) -> list[Fraction]:
    """The binomial law, exactly; `Fraction(0.01)` is the double that the code was given."""
    p, whole = Fraction(share).as_integer_ratio()
    return [
        Fraction(math.comb(runs, k) * p**k * (whole - p) ** (runs - k), whole**runs)
        for k in range(runs + 1)
    ]


def tail(violations: int, runs: int, share: float | Fraction) -> Fraction:
    """P(Bin(runs, share) >= violations) from the few outcomes below, in whole numbers."""
    p, whole = Fraction(share).as_integer_ratio()
    below = 0
    for k in range(violations):
        below = below * (whole - p) + math.comb(runs, k) * p**k * 1
    last = (whole - p) ** (runs - violations + 1)
    return 1 - Fraction(below * last, whole**runs)


def mean_evalue(samples: list[float], bound: float) -> float:
    """The mixture of all bets, as one number."""
    evidence = log_evalue(mean_above(samples, bound))
    return math.exp(evidence) if evidence < 700 else math.inf


def least_above(found: float, exact: Fraction) -> bool:
    """Not below the exact number, and above it by less than two units in the last place."""
    two_down = math.nextafter(math.nextafter(found, -math.inf), -math.inf)
    return Fraction(two_down) < exact <= Fraction(found)


def close(found: float, exact: Fraction, relative: float = 1e-11) -> bool:
    return abs(Fraction(found) - exact) <= Fraction(relative) * exact


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 60), st.data(), probabilities | st.sampled_from([*DELTAS, 0.0, 1.0]))
@example(60, None, 1e-3)
@example(54, None, 1e-6)
@example(1, None, 5e-324)
def test_p_values_are_exact_tails(runs: int, data: st.DataObject | None, delta: float) -> None:
    violations = runs if data is None else data.draw(st.integers(0, runs))
    assert least_above(binomial_p_value(violations, runs, delta), tail(violations, runs, delta))


def test_a_subnormal_p_value_is_rounded_up() -> None:
    assert least_above(binomial_p_value(52, 53, 1e-6), tail(52, 53, 1e-6))
    assert binomial_p_value(60, 60, 1e-6) == 5e-324


@pytest.mark.parametrize(("violations", "runs"), [(90, 5000), (40, 5000), (1, 5000), (260, 20_000)])
def test_p_values_of_many_runs(violations: int, runs: int) -> None:
    """Ninety violations in 5000 runs at one percent: a normal law says 20 times less likely."""
    delta = Fraction(1, 100)
    exact = tail(violations, runs, delta)
    assert least_above(binomial_p_value(violations, runs, delta), exact)
    assert binomial_p_value(0, runs, 0.01) == 1.0


def test_a_rational_share_is_not_the_double_next_to_it() -> None:
    """One tenth is a little less than the double 0.1, so is the tail above it."""
    exact, nearby = (binomial_p_value(900, 5000, share) for share in (Fraction(1, 10), 0.1))
    assert exact < nearby
    assert least_above(exact, tail(900, 5000, Fraction(1, 10)))


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 60), st.data(), probabilities, st.sampled_from([0.05, 0.01, 0.001]))
def test_support_is_decided_exactly(
    runs: int, data: st.DataObject, delta: float, alpha: float
) -> None:
    violations = data.draw(st.integers(0, runs))
    so_few = 1 - tail(violations + 1, runs, delta)
    assert supports(violations, runs, delta, alpha) == (so_few <= Fraction(alpha))


def test_support_at_the_very_edge() -> None:
    """(1/2)^2 is 1/4 exactly, which a rounded bound may miss by a unit in the last place."""
    assert supports(0, 2, 0.5, 0.25)
    assert not supports(0, 2, math.nextafter(0.5, 0), 0.25)


@pytest.mark.parametrize("delta", DELTAS)
@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.001])
def test_the_level_is_kept_exactly(delta: float, alpha: float) -> None:
    """Where the claim is just true, "p <= alpha" happens with probability <= alpha: enumerated."""
    fired = False
    for runs in (1, 7, 30, 100):
        law = weights(runs, delta)
        alarms = [k for k in range(runs + 1) if binomial_p_value(k, runs, delta) <= alpha]
        assert sum((law[k] for k in alarms), Fraction(0)) <= Fraction(alpha)
        # one more outcome in the alarm set would break the level: the test is not timid
        if alarms:
            fired = True
            assert sum(law[alarms[0] - 1 :], Fraction(0)) > Fraction(alpha)
    assert fired


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 60), st.data(), st.floats(1e-4, 0.5))
def test_the_confidence_bound_solves_its_equation(
    runs: int, data: st.DataObject, alpha: float
) -> None:
    violations = data.draw(st.integers(0, runs - 1))
    bound = upper_confidence(violations, runs, alpha)
    at_most = 1 - tail(violations + 1, runs, bound)
    assert close(alpha, at_most, 1e-9)


def test_the_confidence_bound_at_its_ends() -> None:
    assert upper_confidence(12, 12, 0.05) == 1.0
    for alpha in (0.05, 0.001):
        assert upper_confidence(0, 10, alpha) == pytest.approx(1 - alpha**0.1, rel=1e-12)


@pytest.mark.parametrize("share", DELTAS)
def test_the_confidence_bound_covers(share: float) -> None:
    """The chance that the bound falls below the truth is at most alpha: enumerated."""
    alpha = 0.05
    for runs in (3, 25, 80):
        law = weights(runs, share)
        missed = [k for k in range(runs + 1) if upper_confidence(k, runs, alpha) < share]
        assert sum((law[k] for k in missed), Fraction(0)) <= Fraction(alpha)


def brute_force_runs(delta: float, alternative: float, alpha: float, power: float) -> int:
    runs = 0
    while True:
        runs += 1
        size, reached = weights(runs, delta), weights(runs, alternative)
        rest = Fraction(0)
        critical = runs + 1
        while critical > 0 and rest + size[critical - 1] <= Fraction(alpha):
            critical -= 1
            rest += size[critical]
        if sum(reached[critical:], Fraction(0)) >= Fraction(power):
            return runs


@pytest.mark.parametrize(
    ("delta", "alternative", "alpha", "power"),
    [
        (0.1, 0.3, 0.05, 0.9),
        (0.1, 0.25, 0.01, 0.5),
        (0.3, 0.6, 0.01, 0.8),
        (0.02, 0.2, 0.001, 0.9),
        (0.5, 0.9, 0.05, 0.95),
        (0.01, 0.9, 0.05, 0.1),
        (0.0, 0.1, 0.01, 0.9),
    ],
)
def test_the_least_number_of_runs_by_brute_force(
    delta: float, alternative: float, alpha: float, power: float
) -> None:
    expected = brute_force_runs(delta, alternative, alpha, power)
    assert runs_needed(delta, alternative, alpha, power) == expected


@pytest.mark.parametrize(
    ("delta", "alternative", "alpha", "published"),
    [
        (0.01, 0.02, 0.05, 1292),
        (0.01, 0.02, 0.01, 1856),
        (0.01, 0.02, 0.001, 2632),
        (0.01, 0.02, 1e-5, 4150),
        (0.01, 0.03, 0.05, 390),
        (0.01, 0.03, 0.01, 590),
        (0.01, 0.03, 0.001, 822),
        (0.01, 0.03, 1e-5, 1313),
        (0.01, 0.05, 0.05, 132),
        (0.01, 0.05, 0.01, 209),
        (0.01, 0.05, 0.001, 282),
        (0.05, 0.10, 0.05, 233),
        (0.05, 0.10, 0.01, 346),
        (0.05, 0.10, 0.001, 501),
    ],
)
def test_the_published_sample_sizes_suffice_and_ours_are_no_larger(
    delta: float, alternative: float, alpha: float, published: int
) -> None:
    """JUDGING A.2. Five of its figures skip a tooth of the saw: a smaller n has the power too."""

    def power_at(runs: int) -> Fraction:
        critical = next(k for k in range(runs) if binomial_p_value(k, runs, delta) <= alpha)
        assert tail(critical, runs, delta) <= Fraction(alpha)
        return tail(critical, runs, alternative)

    found = runs_needed(delta, alternative, alpha, 0.9)
    assert published * 0.95 < found <= published
    assert power_at(found) >= Fraction(9, 10)
    assert power_at(published) >= Fraction(9, 10)
    assert power_at(found - 1) < Fraction(9, 10)


@pytest.mark.parametrize(
    ("delta", "counts"),
    [(0.1, (29, 44, 66)), (0.05, (59, 90, 135)), (0.01, (299, 459, 688))],
)
def test_the_number_of_clean_runs_that_support(delta: float, counts: tuple[int, ...]) -> None:
    for alpha, expected in zip((0.05, 0.01, 0.001), counts, strict=True):
        assert runs_to_support(delta, alpha) == expected


@given(probabilities | st.sampled_from([0.5, 0.25, 0.75]), st.sampled_from([0.5, 0.25, 0.01]))
@example(0.5, 0.25)
@example(0.75, 0.0625)
def test_clean_runs_support_at_the_first_possible_moment(delta: float, alpha: float) -> None:
    runs = runs_to_support(delta, alpha)
    clean = 1 - Fraction(delta)
    if runs <= 2000:
        assert clean**runs <= Fraction(alpha) < clean ** (runs - 1)
    else:
        assert upper_confidence(0, runs, alpha) <= delta * (1 + 1e-9)
        assert upper_confidence(0, runs - 1, alpha) > delta * (1 - 1e-9)


def closed_testing(p_values: list[float], level: float) -> list[bool]:
    """Holm's definition from first principles: fall if every intersection that holds one falls."""
    families = [
        [i for i, member in enumerate(members) if member]
        for members in product([False, True], repeat=len(p_values))
    ]
    return [
        all(
            min(p_values[j] for j in family) * len(family) <= level
            for family in families
            if i in family
        )
        for i in range(len(p_values))
    ]


@given(
    st.lists(st.sampled_from([0.0, 0.001, 0.01, 0.0125, 0.02, 0.025, 0.05, 0.3, 1.0]), max_size=6)
)
def test_holm_is_the_closed_bonferroni_test(p_values: list[float]) -> None:
    assert holm(p_values, 0.05) == closed_testing(p_values, 0.05)


def test_holm_steps_down_and_stops_at_the_first_that_stays() -> None:
    assert holm([0.02, 0.001, 0.012, 0.5], 0.05) == [True, True, True, False]
    assert holm([0.04, 0.03, 0.01], 0.05) == [False, False, True]
    assert holm([], 0.05) == []


def adjusted(p_values: list[float]) -> list[float]:
    """Benjamini and Hochberg's step-up rule, from its definition: the least level of rejection."""
    ordered = sorted(p_values)
    return [
        min(
            [ordered[k] * len(ordered) / (k + 1) for k in range(len(ordered)) if ordered[k] >= p]
            + [1.0]
        )
        for p in p_values
    ]


@given(st.lists(st.floats(0, 1), max_size=8))
def test_adjusted_p_values_by_definition(p_values: list[float]) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(adjusted(p_values), rel=1e-12)


def test_adjusted_p_values_of_a_published_kind() -> None:
    """Those of scipy.stats.false_discovery_control."""
    from scipy.stats import false_discovery_control

    p_values = [0.0001, 0.04, 0.03, 0.9, 0.012, 0.03]
    expected = false_discovery_control(p_values)
    assert benjamini_hochberg(p_values) == pytest.approx(list(expected), rel=1e-12)


@pytest.mark.parametrize("share", [Fraction(1, 100), Fraction(1, 5), Fraction(1, 2)])
def test_the_evalue_has_mean_one_where_the_claim_is_just_true(share: Fraction) -> None:
    """X = b / share with that probability, else 0, has mean b: all outcomes are enumerated."""
    runs, bound = 12, 3.0
    expectation, alarms = 0.0, 0.0
    for hits, weight in enumerate(weights(runs, share)):
        value = mean_evalue([bound / float(share)] * hits + [0.0] * (runs - hits), bound)
        expectation += float(weight) * value
        alarms += float(weight) * (value >= 20)
    assert expectation == pytest.approx(1, rel=1e-12)
    assert alarms <= 0.05


@given(
    st.lists(st.floats(0, 50).map(lambda x: round(x, 3)), max_size=12), st.sampled_from([0.5, 2.0])
)
def test_the_evalue_is_the_mean_of_the_products(samples: list[float], bound: float) -> None:
    exact = Fraction(0)
    for bet in BETS:
        wealth = Fraction(1, len(BETS))
        for sample in samples:
            wealth *= 1 + Fraction(bet) * (Fraction(sample) / Fraction(bound) - 1)
        exact += wealth
    assert close(mean_evalue(samples, bound), exact)


def test_the_evalue_has_power_and_no_ceiling() -> None:
    assert mean_evalue([2.0] * 40, 1.0) > 1e6
    assert mean_evalue([0.5] * 400, 1.0) < 0.1
    assert mean_evalue([3.0] * 5000, 1.0) == math.inf
    assert mean_evalue([0.0, math.inf], 1.0) == math.inf
    assert mean_evalue([], 1.0) == pytest.approx(1.0)
    assert BETS == (0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.75, 0.95)


@pytest.mark.parametrize("bad", [-1e-9, math.nan, -math.inf])
def test_the_evalue_refuses_what_it_says_nothing_about(bad: float) -> None:
    with pytest.raises(ValueError, match="nonnegative samples"):
        mean_evalue([1.0, bad], 1.0)
    with pytest.raises(ValueError, match="cannot be tested"):
        mean_evalue([1.0], bad)


def test_impossible_arguments_are_refused() -> None:
    for violations, runs in ((3, 2), (-1, 2), (0, 0)):
        with pytest.raises(ValueError, match="violations in"):
            binomial_p_value(violations, runs, 0.5)
        with pytest.raises(ValueError, match="violations in"):
            upper_confidence(violations, runs, 0.5)
    for share in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="delta = "):
            binomial_p_value(1, 2, share)
        with pytest.raises(ValueError, match="alpha = "):
            upper_confidence(1, 2, share)
        with pytest.raises(ValueError, match="p_value = "):
            holm([0.1, share], 0.05)
        with pytest.raises(ValueError, match="strictly between"):
            runs_to_support(share, 0.05)
    for delta, alternative, power in ((0.2, 0.2, 0.9), (0.2, 0.1, 0.9), (0.1, 0.2, 1.0)):
        with pytest.raises(ValueError, match="delta < alternative"):
            runs_needed(delta, alternative, 0.05, power)


def test_importing_the_module_loads_no_scipy() -> None:
    code = "import sys, harness.judging.statistics; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

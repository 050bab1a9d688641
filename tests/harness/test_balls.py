"""Balls hold what they should: against exact rationals and against much higher precision."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.expressions import balls
from harness.expressions import interval as iv
from harness.expressions.balls import exact, is_negative, is_positive, lower, precision, upper

INF, NAN = math.inf, math.nan
thorough = settings(max_examples=150, deadline=None)
moderate = st.floats(-8, 8) | st.integers(-4, 4).map(float)


@st.composite
def members(draw: st.DrawFn) -> tuple[arb, Fraction]:
    """A ball, a third of the time a point, and a number in it or at its very edge."""
    mid = draw(moderate)
    radius = draw(st.sampled_from([0.0, 2.0**-20, 0.5, 1.0, 3.0]))
    side = draw(st.sampled_from([Fraction(-1), Fraction(1, 7), Fraction(1)]))
    return arb(mid, radius), Fraction(mid) + side * Fraction(radius)


def holds(x: arb, value: Fraction) -> bool:
    with precision(4000):
        return bool(x.overlaps(arb(fmpq(value.numerator, value.denominator))))


@thorough
@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**70), 2**70),
    st.integers(-1200, 1200),
    st.floats(0, 1e300) | st.just(0.0),
)
@example(1.0, 0, 0, 0.0)
@example(0.0, 1, -1075, 0.0)
@example(0.0, -1, -5000, 0.0)
@example(0.0, 2**53 + 1, 971, 0.0)
def test_float_ends_are_rounded_outward(x: float, man: int, exp: int, radius: float) -> None:
    with precision(200):
        mid = exact(x) + arb(man) * arb(2) ** exp
        assert mid.is_exact() or mid.rad() < abs(mid) * arb(2) ** -190
        ball = arb(mid.mid(), radius)
        low, high = lower(ball), upper(ball)
        assert exact(low) <= ball.lower()
        assert exact(high) >= ball.upper()
        # and no further than the next double
        assert exact(math.nextafter(low, INF)) > ball.lower() or low == INF
        assert exact(math.nextafter(high, -INF)) < ball.upper() or high == -INF


def test_float_ends_beyond_the_doubles() -> None:
    with precision(64):
        huge, tiny = arb(2) ** 5000, arb(2) ** -5000
        greatest, smallest = 1.7976931348623157e308, 5e-324
        assert (lower(huge), upper(huge)) == (greatest, INF)
        assert (lower(-huge), upper(-huge)) == (-INF, -greatest)
        assert (lower(tiny), upper(tiny)) == (0.0, smallest)
        assert (lower(-tiny), upper(-tiny)) == (-smallest, 0.0)
        assert (lower(arb(0, INF)), upper(arb(0, INF))) == (-INF, INF)
        assert math.isnan(lower(arb.nan()))
        assert math.isnan(upper(arb.nan()))


@given(st.floats(allow_nan=False), st.integers(2, 60))
def test_a_double_stays_itself_at_any_precision(x: float, bits: int) -> None:
    with precision(bits):
        assert exact(x).is_exact() or math.isinf(x)
        assert float(exact(x)) == x


def test_precision_is_restored_even_after_an_error() -> None:
    before = ctx.prec
    with precision(200):
        assert ctx.prec == 200
        with precision(70):
            assert ctx.prec == 70
        assert ctx.prec == 200
    with pytest.raises(ZeroDivisionError), precision(300):
        raise ZeroDivisionError
    assert ctx.prec == before


@thorough
@given(members())
def test_signs_are_claimed_only_of_the_whole_ball(pair: tuple[arb, Fraction]) -> None:
    x, value = pair
    if is_positive(x):
        assert value > 0
    if is_negative(x):
        assert value < 0
    assert is_positive(x) == (lower(x) > 0)
    assert is_negative(x) == (upper(x) < 0)


def test_nan_has_no_sign_and_stays_nan() -> None:
    nan = arb.nan()
    assert not is_positive(nan)
    assert not is_negative(nan)
    results = [balls.absolute(nan), balls.sqrt(nan), balls.maximum(1, nan), balls.minimum(nan, 1)]
    results += [balls.power(nan, p, q) for p in (-1, 0, 1, 2, 3) for q in (1, 2, 3)]
    results += [f(nan) for f in (balls.exp, balls.log, balls.log1p, balls.tanh, balls.cosh)]
    assert all(result.is_nan() for result in results)
    assert not any(is_positive(result) or is_negative(result) for result in results)


@thorough
@given(st.integers(-(10**30), 10**30), st.integers(1, 10**30))
def test_rationals_are_not_doubles(p: int, q: int) -> None:
    with precision(128):
        x = balls.rational(p, q)
        assert holds(x, Fraction(p, q))
        assert x.rad() <= abs(x) * arb(2) ** -126


def test_a_tenth_is_not_the_double() -> None:
    with precision(128):
        assert not balls.rational(1, 10).overlaps(exact(0.1))


@thorough
@given(members(), st.integers(-5, 7))
@example((arb(0, 1), Fraction(-1)), 2)
@example((arb(0, 1), Fraction(1)), 3)
@example((arb(1, 1), Fraction(0)), 0)
def test_integer_powers_hold_the_exact_rational(pair: tuple[arb, Fraction], p: int) -> None:
    x, value = pair
    with precision(128):
        result = balls.power(x, p)
        if p < 0 and x.contains(0):
            assert not result.is_finite()
        else:
            assert holds(result, value**p)


def test_even_powers_and_magnitudes_of_straddling_balls_start_at_zero() -> None:
    with precision(128):
        for x in (arb(0, 1), arb(1, 1), arb(-0.5, 1)):
            for result in (balls.power(x, 2), balls.power(x, 4), balls.absolute(x)):
                assert lower(result) == 0.0
        assert upper(balls.power(arb(0, 3), 2)) < 9.0001
        assert upper(balls.absolute(arb(-1, 3))) < 4.0001
        assert balls.power(arb(1, 1), 0) == 1
        assert balls.power(arb(0), 2) == balls.absolute(0) == 0


@thorough
@given(members())
def test_magnitudes_and_extremes_hold_the_exact_rational(pair: tuple[arb, Fraction]) -> None:
    x, value = pair
    assert holds(balls.absolute(x), abs(value))
    assert holds(balls.maximum(x, fmpq(1, 3), 1), max(value, Fraction(1)))
    assert holds(balls.minimum(x, 1, fmpq(1, 3)), min(value, Fraction(1, 3)))


@thorough
@given(members(), st.integers(-5, 5), st.integers(2, 5))
def test_roots_hold_the_value_at_high_precision(pair: tuple[arb, Fraction], p: int, q: int) -> None:
    x, value = pair
    with precision(128):
        result, root = balls.power(x, p, q), balls.sqrt(x)
    if x < 0 and Fraction(p, q).denominator > 1:
        assert result.is_nan()
        assert root.is_nan()
    elif value > 0:
        with precision(1000):
            inner = arb(fmpq(value.numerator, value.denominator))
            assert result.is_nan() or result.overlaps(inner.root(q) ** p)
            assert root.overlaps(inner.sqrt())
            assert result.is_finite() or (p < 0 and x.contains(0))


def test_roots_are_cut_at_zero() -> None:
    with precision(128):
        for dipping in (arb(0, 1), arb(-0.5, 1), arb(1, 1)):
            for root in (balls.sqrt(dipping), balls.power(dipping, 1, 3)):
                assert root.contains(0)
                assert upper(root) < 1.4143
            assert lower(balls.sqrt(dipping)) == 0.0
        assert balls.sqrt(0) == balls.power(0, 1, 3) == 0
        assert balls.sqrt(4) == 2
        assert upper(balls.sqrt(arb(0, arb(2) ** -200))) < 1e-30


FUNCTIONS: dict[str, Callable[[arb], arb]] = {
    "Abs": abs,
    "cosh": arb.cosh,
    "exp": arb.exp,
    "expm1": arb.expm1,
    "log": arb.log,
    "log1p": arb.log1p,
    "sinh": arb.sinh,
    "sqrt": arb.sqrt,
    "tanh": arb.tanh,
}


@pytest.mark.parametrize("name", FUNCTIONS)
@given(st.floats(0.01, 30) | st.integers(1, 9))
def test_the_namespace_maps_each_name_to_its_function(name: str, x: float) -> None:
    function = balls.NAMESPACE[name]
    assert callable(function)
    with precision(128):
        result = function(x)
        assert result.rad() < arb(2) ** -110 * (1 + abs(result))
    with precision(400):
        assert result.overlaps(FUNCTIONS[name](exact(x)))


def test_both_namespaces_offer_the_same_names_and_pi_grows_with_the_precision() -> None:
    assert sorted(balls.NAMESPACE) == sorted(iv.NAMESPACE)
    pi = balls.NAMESPACE["pi"]
    assert callable(pi)
    with precision(500):
        assert pi().rad() < arb(2) ** -490
        assert iv.pi().lo < pi() < iv.pi().hi

"""Enclosures hold: against exact rationals, and for library functions against 300-bit balls."""

from __future__ import annotations

import math
import operator
import warnings
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import assume, example, given
from hypothesis import strategies as st

from harness.expressions import interval as iv
from harness.expressions.interval import Interval
from harness.expressions.rounding import down, up
from tests.harness.enclosures import (
    GREATEST,
    INF,
    NAN,
    SMALLEST,
    SPECIAL,
    anywhere,
    doubles,
    ends,
    holds,
    members,
    nonnegative,
    overlaps,
    point,
    steps_apart,
    thorough,
)


@pytest.fixture(autouse=True)
def _reference_precision() -> Iterator[None]:
    before = ctx.prec
    ctx.prec = 300
    yield
    ctx.prec = before


ARITHMETIC = [operator.add, operator.sub, operator.mul, operator.truediv]


@pytest.mark.parametrize("operation", ARITHMETIC)
@thorough
@given(members(), members())
@example(point(-1.5 * 2.0**971), point(GREATEST))
@example(point(GREATEST), point(-GREATEST))
@example(point(1.0 - 2.0**-53), point(2.0**-1022))
def test_arithmetic_encloses_the_exact_rational(
    operation: Callable[[Any, Any], Any],
    first: tuple[Interval, Fraction],
    second: tuple[Interval, Fraction],
) -> None:
    (x, a), (y, b) = first, second
    result = operation(x, y)
    if operation is operator.truediv and y.contains_zero():
        assert ends(result) == (-INF, INF)
    else:
        assert holds(result, operation(a, b))


@pytest.mark.parametrize("operation", ARITHMETIC)
@thorough
@given(st.floats(-1e100, 1e100), st.floats(-1e100, 1e100))
def test_arithmetic_on_points_is_tight(
    operation: Callable[[Any, Any], Any], a: float, b: float
) -> None:
    assume(abs(a) > 1e-100 and abs(b) > 1e-100)
    result = operation(Interval.exact(a), b)
    allowed = 1 if operation in (operator.add, operator.sub) else 2
    assert steps_apart(result) <= allowed
    if operation in (operator.add, operator.sub) and Fraction(operation(a, b)) == operation(
        Fraction(a), Fraction(b)
    ):
        assert ends(result) == (operation(a, b),) * 2


@thorough
@given(members(anywhere), st.sampled_from([1.0, -2.0, 0.25, 2.0**40]))
def test_exact_operands_do_not_widen(pair: tuple[Interval, Fraction], dyadic: float) -> None:
    x, _ = pair
    assert ends(x + 0) == ends(0.0 + x) == ends(x - 0) == ends(x)
    assert ends(x * 0) == ends(0 * x) == (0.0, 0.0)
    assume(all(end == 0 or 2.0**-1000 < abs(end) < 2.0**900 for end in ends(x)))
    if 0.0 not in ends(x):
        expected = sorted(end * dyadic for end in ends(x))
        assert list(ends(x * dyadic)) == list(ends(dyadic * x)) == expected
        assert list(ends(x / dyadic)) == sorted(end / dyadic for end in ends(x))


@thorough
@given(anywhere)
@example(0.0)
@example(GREATEST)
@example(SMALLEST)
@example(2.0**-1022)
def test_a_step_outward_is_one_or_two_doubles(p: float) -> None:
    with np.errstate(over="ignore"):
        below, above = float(down(np.array(p))), float(up(np.array(p)))
    assert below <= math.nextafter(p, -INF) < p < math.nextafter(p, INF) <= above
    assert below >= math.nextafter(math.nextafter(p, -INF), -INF)
    assert above <= math.nextafter(math.nextafter(p, INF), INF)


@thorough
@given(members(), st.integers(-6, 9))
@example((Interval(-1.0, 2.0), Fraction(-1)), 3)
def test_integer_powers_enclose_the_exact_rational(pair: tuple[Interval, Fraction], n: int) -> None:
    x, a = pair
    result = x**n
    assert ends(result) == ends(iv.power(x, n, 1)) == ends(iv.power(x, 3 * n, 3))
    if n < 0 and x.contains_zero():
        assert ends(result) == (-INF, INF)
    else:
        assert holds(result, a**n)


def test_integer_powers_of_straddling_intervals_are_tight() -> None:
    x = Interval(-3.0, 2.0)
    assert ends(x**0) == (1.0, 1.0)
    assert ends(x**1) == (-3.0, 2.0)
    assert (x**2).lo == (x**4).lo == 0.0
    assert 9.0 <= (x**2).hi <= 9.0 * (1 + 1e-15)
    assert -27.0 * (1 + 1e-15) <= (x**3).lo <= -27.0
    assert 8.0 <= (x**3).hi <= 8.0 * (1 + 1e-15)


FUNCTIONS: dict[str, tuple[Callable[[Any], Interval], Callable[[arb], arb]]] = {
    "sqrt": (iv.sqrt, arb.sqrt),
    "exp": (iv.exp, arb.exp),
    "expm1": (iv.expm1, arb.expm1),
    "log": (iv.log, arb.log),
    "log1p": (iv.log1p, arb.log1p),
    "sinh": (iv.sinh, arb.sinh),
    "cosh": (iv.cosh, arb.cosh),
    "tanh": (iv.tanh, arb.tanh),
}
BEGINS_AT = {"sqrt": 0.0, "log": 0.0, "log1p": -1.0}


@pytest.mark.parametrize("name", FUNCTIONS)
@thorough
@given(members(doubles | st.floats(-750, 750) | st.floats(0.999, 1.001)))
def test_functions_enclose_a_300_bit_ball(name: str, pair: tuple[Interval, Fraction]) -> None:
    function, reference = FUNCTIONS[name]
    x, _ = pair
    result = function(x)
    begin = BEGINS_AT.get(name, -INF)
    if x.hi < begin:
        assert result.is_nan()
    for end in ends(x):
        if end >= begin and not (name == "sqrt" and end == 0) and end != begin:
            assert overlaps(result, reference(arb(end)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_on_long_arrays_enclose_a_300_bit_ball(name: str) -> None:
    """Long arrays take numpy's SIMD kernels; magnitudes run from 1e-300 to the overflow of exp."""
    function, reference = FUNCTIONS[name]
    rng = np.random.default_rng(20)
    size = np.concatenate([10.0 ** rng.uniform(-300, 3, 400), rng.uniform(0, 746, 400)])
    x = size if name in BEGINS_AT else size * rng.choice([-1.0, 1.0], size.size)
    result = function(x)
    assert all(overlaps(result[k], reference(arb(float(x[k])))) for k in range(x.size))
    common = (np.abs(x) > 1e-280) & (np.abs(x) < 700)
    relative = result.relative_to(result.hi)[common & (np.abs(result.hi) > 1e-280)]
    assert relative.max() < 1e-14


def test_functions_know_their_exact_values_and_ranges() -> None:
    assert ends(iv.exp(0)) == ends(iv.cosh(0)) == (1.0, 1.0)
    for function in (iv.expm1, iv.log1p, iv.sinh, iv.tanh, iv.sqrt):
        assert ends(function(0)) == (0.0, 0.0)
    assert ends(iv.log(1)) == (0.0, 0.0)
    assert iv.exp(-1e9).lo == 0.0
    assert iv.exp(-1e9).hi > 0.0
    assert iv.exp(1e9).lo > 1e308
    assert iv.exp(1e9).hi == INF
    assert iv.tanh(1e9).hi == 1.0
    assert iv.expm1(-1e9).lo == -1.0
    assert iv.cosh(Interval(-2, 1)).lo == 1.0
    assert iv.cosh(Interval(-2, 1)).hi > math.cosh(1.9)


def test_domains_are_cut_at_their_edge() -> None:
    assert iv.sqrt(Interval(-1, 4)).lo == 0.0
    assert 2.0 <= iv.sqrt(Interval(-1, 4)).hi < 2.0 + 1e-15
    assert ends(iv.log(Interval(-1, 1))) == (-INF, 0.0)
    assert ends(iv.log1p(Interval(-2, 0))) == (-INF, 0.0)
    for nothing in (iv.sqrt(-1), iv.log(-1), iv.log1p(-2), iv.power(-8, 1, 3), iv.power(-1, 1, 2)):
        assert nothing.is_nan()
        assert np.isnan(nothing.hi)


@thorough
@given(members(st.floats(1e-300, 1e300)), st.integers(-7, 7), st.integers(2, 7))
def test_rational_powers_enclose_a_300_bit_ball(
    pair: tuple[Interval, Fraction], p: int, q: int
) -> None:
    x, _ = pair
    result = iv.power(x, p, q)
    for end in ends(x):
        root = arb(end).root(q)
        assert overlaps(result, root**p)


@thorough
@given(members(st.floats(1e-5, 1e5)), members(st.floats(-20, 20)))
def test_real_powers_enclose_a_300_bit_ball(
    first: tuple[Interval, Fraction], second: tuple[Interval, Fraction]
) -> None:
    x, y = first[0], second[0]
    assert all(overlaps(x**y, arb(a) ** arb(b)) for a in ends(x) for b in ends(y))
    assert overlaps(2**y, arb(2) ** arb(float(y.lo)))


def test_unbounded_operands() -> None:
    everything, ray = Interval(-INF, INF), Interval(1.0, INF)
    assert ends(everything * 0) == ends(0 / ray) == (0.0, 0.0)
    assert ends(Interval(0.0, 1.0) * ray) == (0.0, INF)
    assert ends(Interval(-2.0, 0.0) * ray) == (-INF, 0.0)
    assert (Interval.exact(INF) * 0).is_nan()
    assert (Interval.exact(INF) - INF).is_nan()
    assert ends(ray / ray) == (0.0, INF)
    assert ends(1 / Interval(-1, 1)) == ends(1 / Interval.exact(0)) == (-INF, INF)
    assert (ray - ray).lo == -INF
    lost = iv.cumulative_product(Interval([0.0, INF, 2.0, 1.0], [1.0, INF, 2.0, 1.0]))
    assert lost.is_nan().tolist() == [False, False, True, True]
    # what overflowed is known to be large, not to be infinite
    huge = Interval.exact(GREATEST) * 2
    assert huge.lo <= GREATEST
    assert huge.hi == INF


def test_products_do_not_cross_zero() -> None:
    tiny = Interval.exact(1e-200)
    assert (tiny * tiny).lo == 0.0
    assert (tiny * tiny).hi > 0.0
    assert (tiny * -tiny).hi == 0.0
    assert (tiny * -tiny).lo < 0.0
    assert iv.sqrt(tiny * tiny).lo == 0.0


@pytest.mark.parametrize("bad", [Interval(NAN, NAN), Interval(NAN, 1.0), Interval(1.0, NAN)])
def test_nan_is_contagious_at_both_ends(bad: Interval) -> None:
    zero, whole = Interval.exact(0), Interval(-INF, INF)
    results = [bad, -bad, abs(bad), bad[...], iv.maximum(1, bad), iv.minimum(bad, 1, 2)]
    for other in (zero, whole, Interval.exact(3)):
        results += [bad + other, other - bad, bad * other, other * bad, bad / other, other / bad]
    results += [bad**n for n in (-1, 0, 1, 2, 3)] + [bad**0.5, iv.power(bad, 1, 2)]
    results += [function(bad) for function, _ in FUNCTIONS.values()]
    results += [Interval.hull(1, bad), Interval.around(1, bad)]
    for result in results:
        assert np.isnan(result.lo)
        assert np.isnan(result.hi)
        assert result.is_nan()
        assert not result.certainly_positive()
        assert not result.certainly_negative()
        assert not result.contains_zero()


def test_nan_stays_in_its_own_entry() -> None:
    x = Interval([NAN, 1.0], [2.0, 2.0])
    assert (x * 0 + 1).is_nan().tolist() == [True, False]
    assert ends((x * 2)[1]) == (2.0, 4.0)


def test_no_floating_point_warning_leaks() -> None:
    values = np.array([*SPECIAL, INF, -INF, NAN, 1e200, -1e200, 710.0])
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        x = Interval(values, values)[:, np.newaxis]
        y = Interval.exact(values)
        seen = [x + y, x - y, x * y, x / y, x**3, x**-2, x**y, abs(x), -x, iv.maximum(x, y)]
        seen += [function(x) for function, _ in FUNCTIONS.values()]
        seen += [iv.power(x, 2, 3), iv.power(x, -3, 2), Interval.around(x, y), Interval.hull(x, y)]
        seen += [iv.cumulative_sum(y), iv.cumulative_product(y)]
        seen += [iv.cumulative_product_of_complement(y)]
        widths = [one.width() for one in seen] + [one.relative_to(0.0) for one in seen]
    assert all((width >= 0).sum() + np.isnan(width).sum() == width.size for width in widths)


def test_arrays_on_the_left_defer() -> None:
    column = np.array([[1.0], [2.0]])
    x = Interval([1.0, 3.0, 5.0], [2.0, 4.0, 6.0])
    for result in (column * x, column + x, column - x, column / x, np.float64(2) ** x):
        assert isinstance(result, Interval)
    assert (column * x).shape == (2, 3)
    assert (column - x).lo.tolist() == [[-1.0, -3.0, -5.0], [0.0, -2.0, -4.0]]
    three: Any = np.float64(3)
    six: Any = np.int64(6)
    assert ends(three - Interval(1, 2)) == (1.0, 2.0)
    assert ends(six / Interval(2, 4)) == (1.5, 3.0)


@given(st.integers(-(2**70), 2**70) | st.integers(2**53 - 2, 2**53 + 9))
def test_integers_without_a_double_are_enclosed(n: int) -> None:
    x = Interval.exact(n)
    assert holds(x, Fraction(n))
    assert (ends(x) == (n, n)) == (int(float(n)) == n)
    assert holds(x * 1 + n, Fraction(2 * n))


@given(st.integers(-(2**63), 2**63 - 1), st.integers(0, 2**64 - 1))
def test_integer_arrays_are_enclosed(signed: int, unsigned: int) -> None:
    for value, dtype in ((signed, np.int64), (unsigned, np.uint64)):
        x = Interval.exact(np.array([value, 7], dtype=dtype))
        assert holds(x[0], Fraction(value))
        assert ends(x[1]) == (7.0, 7.0)


def test_only_numbers_that_fit_are_taken() -> None:
    assert ends(Interval.exact(np.float32(0.1))) == (float(np.float32(0.1)),) * 2
    for bad in (np.array(["1"]), np.array([None]), np.array([1j]), np.longdouble(0.1)):
        with pytest.raises(TypeError, match="no exact float64"):
            Interval.exact(bad)
    with pytest.raises(ValueError, match="lo <= hi"):
        Interval([0.0, 2.0], [1.0, 1.0])


@thorough
@given(
    st.integers(-(10**40), 10**40) | st.integers(-50, 50),
    st.integers(1, 10**40) | st.integers(1, 50),
)
@example(10**400, 1)
@example(-(10**400), 1)
@example(1, 10**400)
def test_rationals_are_enclosed_by_neighbours(p: int, q: int) -> None:
    x = Interval.rational(p, q)
    assert holds(x, Fraction(p, q))
    lo, hi = ends(x)
    assert hi == lo or hi == math.nextafter(lo, INF)
    if math.isfinite(lo) and Fraction(lo) == Fraction(p, q):
        assert hi == lo


def test_pi_lies_between_its_ends() -> None:
    x = iv.pi()
    assert arb(float(x.lo)) < arb.pi() < arb(float(x.hi))
    assert steps_apart(x) == 1


@given(doubles, nonnegative)
def test_around_holds_both_extremes(value: float, error: float) -> None:
    x = Interval.around(value, error)
    assert holds(x, Fraction(value) + Fraction(error))
    assert holds(x, Fraction(value) - Fraction(error))
    assert ends(Interval.around(value)) == (value, value)


@given(members(), members())
def test_extremes_and_magnitudes(
    first: tuple[Interval, Fraction], second: tuple[Interval, Fraction]
) -> None:
    (x, a), (y, b) = first, second
    assert holds(iv.maximum(x, y, 0), max(a, b, Fraction(0)))
    assert holds(iv.minimum(x, y, 0), min(a, b, Fraction(0)))
    (x_lo, x_hi), (y_lo, y_hi) = ends(x), ends(y)
    assert ends(iv.maximum(x, y)) == (max(x_lo, y_lo), max(x_hi, y_hi))
    assert ends(iv.minimum(x, y)) == (min(x_lo, y_lo), min(x_hi, y_hi))
    assert ends(abs(x)) == ends(iv.absolute(x))
    assert holds(abs(x), abs(a))
    assert abs(x).lo >= 0
    assert (abs(x).lo == 0) == bool(x.contains_zero())
    assert holds(Interval.hull(x, y), a)
    assert holds(Interval.hull(x, y), b)
    assert holds(-x, -a)


@given(members())
def test_predicates_and_widths(pair: tuple[Interval, Fraction]) -> None:
    x, _ = pair
    lo, hi = ends(x)
    assert bool(x.certainly_positive()) == (lo > 0)
    assert bool(x.certainly_negative()) == (hi < 0)
    assert bool(x.contains_zero()) == (lo <= 0 <= hi)
    width = float(x.width())
    exact = Fraction(hi) - Fraction(lo)
    assert width == INF or Fraction(width) >= exact
    assert (width == 0) == (exact == 0)
    share = float(x.relative_to(-3.0))
    assert share == INF or Fraction(share) >= exact / 3
    assert float(x.relative_to(0.0)) == (0.0 if exact == 0 else INF)


def test_the_namespace_offers_what_expressions_call() -> None:
    offered = "Abs Max Min cosh exp expm1 log log1p pi power rational sinh sqrt tanh"
    assert sorted(iv.NAMESPACE) == sorted(offered.split())

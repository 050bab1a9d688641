"""Balls as numbers: they hold the exact result, refuse open questions, and never become floats."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from harness.expressions.balls import precision
from harness.numbers.ball import LOOSE, Ball, OpenComparisonError

doubles = st.floats(-100, 100, allow_subnormal=False)


def holds(ball: Ball, value: Fraction) -> bool:
    with precision(8000):
        return bool(0 in ball.arb * arb(value.denominator) - arb(value.numerator))


@given(doubles, doubles, st.integers(-9, 9), st.fractions(-9, 9, max_denominator=9))
def test_arithmetic_holds_the_exact_result(x: float, y: float, n: int, ratio: Fraction) -> None:
    a, b, exact_a, exact_b = Ball.exact(x), Ball.exact(y), Fraction(x), Fraction(y)
    with precision(64):
        assert holds(a + b - n * a, exact_a + exact_b - n * exact_a)
        assert holds(ratio - a * b + np.int64(n), ratio - exact_a * exact_b + n)
        assert holds((a - b) ** 3 + abs(a) * a**2, (exact_a - exact_b) ** 3 + abs(exact_a) ** 3)
        if exact_b:
            assert holds(a / b - 1 / b, (exact_a - 1) / exact_b)


@pytest.mark.parametrize(
    "name",
    [
        "exp",
        "expm1",
        "sin",
        "cos",
        "tan",
        "sinh",
        "cosh",
        "tanh",
        "arcsin",
        "arccos",
        "arctan",
        "arcsinh",
        "arctanh",
        "log",
        "log1p",
        "sqrt",
        "log2",
    ],
)
def test_numpy_functions_hold_the_exact_result(name: str) -> None:
    mine = {"log2": lambda x: mpmath.log(x, 2), "log1p": mpmath.log1p}
    theirs: Callable[[Any], Any] = mine.get(name) or getattr(
        mpmath, name.replace("arc", "a") if name != "sqrt" else name
    )
    with precision(128), mpmath.workdps(60):
        (found,) = getattr(np, name)(np.array([Ball.exact(0.3125)]))
        expected = theirs(mpmath.mpf(0.3125))
        assert abs(mpmath.mpf(found.arb.mid().str(50, radius=False)) - expected) < 1e-36
        assert found.arb.rad() < 1e-35


def test_roots_and_powers() -> None:
    assert holds(Ball.exact(0.25) ** 0.5, Fraction(1, 2))
    assert holds(Ball.exact(4.0) ** -0.5, Fraction(1, 2))
    assert holds(2 ** Ball.exact(3), Fraction(8))
    with pytest.raises(ValueError, match="negative"):
        Ball.exact(-1.0).sqrt()
    with pytest.raises(ValueError, match="negative"):
        Ball.exact(-1.0) ** 0.5
    with pytest.raises(ValueError, match="not positive"):
        Ball.exact(-1.0).log()
    with pytest.raises(ZeroDivisionError):
        Ball.exact(1.0) / 0


def test_what_balls_cannot_tell_is_refused() -> None:
    third = Ball.exact(Fraction(1, 3))
    assert third < 0.5
    assert third > 0.25
    assert third != 1
    assert third <= third
    assert not third < third
    assert third < math.inf
    assert third > -math.inf
    for question in (
        lambda: third < Fraction(1, 3),
        lambda: third == Ball.exact(Fraction(1, 3)),
        lambda: bool(third * 3 - 1),
        lambda: 1 / (third * 3 - 1),
    ):
        with pytest.raises(OpenComparisonError):
            question()
    assert Ball.exact(0.5) <= Ball.exact(0.5)
    assert not Ball.exact(0.5) < Ball.exact(0.5)
    assert sorted([Ball.exact(2.0), Ball.exact(1.0)])[0] == 1


def test_a_ball_never_leaves_as_a_float() -> None:
    for leaving in (float, math.exp, lambda x: np.array([x], dtype=float)):
        with pytest.raises(TypeError):
            leaving(Ball.exact(1.0))
    with pytest.raises(TypeError):
        Ball.exact(1.0) + "1"


def test_a_float_in_the_code_stands_for_what_it_was_rounded_from() -> None:
    one = Ball.exact(1.0)
    assert holds(one * 0.1, Fraction(1, 10))
    assert holds(one * 0.1, Fraction(0.1))
    assert holds(one * (1 / 3), Fraction(1, 3))
    assert float((one * 0.1).arb.rad()) <= 1.01 * 0.1 * LOOSE
    assert (one * 0.75).arb == 0.75
    assert (one * 1024.0).arb == 1024
    assert (one * Ball.exact(0.1)).arb == arb(0.1)

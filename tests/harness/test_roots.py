"""Implicit numbers, certified on both sides, against roots known in closed form."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy

from harness import Definition, Root, Unknown
from harness.expressions.evaluator import Evaluator
from harness.expressions.interval import Interval
from harness.expressions.interval_algebra import IntervalAlgebra
from harness.symbols import K, mu

x = Unknown("x")


def enclosure(root: Root, **values: list[float]) -> Interval:
    named = {"K": K, "mu": mu}
    columns = {named[name]: np.array(rows)[:, None] for name, rows in values.items()}
    known = {one: Interval.exact(column) for one, column in columns.items()}
    return Evaluator(IntervalAlgebra(), known)(root)


@pytest.mark.parametrize("smallest", [False, True])
def test_the_root_of_a_quadratic_is_enclosed_within_a_few_doubles(smallest: bool) -> None:
    squares = [2.0, 3.0, 0.1, 1e12, 7e-9]
    found = enclosure(Root("r", x**2 - K, x, smallest=smallest), K=squares)
    for lo, hi, square in zip(found.lo[:, 0], found.hi[:, 0], squares, strict=True):
        assert Fraction(float(lo)) ** 2 < Fraction(square) < Fraction(float(hi)) ** 2
        exact = math.sqrt(square)
        assert exact - lo <= (64 if smallest else 4) * math.ulp(exact)
        assert hi - exact <= 64 * math.ulp(exact)


@pytest.mark.parametrize("smallest", [False, True])
def test_a_quadratic_with_a_linear_term_is_certified_in_exact_arithmetic(smallest: bool) -> None:
    a, b = [0.3, 5.0, 1e-3], [2.0, 0.01, 900.0]
    found = enclosure(Root("r", K * x**2 + mu * x - 1, x, smallest=smallest), K=a, mu=b)
    for lo, hi, p, q in zip(found.lo[:, 0], found.hi[:, 0], a, b, strict=True):
        for end, sign in ((lo, -1), (hi, 1)):
            value = Fraction(p) * Fraction(float(end)) ** 2 + Fraction(q) * Fraction(float(end)) - 1
            assert value * sign > 0
        exact = 2 / (q + math.sqrt(q * q + 4 * p))
        assert abs(lo - exact) <= 64 * math.ulp(exact)


def test_the_first_of_several_roots_is_found_when_it_is_asked_for() -> None:
    cubic = (x - K) * (x - 2 * K) * (x - 3 * K)
    found = enclosure(Root("r", cubic, x, smallest=True), K=[0.7, 11.0])
    assert (found.lo[:, 0] < [0.7, 11.0]).all()
    assert (found.hi[:, 0] > [0.7, 11.0]).all()
    assert np.allclose(found.lo[:, 0], [0.7, 11.0], rtol=1e-9, atol=0)


def test_no_step_before_the_first_root_leaves_it_behind() -> None:
    """A dip above zero that a scan could miss: everything below the lower end is negative."""
    dip = -((x - 1) ** 2) + sympy.Rational(1, 10**6)
    expression = sympy.Max(dip, x - 5)
    found = enclosure(Root("r", expression, x, smallest=True), K=[1.0])
    assert 0.5 < found.lo[0, 0] <= 1 - 1e-3


def test_a_limit_that_is_numerically_zero_is_zero() -> None:
    found = enclosure(Root("r", x - K, x), K=[0.0, -1.0])
    assert found.lo[:, 0].tolist() == [0.0, 0.0]


def test_where_nothing_crosses_the_bracket_is_the_root() -> None:
    found = enclosure(Root("r", x - 10, x, high=K), K=[2.0, 20.0])
    assert (float(found.lo[0, 0]), float(found.hi[0, 0])) == (2.0, 2.0)
    assert found.lo[1, 0] < 10 < found.hi[1, 0]


def test_an_uncertain_coefficient_widens_the_root_on_both_sides() -> None:
    known = {K: Interval(np.array([[1.9]]), np.array([[2.1]]))}
    found = Evaluator(IntervalAlgebra(), known)(Root("r", x**2 - K, x))
    assert found.lo[0, 0] < math.sqrt(1.9)
    assert found.hi[0, 0] > math.sqrt(2.1)
    assert math.sqrt(1.9) - found.lo[0, 0] < 1e-14
    # the upper end only separates met from not met; it may be looser
    assert found.hi[0, 0] < math.sqrt(2.1) + (math.sqrt(2.1) - math.sqrt(1.9))


def test_definitions_of_the_unknown_are_part_of_the_equation() -> None:
    square = Definition("square", x**2)
    root = Root("r", square - K, x)
    assert root.parents() == {K}
    found = enclosure(root, K=[4.0])
    assert found.lo[0, 0] < 2 < found.hi[0, 0]


def test_a_hopeless_enclosure_says_so_rather_than_guess() -> None:
    known = {K: Interval(np.array([[-1.0]]), np.array([[1.0]]))}
    found = Evaluator(IntervalAlgebra(), known)(Root("r", x - K, x))
    assert found.lo[0, 0] == 0
    assert found.hi[0, 0] > 1

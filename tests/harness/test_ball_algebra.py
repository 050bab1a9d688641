"""Balls over a whole run: products, sums, other times, and implicit numbers."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
import sympy
from flint import arb, fmpq

from harness import Definition, Prod, Root, Sum, Unknown, sqrt
from harness.expressions.ball_algebra import Along, BallAlgebra, ball_at
from harness.expressions.balls import precision
from harness.expressions.evaluator import Evaluator, MissingSymbol
from harness.symbols import K, eta, loss, mu, t

L = [Fraction(9, 2), Fraction(3), Fraction(-1, 3), Fraction(1, 7)]
R = [Fraction(1, 3), Fraction(1, 5), Fraction(1, 9)]
x = Unknown("x")
HALF = sympy.Rational(1, 2)


def ball(number: Fraction) -> arb:
    return arb(fmpq(number.numerator, number.denominator))


def known(numbers: list[Fraction], begin: int = 0) -> Along:
    def find(step: int) -> arb:
        if not begin <= step < len(numbers):
            raise MissingSymbol("not there")
        return ball(numbers[step])

    return Along(find)


def evaluator(begin: int = 0, **more: Any) -> Evaluator:
    values = {loss: known(L, begin), eta: known(R, begin), K: arb(2)}
    values[t] = Along(lambda step: arb(step))
    return Evaluator(BallAlgebra(), values | {one: more[one.name] for one in (mu,) if more})


def assert_exact(expression: sympy.Expr, step: int, expected: Fraction) -> None:
    with precision(200):
        found = ball_at(evaluator()(expression), step)
        assert (found - ball(expected)).contains(0)
        assert found.rad() <= 1e-50 * (1 + abs(found))


def test_products_and_sums_run_over_the_steps_before() -> None:
    d = Definition("d", eta / 2)
    for step in range(4):
        assert_exact(
            Prod(1 - d) * loss, step, math.prod((1 - r / 2 for r in R[:step]), start=L[step])
        )
        assert_exact(
            Prod(loss * eta), step, math.prod(a * b for a, b in zip(L[:step], R, strict=False))
        )
        assert_exact(Sum(eta**2), step, sum((r**2 for r in R[:step]), Fraction(0)))
        assert_exact(Prod(K) + Sum(K), step, Fraction(2**step + 2 * step))
        assert_exact(K**t * loss.at(0), step, 2**step * L[0])


def test_other_times() -> None:
    d = Definition("d", loss * eta)
    assert_exact(loss.next - loss, 2, L[3] - L[2])
    assert_exact(loss / loss.at(2), 1, L[1] / L[2])
    assert_exact(d.next / d.at(0), 1, L[2] * R[2] / (L[0] * R[0]))
    assert_exact(sympy.Integer(3) + K, 7, Fraction(5))


def test_a_run_that_begins_later_has_no_history() -> None:
    evaluate = evaluator(begin=2)
    assert ball_at(evaluate(loss.next), 2).overlaps(ball(L[3]))
    for expression in (Prod(loss), Sum(loss), loss.at(0), loss.at(1)):
        with pytest.raises(MissingSymbol):
            ball_at(evaluate(expression), 2)
    with pytest.raises(MissingSymbol):
        ball_at(evaluate(loss.next), 3)


@pytest.mark.parametrize("bits", [128, 512])
def test_a_root_is_enclosed_to_the_last_bits(bits: int) -> None:
    with precision(bits):
        found = ball_at(evaluator()(Root("r", x**2 - K, x)), 0)
        assert (found * found).overlaps(arb(2))
        assert found.rad() <= arb(2) ** (12 - bits)
    with precision(4 * bits):
        assert found.contains(arb(2).sqrt())


def test_a_root_changes_with_what_it_is_made_of() -> None:
    with precision(128):
        found = evaluator()(Root("r", x**3 + x - loss, x))
        for step in (0, 1, 3):
            value = ball_at(found, step)
            assert (value**3 + value).overlaps(ball(L[step]))
            assert value.rad() < 1e-30
        # negative loss: positive from the start
        assert not ball_at(found, 2).is_finite()


@pytest.mark.parametrize("radius", [1e-30, 1e-9, 0.1])
def test_a_root_of_balls_contains_every_root(radius: float) -> None:
    with precision(128):
        found = ball_at(evaluator(mu=arb(3, radius))(Root("r", x**2 - mu, x)), 0)
        for end in (3 - radius, 3 + radius):
            assert found.contains(arb(end).sqrt().mid())
        assert found.rad() <= 20 * radius
        hopeless = ball_at(evaluator(mu=arb(3, 2.9))(Root("r", x**2 - mu, x)), 0)
        assert not hopeless.is_finite() or hopeless.contains(arb(5.9).sqrt().mid())


def test_the_upper_end_counts_where_the_equation_stays_negative() -> None:
    with precision(128):
        found = evaluator()
        assert ball_at(found(Root("r", x**2 - K, x, high=sqrt(2) / 2)), 0).overlaps(arb(0.5).sqrt())
        above = ball_at(found(Root("r", x**2 - K, x, low=sympy.Rational(3, 2))), 0)
        assert not above.is_finite()


WAVE = (x - 1) * (x - 2) * (x - 3)
"""Negative before 1, positive up to 2, negative up to 3."""


def test_the_first_of_several_roots_is_certified_to_be_the_first() -> None:
    with precision(200):
        first = ball_at(evaluator()(Root("r", WAVE, x, smallest=True)), 0)
        assert first.contains(1)
        assert first.rad() <= 2.0**-60
        late = ball_at(evaluator()(Root("r", WAVE, x, sympy.Rational(9, 4), smallest=True)), 0)
        assert late.contains(3)
        # negative all the way to the upper end
        end = ball_at(evaluator()(Root("r", WAVE, x, high=HALF, smallest=True)), 0)
        assert end == 0.5


def test_a_first_root_that_a_dip_makes_doubtful() -> None:
    """(x - 4) ((x - 1)^2 + mu) crosses zero at 4; it touches it at 1 when mu is 0."""
    with precision(128):
        found = ball_at(
            evaluator(mu=arb(0, 1e-6))(Root("r", x - 5 + mu * WAVE, x, smallest=True)), 0
        )
        assert found.contains(5)
        near = Root("r", (x - 4) * ((x - 1) ** 2 + mu), x, smallest=True)
        assert ball_at(evaluator(mu=arb(1e-3))(near), 0).contains(4)
        assert not ball_at(evaluator(mu=arb(0, 1e-3))(near), 0).is_finite()


def test_a_root_whose_equation_starts_positive_is_not_enclosed() -> None:
    with precision(128):
        found = ball_at(evaluator()(Root("r", 1 - x, x, smallest=True)), 0)
        assert not found.is_finite()

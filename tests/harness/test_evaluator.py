"""Expressions evaluated in intervals, against exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy

from harness import Definition, Prod, Sum, UsageError
from harness.expressions.evaluator import Evaluator, MissingSymbol
from harness.expressions.interval import Interval
from harness.expressions.interval_algebra import IntervalAlgebra
from harness.symbols import K, eta, grad_norm, loss, mu
from harness.vocabulary.symbol import Named

LOSSES = (3.0, 0.7, 0.1, 0.01)
RATES = (0.3, 0.125, 1e-3, 0.9)


def evaluator(**more: float) -> Evaluator:
    values: dict[Named, Interval] = {
        loss: Interval.exact(np.array([LOSSES])),
        eta: Interval.exact(np.array([RATES])),
        K: Interval.exact(np.array([[1.7]])),
    }
    return Evaluator(IntervalAlgebra(), values)


def encloses(found: Interval, exact: Sequence[Fraction], ulps: float = 16) -> bool:
    lo, hi = (np.broadcast_to(end, (1, len(exact)))[0] for end in (found.lo, found.hi))
    inside = all(
        Fraction(float(a)) <= x <= Fraction(float(b)) for a, x, b in zip(lo, exact, hi, strict=True)
    )
    narrow = all(
        Fraction(float(b)) - Fraction(float(a)) <= abs(x) * Fraction(ulps) * Fraction(2) ** -52
        for a, x, b in zip(lo, exact, hi, strict=True)
    )
    return inside and narrow


def exactly(*numbers: float) -> list[Fraction]:
    return [Fraction(number) for number in numbers]


L, R, K0 = exactly(*LOSSES), exactly(*RATES), Fraction(1.7)


@pytest.mark.parametrize(
    ("expression", "exact"),
    [
        (loss + eta, [x + y for x, y in zip(L, R, strict=True)]),
        (loss / 3 - eta**2, [x / 3 - y**2 for x, y in zip(L, R, strict=True)]),
        (loss**3 / K, [x**3 / K0 for x in L]),
        (sympy.Rational(1, 10) * loss, [x / 10 for x in L]),
        (loss**-2, [1 / x**2 for x in L]),
        (sympy.Max(loss, eta, K), [max(x, y, K0) for x, y in zip(L, R, strict=True)]),
        (sympy.Abs(eta - loss), [abs(x - y) for x, y in zip(L, R, strict=True)]),
        (sympy.Integer(2) ** 70 + K, [2**70 + K0]),
    ],
)
def test_arithmetic_encloses_the_exact_value(expression: sympy.Expr, exact: list[Fraction]) -> None:
    assert encloses(evaluator()(expression), exact)


def test_a_decimal_in_a_file_is_the_double_and_a_rational_is_exact() -> None:
    found = evaluator()(K - sympy.Rational(17, 10))
    lo, hi = Fraction(float(found.lo[0, 0])), Fraction(float(found.hi[0, 0]))
    assert lo <= K0 - Fraction(17, 10) <= hi
    assert lo < hi <= lo + Fraction(2) ** -51
    same = evaluator()(K - 1.7)
    assert (float(same.lo[0, 0]), float(same.hi[0, 0])) == (0.0, 0.0)


def test_products_and_sums_stop_before_the_step_itself() -> None:
    product, total = [Fraction(1)], [Fraction(0)]
    for x in L[:-1]:
        product.append(product[-1] * x)
        total.append(total[-1] + x)
    assert encloses(evaluator()(Prod(loss)), product)
    found = evaluator()(Sum(loss) * 2 + 1)
    assert encloses(found, [2 * x + 1 for x in total])
    assert float(evaluator()(Prod(loss)).lo[0, 0]) == 1.0
    assert float(evaluator()(Sum(loss)).hi[0, 0]) == 0.0


def test_a_product_of_rates_close_to_one_keeps_the_digits_of_their_complement() -> None:
    d, steps = Definition("d", eta), 4001
    for tiny in (1e-6, 1e-12, 1e-18):
        values: dict[Named, Interval] = {eta: Interval.exact(np.full((1, steps), tiny))}
        found = Evaluator(IntervalAlgebra(), values)(Prod(1 - d))
        exact = (1 - Fraction(tiny)) ** (steps - 1)
        last = Fraction(float(found.lo[0, -1])), Fraction(float(found.hi[0, -1]))
        assert last[0] <= exact <= last[1]
        # four thousand rounded factors 1 - d would lose thousands of units in the last place
        assert last[1] - last[0] < 100 * Fraction(2) ** -52


def test_the_complement_is_found_behind_a_named_rate() -> None:
    d = Definition("d", eta)
    rate = Definition("rate", 1 - d)
    direct, named = evaluator()(Prod(1 - d)), evaluator()(Prod(rate))
    assert (direct.lo == named.lo).all()
    assert (direct.hi == named.hi).all()
    exact = [Fraction(1)]
    for x in R[:-1]:
        exact.append(exact[-1] * (1 - x))
    assert encloses(named, exact)


def test_a_product_of_something_constant_still_changes_with_the_step() -> None:
    half = {K: Interval.exact(np.array([[0.5]]))}
    evaluate = Evaluator(IntervalAlgebra(4), half)
    assert encloses(evaluate(Prod(K)), [1, Fraction(1, 2), Fraction(1, 4), Fraction(1, 8)], ulps=16)
    assert encloses(
        evaluate(Prod(1 - K)), [1, Fraction(1, 2), Fraction(1, 4), Fraction(1, 8)], ulps=64
    )
    assert encloses(evaluate(Sum(K)), [0, Fraction(1, 2), 1, Fraction(3, 2)], ulps=16)


def test_next_and_fixed_steps_read_other_entries() -> None:
    later = evaluator()(loss - loss.next)
    assert encloses(later[:, :3], [a - b for a, b in pairwise(L)], ulps=64)
    assert later.is_nan()[0, 3]
    assert encloses(evaluator()(loss / loss.at(0)), [x / L[0] for x in L])
    assert encloses(evaluator()(loss / loss.at(2)), [x / L[2] for x in L])


def test_a_definition_is_shifted_with_everything_it_is_made_of() -> None:
    d = Definition("d", eta * loss)
    found = evaluator()(d.next)
    assert encloses(found[:, :3], [x * y for x, y in zip(L[1:], R[1:], strict=True)])
    assert encloses(evaluator()(d.at(0)), [L[0] * R[0]])


def test_extended_values_replace_nothing_that_the_parent_knows() -> None:
    parent = Evaluator(IntervalAlgebra(), {K: Interval.exact(np.array([[2.0]]))})
    square = Definition("square", K**2)
    child = parent.extended({loss: Interval.exact(np.array([[3.0]]))})
    assert float(child(square * loss).lo[0, 0]) == 12.0
    with pytest.raises(MissingSymbol):
        parent(square * loss)


def test_a_symbol_without_value_is_named() -> None:
    with pytest.raises(MissingSymbol, match="grad_norm"):
        evaluator()(loss + grad_norm)
    with pytest.raises(MissingSymbol, match="mu"):
        evaluator()(Definition("d", mu / K))


@pytest.mark.parametrize("function", [sympy.gamma, sympy.sin, sympy.erf, sympy.zeta])
def test_a_function_that_no_algebra_knows_is_refused(function: type[sympy.Function]) -> None:
    with pytest.raises(UsageError, match=f"{function.__name__} is not known"):
        evaluator()(function(loss))


def test_powers_of_balls_around_zero_stay_finite() -> None:
    from flint import arb

    from harness.expressions.ball_algebra import BallAlgebra

    evaluate = Evaluator(BallAlgebra(), {K: arb(0, 1e-30)})
    for expression in (K**2, K**3 + 1, 2 * K**2 - K):
        assert evaluate(expression).is_finite()


def test_a_bare_constant_is_a_row() -> None:
    found = evaluator()(sympy.pi / 3)
    assert found.shape == (1, 1)
    assert float(found.lo[0, 0]) <= 1.0471975511965979 <= float(found.hi[0, 0])

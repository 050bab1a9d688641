"""A function's own numpy and math code, run on balls."""

from __future__ import annotations

import math
from fractions import Fraction
from math import exp
from typing import Any

import numpy as np
import pytest
from numpy.linalg import norm

from harness import UsageError, eigenvalues, singular_values, solve, spectral_radius
from harness.expressions.balls import precision
from harness.numbers.ball import Ball, BallKind, OpenComparisonError
from harness.numbers.standin import rebound

FACTOR = 3


def _helper(x: Any) -> Any:
    return FACTOR * np.array(x) + math.sqrt(2)


def _least_of(values: Any) -> Any:
    return np.min(values), np.array(values).max(), min(values), max(*values)


def code(A: list[list[float]], x: list[float]) -> dict[str, Any]:
    matrix = np.array(A, dtype=float)
    total = np.zeros(2)
    for index, value in enumerate(x):
        total[index % 2] += value
    gram = matrix @ matrix.T
    return {
        "total": total,
        "eigen": np.linalg.eigvalsh(gram),
        "singular": np.linalg.svd(matrix, compute_uv=False),
        "solved": np.linalg.solve(gram + np.eye(2), total),
        "inverse": np.linalg.inv(gram + np.eye(2)).ravel(),
        "helper": _helper(x),
        "extremes": np.array(_least_of(x)),
        "norms": np.array([norm(x), np.linalg.norm(matrix), np.linalg.norm(matrix, 2)]),
        "mixed": np.maximum(x, 0) + np.minimum(np.asarray(x), np.pi) + exp(x[0]),
        "special": [math.erf(x[0]), math.erfc(x[0]), math.lgamma(x[2]), math.gamma(x[0])],
        "rows": np.max(np.abs(matrix), axis=1),
        "log": math.log(x[2], 2) + np.full(2, 0.5) * math.hypot(3, x[0]),
    }


MATRIX = [[0.3, 1.0, -2.0], [0.5, 0.25, 1.5]]
VECTOR = [0.7, -1.25, 5.0]


def balls(values: list[Any]) -> list[Any]:
    return [balls(one) if isinstance(one, list) else Ball.exact(one) for one in values]


def test_the_same_code_gives_the_same_numbers_enclosed() -> None:
    plain = code(MATRIX, VECTOR)
    with precision(128):
        enclosed = rebound(code, BallKind())(balls(MATRIX), balls(VECTOR))
    for name, expected in plain.items():
        found = np.ravel(np.asarray(enclosed[name], dtype=object))
        assert len(found) == np.size(expected), name
        for ball, number in zip(found, np.ravel(expected), strict=True):
            assert isinstance(ball, Ball), name
            assert abs(float(ball.arb.mid()) - number) < 1e-12, name
            # 0.1-like constants are widened, nothing else
            assert float(ball.arb.rad()) < 1e-13, name


def test_the_original_function_is_left_alone() -> None:
    rebound(code, BallKind())
    assert isinstance(code(MATRIX, VECTOR)["total"][0], float)
    assert rebound(len, BallKind()) is len


def test_the_least_of_equal_numbers_is_no_open_question() -> None:
    third = Ball.exact(Fraction(1, 3))
    with precision(64):
        least, greatest, first, last = rebound(_least_of, BallKind())([third, 1 - 2 * third])
    for one in (least, greatest, first, last):
        assert abs(float(one.arb.mid()) - 1 / 3) < 1e-15


def _unsupported(x: Any) -> Any:
    return np.linalg.svd(np.array([[x]]))


def test_functions_of_plain_numbers_are_enclosed_at_full_precision() -> None:
    function = rebound(lambda: (np.sqrt(2), np.exp(np.array([1, 2]))), BallKind())
    with precision(256):
        root, powers = function()
        # a double would leave 2^-52
        assert abs(root * root - 2) < Ball.exact(2.0**-250)
        assert abs(powers[0] * powers[0] - powers[1]) < Ball.exact(2.0**-245)


def test_what_has_no_enclosure_fails_loudly() -> None:
    with pytest.raises(TypeError, match="singular vectors"):
        rebound(_unsupported, BallKind())(Ball.exact(1.0))


def test_linear_algebra_on_floats_is_numpys() -> None:
    matrix = np.array([[2.0, 1.0], [1.0, 3.0]])
    assert eigenvalues(matrix) == pytest.approx([(5 - 5**0.5) / 2, (5 + 5**0.5) / 2])
    assert singular_values([[3, 4]]) == pytest.approx([5])
    assert solve(matrix, [3, 4]) == pytest.approx([1, 1])
    for function, bad, why in [
        (eigenvalues, [[1, 2], [3, 4]], "symmetric"),
        (eigenvalues, [[1, 2]], "square"),
        (eigenvalues, [[math.nan]], "finite"),
        (singular_values, [], "two dimensions"),
        (singular_values, [[math.inf]], "finite"),
    ]:
        with pytest.raises(UsageError, match=why):
            function(bad)
    with pytest.raises(ZeroDivisionError):
        solve([[1, 1], [1, 1]], [1, 2])


def test_linear_systems_of_fractions_are_solved_exactly() -> None:
    third = Fraction(1, 3)
    # 1/3 x + y = 1 and x - y = 1: x = 3/2, y = 1/2
    found = solve([[third, 1], [1, -1]], [1, 1])
    assert [*found] == [Fraction(3, 2), Fraction(1, 2)]
    assert {type(one) for one in found} == {Fraction}
    assert [*solve(np.array([[2, 0], [0, 4]]), [third, 1])] == [third / 2, Fraction(1, 4)]
    inverse = solve([[third, 0], [1, 1]], [[1, 0], [0, 1]])
    assert inverse.tolist() == [[3, 0], [-3, 1]]
    assert solve([[third]], [1.0]).dtype == float
    with pytest.raises(ZeroDivisionError, match="singular"):
        solve([[third, 1], [1, 3]], [1, 1])
    with pytest.raises(UsageError, match="square"):
        solve([[third, 1]], [1])


def test_linear_algebra_on_balls_holds_the_closed_form() -> None:
    with precision(128):
        tenth = Ball.exact(Fraction(1, 10))
        low, high = eigenvalues([[2 * tenth, tenth], [tenth, 3 * tenth]])
        assert abs(float((low.arb - (5 - Ball.exact(5).sqrt().arb) / 20).mid())) < 1e-30
        assert abs(float((high.arb - (5 + Ball.exact(5).sqrt().arb) / 20).mid())) < 1e-30
        # a double root at 1/2, inexact and exact
        half = 5 * tenth
        with pytest.raises(OpenComparisonError):
            spectral_radius([[half, 0], [1, half]])
        assert abs(float(spectral_radius([[half, 0], [1, tenth]]).arb.mid()) - 0.5) < 1e-15
        exact = spectral_radius([[Ball.exact(0.5), Ball.exact(0)], [1, Ball.exact(0.5)]])
        assert exact.arb.contains(0.5)
        assert float(exact.arb.rad()) < 1e-15
        (x,) = solve([[tenth]], [Ball.exact(1)])
        assert x.arb.contains(10)


def larger(a: Any, b: Any) -> Any:
    return max(a, b)


def by_a_helper(a: Any, b: Any) -> Any:
    return larger(a, b) - min(a, b)


def test_functions_that_are_called_take_the_larger_of_balls_that_overlap() -> None:
    with precision(64):
        third = Ball.exact(1) / 3
        again = 1 - (third + third)
        found = rebound(by_a_helper, BallKind())(third, again)
        assert found.arb.contains(0)
        assert float(found.arb.rad()) < 1e-15

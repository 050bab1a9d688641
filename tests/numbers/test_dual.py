"""Dual numbers: values as floats have them, derivatives as closed forms have them."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from harness import eigenvalues, singular_values, solve, spectral_radius
from harness.errors import UsageError
from harness.numbers.dual import Allowance, Dual, DualKind, TooLongError
from harness.numbers.standin import rebound

X, Y = 1.7, -0.6


def pair() -> tuple[Dual, Dual]:
    return Dual(X, np.array([1.0, 0.0])), Dual(Y, np.array([0.0, 1.0]))


@pytest.mark.parametrize(
    ("function", "gradient"),
    [
        (lambda x, y: x + y - 2 * x + 3, (-1, 1)),
        (lambda x, y: 1 - x + Fraction(1, 4) * y, (-1, 0.25)),
        (lambda x, y: x * y, (Y, X)),
        (lambda x, y: x / y, (1 / Y, -X / Y**2)),
        (lambda x, y: 2 / x, (-2 / X**2, 0)),
        (lambda x, y: x / 4.0, (0.25, 0)),
        (lambda x, y: y**3, (0, 3 * Y**2)),
        (lambda x, y: x**-2, (-2 * X**-3, 0)),
        (lambda x, y: x**0.5, (0.5 / math.sqrt(X), 0)),
        (lambda x, y: x**y, (Y * X ** (Y - 1), X**Y * math.log(X))),
        (lambda x, y: 3**x, (3**X * math.log(3), 0)),
        (lambda x, y: x**0, (0, 0)),
        (lambda x, y: abs(y) * abs(x), (-Y, -X)),
        (lambda x, y: np.float64(2) * x - y * np.int64(3), (2, -3)),
        (lambda x, y: np.array([1.0, 2.0]) @ np.array([x, y]), (1, 2)),
        (lambda x, y: np.square(y), (0, 2 * Y)),
        (lambda x, y: -x + (+y), (-1, 1)),
    ],
)
def test_arithmetic(function: Callable[..., Any], gradient: tuple[float, float]) -> None:
    found = function(*pair())
    assert found.value == pytest.approx(float(function(X, Y)), rel=1e-14)
    assert np.broadcast_to(found.gradient, 2) == pytest.approx(gradient, rel=1e-13)


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("exp", 0.7), ("expm1", 0.7), ("log", 0.7), ("log1p", 0.7), ("log2", 0.7), ("log10", 0.7),
        ("sqrt", 0.7), ("sin", 0.7), ("cos", 0.7), ("tan", 0.7), ("sinh", 0.7), ("cosh", 0.7),
        ("tanh", 0.7), ("arcsin", 0.7), ("arccos", 0.7), ("arctan", 0.7), ("arcsinh", 0.7),
        ("arccosh", 1.7), ("arctanh", 0.7), ("square", 0.7),
    ],
)  # fmt: skip
def test_functions_and_their_derivatives_are_those_of_mpmath(name: str, at: float) -> None:
    other = {"log2": lambda x: mpmath.log(x, 2), "square": lambda x: x**2}
    reference = other.get(name) or getattr(mpmath, name.replace("arc", "a"))
    with mpmath.workdps(40):
        value, slope = reference(mpmath.mpf(at)), mpmath.diff(reference, mpmath.mpf(at))
    found = getattr(np, name)(np.array([Dual(at, np.array([2.0, 0.0]))]))[0]
    assert found.value == pytest.approx(float(value), rel=1e-14)
    assert found.gradient == pytest.approx([2 * float(slope), 0], rel=1e-13)


def test_comparisons_look_at_the_value() -> None:
    x, y = pair()
    assert all([y < x, x > y, x >= 1.7, y <= -0.6, x == 1.7, x != y, bool(x)])
    assert not any([x < 1.7, x > 1.7, x <= y, y >= 0, x != Fraction(1.7), bool(Dual(0.0))])
    assert DualKind().greatest([1, x, y]) is x
    assert DualKind().least([1, x, y]) is y


def test_no_derivative_where_there_is_none() -> None:
    moving, still = Dual(0.0, np.array([1.0, 0.0])), Dual(0.0, np.zeros(2))
    for function in (abs, np.sqrt, lambda one: one**0.3):
        kink = function(moving)
        assert kink.value == 0
        assert math.isnan(kink.gradient[0])
        assert kink.gradient[1] == 0
        assert (function(still).gradient == 0).all()
    assert math.isnan(np.arccos(Dual(1.0, np.ones(1))).gradient[0])


def test_no_float_and_no_number_out_of_the_domain() -> None:
    x, y = pair()
    for lost in (float, math.exp, lambda one: np.linalg.det([[one]])):
        with pytest.raises(TypeError):
            lost(x)
    for outside in (np.log, np.sqrt, lambda one: one**0.5, lambda one: one**x):
        with pytest.raises(ValueError):  # noqa: PT011 (math's own words)
            outside(y)
    with pytest.raises(ZeroDivisionError):
        x / (y - y)
    with pytest.raises(TypeError):
        x + "1"
    with pytest.raises(TypeError):
        Dual.of(None)


def test_an_allowance_ends_a_computation_and_is_restored() -> None:
    x, _ = pair()
    with pytest.raises(TooLongError), Allowance.of(3):
        x + 1 + 1 + 1 + 1
    with Allowance.of(3):
        x + 1 + 1 + 1
    assert Allowance.left == math.inf


def _matrix(rows: list[list[float]]) -> tuple[list[list[Dual]], int]:
    """Every entry with a derivative of its own."""
    size = len(rows) * len(rows[0])
    flat = [one for row in rows for one in row]
    duals = [Dual(one, np.eye(size)[i]) for i, one in enumerate(flat)]
    width = len(rows[0])
    return [duals[i : i + width] for i in range(0, size, width)], size


def _differences(function: Callable[[Any], Any], rows: list[list[float]]) -> Any:
    """Central differences with respect to every entry."""
    columns = []
    for i, row in enumerate(rows):
        for j, _ in enumerate(row):
            ends = []
            for step in (1e-5, -1e-5):
                moved = np.array(rows)
                moved[i, j] += step
                ends.append(np.array(function(moved)))
            columns.append((ends[0] - ends[1]) / 2e-5)
    return np.array(columns).T


SQUARE = [[2.0, -1.0, 0.5], [0.25, 1.0, 3.0], [-2.0, 0.5, 1.5]]


def test_eigenvalues_of_a_two_by_two_matrix_have_the_closed_form() -> None:
    a, b, c = (Dual(value, np.eye(3)[i]) for i, value in enumerate((2.0, 0.7, -1.0)))
    found = eigenvalues([[a, b], [b, c]])
    disc = ((a - c) ** 2 + 4 * b * b) ** 0.5
    for one, expected in zip(found, [(a + c - disc) / 2, (a + c + disc) / 2], strict=True):
        assert one.value == pytest.approx(expected.value, rel=1e-14)
        assert one.gradient == pytest.approx(expected.gradient, rel=1e-12)


@pytest.mark.parametrize("rows", [SQUARE, [[1.0, 2.0, 0.5], [-1.0, 0.25, 3.0]]])
def test_singular_values(rows: list[list[float]]) -> None:
    duals, _ = _matrix(rows)
    found = singular_values(duals)
    reference = _differences(lambda one: np.linalg.svd(one, compute_uv=False), rows)
    assert [one.value for one in found] == pytest.approx(np.linalg.svd(rows, compute_uv=False))
    assert np.array([one.gradient for one in found]) == pytest.approx(reference, abs=1e-8)


@pytest.mark.parametrize("right", [[1.0, -2.0, 0.5], [[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]]])
def test_solve(right: Any) -> None:
    duals, size = _matrix(SQUARE)
    found = solve(duals, right)
    reference = _differences(lambda one: np.linalg.solve(one, np.array(right)).ravel(), SQUARE)
    assert found.shape == np.shape(right)
    gradients = np.array([one.gradient for one in found.ravel()])
    assert gradients.shape == (np.size(right), size)
    assert gradients == pytest.approx(reference, abs=1e-8)
    # b alone moves: x moves by the inverse
    moving = solve([[2.0, 1.0], [0.0, 4.0]], [Dual(1.0, np.array([1.0])), 0.0])
    assert moving[0].gradient == pytest.approx([0.5])


@pytest.mark.parametrize("rows", [SQUARE, [[3.0, 1.0], [0.5, -1.0]], [[0.0, -2.0], [1.0, 0.5]]])
def test_spectral_radius(rows: list[list[float]]) -> None:
    duals, _ = _matrix(rows)
    found = spectral_radius(duals)
    reference = _differences(lambda one: [np.abs(np.linalg.eigvals(one)).max()], rows)
    assert np.array([found.gradient]) == pytest.approx(reference, abs=1e-8)  # type: ignore[attr-defined]


def test_what_coincides_has_no_derivative_of_its_own() -> None:
    one, zero = Dual(1.0, np.array([1.0])), Dual(0.0, np.array([0.0]))
    twice = eigenvalues([[one, zero, zero], [zero, one, zero], [zero, zero, 3 * one]])
    assert [math.isnan(found.gradient[0]) for found in twice] == [True, True, False]
    assert twice[2].gradient == pytest.approx([3])
    assert math.isnan(singular_values([[one, one], [one, one]])[1].gradient[0])
    defective = spectral_radius([[one, one], [zero, one]])
    assert np.isnan(defective.gradient).all()  # type: ignore[attr-defined]


def test_matrices_that_are_refused() -> None:
    one = Dual(1.0, np.ones(1))
    with pytest.raises(UsageError, match="symmetric"):
        eigenvalues([[one, one], [0.0, one]])
    with pytest.raises(UsageError, match="finite"):
        singular_values([[one, math.inf]])
    with pytest.raises(ZeroDivisionError):
        solve([[one, one], [one, one]], [1.0, 0.0])


def test_numpys_own_names_work_on_duals() -> None:
    def largest(logits: list[Any]) -> Any:
        weights = np.exp(np.array(logits) - max(logits))
        p = weights / weights.sum()
        return np.linalg.eigvalsh(np.diag(p) - np.outer(p, p))[-1]

    logits = [0.3, -0.2, 0.9]
    duals = [Dual(one, np.eye(3)[i]) for i, one in enumerate(logits)]
    found = rebound(largest, DualKind())(duals)
    reference = _differences(lambda one: [largest(list(one[0]))], [logits])
    assert found.value == pytest.approx(largest(logits), rel=1e-13)
    assert np.array([found.gradient]) == pytest.approx(reference, abs=1e-9)

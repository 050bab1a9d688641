"""Bounds in floats: the same numbers whatever the block, and what powers and extremes mean."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from sympy import Max, Min, sqrt

from harness import symbol
from harness.expressions import floats
from harness.expressions.compile import compiled

x, y, z = (symbol(name, f"number {name}") for name in "xyz")
EXPRESSION = Max(x * y, 1) ** 3 / sqrt(1 + z**2) - Min(x, y, z)


@pytest.mark.parametrize(
    "shapes",
    [
        ((50,), (50,), (50,)),
        ((50, 4), (50, 4), (50, 4)),
        ((50, 4), (1, 4), (50, 1)),
        ((50, 4), (4,), ()),
        ((1, 200), (1, 1), (1, 200)),
        ((3, 70), (3, 1), (70,)),
    ],
)
@pytest.mark.parametrize("block", [1, 7, 64])
def test_blocks_change_nothing(
    shapes: tuple[tuple[int, ...], ...], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(1)
    values = [rng.normal(size=shape) for shape in shapes]
    call = compiled(EXPRESSION, (x, y, z), "float")
    whole = call(*values)
    monkeypatch.setattr(floats, "BLOCK", block)
    np.testing.assert_array_equal(call(*values), whole)
    a, b, c = values
    plain = np.maximum(a * b, 1) ** 3 / np.sqrt(1 + c**2) - np.minimum(np.minimum(a, b), c)
    np.testing.assert_allclose(whole, plain, rtol=1e-13)


def test_large_arrays_are_taken_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    call = floats.in_blocks(lambda a, b: seen.append(np.shape(a)) or a + b)
    monkeypatch.setattr(floats, "BLOCK", 100)
    rows, column = np.arange(1050.0).reshape(350, 3), np.arange(3.0)
    np.testing.assert_array_equal(call(rows, column), rows + column)
    assert max(math.prod(shape) for shape in seen) <= 100
    assert sum(shape[0] for shape in seen) == 350


def test_numbers_stay_numbers() -> None:
    assert compiled(x**2 + y, (x, y), "float")(3.0, 1.0) == 10.0
    assert compiled(Max(x, 2), (x,), "float")(1.0) == 2.0


@pytest.mark.parametrize("exponent", [1, 2, 3, 7, 32, 33, -3])
def test_powers_are_close_to_exact(exponent: int) -> None:
    values = [0.7, -1.3, 2.5]
    found = compiled(x**exponent, (x,), "float")(np.array(values))
    for value, power in zip(values, found, strict=True):
        exact = Fraction(value) ** exponent
        assert abs(Fraction(float(power)) - exact) <= abs(exact) * Fraction(1, 2**46)


def test_nothing_hides_what_is_not_a_number() -> None:
    values = np.array([np.nan, 1.0])
    for expression in (Max(x, 0), Min(x, 0), x**3):
        assert np.isnan(compiled(expression, (x,), "float")(values)[0])

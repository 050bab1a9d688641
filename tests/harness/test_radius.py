"""The certified spectral radius, against closed forms and numpy."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from harness import UsageError, spectral_radius
from harness.numbers.certain import Certain


def both(found: Certain) -> tuple[float, float]:
    return float(found), found.error


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ([[3]], Fraction(3)),
        ([[0]], Fraction(0)),
        ([[Fraction(1, 3)]], Fraction(1, 3)),
        ([[0, -1], [1, 0]], Fraction(1)),
        # no basis of eigenvectors, where floating point loses half the digits
        ([[0.5, 1], [0, 0.5]], Fraction(1, 2)),
        ([[0, 1, 0], [0, 0, 1], [0, 0, 0]], Fraction(0)),
        ([[-2, 0], [0, 1]], Fraction(2)),
    ],
)
def test_known_radii_are_enclosed(matrix: Any, expected: Fraction) -> None:
    value, error = both(spectral_radius(matrix))
    assert abs(Fraction(value) - expected) <= Fraction(error)
    assert error <= 1e-15 * abs(value)


def test_the_golden_ratio_is_enclosed() -> None:
    value, error = both(spectral_radius([[1, 1], [1, 0]]))
    # x^2 - x - 1 changes sign on the enclosure
    low, high = Fraction(value) - Fraction(error), Fraction(value) + Fraction(error)
    assert low**2 - low - 1 <= 0 <= high**2 - high - 1
    assert 0 < error < 1e-15


@pytest.mark.parametrize("whole", [True, False])
def test_it_agrees_with_numpy(whole: bool) -> None:
    rng = np.random.default_rng(7)
    for _ in range(40):
        size = int(rng.integers(1, 5))
        drawn = rng.uniform(-3, 3, (size, size))
        matrix = np.round(drawn) if whole else drawn
        value, error = both(spectral_radius(matrix.tolist()))
        # numpy puts an eigenvalue of multiplicity 4 off by the fourth root of a unit roundoff
        assert value == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max(), abs=1e-3)
        assert error <= 1e-15 * value


def test_a_pencil_is_divided_exactly() -> None:
    value, error = both(spectral_radius([[1, 0], [0, 1]], over=[[4, 0], [0, 2]]))
    assert abs(value - 0.5) <= error < 1e-15
    value, error = both(
        spectral_radius(np.array([[1, 2], [3, 4]]), over=np.array([[1, 1], [0, 3]]))
    )
    # [[1, 1], [0, 3]]^-1 [[1, 2], [3, 4]] = [[0, 2/3], [1, 4/3]]: x^2 - 4x/3 - 2/3
    assert value == pytest.approx((2 + math.sqrt(10)) / 3, abs=2 * error)


def test_a_singular_divisor_gives_nan() -> None:
    value, error = both(spectral_radius([[1, 0], [0, 1]], over=[[1, 1], [1, 1]]))
    assert math.isnan(value)
    assert error == 0


@pytest.mark.parametrize(
    ("matrix", "over", "why"),
    [
        ([], None, "square and not empty"),
        ([[1, 2]], None, "square and not empty"),
        ([[1, 2], [3]], None, "square and not empty"),
        ([[math.nan]], None, "finite number"),
        ([[math.inf]], None, "finite number"),
        ([["a"]], None, "finite number"),
        ([[1j]], None, "finite number"),
        ([[1]], [[1, 0], [0, 1]], "same size"),
    ],
)
def test_anything_else_is_refused(matrix: Any, over: Any, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        spectral_radius(matrix, over)


def test_roots_of_entries_hundreds_of_orders_apart_are_not_isolated() -> None:
    noise = np.random.default_rng(0).standard_normal((6, 6)) * 1e-300
    found = spectral_radius(np.eye(6) / 2 + np.diag([0.25, 0, 0, 0, 0, 0]) + noise)
    # 3/4, up to the noise; that a norm is all that is known shows that no minutes went into roots
    assert 0.25 < found.error < 0.5
    assert abs(found - 0.75) <= found.error
    assert found + found.error == pytest.approx(0.75)

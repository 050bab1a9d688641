"""Sums and products over the steps before: against exact rationals."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.expressions import interval as iv
from harness.expressions.interval import Interval
from tests.harness.enclosures import (
    GREATEST,
    NAN,
    SMALLEST,
    doubles,
    ends,
    holds,
    members,
    nonnegative,
    overlaps,
)


@pytest.fixture(autouse=True)
def _reference_precision() -> Iterator[None]:
    before = ctx.prec
    ctx.prec = 300
    yield
    ctx.prec = before


def prefixes(
    step: Callable[[Fraction, Fraction], Fraction], values: list[Fraction], start: int
) -> list[Fraction]:
    found = [Fraction(start)]
    for value in values[:-1]:
        found.append(step(found[-1], value))
    return found


@st.composite
def rows(draw: st.DrawFn, entries: st.SearchStrategy[float]) -> tuple[Interval, list[Fraction]]:
    pairs = draw(st.lists(members(entries), min_size=1, max_size=12))
    lo, hi = [float(x.lo) for x, _ in pairs], [float(x.hi) for x, _ in pairs]
    return Interval(lo, hi), [a for _, a in pairs]


ROWS = (
    doubles,
    nonnegative,
    st.floats(0, 1),
    st.floats(0.5, 2),
    st.floats(0, 1e-150),
    st.sampled_from([1e-200, 1e200, 1e-160, 0.5, 3.0, 1e308, SMALLEST, 0.0]),
    st.sampled_from([1e308, -1e308, 3.0, GREATEST]),
    st.sampled_from([-0.1, 0.1, 0.7, 1e-17]),
)


@pytest.mark.parametrize("entries", ROWS)
@settings(max_examples=50, deadline=None)
@given(st.data())
def test_cumulative_results_enclose_the_exact_rationals(
    entries: st.SearchStrategy[float], data: st.DataObject
) -> None:
    x, values = data.draw(rows(entries))
    for cumulative, step, start in (
        (iv.cumulative_sum, operator.add, 0),
        (iv.cumulative_product, operator.mul, 1),
    ):
        result = cumulative(x)
        assert result.shape == x.shape
        assert ends(result[0]) == (start, start)
        expected = prefixes(step, values, start)
        assert all(holds(result[t], value) for t, value in enumerate(expected))


@pytest.mark.parametrize(
    "entries", [st.floats(0, 1e-9), st.floats(-3, 1, exclude_max=True), st.floats(0.4, 0.9999)]
)
@settings(max_examples=50, deadline=None)
@given(st.data())
def test_products_of_complements_enclose_the_exact_rationals(
    entries: st.SearchStrategy[float], data: st.DataObject
) -> None:
    d, values = data.draw(rows(entries))
    result = iv.cumulative_product_of_complement(d)
    assert ends(result[0]) == (1.0, 1.0)
    expected = prefixes(operator.mul, [1 - value for value in values], 1)
    assert all(holds(result[t], value) for t, value in enumerate(expected))


def test_a_complement_beyond_one_takes_the_direct_product() -> None:
    result = iv.cumulative_product_of_complement(Interval([0.5, 0.5, 3.0], [0.5, 1.5, 3.0]))
    assert ends(result[1]) == (0.5, 0.5)
    assert holds(result[2], Fraction(-1, 4))
    assert holds(result[2], Fraction(1, 4))


def test_rows_are_independent_of_their_neighbours() -> None:
    block = np.array(
        [
            [0.9, 0.8, 0.7, 0.6, 0.5],
            [1e-200, 1e-200, 1e300, 1e300, 1.0],
            [-1.0, 2.0, -3.0, 4.0, 5.0],
            [NAN, 1.0, 1.0, 1.0, 1.0],
            [1.0, NAN, -1.0, 1.0, 1.0],
        ]
    )
    for cumulative in (
        iv.cumulative_sum,
        iv.cumulative_product,
        iv.cumulative_product_of_complement,
    ):
        together = cumulative(Interval.exact(block))
        for row, single in enumerate(block):
            alone = cumulative(Interval.exact(single))
            np.testing.assert_array_equal(together.lo[row], alone.lo)
            np.testing.assert_array_equal(together.hi[row], alone.hi)
        assert together.is_nan()[3].tolist() == [False, True, True, True, True]
        assert together.is_nan()[4].tolist() == [False, False, True, True, True]


def test_a_product_comes_back_from_below_the_doubles() -> None:
    """1e-200 * 1e-200 * 1e300 * 1e300 is 1e200, though the second prefix is below every double."""
    result = iv.cumulative_product(Interval.exact([1e-200, 1e-200, 1e300, 1e300, 1.0]))
    assert holds(result[4], Fraction(1e-200) ** 2 * Fraction(1e300) ** 2)


def test_long_rows_stay_narrow() -> None:
    steps = 20_000
    rate = Interval.exact(np.full(steps, 0.999))
    assert iv.cumulative_product(rate).relative_to(0.999 ** np.arange(steps)).max() < 2e-11
    assert iv.cumulative_sum(rate).relative_to(np.arange(1, steps + 1)).max() < 2e-11
    # below the normal numbers only an absolute statement is left, and it is still tight
    halves = iv.cumulative_product(Interval.exact(np.full(steps, 0.5)))
    assert halves.hi[2000] < 1e-318
    assert halves.lo[2000] == 0.0
    assert halves.hi[-1] > 0.0


def test_tiny_complements_keep_their_digits() -> None:
    steps = 100_000
    result = iv.cumulative_product_of_complement(Interval.exact(np.full(steps, 1e-9)))
    assert result.relative_to(1.0).max() < 1e-13
    assert overlaps(result[-1], (1 - arb(1e-9)) ** (steps - 1))


def test_empty_rows() -> None:
    empty = Interval(np.zeros((3, 0)), np.zeros((3, 0)))
    assert iv.cumulative_sum(empty).shape == iv.cumulative_product(empty).shape == (3, 0)


def test_shapes() -> None:
    x = Interval(np.zeros((2, 1)), np.ones(3))
    assert x.shape == x.lo.shape == x.hi.shape == (2, 3)
    assert x[0].shape == (3,)
    assert x[..., 1:].shape == (2, 2)
    assert Interval.exact(2).broadcast_to((4, 2)).lo.tolist() == [[2.0, 2.0]] * 4
    assert "Interval" in repr(x)

"""Intervals to draw, and what it means that one holds a number."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from flint import arb
from hypothesis import settings
from hypothesis import strategies as st

from harness.expressions.interval import Interval

INF, NAN = math.inf, math.nan
GREATEST, SMALLEST = float(np.finfo(np.float64).max), 5e-324

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, GREATEST, -GREATEST, SMALLEST, -SMALLEST, 2.0**-1022]
anywhere = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(SPECIAL)
moderate = st.floats(-1e6, 1e6) | st.floats(-4, 4)
doubles = anywhere | moderate
nonnegative = doubles.map(abs)
thorough = settings(max_examples=100, deadline=None)


@st.composite
def members(draw: st.DrawFn, ends: st.SearchStrategy[float] = doubles) -> tuple[Interval, Fraction]:
    """An interval, half of the time a point, and one number inside it."""
    first = draw(ends)
    second = first if draw(st.booleans()) else draw(ends)
    lo, hi = min(first, second), max(first, second)
    share = draw(st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1)]))
    return Interval(lo, hi), Fraction(lo) + share * (Fraction(hi) - Fraction(lo))


def point(value: float) -> tuple[Interval, Fraction]:
    return Interval.exact(value), Fraction(value)


def ends(x: Interval) -> tuple[float, float]:
    return float(x.lo), float(x.hi)


def holds(x: Interval, value: Fraction) -> bool:
    lo, hi = ends(x)
    return (lo == -INF or Fraction(lo) <= value) and (hi == INF or value <= Fraction(hi))


def overlaps(x: Interval, value: arb) -> bool:
    lo, hi = ends(x)
    return lo <= hi and not arb(lo) > value and not arb(hi) < value


def steps_apart(x: Interval) -> int:
    """How many doubles lie between the ends, ordered as their bit patterns are."""
    lo, hi = (int(np.float64(end).view(np.int64)) for end in ends(x))
    lo, hi = (bits if bits >= 0 else -(bits + 2**63) for bits in (lo, hi))
    return hi - lo

"""Rigorous enclosures of implicitly defined numbers, for whole blocks of rows.

A root is where an expression, negative before it, reaches zero. The lower end returned is the
largest double found at which the expression is *certainly* negative, so that a step size chosen
there is certainly below the theorem's limit; the upper end is a double at which it is certainly
positive.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.expressions.interval import Interval

Array = NDArray[np.float64]
Equation = Callable[[Interval], Interval]

_TINY = 2.0**-1000
_HUGE = 2.0**1000
_BISECTIONS = 64
_MARCH = 600
_FINEST = 1.0 + 2.0**-44


def enclosed_root(
    equation: Equation, low: Interval | Any, high: Interval, smallest: bool
) -> Interval:
    """The root of each row between ``low`` and ``high``, as an interval.

    Where the sign is not certainly negative at the lower end of the bracket, the result starts at
    0: the limit is numerically zero. Where it stays negative up to ``high`` the root is ``high``
    itself: the theorem's bracket ends there.
    """
    start = np.maximum(low.hi if isinstance(low, Interval) else float(low), _TINY)
    end = np.minimum(high.lo, _HUGE)
    probe = equation(Interval.exact(np.asarray(start)))
    shape = np.broadcast_shapes(probe.shape, np.shape(start), np.shape(end))
    start, end = np.broadcast_to(start, shape), np.broadcast_to(end, shape)
    alive = np.broadcast_to(probe.certainly_negative(), shape) & (start < end)

    def negative(point: Array) -> NDArray[np.bool_]:
        return np.broadcast_to(equation(Interval.exact(point)).certainly_negative(), shape)

    def positive(point: Array) -> NDArray[np.bool_]:
        return np.broadcast_to(equation(Interval.exact(point)).certainly_positive(), shape)

    if smallest:
        lower = _march(equation, np.where(alive, start, 1.0), np.where(alive, end, 2.0))
    else:
        lower = _last(negative, start, end)
    upper = _last(lambda point: ~positive(point), np.maximum(lower, start), end)
    upper = np.nextafter(upper, np.inf)
    upper = np.where(upper >= end, np.broadcast_to(high.hi, shape), upper)
    return Interval(np.where(alive, lower, 0.0), np.where(alive, upper, np.inf))


def _last(holds: Callable[[Array], NDArray[np.bool_]], start: Array, end: Array) -> Array:
    """The last double of start..end where the predicate holds, by bisection over the doubles.

    Positive doubles are ordered as their bit patterns, so 64 halvings reach a single one.
    """
    below = np.array(start, dtype=np.float64).view(np.int64)
    above = np.array(end, dtype=np.float64).view(np.int64)
    at_end = holds(above.view(np.float64))
    below = np.where(at_end, above, below)
    for _ in range(_BISECTIONS):
        middle = below + (above - below) // 2
        true = holds(middle.view(np.float64))
        below, above = np.where(true, middle, below), np.where(true, above, middle)
    return below.view(np.float64).copy()


def _march(equation: Equation, start: Array, end: Array) -> Array:
    """How far one can walk from ``start`` with every point on the way certainly negative.

    Each stride is an interval on which the sign is certified as a whole; strides grow while that
    succeeds and shrink where it fails, down to a relative 2^-44.
    """
    here = np.array(start, dtype=np.float64)
    stride = np.full(here.shape, 4.0)
    for _ in range(_MARCH):
        moving = (stride >= _FINEST) & (here < end)
        if not moving.any():
            break
        there = np.where(moving, np.minimum(here * stride, end), here)
        certain = np.broadcast_to(
            equation(Interval.hull(here, there)).certainly_negative(), here.shape
        )
        here = np.where(moving & certain, there, here)
        stride = np.where(certain, 1 + (stride - 1) * 2, 1 + (stride - 1) / 2)
    return here

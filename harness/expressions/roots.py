"""Rigorous enclosures of implicitly defined numbers, for whole blocks of rows.

A root is where an expression, negative before it, reaches zero. The lower end returned is a
double, as close to the root as rounding lets one see, at which the expression is *certainly*
negative, so that a step size chosen there is certainly below the theorem's limit; the upper end
is a double at which it is certainly positive. Plain floats find the place, intervals certify it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from harness.expressions.interval import Interval

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Equation = Callable[[Interval], Interval]
FloatEquation = Callable[[Array], Array]

TINY = 2.0**-1000
HUGE = 2.0**1000
_ROUNDS = 22
_SCAN = 512
_APPROACH = 48
_REFINEMENTS = 6
_EIGHTHS = np.arange(1, 8, dtype=np.int64)
_STRIDES = np.array([0, *(1 << k for k in range(53))], dtype=np.int64)
_PARTS = np.arange(64, dtype=np.int64)
_CUTS = 12


def enclosed_root(
    equation: Equation, in_floats: FloatEquation, low: Interval, high: Interval, smallest: bool
) -> Interval:
    """The root of each row between ``low`` and ``high``, as an interval of shape (B, 1).

    Both equations are the same expression, in intervals and in plain floats. Where the sign is
    not certainly negative at the lower end of the bracket the result starts at 0: the limit is
    numerically zero. Where it stays negative up to ``high`` the root is ``high`` itself: the
    theorem's bracket ends there. With ``smallest`` every point before the lower end is certified
    negative; without, the theorem vouches for a single sign change.
    """
    start, end = bracket_ends(low, high)
    first = equation(Interval.exact(start))
    shape = np.broadcast_shapes(first.shape, start.shape, end.shape)
    start, end = np.broadcast_to(start, shape), np.broadcast_to(end, shape)
    alive = np.broadcast_to(first.certainly_negative(), shape) & (start < end)
    start, end = np.where(alive, start, 1.0), np.where(alive, end, 2.0)
    guess = located(in_floats, start, end, smallest)
    if smallest:
        lower = _reached(equation, start, guess)
    else:
        lower = _stepping(lambda x: _negative(equation, x), guess, start, -1)
    upper = _stepping(lambda x: _positive(equation, x), guess, end, +1, nearest=False)
    upper = np.where(upper >= end, np.broadcast_to(high.hi, shape), upper)
    return Interval(np.where(alive, lower, 0.0), np.where(alive, upper, np.inf))


def bracket_ends(low: Interval, high: Interval) -> tuple[Array, Array]:
    """The doubles between which a root is looked for."""
    return np.maximum(low.hi, TINY), np.minimum(high.lo, HUGE)


def _negative(equation: Equation, x: Array) -> Bools:
    return np.broadcast_to(equation(Interval.exact(x)).certainly_negative(), x.shape)


def _positive(equation: Equation, x: Array) -> Bools:
    return np.broadcast_to(equation(Interval.exact(x)).certainly_positive(), x.shape)


def located(in_floats: FloatEquation, start: Array, end: Array, smallest: bool) -> Array:
    """Where the float evaluation changes sign (first), by a scan and by cutting into eighths.

    Positive doubles are ordered as their bit patterns, so cutting those reaches a single double.
    """
    below, above = start.view(np.int64).copy(), end.view(np.int64).copy()
    with np.errstate(all="ignore"):
        if smallest:
            log_start, log_end = np.log(start), np.log(end)
            grid = np.exp(log_start + (log_end - log_start) * np.linspace(0.0, 1.0, _SCAN + 1))
            grid[..., :1], grid[..., -1:] = start, end
            positive = ~(np.broadcast_to(in_floats(grid), grid.shape) < 0)
            index = np.where(positive.any(axis=-1), positive.argmax(axis=-1), _SCAN)
            index = np.maximum(index, 1)[..., None]
            below = np.take_along_axis(grid, index - 1, -1).view(np.int64)
            above = np.take_along_axis(grid, index, -1).view(np.int64)
        at_end = in_floats(above.view(np.float64)) < 0
        below = np.where(at_end, above, below)
        for _ in range(_ROUNDS):
            eighths, rest = np.divmod(above - below, 8)
            inside = below + eighths * _EIGHTHS + rest * _EIGHTHS // 8
            passed = ~(np.broadcast_to(in_floats(inside.view(np.float64)), inside.shape) < 0)
            first = np.where(passed.any(axis=-1), passed.argmax(axis=-1), 7)[..., None]
            above = below + eighths * (first + 1) + rest * (first + 1) // 8
            below = below + eighths * first + rest * first // 8
    return below.view(np.float64).copy()


def _stepping(
    holds: Callable[[Array], Bools], guess: Array, limit: Array, sign: int, nearest: bool = True
) -> Array:
    """From the guess in one direction: a double at which the predicate holds.

    Strides of 0, 1, 2, 4, ... doubles are all tried at once, then the gap before the first that
    serves is cut finer and finer to the nearest double; the limit where none serves.
    """
    origin, bound = guess.view(np.int64), np.array(limit, dtype=np.float64).view(np.int64)
    nearer = np.minimum if sign > 0 else np.maximum
    reach = nearer(origin + sign * _STRIDES, bound)
    inside, outside = _first(holds, reach, np.broadcast_to(bound, origin.shape))
    for _ in range(_CUTS if nearest else 0):
        gap = np.abs(outside - inside)
        if (gap <= 1).all():
            break
        steps = np.minimum((gap * _PARTS) // _PARTS[-1], gap)
        inside, outside = _first(holds, inside + sign * steps, outside)
    return outside.view(np.float64).copy()


def _first(holds: Callable[[Array], Bools], points: Ints, otherwise: Ints) -> tuple[Ints, Ints]:
    """The first of the points (last axis) that serves, and the one before it."""
    true = holds(points.view(np.float64))
    index = np.where(true.any(axis=-1), true.argmax(axis=-1), points.shape[-1])[..., None]
    found = np.concatenate([points, otherwise], axis=-1)
    before = np.take_along_axis(found, np.maximum(index - 1, 0), -1)
    after = np.take_along_axis(found, index, -1)
    return np.ascontiguousarray(before), np.ascontiguousarray(after)


def _reached(equation: Equation, start: Array, guess: Array) -> Array:
    """How far from ``start`` towards the guess every point on the way is certainly negative.

    The way is cut into cells, finer towards the guess; each is certified as a whole, and the
    first that fails is cut again.
    """
    here, goal = start, guess
    for round_ in range(_REFINEMENTS):
        edges = _graded(here, goal) if round_ == 0 else _even(here, goal)
        cells = Interval.hull(edges[..., :-1], edges[..., 1:])
        failed = ~np.broadcast_to(equation(cells).certainly_negative(), cells.shape)
        count = cells.shape[-1]
        index = np.where(failed.any(axis=-1), failed.argmax(axis=-1), count)[..., None]
        here = np.take_along_axis(edges, index, -1)
        goal = np.take_along_axis(edges, np.minimum(index + 1, count), -1)
        if not (here < goal).any():
            break
    return here


def _graded(start: Array, goal: Array) -> Array:
    """Edges from start to goal: even in the logarithm up to half the goal, then closing in."""
    half = np.maximum(start, goal / 2)
    first = np.exp(np.log(start) + np.log(half / start) * np.linspace(0.0, 1.0, 65))
    closing = half + (goal - half) * (1 - 2.0 ** -np.arange(1, _APPROACH))
    edges = np.concatenate([start, first[..., 1:-1], half, closing], axis=-1)
    return np.asarray(np.maximum.accumulate(edges, axis=-1))


def _even(start: Array, goal: Array) -> Array:
    parts = start + (goal - start) * np.linspace(0.0, 1.0, 17)
    parts[..., :1], parts[..., -1:] = start, goal
    return np.asarray(np.maximum.accumulate(parts, axis=-1))

"""Outward rounding of float64 arrays: what an interval operation pays for each rounding.

* Sums: Knuth's TwoSum gives the rounding error exactly, hence true directed rounding.
* Products, quotients and square roots are correctly rounded by IEEE 754: one step outward, except
  where a factor is 0 or a power of two and the result neither over- nor underflows.
* Library functions (exp, log, ...) are *not* correctly rounded, and numpy may answer from a SIMD
  kernel that promises 4 ulps and may flush subnormals to zero: at least 8 ulps plus the smallest
  normal number outward.

Intervals are pairs of arrays (lo, hi) here, NaN at both ends or at neither.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Ends: TypeAlias = tuple[Array, Array]

GREATEST = float(np.finfo(np.float64).max)
SMALLEST_NORMAL = 2.0**-1022
SMALLEST = 2.0**-1074
ULP = 2.0**-52
# phi of Rump, Zimmermann, Boldo, Melquiond (BIT 49, 2009): p - (phi |p| + SMALLEST), computed in
# rounding to nearest, is at most the predecessor of p. Ten times faster than np.nextafter.
STEP = 2.0**-53 * (1 + 2.0**-52)
LIBRARY_SLACK = 8 * ULP
MANTISSA = np.int64((1 << 52) - 1)

silently = np.errstate(all="ignore")


def either_nan(lo: Array, hi: Array) -> Ends:
    """The same pair with NaN at both ends wherever one of them is NaN."""
    if (lo <= hi).all():
        return lo, hi
    lost = np.isnan(lo) | np.isnan(hi)
    if not lost.any():
        return lo, hi
    return np.where(lost, math.nan, lo), np.where(lost, math.nan, hi)


def down(p: Array, relative: float = STEP, absolute: float = SMALLEST) -> Array:
    """Below p by at least one step; an overflow to +inf only says "above the greatest double"."""
    q = np.asarray(np.minimum(p, GREATEST))
    return np.asarray(np.subtract(q, _step(q, relative, absolute), out=q))


def up(p: Array, relative: float = STEP, absolute: float = SMALLEST) -> Array:
    """Above p by at least one step."""
    q = np.asarray(np.maximum(p, -GREATEST))
    return np.asarray(np.add(q, _step(q, relative, absolute), out=q))


def _step(q: Array, relative: float, absolute: float) -> Array:
    """Fewer passes and no new arrays: this is what an operation on intervals spends its time on."""
    step = np.asarray(np.abs(q))
    step *= relative
    step += absolute
    return step


def sum_down(a: Array, b: Array) -> Array:
    """a + b rounded towards -inf: TwoSum's e is the exact error, or NaN if s or v overflowed."""
    s, e = _two_sum(a, b)
    return np.where(e >= 0, s, down(s))


def sum_up(a: Array, b: Array) -> Array:
    """a + b rounded towards inf."""
    s, e = _two_sum(a, b)
    return np.where(e <= 0, s, up(s))


def _two_sum(a: Array, b: Array) -> Ends:
    s = np.asarray(a + b)
    v = np.asarray(s - a)
    e = np.asarray(s - v)
    np.subtract(a, e, out=e)
    np.subtract(b, v, out=v)
    e += v
    return s, e


def total(x: Ends, y: Ends) -> Ends:
    """x + y, the narrowest doubles around it."""
    return either_nan(sum_down(x[0], y[0]), sum_up(x[1], y[1]))


def product(x: Ends, y: Ends) -> Ends:
    """x y. Nothing times an unbounded interval is nothing; times an infinite *point* it is NaN."""
    if (x[0] >= 0).all() and (y[0] >= 0).all():
        low, high = np.asarray(x[0] * y[0]), np.asarray(x[1] * y[1])
    else:
        low, high = _extremes(np.multiply, x, y)
    exact = _dyadic(x) | _dyadic(y)
    if _nonzero(low) and _nonzero(high):
        return _stepped(low, high, exact)
    lo, hi = either_nan(*_outward(low, high, x, y, exact))
    nothing = (_vanishes(x) & _has_finite(y)) | (_vanishes(y) & _has_finite(x))
    if not nothing.any():
        return lo, hi
    return np.where(nothing, 0.0, lo), np.where(nothing, 0.0, hi)


def quotient(x: Ends, y: Ends) -> Ends:
    """x / y; [-inf, inf] where y contains 0."""
    low, high = _extremes(np.divide, x, y)
    lo, hi = _outward(low, high, x, y, exact=_dyadic(y))
    whole = (y[0] <= 0) & (y[1] >= 0) & ~np.isnan(x[0])
    if not whole.any():
        return lo, hi
    return np.where(whole, -math.inf, lo), np.where(whole, math.inf, hi)


def library(function: Callable[[Array], Array], x: Ends) -> Ends:
    """An increasing library function, outward by more than any of its kernels errs."""
    lo = down(function(x[0]), LIBRARY_SLACK, SMALLEST_NORMAL)
    return lo, up(function(x[1]), LIBRARY_SLACK, SMALLEST_NORMAL)


def _extremes(operation: np.ufunc, x: Ends, y: Ends) -> Ends:
    """The least and the greatest of the four corner values, in rounding to nearest.

    A corner that is NaN (0 times inf, inf over inf) is skipped: over the finite members of the
    operands the other corners already bound the result.
    """
    corners = [operation(a, b) for a in x for b in y]
    return reduce(np.fmin, corners), reduce(np.fmax, corners)


def _outward(low: Array, high: Array, x: Ends, y: Ends, exact: Flags) -> Ends:
    """One step outward where the corner values were rounded, and never across zero.

    A step leads across zero only from zero itself, where a product has underflown; on which side
    the exact value lies is then read off the signs of the operands.
    """
    lo, hi = _stepped(low, high, exact)
    if (low == 0).any():
        same = ((x[0] >= 0) & (y[0] >= 0)) | ((x[1] <= 0) & (y[1] <= 0))
        lo = np.where(same, np.maximum(lo, 0.0), lo)
    if (high == 0).any():
        opposite = ((x[0] >= 0) & (y[1] <= 0)) | ((x[1] <= 0) & (y[0] >= 0))
        hi = np.where(opposite, np.minimum(hi, 0.0), hi)
    return lo, hi


def _stepped(low: Array, high: Array, exact: Flags) -> Ends:
    """One step outward, except where nothing was rounded."""
    lo, hi = down(low), up(high)
    if exact.any():
        lo = np.where(exact & _in_normal_range(low), low, lo)
        hi = np.where(exact & _in_normal_range(high), high, hi)
    return lo, hi


def _nonzero(p: Array) -> bool:
    """Whether no entry is 0 or NaN: then no factor vanished."""
    return bool((np.abs(p) > 0).all())


def _dyadic(x: Ends) -> Flags:
    """Both ends 0, infinite, or plus or minus a power of two: no mantissa bit is set."""
    return np.asarray(((x[0].view(np.int64) | x[1].view(np.int64)) & MANTISSA) == 0)


def _vanishes(x: Ends) -> Flags:
    return np.asarray((x[0] == 0) & (x[1] == 0))


def _has_finite(x: Ends) -> Flags:
    return np.asarray((x[0] < math.inf) & (x[1] > -math.inf))


def _in_normal_range(p: Array) -> Flags:
    size = np.abs(p)
    return np.asarray((size > SMALLEST_NORMAL) & (size < math.inf))

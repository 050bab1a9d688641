"""Rigorous interval arithmetic on arrays of float64: the fast enclosure, tried before the balls.

An `Interval` holds two arrays, lo <= hi. **Containment**: take any extended reals inside the
operands; whenever the operation is defined on them, its exact value lies inside the result.
Where nothing is known (NaN came in, or 0 times an infinite point) both ends are NaN, so that a
comparison with the result is false in either direction and nothing is certified by accident.
The module `rounding` says how each rounding is paid for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any, TypeAlias, Union

import numpy as np
import numpy.typing as npt

from harness.expressions.cumulative import products, sums
from harness.expressions.rounding import (
    GREATEST,
    Array,
    Ends,
    Flags,
    down,
    either_nan,
    library,
    product,
    quotient,
    silently,
    sum_down,
    total,
    up,
)

Operand: TypeAlias = Union["Interval", npt.ArrayLike]


class Interval:
    """Closed intervals [lo, hi], elementwise over one common shape; NaN at both ends or neither."""

    __slots__ = ("hi", "lo")
    # numpy then leaves a binary operation with an array on the left to the methods below.
    __array_ufunc__ = None

    lo: Array
    hi: Array

    def __init__(self, lo: npt.ArrayLike, hi: npt.ArrayLike) -> None:
        low, high = np.asarray(lo, dtype=np.float64), np.asarray(hi, dtype=np.float64)
        if low.shape != high.shape:
            low, high = np.broadcast_arrays(low, high)
        if not (low <= high).all():
            low, high = either_nan(low, high)
            if (low > high).any():
                raise ValueError("an interval needs lo <= hi")
        self.lo, self.hi = low, high

    @staticmethod
    def exact(value: Operand) -> Interval:
        """The number itself (a point); integers that no double equals get their neighbours."""
        if isinstance(value, Interval):
            return value
        if isinstance(value, int) and abs(value) >= 2**53:
            return Interval.rational(value)
        given = np.asarray(value)
        if given.dtype.kind not in "biuf" or given.dtype.itemsize > 8:
            raise TypeError(f"no exact float64 for values of type {given.dtype}")
        near = given.astype(np.float64)
        if given.dtype.kind in "iu":
            beyond = np.abs(near) >= 2.0**53
            return Interval(np.where(beyond, down(near), near), np.where(beyond, up(near), near))
        return Interval(near, near)

    @staticmethod
    def rational(p: int, q: int = 1) -> Interval:
        """p / q: a point where a double equals it, else the two neighbouring doubles."""
        value = Fraction(p, q)
        try:
            near = value.numerator / value.denominator
        except OverflowError:
            return Interval(GREATEST, math.inf) if value > 0 else Interval(-math.inf, -GREATEST)
        error = value - Fraction(near)
        lo = near if error >= 0 else math.nextafter(near, -math.inf)
        hi = near if error <= 0 else math.nextafter(near, math.inf)
        return Interval(lo, hi)

    @staticmethod
    def hull(lo: Operand, hi: Operand) -> Interval:
        """The smallest interval that contains both arguments, in whichever order."""
        one, two = Interval.exact(lo), Interval.exact(hi)
        return Interval(np.minimum(one.lo, two.lo), np.maximum(one.hi, two.hi))

    @staticmethod
    def around(value: Operand, error: Operand = 0.0) -> Interval:
        """Everything within `error` of `value`; NaN where the value itself is infinite."""
        slack, center = absolute(error), Interval.exact(value)
        known = np.isfinite(center.lo) | np.isfinite(center.hi)
        within = center + Interval(-slack.hi, slack.hi)
        return Interval(np.where(known, within.lo, math.nan), np.where(known, within.hi, math.nan))

    @property
    def _ends(self) -> Ends:
        return self.lo, self.hi

    @property
    def shape(self) -> tuple[int, ...]:
        return self.lo.shape

    def __repr__(self) -> str:
        return f"Interval({self.lo!r}, {self.hi!r})"

    def __getitem__(self, index: Any) -> Interval:
        return Interval(self.lo[index], self.hi[index])

    def broadcast_to(self, shape: tuple[int, ...]) -> Interval:
        return Interval(np.broadcast_to(self.lo, shape), np.broadcast_to(self.hi, shape))

    def replaced(self, where: Flags, other: Interval) -> Interval:
        """The entries of ``other`` where the mask says so, these elsewhere."""
        return Interval(np.where(where, other.lo, self.lo), np.where(where, other.hi, self.hi))

    def intersect(self, other: Interval) -> Interval:
        """What both enclose; NaN of the other leaves this one as it is."""
        low, high = np.fmax(self.lo, other.lo), np.fmin(self.hi, other.hi)
        lost = np.isnan(self.lo)
        return Interval(np.where(lost, math.nan, low), np.where(lost, math.nan, high))

    def __neg__(self) -> Interval:
        return Interval(-self.hi, -self.lo)

    def __abs__(self) -> Interval:
        inner = np.maximum(np.maximum(self.lo, -self.hi), 0.0)
        return Interval(inner, np.maximum(-self.lo, self.hi))

    @silently
    def __add__(self, other: Operand) -> Interval:
        return Interval(*total(self._ends, Interval.exact(other)._ends))

    def __sub__(self, other: Operand) -> Interval:
        return self + -Interval.exact(other)

    @silently
    def __mul__(self, other: Operand) -> Interval:
        return Interval(*product(self._ends, Interval.exact(other)._ends))

    @silently
    def __truediv__(self, other: Operand) -> Interval:
        """The quotient; [-inf, inf] where the divisor contains 0."""
        return Interval(*quotient(self._ends, Interval.exact(other)._ends))

    @silently
    def __pow__(self, exponent: Operand) -> Interval:
        """Integer exponents by repeated squaring; others as exp(exponent log base), base >= 0."""
        if isinstance(exponent, int | np.integer):
            return _integer_power(self, int(exponent))
        return exp(log(self) * exponent)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: Operand) -> Interval:
        return -self + other

    def __rtruediv__(self, other: Operand) -> Interval:
        return Interval.exact(other) / self

    def __rpow__(self, other: Operand) -> Interval:
        return Interval.exact(other) ** self

    def certainly_positive(self) -> Flags:
        return np.asarray(self.lo > 0)

    def certainly_negative(self) -> Flags:
        return np.asarray(self.hi < 0)

    def contains_zero(self) -> Flags:
        return np.asarray((self.lo <= 0) & (self.hi >= 0))

    def is_nan(self) -> Flags:
        return np.asarray(np.isnan(self.lo))

    @silently
    def width(self) -> Array:
        """An upper bound of hi - lo; 0 for a point, also an infinite one."""
        return np.where(self.lo == self.hi, 0.0, -sum_down(-self.hi, self.lo))

    @silently
    def relative_to(self, scale: npt.ArrayLike) -> Array:
        """An upper bound of width / |scale|; 0 for a point, infinite against a scale of 0."""
        width = self.width()
        share = up(width / np.abs(np.asarray(scale, dtype=np.float64)))
        return np.where(width == 0, 0.0, share)


def _integer_power(x: Interval, n: int) -> Interval:
    if n < 0:
        return 1 / _integer_power(x, -n)
    if n == 0:
        return x * 0 + 1
    if n % 2:
        # One of the two starts at 0, or is [0, 0]: nothing is lost where x straddles zero.
        return _power_of_nonnegative(maximum(x, 0), n) - _power_of_nonnegative(maximum(-x, 0), n)
    return _power_of_nonnegative(abs(x), n)


def _power_of_nonnegative(base: Interval, n: int) -> Interval:
    result = base
    for digit in f"{n:b}"[1:]:
        result = result * result
        if digit == "1":
            result = result * base
    return result


def power(x: Operand, p: int, q: int = 1) -> Interval:
    """x ** (p/q), the nonnegative real root; a base that dips below 0 is cut at 0 if q > 1."""
    exponent = Fraction(p, q)
    p, q = exponent.numerator, exponent.denominator
    if q == 1:
        return Interval.exact(x) ** p
    if q == 2:
        return sqrt(x) ** p
    return exp(log(x) * Interval.rational(p, q))


@silently
def sqrt(x: Operand) -> Interval:
    """Square root; an argument that dips below 0 is cut there, one entirely below gives NaN."""
    inside = Interval.exact(x)
    lo = np.maximum(down(np.sqrt(np.maximum(inside.lo, 0.0))), 0.0)
    return Interval(lo, np.where(inside.hi == 0, 0.0, up(np.sqrt(inside.hi))))


def _increasing(
    function: Callable[[Array], Array],
    through: tuple[float, float],
    domain: float = -math.inf,
    least: float = -math.inf,
    greatest: float = math.inf,
) -> Callable[[Operand], Interval]:
    """An increasing library function with range [least, greatest], known exactly at one point.

    Monotonicity carries that point to the signs: right of it the value is at least the known one.
    An argument that dips below the domain is cut at its edge; one entirely below gives NaN.
    """
    point, value = through

    @silently
    def enclosure(x: Operand) -> Interval:
        inside = Interval.exact(x)
        start = np.maximum(inside.lo, domain)
        lo, hi = library(function, (start, inside.hi))
        return Interval(
            np.maximum(lo, np.where(start >= point, value, least)),
            np.minimum(hi, np.where(inside.hi <= point, value, greatest)),
        )

    return enclosure


exp = _increasing(np.exp, (0.0, 1.0), least=0.0)
expm1 = _increasing(np.expm1, (0.0, 0.0), least=-1.0)
log = _increasing(np.log, (1.0, 0.0), domain=0.0)
log1p = _increasing(np.log1p, (0.0, 0.0), domain=-1.0)
sinh = _increasing(np.sinh, (0.0, 0.0))
tanh = _increasing(np.tanh, (0.0, 0.0), least=-1.0, greatest=1.0)
_cosh_of_nonnegative = _increasing(np.cosh, (0.0, 1.0))


def cosh(x: Operand) -> Interval:
    return _cosh_of_nonnegative(absolute(x))


def absolute(x: Operand) -> Interval:
    return abs(Interval.exact(x))


def minimum(*values: Operand) -> Interval:
    terms = [Interval.exact(value) for value in values]
    return Interval(
        reduce(np.minimum, [term.lo for term in terms]),
        reduce(np.minimum, [term.hi for term in terms]),
    )


def maximum(*values: Operand) -> Interval:
    return -minimum(*[-Interval.exact(value) for value in values])


def pi() -> Interval:
    return Interval(math.pi, math.nextafter(math.pi, math.inf))


def cumulative_sum(x: Interval) -> Interval:
    """Sums over the earlier entries of the last axis; entry 0 is exactly 0."""
    return Interval(*sums(x._ends))


def cumulative_product(x: Interval) -> Interval:
    """Products over the earlier entries of the last axis; entry 0 is exactly 1."""
    return Interval(*products(x._ends))


@silently
def cumulative_product_of_complement(d: Interval) -> Interval:
    """Products of (1 - d) over the earlier entries, for d < 1; entry 0 is exactly 1.

    Two enclosures are intersected. The product of the rounded 1 - d loses an ulp a factor; the
    exponential of the sum of log1p(-d) keeps the digits of a tiny d but loses them near d = 1.
    """
    direct = cumulative_product(1 - d)
    terms, below_one = log1p(-d), d.hi < 1
    logs = Interval(*(np.where(below_one, end, math.nan) for end in (terms.lo, terms.hi)))
    smooth = exp(cumulative_sum(logs))
    return Interval(np.fmax(direct.lo, smooth.lo), np.fmin(direct.hi, smooth.hi))


NAMESPACE: dict[str, object] = {
    "Abs": absolute,
    "Max": maximum,
    "Min": minimum,
    "cosh": cosh,
    "exp": exp,
    "expm1": expm1,
    "log": log,
    "log1p": log1p,
    "pi": pi,
    "power": power,
    "rational": Interval.rational,
    "sinh": sinh,
    "sqrt": sqrt,
    "tanh": tanh,
}

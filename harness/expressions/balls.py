"""Balls of arbitrary precision (Arb, through python-flint): the enclosure that decides close calls.

A ball is a midpoint and a radius; every operation encloses the exact result, at the precision that
`precision` sets. Arithmetic is Arb's own; this module adds what a compiled expression calls.
A ball that says nothing (division by one that contains 0, logarithm of one that dips below 0) is
NaN, and every comparison with it is false.

Integer powers must come through `power`: python-flint 0.9.0 returns NaN for `arb(0, 1) ** 2`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from flint import arb, ctx, fmpq

Scalar: TypeAlias = arb | fmpq | int | float


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Work at so many bits inside the block; flint keeps one precision for the whole process."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def exact(x: float) -> arb:
    """The double itself, without rounding, at any precision."""
    return arb(float(x))


def lower(x: arb) -> float:
    """The greatest double known to lie at or below the whole ball; NaN for a NaN ball."""
    end = x.lower()
    near = float(end)
    # Conversion may round either way by a step; comparisons of exact numbers are exact.
    while exact(near) > end:
        near = math.nextafter(near, -math.inf)
    return near


def upper(x: arb) -> float:
    """The least double known to lie at or above the whole ball; NaN for a NaN ball."""
    return 0.0 - lower(-x)


def is_positive(x: arb) -> bool:
    """Every number in the ball is greater than 0; never true of NaN."""
    return bool(x > 0)


def is_negative(x: arb) -> bool:
    """Every number in the ball is less than 0; never true of NaN."""
    return bool(x < 0)


def rational(p: int, q: int = 1) -> arb:
    """p / q, rounded once at the present precision."""
    return arb(fmpq(p, q))


def sqrt(x: Scalar) -> arb:
    """Square root; a ball that dips below 0 is cut at 0, one entirely below gives NaN."""
    ball = arb(x)
    if is_negative(ball):
        return arb.nan()
    return ball.nonnegative_part().sqrt()


def absolute(x: Scalar) -> arb:
    """|x|, not below 0 where the ball contains 0 (Arb's own dips to minus the upper end)."""
    ball = arb(x)
    if 0 in ball:
        return _between(arb(0), ball.abs_upper())
    return abs(ball)


def power(x: Scalar, p: int, q: int = 1) -> arb:
    """x ** (p/q), the nonnegative real root; a base that dips below 0 is cut at 0 if q > 1."""
    exponent = Fraction(p, q)
    p, q = exponent.numerator, exponent.denominator
    if p < 0:
        return 1 / power(x, -p, q)
    base = arb(x) if q == 1 else _root(arb(x), q)
    if p == 0:
        return base * 0 + 1
    # Monotone from end to end, which stays tight where the ball is wide.
    rising = base if p % 2 else absolute(base)
    return _between(rising.lower() ** p, rising.upper() ** p)


def _root(x: arb, q: int) -> arb:
    if q == 2:
        return sqrt(x)
    if 0 in x:
        top = x.upper()
        return _between(arb(0), top.root(q) if top > 0 else top)  # Arb's root of 0 is NaN
    return x.root(q)


def _between(low: arb, high: arb) -> arb:
    """A ball that contains [low, high], without negative numbers where low >= 0."""
    hull = low.union(high)
    return hull.nonnegative_part() if low >= 0 else hull


def maximum(*values: Scalar) -> arb:
    return reduce(arb.max, [arb(value) for value in values])


def minimum(*values: Scalar) -> arb:
    return reduce(arb.min, [arb(value) for value in values])


def exp(x: Scalar) -> arb:
    return arb(x).exp()


def expm1(x: Scalar) -> arb:
    return arb(x).expm1()


def log(x: Scalar) -> arb:
    return arb(x).log()


def log1p(x: Scalar) -> arb:
    return arb(x).log1p()


def sinh(x: Scalar) -> arb:
    return arb(x).sinh()


def cosh(x: Scalar) -> arb:
    return arb(x).cosh()


def tanh(x: Scalar) -> arb:
    return arb(x).tanh()


NAMESPACE: dict[str, object] = {
    "Abs": absolute,
    "Max": maximum,
    "Min": minimum,
    "cosh": cosh,
    "exp": exp,
    "expm1": expm1,
    "log": log,
    "log1p": log1p,
    "pi": arb.pi,
    "power": power,
    "rational": rational,
    "sinh": sinh,
    "sqrt": sqrt,
    "tanh": tanh,
}

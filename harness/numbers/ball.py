"""Balls as Python numbers: what a function experiment computes with when it is certified.

The experiment's own function is called with a `Ball` for each of its floats. Arithmetic, comparisons
and numpy's functions on arrays of objects (`np.exp` calls ``exp`` of every entry) then enclose the
exact result at the precision in force. A comparison that the balls cannot decide raises, so that no
branch is taken by rounding; `float` is refused, so that nothing leaves the enclosure unseen.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from flint import arb, fmpq

from harness.expressions.balls import absolute, exact, maximum, minimum, power, sqrt

Plain: TypeAlias = int | float | Fraction

SHORT = 2.0**21
"""Floats that are whole multiples of 2^-21 of their leading bit are meant as they are (0.5, 3.0)."""
LOOSE = 2.0**-48
"""Relative width given to every other float in the code of an experiment: 0.1, or 1/3 rounded."""


_PATTERN: ContextVar[int | None] = ContextVar("pattern", default=None)


@contextmanager
def displaced_constants(pattern: int) -> Iterator[None]:
    """Inside, floats in the code of an experiment are exact: moved by `LOOSE`, up or down each.

    Which way each goes follows from the pattern; pattern 0 leaves them where they are.
    """
    token = _PATTERN.set(pattern)
    try:
        yield
    finally:
        _PATTERN.reset(token)


class OpenComparisonError(ArithmeticError):
    """Two balls overlap, and the code asks which is the larger."""


class Ball:
    """A real number known to lie in ``arb``, with the operators of a Python number.

    Whole numbers and fractions are exact. A float of many digits in an experiment's code stands for
    a number near it (0.1 for 1/10): it is widened by `LOOSE`, unless it comes through `Ball.exact`.
    """

    __slots__ = ("arb",)

    def __init__(self, value: arb) -> None:
        self.arb = value

    @classmethod
    def exact(cls, value: Plain) -> Ball:
        """The very double, whole number or fraction."""
        if isinstance(value, float | np.floating):
            return cls(exact(float(value)))
        return cls(arb(fmpq(int(value.numerator), int(value.denominator))))

    @classmethod
    def of(cls, value: Any) -> Ball:
        """The ball that a number in an experiment's code stands for; TypeError for anything else."""
        if isinstance(value, cls):
            return value
        if isinstance(value, float | np.floating):
            return cls(_meant(float(value)))
        if isinstance(value, int | Fraction | np.integer | np.bool_):
            return cls.exact(value if isinstance(value, Fraction) else int(value))
        raise TypeError(f"no ball for {type(value).__name__}")

    def __repr__(self) -> str:
        return f"Ball({self.arb})"

    def __float__(self) -> float:
        raise TypeError("a ball is no float: use numpy's functions (np.exp), not math's")

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __neg__(self) -> Ball:
        return Ball(-self.arb)

    def __pos__(self) -> Ball:
        return self

    def __abs__(self) -> Ball:
        return Ball(absolute(self.arb))

    def __add__(self, other: Any) -> Any:
        return _binary(other, lambda one: self.arb + one)

    def __sub__(self, other: Any) -> Any:
        return _binary(other, lambda one: self.arb - one)

    def __mul__(self, other: Any) -> Any:
        if other is self:
            return Ball(power(self.arb, 2))
        return _binary(other, lambda one: self.arb * one)

    def __truediv__(self, other: Any) -> Any:
        return _binary(other, lambda one: _quotient(self.arb, one))

    def __rsub__(self, other: Any) -> Any:
        return _binary(other, lambda one: one - self.arb)

    def __rtruediv__(self, other: Any) -> Any:
        return _binary(other, lambda one: _quotient(one, self.arb))

    __radd__ = __add__
    __rmul__ = __mul__

    def __pow__(self, exponent: Any) -> Any:
        if isinstance(exponent, float | np.floating) and (2 * exponent).is_integer():
            exponent = Fraction(float(exponent))
        if isinstance(exponent, int | np.integer | Fraction):
            ratio = Fraction(int(exponent)) if not isinstance(exponent, Fraction) else exponent
            if ratio < 0:
                return 1 / self**-ratio
            if ratio.denominator > 1 and not self >= 0:
                raise ValueError("a root of a negative number")
            return Ball(power(self.arb, ratio.numerator, ratio.denominator))
        return _binary(exponent, lambda one: _positive(self).log().__mul__(one).exp())

    def __rpow__(self, base: Any) -> Any:
        return Ball.of(base) ** self

    def __lt__(self, other: Any) -> Any:
        return self._compared(other, "<")

    def __le__(self, other: Any) -> Any:
        return self._compared(other, "<=")

    def __gt__(self, other: Any) -> Any:
        return self._compared(other, ">")

    def __ge__(self, other: Any) -> Any:
        return self._compared(other, ">=")

    def __eq__(self, other: object) -> Any:
        return self._compared(other, "==")

    def __ne__(self, other: object) -> Any:
        found = self._compared(other, "==")
        return found if found is NotImplemented else not found

    def _compared(self, other: object, sense: str) -> Any:
        if other is self:
            return "=" in sense
        if isinstance(other, float) and math.isinf(other):
            return {"<": other > 0, "<=": other > 0, "==": False}.get(sense, other < 0)
        try:
            gap = self.arb - Ball.of(other).arb
        except TypeError:
            return NotImplemented
        if gap == 0:
            return "=" in sense
        if gap > 0:
            return ">" in sense
        if gap < 0:
            return "<" in sense
        if (sense == "<=" and gap <= 0) or (sense == ">=" and gap >= 0):
            return True
        if (sense == "<" and gap >= 0) or (sense == ">" and gap <= 0):
            return False
        raise OpenComparisonError(f"whether {self!r} {sense} {other!r} holds is open")

    def sqrt(self) -> Ball:
        if self.arb < 0:
            raise ValueError("the square root of a negative number")
        return Ball(sqrt(self.arb))

    def log(self) -> Ball:
        return Ball(_positive(self).log())

    def log1p(self) -> Ball:
        return Ball(_positive(1 + self).log())

    def log2(self) -> Ball:
        return Ball(_positive(self).log() / arb(2).log())

    def log10(self) -> Ball:
        return Ball(_positive(self).log() / arb(10).log())

    def square(self) -> Ball:
        return Ball(power(self.arb, 2))

    def conjugate(self) -> Ball:
        return self

    @property
    def real(self) -> Ball:
        return self

    @property
    def linear_algebra(self) -> Any:
        """The module of routines for matrices of balls."""
        from harness.numbers import ball_linear

        return ball_linear


def _function(name: str) -> Callable[[Ball], Ball]:
    of = getattr(arb, name)

    def applied(self: Ball) -> Ball:
        return _finite(of(self.arb))

    applied.__name__ = name
    return applied


# the names under which numpy (or math) looks for them, and Arb's own
for _numpy, _arb in {
    "exp": "exp", "expm1": "expm1", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh",
    "cosh": "cosh", "tanh": "tanh", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "erf": "erf", "erfc": "erfc", "gamma": "gamma", "lgamma": "lgamma",
}.items():  # fmt: skip
    setattr(Ball, _numpy, _function(_arb))


def _binary(other: Any, combine: Callable[[arb], arb]) -> Any:
    try:
        one = Ball.of(other).arb
    except TypeError:
        return NotImplemented
    return Ball(combine(one))


def _quotient(above: arb, below: arb) -> arb:
    if below == 0:
        raise ZeroDivisionError("division by zero")
    if 0 in below:
        raise OpenComparisonError("whether a divisor is zero is open")
    return above / below


def _positive(one: Ball) -> arb:
    if not one > 0:
        raise ValueError("the logarithm of a number that is not positive")
    return one.arb


def _finite(value: arb) -> Ball:
    if not value.is_finite():
        raise OpenComparisonError("a function left its domain, or its enclosure is not finite")
    return Ball(value)


def _meant(value: float) -> arb:
    if not math.isfinite(value):
        raise TypeError("no ball for a float that is not finite")
    mantissa, _ = math.frexp(value)
    pattern = _PATTERN.get()
    if pattern == 0 or (mantissa * 2 * SHORT).is_integer():
        return exact(value)
    if pattern is not None:
        up = hashlib.sha256(f"{value.hex()} {pattern}".encode()).digest()[0] % 2
        return exact(value) * (1 + (LOOSE if up else -LOOSE))
    return exact(value) + arb(0, abs(value) * LOOSE)


class BallKind:
    """How numpy's and math's own names work on balls (see `harness.numbers.standin`)."""

    @property
    def linear_algebra(self) -> Any:
        from harness.numbers import ball_linear

        return ball_linear

    def exact(self, value: Any) -> Ball:
        return Ball.of(value)

    def constant(self, name: str) -> Ball:
        return Ball(arb.pi() if name == "pi" else arb(1).exp())

    def least(self, values: list[Any]) -> Ball:
        return Ball(minimum(*(Ball.of(one).arb for one in values)))

    def greatest(self, values: list[Any]) -> Ball:
        return Ball(maximum(*(Ball.of(one).arb for one in values)))

"""Dual numbers: a value and its derivatives, carried through an experiment's own code.

Called with a `Dual` for each of its floats, a function experiment gives every number it emits together
with its derivatives in all directions at once. Comparisons look at the value, so a branch is taken as
it is on floats; where a function has no derivative (|x| at 0) the derivatives are NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Gradient = NDArray[np.float64]

_ZERO = np.zeros(1)


class TooLongError(ArithmeticError):
    """A computation with duals took more operations than it was allowed."""


class Allowance:
    """How many duals may still be made, one for each operation: a count repeats, a clock does not."""

    left = math.inf

    @classmethod
    @contextmanager
    def of(cls, operations: float) -> Iterator[None]:
        """Within the block, the operation after so many raises TooLongError."""
        before, cls.left = cls.left, operations
        try:
            yield
        finally:
            cls.left = before


class Dual:
    """A float ``value`` with its ``gradient``, shape (d,), with the operators of a Python number.

    Plain numbers are constants: their gradient, of shape (1,), is 0 and fits every d. ``float`` is
    refused, so that no derivative is lost unseen.
    """

    __slots__ = ("gradient", "value")

    def __init__(self, value: float, gradient: Gradient = _ZERO) -> None:
        self.value = value
        self.gradient = gradient
        Allowance.left -= 1
        if Allowance.left < 0:
            raise TooLongError("too many operations with duals")

    @classmethod
    def of(cls, value: Any) -> Dual:
        """The number as a dual; TypeError for what is no real number."""
        if isinstance(value, cls):
            return value
        if isinstance(value, int | float | Fraction | np.floating | np.integer | np.bool_):
            return cls(float(value))
        raise TypeError(f"no dual number for {type(value).__name__}")

    def __repr__(self) -> str:
        return f"Dual({self.value!r}, {self.gradient!r})"

    def __float__(self) -> float:
        raise TypeError("a dual number is no float: use numpy's functions (np.exp), not math's")

    def __bool__(self) -> bool:
        return self.value != 0

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.gradient)

    def __pos__(self) -> Dual:
        return self

    def __abs__(self) -> Dual:
        slope = math.copysign(1.0, self.value) if self.value else math.nan
        return self._chained(abs(self.value), slope)

    def __add__(self, other: Any) -> Any:
        # plain numbers first: a run of an experiment is made of a great many of these
        if isinstance(other, float | int):
            return Dual(self.value + other, self.gradient)
        return _binary(
            other, lambda one: Dual(self.value + one.value, self.gradient + one.gradient)
        )

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, float | int):
            return Dual(self.value - other, self.gradient)
        return _binary(
            other, lambda one: Dual(self.value - one.value, self.gradient - one.gradient)
        )

    def __rsub__(self, other: Any) -> Any:
        return _binary(
            other, lambda one: Dual(one.value - self.value, one.gradient - self.gradient)
        )

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, float | int):
            return Dual(self.value * other, self.gradient * other)
        return _binary(
            other,
            lambda one: Dual(
                self.value * one.value, one.value * self.gradient + self.value * one.gradient
            ),
        )

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, float | int):
            return Dual(self.value / other, self.gradient / other)
        return _binary(other, lambda one: _quotient(self, one))

    def __rtruediv__(self, other: Any) -> Any:
        return _binary(other, lambda one: _quotient(one, self))

    __radd__ = __add__
    __rmul__ = __mul__

    def __pow__(self, exponent: Any) -> Any:
        if isinstance(exponent, int | float | Fraction | np.floating | np.integer):
            return self._to(float(exponent))
        return _binary(exponent, lambda one: _power(self, one))

    def __rpow__(self, base: Any) -> Any:
        return _binary(base, lambda one: _power(one, self))

    def _to(self, exponent: float) -> Dual:
        if exponent == 0:
            return Dual(1.0)
        if exponent == 1:
            return self
        if self.value < 0 and not exponent.is_integer():
            raise ValueError("a root of a negative number")
        if self.value == 0 and 0 < exponent < 1:
            return self._chained(0.0, math.inf)
        slope = exponent * self.value ** (exponent - 1)
        return self._chained(self.value**exponent, slope)

    def __lt__(self, other: Any) -> Any:
        if isinstance(other, float | int):
            return self.value < other
        return _binary(other, lambda one: self.value < one.value)

    def __le__(self, other: Any) -> Any:
        return _binary(other, lambda one: self.value <= one.value)

    def __gt__(self, other: Any) -> Any:
        if isinstance(other, float | int):
            return self.value > other
        return _binary(other, lambda one: self.value > one.value)

    def __ge__(self, other: Any) -> Any:
        return _binary(other, lambda one: self.value >= one.value)

    def __eq__(self, other: object) -> Any:
        return _binary(other, lambda one: self.value == one.value)

    def __ne__(self, other: object) -> Any:
        return _binary(other, lambda one: self.value != one.value)

    def square(self) -> Dual:
        return self._to(2.0)

    def sqrt(self) -> Dual:
        return self._to(0.5)

    def conjugate(self) -> Dual:
        return self

    @property
    def real(self) -> Dual:
        return self

    @property
    def linear_algebra(self) -> Any:
        """The module of routines for matrices of duals."""
        from harness.numbers import dual_linear

        return dual_linear

    def _chained(self, value: float, slope: float) -> Dual:
        if not math.isfinite(slope):
            # what does not move has a derivative even there
            return Dual(value, np.where(self.gradient == 0, 0.0, math.nan))
        return Dual(value, slope * self.gradient)


def _binary(other: Any, combine: Callable[[Dual], Any]) -> Any:
    try:
        one = Dual.of(other)
    except TypeError:
        return NotImplemented
    return combine(one)


def _power(base: Dual, exponent: Dual) -> Dual:
    value, logarithm = base.value**exponent.value, math.log(base.value)
    slope = exponent.value * base.gradient / base.value + logarithm * exponent.gradient
    return Dual(value, value * slope)


def _quotient(above: Dual, below: Dual) -> Dual:
    ratio = above.value / below.value
    return Dual(ratio, (above.gradient - ratio * below.gradient) / below.value)


# by the names under which numpy looks for them: the derivative at x, where the value there is y
_DERIVATIVES: dict[str, Callable[[float, float], float]] = {
    "exp": lambda x, y: y,
    "expm1": lambda x, y: y + 1,
    "log": lambda x, y: 1 / x,
    "log1p": lambda x, y: 1 / (1 + x),
    "log2": lambda x, y: 1 / (x * math.log(2)),
    "log10": lambda x, y: 1 / (x * math.log(10)),
    "sin": lambda x, y: math.cos(x),
    "cos": lambda x, y: -math.sin(x),
    "tan": lambda x, y: 1 + y * y,
    "sinh": lambda x, y: math.cosh(x),
    "cosh": lambda x, y: math.sinh(x),
    "tanh": lambda x, y: 1 - y * y,
    "arcsin": lambda x, y: 1 / math.sqrt(1 - x * x),
    "arccos": lambda x, y: -1 / math.sqrt(1 - x * x),
    "arctan": lambda x, y: 1 / (1 + x * x),
    "arcsinh": lambda x, y: 1 / math.sqrt(1 + x * x),
    "arccosh": lambda x, y: 1 / math.sqrt(x * x - 1),
    "arctanh": lambda x, y: 1 / (1 - x * x),
}


def _function(name: str, slope: Callable[[float, float], float]) -> Callable[[Dual], Dual]:
    """Raises ValueError or OverflowError where there is no finite value."""
    of = getattr(math, name.replace("arc", "a"))

    def applied(self: Dual) -> Dual:
        value = of(self.value)
        try:
            return self._chained(value, slope(self.value, value))
        except ZeroDivisionError:
            return self._chained(value, math.inf)

    applied.__name__ = name
    return applied


for _name, _slope in _DERIVATIVES.items():
    setattr(Dual, _name, _function(_name, _slope))


class DualKind:
    """How numpy's and math's own names work on duals (see `harness.numbers.standin`)."""

    @property
    def linear_algebra(self) -> Any:
        from harness.numbers import dual_linear

        return dual_linear

    def exact(self, value: Any) -> Dual:
        return Dual.of(value)

    def constant(self, name: str) -> Dual:
        return Dual(math.pi if name == "pi" else math.e)

    def least(self, values: list[Any]) -> Dual:
        return min(map(Dual.of, values), key=lambda one: one.value)

    def greatest(self, values: list[Any]) -> Dual:
        return max(map(Dual.of, values), key=lambda one: one.value)

"""How hard a configuration is to read: what shrinking makes small."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

LARGEST_DENOMINATOR = 100
"""Fractions up to this denominator are written as such, larger ones as decimals."""
_PLAIN = 20
_ENDLESS = 10.0
_DIGITS = 40.0


def complexity(value: Any) -> float:
    """The cost of a configuration or a part of it: its entries, and what each of them costs."""
    # numbers and names first: most parts are, and to ask for a Mapping takes longest
    if isinstance(value, int | float | str):
        plain = isinstance(value, bool | str)
        return 1.0 if plain else 1.0 + of_number(float(value))
    if isinstance(value, list | tuple):
        return sum(map(complexity, value))
    return sum(map(complexity, value.values())) if isinstance(value, Mapping) else 1.0


@lru_cache(maxsize=65536)
def of_number(number: float) -> float:
    """0 for 0, n for n; more for 1/2, more still for 1/3, and most for 0.7231084."""
    if number < 0:
        return 0.5 + of_number(-number)
    if not math.isfinite(number):
        return 4 * _DIGITS
    if number.is_integer():
        return number if number <= _PLAIN else _PLAIN + 4 * math.log2(number / _PLAIN)
    fraction = Fraction(number).limit_denominator(LARGEST_DENOMINATOR)
    if fraction > 0 and float(fraction) == number:
        over, under = of_number(float(fraction.numerator)), of_number(float(fraction.denominator))
        endless = 10**9 % fraction.denominator != 0
        return 4.0 + over + under + (_ENDLESS if endless else 0.0)
    return _DIGITS + 2 * len(repr(number))


def simpler(number: int | float) -> list[int | float]:
    """Numbers near this one, or of its kind, that cost less; the simplest first."""
    if isinstance(number, int):
        found: set[int | float] = {0, 1, -number, number // 2, _towards_zero(number), *range(2, 6)}
    else:
        found = set(_near(number))
    cost = of_number(float(number))
    cheaper = [one for one in found if of_number(float(one)) < cost]
    return sorted(cheaper, key=lambda one: (of_number(float(one)), one))


def _towards_zero(number: int) -> int:
    return number - 1 if number > 0 else number + 1


def _near(number: float) -> Iterator[float]:
    yield from (0.0, 1.0, -number)
    for parts in (1, 2, 4, 8, 10, 100, 1000):
        for rounding in (math.floor, math.ceil):
            yield rounding(number * parts) / parts
    exact = Fraction(number)
    yield from (float(exact.limit_denominator(most)) for most in (3, 12, LARGEST_DENOMINATOR))
    if number.is_integer():
        yield from (number - math.copysign(1.0, number), float(int(number / 2)))
    if number:
        size = 10.0 ** math.floor(math.log10(abs(number)))
        yield from (size, round(number / size) * size)

"""Tails of the binomial law, enclosed in ball arithmetic and rounded away from any conclusion.

The share may be a rational number or a double, which is taken exactly. A tail is summed term by
term on its shorter side, all terms positive, and the terms left out are bounded by a geometric
series; so the result is never below the exact tail, and above it by less than two units in the
last place even where the tail is subnormal.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Share = float | Fraction

_BITS = 160
"""20 000 runs lose about 20 bits; the rest is far below one unit in the last place of a double."""


def at_least(critical: int, runs: int, share: Share) -> float:
    """P(Bin(runs, share) >= critical), rounded up."""
    return _rounded_up(critical, runs, Fraction(share))


def at_most(critical: int, runs: int, share: Share) -> float:
    """P(Bin(runs, share) <= critical), rounded up."""
    return _rounded_up(runs - critical, runs, 1 - Fraction(share))


def _rounded_up(critical: int, runs: int, share: Fraction) -> float:
    if critical <= 0 or share >= 1:
        return 1.0
    if critical > runs or share <= 0:
        return 0.0
    from harness.expressions.balls import precision, upper

    with precision(_BITS):
        if critical > runs * share:
            tail = _sum(critical, runs, share)
        else:
            tail = 1 - _sum(runs - critical + 1, runs, 1 - share)
        return min(1.0, upper(tail))


def _sum(critical: int, runs: int, share: Fraction) -> Any:
    """A ball around P(Bin(runs, share) >= critical), for critical near the mean or above it."""
    from flint import arb, fmpq

    p = arb(fmpq(share.numerator, share.denominator))
    odds = p / (1 - p)
    term = arb.bin_uiui(runs, critical) * p**critical * (1 - p) ** (runs - critical)
    total = term
    for hits in range(critical, runs):
        ratio = odds * (runs - hits) / (hits + 1)
        term *= ratio
        total += term
        if ratio < 0.999 and term < total * arb(2) ** (10 - _BITS):
            rest = (term * ratio / (1 - ratio)).upper()
            return total + arb(0).union(rest)
    return total

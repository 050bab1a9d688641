"""Functions on the line with a piecewise linear derivative, in exact rational arithmetic.

They hold the extremal functions of first-order methods: quadratics, Huber's function, the zigzag.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise


@dataclass(frozen=True)
class Bent:
    """f with f'' = slopes[i] between breaks[i-1] and breaks[i]; f' = ``tilt`` and f = 0 at breaks[0].

    ``breaks`` is not empty and does not decrease; there is one slope more than breaks.
    """

    breaks: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]
    tilt: Fraction = Fraction(0)

    @cached_property
    def _knots(self) -> list[tuple[Fraction, Fraction, Fraction]]:
        """Each break with f' and f there."""
        found = [(self.breaks[0], self.tilt, Fraction(0))]
        for (left, right), slope in zip(pairwise(self.breaks), self.slopes[1:], strict=False):
            _, g, f = found[-1]
            d = right - left
            found.append((right, g + slope * d, f + g * d + slope * d * d / 2))
        return found

    def at(self, x: Fraction) -> tuple[Fraction, Fraction]:
        """f and f' at x."""
        index = bisect_right(self.breaks, x)
        knot, g, f = self._knots[max(index - 1, 0)]
        d, slope = x - knot, self.slopes[index]
        return f + g * d + slope * d * d / 2, g + slope * d

    @property
    def bounded(self) -> bool:
        """Whether f is bounded below: it does not fall forever on either side."""
        ends = ((self.slopes[0], -self._knots[0][1]), (self.slopes[-1], self._knots[-1][1]))
        return all(slope > 0 or (slope == 0 and rise >= 0) for slope, rise in ends)

    def _stationary(self) -> Iterator[tuple[Fraction, Fraction]]:
        """Ends of the pieces on which f' = 0; a point is a piece that ends where it begins."""
        knots = self._knots
        for index, slope in enumerate(self.slopes):
            x, g, _ = knots[max(index - 1, 0)]
            low = self.breaks[index - 1] if index > 0 else None
            high = self.breaks[index] if index < len(self.breaks) else None
            if slope != 0:
                zero = x - g / slope
                if (low is None or low <= zero) and (high is None or zero <= high):
                    yield zero, zero
            elif g == 0:
                yield (x if low is None else low), (x if high is None else high)

    @cached_property
    def lowest(self) -> Fraction:
        """The least value, of a function that is bounded below."""
        values = [self.at(x)[0] for x, _ in self._stationary()]
        return min([*values, *(f for _, _, f in self._knots)])

    def nearest_minimiser(self, x: Fraction) -> Fraction:
        """The minimiser nearest to x among the pieces of minimisers (flat ends count as far as x)."""
        pieces = [p for p in self._stationary() if self.at(p[0])[0] == self.lowest]
        points = [min(max(x, low), high) for low, high in pieces]
        flat_left = self.slopes[0] == 0 and self._knots[0][1] == 0 and x < self.breaks[0]
        flat_right = self.slopes[-1] == 0 and self._knots[-1][1] == 0 and x > self.breaks[-1]
        if (flat_left or flat_right) and self.at(x)[0] == self.lowest:
            return x
        return min(points, key=lambda point: abs(point - x))

    @cached_property
    def pl(self) -> Fraction:
        """The largest mu with 1/2 f'^2 >= mu (f - f*), of a function that is bounded below; 0 if constant.

        2 f'' (f - f*) - f'^2 is constant on each piece, so f'^2 / (f - f*) is least at its ends.
        """
        if any(self.at(x)[0] > self.lowest for x, _ in self._stationary()):
            return Fraction(0)
        gaps = [(g, f - self.lowest) for _, g, f in self._knots]
        shares = [*(g * g / (2 * gap) for g, gap in gaps if gap > 0), *self._ends()]
        return min(shares, default=Fraction(0))

    def _ends(self) -> Iterator[Fraction]:
        """The limits of f'^2 / (2 (f - f*)) far out, where f is not constant there."""
        for slope, knot in ((self.slopes[0], self._knots[0]), (self.slopes[-1], self._knots[-1])):
            if slope != 0 or knot[1] != 0:
                yield slope


def with_minimum_at_zero(breaks: Sequence[Fraction], slopes: Sequence[Fraction]) -> Bent:
    """The function with these curvatures and f'(0) = 0; 0 is a minimiser when no slope is negative."""
    plain = Bent(tuple(breaks), tuple(slopes))
    return Bent(plain.breaks, plain.slopes, -plain.at(Fraction(0))[1])


def zigzag(curvature: Fraction, period: Fraction, teeth: int) -> Bent:
    """f' = 1 at 0, -period, ..., -teeth * period, with slopes -L, +L between, then L down to its zero.

    f' falls to 1 - L period / 2 halfway. To the right of 0 it is constant.
    """
    ends = [-period * k for k in range(teeth, -1, -1)]
    halves = [(left + right) / 2 for left, right in pairwise(ends)]
    inner = [curvature * sign for _ in range(teeth) for sign in (-1, 1)]
    slopes = [curvature, *inner, Fraction(0)]
    return Bent(tuple(sorted([*ends, *halves])), tuple(slopes), Fraction(1))

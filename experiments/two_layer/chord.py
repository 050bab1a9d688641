"""How far the states of a run lie from the chord between two of them.

A path of displacements d_k, W(k+1) = W(k) + d_k + r_k, is a curve whose parameter grows by l_k >=
|d_k| in step k. Its velocities u_k = d_k / l_k turn by e_k = |u_k - u_(k-1)| at state k. Between
states s and s', at parameters 0 and L, it strays at parameter p from the point of the chord that
divides it in the same ratio, q = p / L, by at most

    sum_k g(p, p_k) e_k + (1 - q) sum_(k < t) |r_k| + q sum_(k >= t) |r_k|
    g(p, r) = r (L - p) / L for r <= p, p (L - r) / L beyond

(the second derivative of the curve is a sum of jumps, g is Green's function of it). All of it
vanishes linearly at both ends, and what turns add falls with the square of their distance. On the
chord c = (1 - q) V + q U from V to U norms are convex, and least eigenvalues nearly concave:

    s_max(c) <= (1 - q) s_max(V) + q s_max(U)
    s_min(c)^2 >= (1 - q) s_min(V)^2 + q s_min(U)^2 - q (1 - q) |U - V|^2

as c c' = (1 - q) V V' + q U U' - q (1 - q) (U - V) (U - V)'. Of tau, with V and U the weights of both
layers, the same is true. What the distance from the chord adds to singular values is at most itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.two_layer.norms import UNIT, Array, Flags

SLACK = 1 + 2.0**-40
"""Covers the rounding of sums of positive terms."""


@dataclass(frozen=True)
class Way:
    """A path from the first state on, (B, S) each: sums up to each state.

    ``length``: of the l_k; ``turn``: of the e_k; ``moment``: of the e_k times their length;
    ``slip``: of the |r_k|. Infinite turns where nothing is known of them.
    """

    length: Array
    turn: Array
    moment: Array
    slip: Array

    @classmethod
    def of(
        cls, lengths: Array, squares: Array, inner: Array, slips: Array, entries: int, alive: Flags
    ) -> Way:
        """From what the step to each state did, (S, B): l, |d|^2, the product with d before, |r|."""
        rates = squares / lengths**2
        rates[0] = 0.0
        turns = np.zeros_like(rates)
        apart = rates[1:] + rates[:-1] - 2 * inner[1:] / (lengths[1:] * lengths[:-1])
        rounding = 8 * (entries + 8) * UNIT
        # unit velocities, and products of which each has an error of entries * u
        turns[1:-1] = np.fmin(np.sqrt(np.maximum(apart[1:], 0.0) + rounding) * SLACK, 2.0)
        length = _summed(lengths, alive)
        turns = np.where(alive, turns.T, 0.0)
        return cls(
            length,
            np.cumsum(turns, axis=1),
            np.cumsum(turns * length, axis=1),
            _summed(slips, alive),
        )

    @classmethod
    def straying(cls, lengths: Array, alive: Flags) -> Way:
        """Of whose turns nothing is known."""
        length = _summed(lengths, alive)
        return cls(length, *(np.full_like(length, np.inf) for _ in range(3)))

    def taken(self, rows: NDArray[np.int64]) -> Way:
        """Some rows."""
        return Way(self.length[rows], self.turn[rows], self.moment[rows], self.slip[rows])


def _summed(steps: Array, alive: Flags) -> Array:
    return np.asarray(np.cumsum(np.where(alive, steps.T, 0.0), axis=1))


@dataclass(frozen=True)
class Chord:
    """Of each state (B, S) between two measured ones, at ``begin`` and ``end``.

    ``share``: where it divides the chord; ``away``: at most its distance from that point, infinite
    where nothing is known; ``span``: at most the length of the chord.
    """

    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    share: Array
    away: Array
    span: Array

    @classmethod
    def of(cls, way: Way, at: Flags) -> Chord:
        """Between the states in the mask (B, S), of which there is one at least on both sides."""
        states = at.shape[1]
        steps = np.arange(states)
        begin = np.maximum.accumulate(np.where(at, steps, -1), axis=1)
        end = np.minimum.accumulate(np.where(at, steps, states)[:, ::-1], axis=1)[:, ::-1]
        inside = (begin >= 0) & (end < states) & (begin < end)
        begin, end = np.where(inside, begin, 0), np.where(inside, end, 0)

        def ends(sums: Array) -> tuple[Array, Array]:
            first, last = (np.take_along_axis(sums, one, axis=1) for one in (begin, end))
            return np.asarray(first), np.asarray(last)

        (start, stop), (turn, all_turns) = ends(way.length), ends(way.turn)
        (moment, all_moments), (slip, all_slips) = ends(way.moment), ends(way.slip)
        span = stop - start
        with np.errstate(all="ignore"):  # outside, there is no chord
            share = np.clip((way.length - start) / span, 0.0, 1.0)
        before = (way.moment - moment) - start * (way.turn - turn)
        after = stop * (all_turns - way.turn) - (all_moments - way.moment)
        away = (1 - share) * np.maximum(before, 0.0) + share * np.maximum(after, 0.0)
        away += (1 - share) * (way.slip - slip) + share * (all_slips - way.slip)
        # of sums along the run, and of the shares
        rounding = 32 * UNIT * states * (stop * (1 + all_turns) + all_slips)
        away = away * SLACK + rounding
        away = np.where(inside & ~np.isnan(away), away, np.inf)
        return cls(begin, end, share, away, span * SLACK + rounding)

    def highest(self, high: Array) -> Array:
        """At most the norms, (B, S), where ``high`` is at most those measured."""
        return self._mixed(high) * (1 + 8 * UNIT) + self.away

    def least(self, low: Array) -> Array:
        """At least the least singular values, where ``low`` is at least 0 and at most those measured."""
        between = self._mixed(low**2) * (1 - 16 * UNIT)
        squared = between - self.share * (1 - self.share) * self.span**2 * SLACK
        return np.sqrt(np.maximum(squared, 0.0)) * (1 - 4 * UNIT) - self.away

    def _mixed(self, values: Array) -> Array:
        first, last = (np.take_along_axis(values, one, axis=1) for one in (self.begin, self.end))
        return np.asarray((1 - self.share) * first + self.share * last)

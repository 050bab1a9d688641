"""Steps at which an enclosure in the place of a measurement might change a finding.

A finding names a verdict and the figures of one step. Where sides are certain from enclosures, they
are certain from the measurements that lie inside them. What is asked for is all the rest: where
hypotheses, the sign of the room or the worth of the bound are open, and every step that might be
the tightest. Of rows that come out violated or open everything is asked for, so that what follows
(certificates, narrower bounds) finds measurements.
"""

from __future__ import annotations

import numpy as np

from harness.expressions.interval import Interval
from harness.judging.trajectory import UPWARDS, Bools, Conditions, Floats, Sides, middle
from harness.vocabulary.theorem import Claim

FROM_THE_ENDS = tuple(2**power for power in range(60))
"""Which of the states asked for between two measured ones are measured in one round.

Where the margin shrinks towards one end, geometric distances from it tell all others apart.
"""


def doubtful(claim: Claim, sides: Sides, where: Conditions, enclosed: Bools) -> Bools:
    """States (B, S) to be measured before the claim is judged.

    ``enclosed``: states (B, S) at which something that the claim reads is not a measurement.
    """
    shape = enclosed.shape
    gap = sides.gap if claim.sense in UPWARDS else -sides.gap
    room, value, bound = (one.broadcast_to(shape) for one in (gap, sides.quantity, sides.bound))
    alive = np.broadcast_to(sides.alive(claim.sense), shape)
    dead = np.broadcast_to(_worthless(claim, sides), shape)
    speaks = where.present & where.met
    within = (room.lo > 0) & np.isfinite(value.width()) & np.isfinite(bound.width())
    within &= claim.sense != "=="
    unclear = speaks & (~within | ~(alive | dead))
    among = speaks & (alive | ~(speaks & ~dead).any(axis=1, keepdims=True))
    asked = enclosed & (unclear | (among & ~_beaten(room, value, bound, among & ~enclosed)))
    if sides.trivial is not None:
        trivial = sides.trivial.broadcast_to(shape)
        asked |= enclosed & among & ~_outdone(trivial, value, bound, among & ~enclosed)
        if claim.rate:
            asked |= enclosed & speaks & (np.cumsum(speaks[:, ::-1], axis=1)[:, ::-1] == 1)
    # a row that is not simply within its bound is looked at by more than this
    possible = where.present & (where.met | where.open) & ~enclosed
    hopeless = possible & ~((room.lo >= 0) & np.isfinite(value.width()))
    return np.asarray(asked | (enclosed & hopeless.any(axis=1, keepdims=True)))


def _worthless(claim: Claim, sides: Sides) -> Bools:
    """Where the bound is certainly no better than what holds anyway."""
    if sides.trivial is None:
        return np.zeros(sides.bound.shape, dtype=bool)
    if claim.sense in (">=", ">"):
        return np.asarray(sides.bound.hi <= sides.trivial.lo)
    return np.asarray(sides.bound.lo >= sides.trivial.hi)


def _beaten(room: Interval, value: Interval, bound: Interval, measured: Bools) -> Bools:
    """Where another step is certainly reported: one of smaller relative margin, or as small before."""
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(middle(value)), np.abs(middle(bound)))
        relative = middle(room) / size
        relative = np.where(np.isnan(relative), 0.0, relative)
        relative = np.where(measured, relative, np.inf)
        best = relative.min(axis=1, keepdims=True)
        least = _least_margin(room, value, bound)
    first = np.argmax(relative == best, axis=1)[:, None]
    later = np.arange(relative.shape[1])[None, :] > first
    return np.asarray((least > best) | ((least == best) & later))


def _least_margin(room: Interval, value: Interval, bound: Interval) -> Floats:
    """At most the relative margin of a step within its bound, as it is computed.

    1 - below/above where both sides are positive; 1 to the bit where one is exactly 0.
    """
    above = np.maximum(value.lo, bound.lo)
    below = np.minimum(value.hi, bound.hi)
    positive = np.minimum(value.lo, bound.lo) >= 0
    zero = below == 0
    share = np.where(zero, 1.0, 1 - below / above - 2.0**-45)
    largest = np.maximum(_largest(value), _largest(bound))
    return np.where(positive & (above > 0), share, room.lo / largest)


def _outdone(trivial: Interval, value: Interval, bound: Interval, measured: Bools) -> Bools:
    """Where the progress is certainly no larger than at some measured step."""
    with np.errstate(all="ignore"):
        shares = (middle(trivial) - middle(bound)) / (middle(trivial) - middle(value))
        usable = measured & np.isfinite(shares)
        best = np.where(usable, shares, -np.inf).max(axis=1, keepdims=True)
        return np.asarray(((trivial - bound) / (trivial - value)).hi <= best)


def _largest(side: Interval) -> Floats:
    return np.maximum(np.abs(side.lo), np.abs(side.hi))


def spread_out(asked: Bools, enclosed: Bools) -> Bools:
    """A few of the states asked for, or all that there are, between measured ones.

    They narrow the enclosures of the others, most of which need not be measured then.
    """
    stretch = np.cumsum(~enclosed, axis=1)
    rank = np.cumsum(asked, axis=1)
    before = np.where(enclosed, 0, rank)
    rank = rank - np.maximum.accumulate(before, axis=1)
    keys = stretch + (stretch.max() + 1) * np.arange(len(asked))[:, None]
    total = np.bincount(keys[asked], minlength=int(keys.max()) + 1)[keys]
    chosen = np.isin(rank, FROM_THE_ENDS) | np.isin(total + 1 - rank, FROM_THE_ENDS)
    return np.asarray(asked & chosen)

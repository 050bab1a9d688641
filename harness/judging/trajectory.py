"""Judges a claim on a block of runs: from enclosures of both sides to a finding a run.

Both sides arrive as intervals that hold the exact values whatever rounding did, so "within" and
"outside" are certain; where the enclosure of their difference contains zero, the sides are equal
(enclosure narrower than 1e-12 relative) or rounding leaves both possible.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from harness.expressions.interval import Interval
from harness.judging.row import Finding
from harness.vocabulary.theorem import Claim
from harness.vocabulary.verdict import Verdict

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

EQUALITY_WIDTH = 1e-12
"""An enclosure of the difference that contains 0 and is narrower than this counts as equality."""
UPWARDS = ("<=", "<", "==")
"""Senses whose room is bound - quantity."""
WORTHLESS_HORIZON = math.exp(-2)
"""A rate over a trajectory is put to the test once its bound has fallen to this share."""


class Settled(IntEnum):
    """What an enclosure at high precision said of one step."""

    INSIDE = 1
    EQUAL = 2
    NOT_MET = 3
    OPEN = 4
    OUTSIDE = -1


@dataclass(frozen=True)
class Sides:
    """The evaluated claim: intervals of shape (B, S), S states; ``trivial`` where it has one.

    ``gap`` encloses bound - quantity at least as narrowly as the difference of the two does.
    """

    quantity: Interval
    bound: Interval
    gap: Interval
    trivial: Interval | None

    def outside(self, sense: str) -> Bools:
        """Where the quantity certainly lies outside its bound, whether or not the theorem speaks."""
        return _apart(sense, self.gap if sense in UPWARDS else -self.gap)

    def alive(self, sense: str) -> Bools:
        """Where the bound is certainly better than what holds anyway."""
        return _alive(sense, self.bound, self.trivial)


@dataclass(frozen=True)
class Conditions:
    """Where the theorem speaks: masks of shape (B, S), and the hypotheses broken in each row.

    ``met``: every hypothesis certainly holds; ``open``: rounding leaves a hypothesis undecided
    and none certainly fails; ``finite``: the state was recorded and is finite;
    ``present``: it also lies above the rounding floor of the loss, where the claim reads that;
    ``settled``: what ball arithmetic found since (a :class:`Settled`, 0 where it was not asked).
    """

    met: Bools
    open: Bools
    present: Bools
    finite: Bools
    broken: list[tuple[str, ...]]
    settled: NDArray[np.int8]


def judge(claim: Claim, sides: Sides, conditions: Conditions) -> list[Finding]:
    """One finding a row."""
    return [judge_row(claim, sides, conditions, row) for row in range(len(conditions.broken))]


def judge_row(claim: Claim, sides: Sides, conditions: Conditions, row: int) -> Finding:
    """The finding of one row."""
    states = conditions.present.shape[1:]
    gap = _row(sides.gap, row, states)
    room = gap if claim.sense in UPWARDS else -gap
    value, bound = (_row(side, row, states) for side in (sides.quantity, sides.bound))
    trivial = None if sides.trivial is None else _row(sides.trivial, row, states)
    scale = np.maximum(np.abs(middle(value)), np.abs(middle(bound)))
    width = room.width()
    equal = room.contains_zero() & (width <= EQUALITY_WIDTH * scale) & (width < math.inf)
    return _Judgement(
        claim=claim,
        value=value,
        bound=bound,
        room=room,
        trivial=trivial,
        equal=equal | (conditions.settled[row] == Settled.EQUAL),
        alive=_alive(claim.sense, bound, trivial),
        present=conditions.present[row],
        finite=conditions.finite[row],
        met=conditions.met[row],
        open=conditions.open[row],
        settled=conditions.settled[row],
        broken=conditions.broken[row],
    ).finding()


@dataclass(frozen=True)
class _Judgement:
    """One row: arrays over its states."""

    claim: Claim
    value: Interval
    bound: Interval
    room: Interval
    trivial: Interval | None
    equal: Bools
    alive: Bools
    present: Bools
    finite: Bools
    met: Bools
    open: Bools
    settled: NDArray[np.int8]
    broken: tuple[str, ...]

    def finding(self) -> Finding:
        if not self.finite.any():
            return Finding(Verdict.BROKEN, reason="no finite state to judge")
        if not self.present.any():
            short = not self.finite[self.claim.start :].any()
            reason = (
                "the horizon ends before" if short else "the loss meets its rounding floor before"
            )
            return Finding(Verdict.VACUOUS, reason=f"{reason} the claim speaks")
        speaks, maybe = self.present & self.met, self.present & self.open
        outside = self._outside()
        if (odd := speaks & (self.room.is_nan() | self._infinite())).any():
            step = int(np.argmax(odd))
            before = speaks & (np.arange(odd.size) < step)
            if (certain := outside & before).any():
                return self._report(Verdict.VIOLATED, certain, before)
            reason = f"{self.claim.quantity} or its bound is not a finite number at step {step}"
            return Finding(Verdict.BROKEN, step=step, reason=reason)
        if (certain := outside & speaks).any():
            return self._report(Verdict.VIOLATED, certain, speaks)
        if (doubtful := outside & maybe).any():
            reason = "outside the bound where rounding leaves a hypothesis open"
            return self._report(Verdict.UNDECIDED, doubtful, speaks, reason)
        if not speaks.any():
            reason = f"not met: {', '.join(self.broken)}"
            return Finding(Verdict.VOID, hypotheses_broken=self.broken, reason=reason)
        living = speaks & self.alive
        if (unclear := living & ~self._inside()).any():
            reason = "rounding leaves both sides of the bound possible"
            return self._report(Verdict.UNDECIDED, unclear, speaks, reason)
        return self._held(speaks, living)

    def _held(self, speaks: Bools, living: Bools) -> Finding:
        # a bound beyond every double says nothing, whatever it is above
        living = living & np.isfinite(middle(self.bound))
        if not living.any():
            reason = "the bound is no better than what holds anyway"
            return self._report(Verdict.VACUOUS, speaks, speaks, reason)
        if self.claim.rate and self.trivial is not None:
            last = int(np.flatnonzero(speaks)[-1])
            fallen = float(middle(self.bound)[last] / middle(self.trivial)[last])
            if not fallen <= WORTHLESS_HORIZON:
                reason = f"horizon too short: in {last} steps the bound fell only to {fallen:.3g}"
                return self._report(Verdict.VACUOUS, living, speaks, reason)
        return self._report(Verdict.HELD, living, speaks)

    def _infinite(self) -> Bools:
        return np.asarray(np.isinf(middle(self.value)))

    def _outside(self) -> Bools:
        apart = _apart(self.claim.sense, self.room)
        return np.asarray((apart & (self.settled <= 0)) | (self.settled == Settled.OUTSIDE))

    def _inside(self) -> Bools:
        if self.claim.sense == "==":
            return self.equal
        within = self.room.certainly_positive() | (self.settled == Settled.INSIDE)
        strict = self.claim.sense in ("<", ">")
        return np.asarray(within if strict else within | self.equal | (self.room.lo >= 0))

    def _report(self, verdict: Verdict, among: Bools, speaks: Bools, reason: str = "") -> Finding:
        """The finding at the step of smallest relative margin among those given."""
        value, bound, room = (middle(side) for side in (self.value, self.bound, self.room))
        if self.claim.sense == "==":
            room = -np.abs(room)
        with np.errstate(all="ignore"):
            relative = room / np.maximum(np.abs(value), np.abs(bound))
        relative = np.where(np.isnan(relative), 0.0, relative)
        step = int(np.argmin(np.where(among, relative, np.inf)))
        equality = bool(self.equal[step]) and verdict in (Verdict.HELD, Verdict.VACUOUS)
        ball = self.settled[step] in (Settled.INSIDE, Settled.EQUAL, Settled.OUTSIDE)
        certified = "equality" if equality else str(verdict) if ball else ""
        return Finding(
            verdict,
            step=step,
            value=float(value[step]),
            bound=float(bound[step]),
            ratio=_ratio(self.claim.sense, float(value[step]), float(bound[step]), equality),
            margin=0.0 if equality else float(room[step]),
            progress=self._progress(value, bound, among),
            certified=certified,
            rule="ball" if ball else "equality" if equality else "margin",
            judged=int(speaks.sum()),
            reason=reason,
        )

    def _progress(self, value: Floats, bound: Floats, among: Bools) -> float:
        """Guaranteed over measured progress beyond the trivial value, at the tightest step."""
        if self.trivial is None:
            return math.nan
        trivial = middle(self.trivial)
        with np.errstate(all="ignore"):
            share = np.where(among, (trivial - bound) / (trivial - value), np.nan)
        finite = share[np.isfinite(share)]
        # never -0.0
        return float(finite.max()) + 0.0 if finite.size else math.nan


def _alive(sense: str, bound: Interval, trivial: Interval | None) -> Bools:
    if trivial is None:
        return np.ones(bound.shape, dtype=bool)
    if sense in (">=", ">"):
        return np.asarray(bound.lo > trivial.hi)
    return np.asarray(bound.hi < trivial.lo)


def _apart(sense: str, room: Interval) -> Bools:
    if sense == "==":
        return room.certainly_positive() | room.certainly_negative()
    if sense in ("<", ">"):
        # a strict claim is broken by equality too, where it is certain
        return np.asarray(room.hi <= 0)
    return room.certainly_negative()


def _ratio(sense: str, value: float, bound: float, equality: bool) -> float:
    """At most 1 within the bound; 0 against 0 says nothing of how tight a bound is."""
    if equality and (value != 0 or bound != 0):
        return 1.0
    above, below = (bound, value) if sense in (">=", ">") else (value, bound)
    return above / below if below > 0 and above >= 0 else math.nan


def middle(interval: Interval) -> Floats:
    with np.errstate(all="ignore"):
        middle = interval.lo / 2 + interval.hi / 2
    return np.asarray(np.where(interval.lo == interval.hi, interval.lo, middle))


def _row(side: Interval, row: int, states: tuple[int, ...]) -> Interval:
    """One row of a block, spread over its states; a constant has no rows."""
    if not side.shape:
        return side.broadcast_to(states)
    return side[row if side.shape[0] > 1 else 0].broadcast_to(states)

"""Judges a claim on a block of runs: from enclosures of both sides to a finding a run.

Both sides arrive as intervals that hold the exact values whatever rounding did, so "within" and
"outside" are certain; where the enclosure of their difference contains zero, the sides are equal
(enclosure narrower than 1e-12 relative) or rounding leaves both possible.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from harness.expressions.interval import Interval
from harness.judging.row import Finding
from harness.vocabulary.theorem import Claim
from harness.vocabulary.verdict import Verdict

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rows: TypeAlias = slice | NDArray[np.int64]

EQUALITY_WIDTH = 1e-12
"""An enclosure of the difference that contains 0 and is narrower than this counts as equality."""
UPWARDS = ("<=", "<", "==")
"""Senses whose room is bound - quantity."""
ENTRIES_TOGETHER = 1 << 17
"""Entries (rows times states) judged together: as many as stay in a cache."""
WORTHLESS_HORIZON = math.exp(-2)
"""A rate over a trajectory is put to the test once its bound has fallen to this share."""

_OPEN_HYPOTHESIS = "outside the bound where rounding leaves a hypothesis open"
_OPEN_SIDES = "rounding leaves both sides of the bound possible"
_WORTHLESS = "the bound is no better than what holds anyway"


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

    def copied(self) -> Conditions:
        """The same, in arrays of its own: what balls find is noted in them."""
        return replace(
            self,
            met=self.met.copy(),
            open=self.open.copy(),
            broken=[*self.broken],
            settled=self.settled.copy(),
        )


def judge(claim: Claim, sides: Sides, conditions: Conditions) -> list[Finding]:
    """One finding a row."""
    count, states = conditions.present.shape
    together = max(1, ENTRIES_TOGETHER // states)
    return [
        finding
        for start in range(0, count, together)
        for finding in judge_rows(claim, sides, conditions, slice(start, start + together))
    ]


def judge_rows(claim: Claim, sides: Sides, conditions: Conditions, rows: Rows) -> list[Finding]:
    """The findings of some of the rows; each is what it would be alone."""
    return _Judgement(claim, sides, conditions, rows).findings()


class _Judgement:
    """Some rows: arrays (rows, states)."""

    def __init__(self, claim: Claim, sides: Sides, conditions: Conditions, rows: Rows) -> None:
        self.claim = claim
        self.present, self.finite = conditions.present[rows], conditions.finite[rows]
        self.met, self.open = conditions.met[rows], conditions.open[rows]
        self.settled = conditions.settled[rows]
        chosen = np.arange(len(conditions.broken))[rows].tolist()
        self.broken = [conditions.broken[row] for row in chosen]
        shape = self.present.shape
        gap = _taken(sides.gap, rows, shape)
        self.room = gap if claim.sense in UPWARDS else -gap
        bound = _taken(sides.bound, rows, shape)
        quantity = _taken(sides.quantity, rows, shape)
        self.infinite = np.isinf(quantity.lo) & (quantity.lo == quantity.hi)
        self.value = _nearest(quantity)
        self.bound = middle(bound)
        trivial = None if sides.trivial is None else _taken(sides.trivial, rows, shape)
        self.trivial = None if trivial is None else middle(trivial)
        self.alive = _alive(claim.sense, bound, trivial)
        scale = np.maximum(np.abs(self.value), np.abs(self.bound))
        width = self.room.width()
        self.equal = self.room.contains_zero() & (width <= EQUALITY_WIDTH * scale)
        self.equal &= width < math.inf
        self.equal |= self.settled == Settled.EQUAL

    def findings(self) -> list[Finding]:
        """One a row, in order."""
        speaks, maybe = self.present & self.met, self.present & self.open
        odd = speaks & (self.room.is_nan() | self.infinite)
        if odd.any():
            # what lies before a number that is none may still be a violation
            speaks = speaks & ~np.logical_or.accumulate(odd, axis=1)
        outside = self._outside()
        living = speaks & self.alive
        certain, doubtful, unclear = outside & speaks, outside & maybe, living & ~self._inside()
        # a bound beyond every double says nothing, whatever it is above
        living = living & np.isfinite(self.bound)
        hows = zip(
            *(mask.any(axis=1).tolist() for mask in (self.finite, self.present, odd, certain)),
            *(mask.any(axis=1).tolist() for mask in (doubtful, speaks, unclear, living)),
            strict=True,
        )
        found: dict[int, Finding] = {}
        told: dict[int, tuple[Verdict, str]] = {}
        among = np.zeros_like(speaks)
        for row, (finite, present, none, out, doubt, says, open_, lives) in enumerate(hows):
            if not finite:
                found[row] = Finding(Verdict.BROKEN, reason="no finite state to judge")
            elif not present:
                found[row] = Finding(Verdict.VACUOUS, reason=f"{self._short(row)} the claim speaks")
            elif out:
                told[row], among[row] = (Verdict.VIOLATED, ""), certain[row]
            elif none:
                step = int(np.argmax(odd[row]))
                reason = f"{self.claim.quantity} or its bound is not a finite number at step {step}"
                found[row] = Finding(Verdict.BROKEN, step=step, reason=reason)
            elif doubt:
                told[row] = Verdict.UNDECIDED, _OPEN_HYPOTHESIS
                among[row] = doubtful[row]
            elif not says:
                names = self.broken[row]
                reason = f"not met: {', '.join(names)}"
                found[row] = Finding(Verdict.VOID, hypotheses_broken=names, reason=reason)
            elif open_:
                told[row], among[row] = (Verdict.UNDECIDED, _OPEN_SIDES), unclear[row]
            elif not lives:
                told[row], among[row] = (Verdict.VACUOUS, _WORTHLESS), speaks[row]
            else:
                told[row], among[row] = self._held(speaks[row], row), living[row]
        found |= self._reported(told, among, speaks)
        return [found[row] for row in range(len(among))]

    def _short(self, row: int) -> str:
        if not self.finite[row, self.claim.start :].any():
            return "the horizon ends before"
        return "the loss meets its rounding floor before"

    def _held(self, speaks: Bools, row: int) -> tuple[Verdict, str]:
        if self.claim.rate and self.trivial is not None:
            last = int(np.flatnonzero(speaks)[-1])
            fallen = float(self.bound[row, last] / self.trivial[row, last])
            if not fallen <= WORTHLESS_HORIZON:
                reason = f"horizon too short: in {last} steps the bound fell only to {fallen:.3g}"
                return Verdict.VACUOUS, reason
        return Verdict.HELD, ""

    def _outside(self) -> Bools:
        apart = _apart(self.claim.sense, self.room)
        return np.asarray((apart & (self.settled <= 0)) | (self.settled == Settled.OUTSIDE))

    def _inside(self) -> Bools:
        if self.claim.sense == "==":
            return self.equal
        within = self.room.certainly_positive() | (self.settled == Settled.INSIDE)
        strict = self.claim.sense in ("<", ">")
        return np.asarray(within if strict else within | self.equal | (self.room.lo >= 0))

    def _reported(
        self, told: Mapping[int, tuple[Verdict, str]], among: Bools, speaks: Bools
    ) -> dict[int, Finding]:
        """Findings at the step of smallest relative margin among those given, by row."""
        room = middle(self.room)
        if self.claim.sense == "==":
            room = -np.abs(room)
        with np.errstate(all="ignore"):
            relative = room / np.maximum(np.abs(self.value), np.abs(self.bound))
        relative = np.where(np.isnan(relative), 0.0, relative)
        steps = np.argmin(np.where(among, relative, np.inf), axis=1)
        at = np.arange(len(steps)), steps
        columns = (
            steps, self.value[at], self.bound[at], room[at], self.equal[at], self.settled[at],
            self._progress(among), speaks.sum(axis=1),
        )  # fmt: skip
        found = {}
        for row, figures in enumerate(zip(*(one.tolist() for one in columns), strict=True)):
            if row not in told:
                continue
            verdict, reason = told[row]
            step, value, bound, margin, equal, settled, progress, judged = figures
            equality = equal and verdict in (Verdict.HELD, Verdict.VACUOUS)
            ball = settled in (Settled.INSIDE, Settled.EQUAL, Settled.OUTSIDE)
            found[row] = Finding(
                verdict,
                step=step,
                value=value,
                bound=bound,
                ratio=_ratio(self.claim.sense, value, bound, equality),
                margin=0.0 if equality else margin,
                # the one NaN of all findings, so that equal ones compare equal
                progress=math.nan if math.isnan(progress) else progress,
                certified="equality" if equality else str(verdict) if ball else "",
                rule="ball" if ball else "equality" if equality else "margin",
                judged=judged,
                reason=reason,
            )
        return found

    def _progress(self, among: Bools) -> Floats:
        """Guaranteed over measured progress beyond the trivial value, at the tightest step."""
        if self.trivial is None:
            return np.full(len(among), math.nan)
        with np.errstate(all="ignore"):
            share = (self.trivial - self.bound) / (self.trivial - self.value)
        usable = among & np.isfinite(share)
        best = np.where(usable, share, -math.inf).max(axis=1)
        # never -0.0
        return np.where(usable.any(axis=1), best, math.nan) + 0.0


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


def _nearest(interval: Interval) -> Floats:
    """The middle, or the one end that is finite: rounding alone may leave the other open."""
    ends = np.where(np.isfinite(interval.lo), interval.lo, interval.hi)
    one_sided = np.isinf(interval.lo) != np.isinf(interval.hi)
    return np.asarray(np.where(one_sided, ends, middle(interval)))


def _taken(side: Interval, rows: Rows, shape: tuple[int, ...]) -> Interval:
    """Some rows of a block, spread over its states; a constant has no rows."""
    whole = not side.shape or side.shape[0] == 1
    return (side if whole else side[rows]).broadcast_to(shape)

"""How near a run is to violating a claim, as one continuous number to be maximised.

Positive if and only if the middle of the enclosures lies outside the bound where the theorem
speaks. Whether that is a violation is for the judge to say; this is where a search looks next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.core.relational import Relational

from harness.expressions.evaluator import Evaluator
from harness.expressions.interval import Interval
from harness.judging.trajectory import Conditions, Sides
from harness.running.task import Run
from harness.running.view import View
from harness.vocabulary.theorem import Claim, Hypothesis

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BROKEN = -1e6
VOID = -5e3
UNRECORDED = -3e3
VACUOUS = -2e3
"""Where each kind of row that puts nothing to the test begins; from there down it is graded."""
_APART = 80.0
"""Given to sides of opposite signs; no two doubles of one sign come so far."""
_LINEAR = 20.0
"""Log ratios beyond this count less and less."""


@dataclass(frozen=True)
class Margins:
    """A block of runs: arrays of shape (B,).

    ``score``: the margin, to be maximised; ``met``: the theorem speaks at some state; ``suspect``:
    the row is outside its bound, certainly or in the middle of its enclosure; ``certain``: the
    former; ``broken``: it is not a finite number where the theorem speaks.
    """

    score: Floats
    met: Bools
    suspect: Bools
    certain: Bools
    broken: Bools


def margins(
    run: Run, claim: Claim, hypotheses: Sequence[Hypothesis], cautious: bool = False
) -> Margins:
    """The margins of one claim on a finished block.

    ``cautious`` takes the ends of the enclosures instead of their middles: what is certainly so,
    where a search for the largest ratio would else find the largest rounding. And a claim that
    compares 0 with 0 then says nothing, where it would else be the closest call of all.
    """
    view = View(run, hypotheses)
    sides, where = view.sides(claim), view.conditions(claim)
    shape = where.met.shape
    speaks = where.present & where.met
    excess = np.broadcast_to(_outside_by(claim, sides, cautious), shape)
    odd = np.isnan(excess) | np.isinf(_middle(sides.quantity))
    broken = (speaks & odd).any(axis=1)
    excess = np.where(odd, -np.inf, excess)
    certain = (np.broadcast_to(sides.outside(claim.sense), shape) & speaks).any(axis=1)
    doubtful = ((excess > 0) & where.present & (where.met | where.open)).any(axis=1)
    living = speaks & np.broadcast_to(sides.alive(claim.sense), shape)
    score = np.where(living, excess, -np.inf).max(axis=1)
    idle = VACUOUS - np.broadcast_to(_idleness(claim, sides), shape)
    idle = np.where(speaks, idle, -np.inf).max(axis=1)
    score = np.where(living.any(axis=1), score, idle)
    lacking = VOID - _lacking(claim, hypotheses, view.evaluator(claim), where)
    score = np.where(speaks.any(axis=1), score, lacking)
    score = np.where(where.present.any(axis=1), score, UNRECORDED)
    score = np.where(broken | ~where.finite.any(axis=1), BROKEN, score)
    # outside a vacuous bound is outside all the same
    score = np.where(certain, np.where(speaks, excess, -np.inf).max(axis=1), score)
    return Margins(
        score=np.where(np.isfinite(score), score, BROKEN),
        met=np.asarray(speaks.any(axis=1)),
        suspect=np.asarray(certain | doubtful),
        certain=np.asarray(certain),
        broken=np.asarray(broken | ~where.finite.any(axis=1)),
    )


def _outside_by(claim: Claim, sides: Sides, cautious: bool) -> Floats:
    """How far outside the bound, symmetric in the two sides, of any magnitude."""
    upwards = claim.sense not in (">=", ">")
    left, right = (sides.quantity, sides.bound) if upwards else (sides.bound, sides.quantity)
    gap = -sides.gap if upwards else sides.gap
    if cautious and claim.sense != "==":
        ends = gap.lo, left.lo, right.hi
    else:
        ends = _middle(gap), _middle(left), _middle(right)
    gaps, lefts, rights = np.broadcast_arrays(*ends)
    apart = _apart(gaps, lefts, rights, _against_zero(claim.statement))
    if cautious:
        apart = np.where((lefts == 0) & (rights == 0), -_APART, apart)
    return np.abs(apart) if claim.sense == "==" else apart


def _against_zero(relation: Relational) -> bool:
    """Whether a side of the relation is 0, so that the ratio of the two says nothing."""
    return any(one.is_zero is True for one in (relation.lhs, relation.rhs))


def _apart(gap: Floats, left: Floats, right: Floats, against_zero: bool) -> Floats:
    """A continuous increasing function of ``gap`` = left - right: the log ratio of the two.

    So a residual of 1e-40 is farther from a bound of 1e-3 than one of 1e-20 is. For sides of
    opposite signs it grows with the difference; against 0 it is the difference itself, logarithmic
    far out. The gap is given, since it may be narrower than the sides tell.
    """
    with np.errstate(all="ignore"):
        if against_zero:
            return np.asarray(np.arcsinh(gap))
        size = np.abs(left) + np.abs(right)
        share = np.where(size > 0, gap / size, np.where(gap == 0, 0.0, np.sign(gap)))
        near = 2 * np.arctanh(np.clip(share, -1, 1))
        alike = np.sign(left) * np.sign(right) > 0
        far = np.sign(left) * (np.log(np.abs(left)) - np.log(np.abs(right)))
        ratio = np.where(alike & (np.abs(near) > 1), far, near)
        excess = np.maximum(np.abs(ratio) - _LINEAR, 0.0)
        less = np.sign(ratio) * (_LINEAR + _LINEAR / 2 * np.log1p(excess / (_LINEAR / 2)))
        ratio = np.where(excess > 0, less, ratio)
        beyond = np.sign(gap) * _APART + 0.01 * np.arcsinh(gap)
        return np.asarray(np.where(np.abs(ratio) < _APART, ratio, beyond))


def _idleness(claim: Claim, sides: Sides) -> Floats:
    """How much worse the bound is than what holds anyway."""
    if sides.trivial is None:
        return np.zeros((1, 1))
    bound, trivial = np.broadcast_arrays(_middle(sides.bound), _middle(sides.trivial))
    if claim.sense in (">=", ">"):
        bound, trivial = trivial, bound
    return np.maximum(_finite(_apart(bound - trivial, bound, trivial, False)), 0.0)


def _lacking(
    claim: Claim, hypotheses: Sequence[Hypothesis], evaluate: Evaluator, where: Conditions
) -> Floats:
    """By how much the hypotheses fail, summed; a trajectory needs them at its worst state."""
    total = np.zeros(where.met.shape)
    for hypothesis in hypotheses:
        for relation in hypothesis.relations:
            sides = [_middle(evaluate(side)) for side in _ordered(relation)]
            above, below = np.broadcast_arrays(*sides)
            room = _apart(above - below, above, below, _against_zero(relation))
            short = np.abs(room) if relation.rel_op == "==" else -room
            total = total + np.maximum(_finite(short), 0.0)
    worst = np.where(where.present, total, np.inf if claim.one_step else 0.0)
    found = worst.min(axis=1) if claim.one_step else worst.max(axis=1)
    return np.where(np.isfinite(found), np.minimum(found, -BROKEN / 2), _APART)


def _ordered(relation: Relational) -> tuple[sympy.Expr, sympy.Expr]:
    if relation.rel_op == "==":
        return relation.lhs, relation.rhs
    return relation.gts, relation.lts


def _finite(values: Floats) -> Floats:
    return np.nan_to_num(values, nan=_APART, posinf=-BROKEN, neginf=BROKEN)


def _middle(side: Interval) -> Floats:
    with np.errstate(all="ignore"):
        middle = side.lo / 2 + side.hi / 2
    return np.asarray(np.where(side.lo == side.hi, side.lo, middle))

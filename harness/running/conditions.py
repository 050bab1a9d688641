"""Where a theorem speaks: hypotheses judged with the same care as claims."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from harness.expressions.evaluator import Evaluator
from harness.judging.trajectory import Conditions
from harness.running.task import Run
from harness.running.values import wanted
from harness.vocabulary.theorem import Claim, Hypothesis

Bools = NDArray[np.bool_]


class Met:
    """Each hypothesis along each run: where it certainly holds and where it certainly fails."""

    def __init__(
        self, hypotheses: Sequence[Hypothesis], evaluate: Evaluator, shape: tuple[int, int]
    ) -> None:
        self.shape = shape
        self.by_name = {one.id: self._sides(one, evaluate) for one in hypotheses}
        self.on_steps = {one.id: one.looks_ahead for one in hypotheses}

    def _sides(self, hypothesis: Hypothesis, evaluate: Evaluator) -> tuple[Bools, Bools]:
        holds, fails = np.ones(self.shape, dtype=bool), np.zeros(self.shape, dtype=bool)
        for relation in hypothesis.relations:
            if relation.rel_op == "==":
                gap = (evaluate(relation.lhs) - evaluate(relation.rhs)).broadcast_to(self.shape)
                holds &= (gap.lo == 0) & (gap.hi == 0)
                fails |= gap.certainly_positive() | gap.certainly_negative()
                continue
            room = (evaluate(relation.gts) - evaluate(relation.lts)).broadcast_to(self.shape)
            strict = relation.rel_op in ("<", ">")
            holds &= (room.lo > 0) if strict else (room.lo >= 0)
            fails |= (room.hi <= 0) if strict else (room.hi < 0)
        return holds, fails


FLOORED = frozenset({"loss", "training_loss", "misfit"})
"""Symbols that meet a floor of rounding when they tend to their minimum."""


def alike(claim: Claim) -> tuple[bool, bool, bool, int]:
    """What `conditions` depend on; they are equal for claims for which it is."""
    floored = bool(FLOORED & wanted(claim.statement)[1])
    return claim.one_step, claim.looks_ahead, floored, claim.start


def conditions(claim: Claim, met: Met, run: Run, without: str = "") -> Conditions:
    """The masks under which the claim is judged.

    A one-step claim speaks wherever its hypotheses hold; a claim about a trajectory needs them at
    every step up to the one judged. States that are not finite, or past the rounding floor of the
    loss where the claim reads it, are not judged. ``without`` names a hypothesis to ignore.
    """
    count, states = met.shape
    steps = np.arange(states)[None, :]
    ahead = 1 if claim.looks_ahead else 0
    last = np.minimum(run.trace.finite, states)
    finite = steps < (last - ahead)[:, None]
    if FLOORED & wanted(claim.statement)[1]:
        last = np.minimum(last, run.trace.resolved)
    within = steps < (last - ahead)[:, None]
    present = within & (steps >= claim.start)
    holds, fails = np.ones(met.shape, dtype=bool), np.zeros(met.shape, dtype=bool)
    broken: list[list[str]] = [[] for _ in range(count)]
    for name, (this_holds, this_fails) in met.by_name.items():
        if name == without:
            continue
        if not claim.one_step:
            this_holds = np.logical_and.accumulate(this_holds | ~within, axis=1)
            this_fails = np.logical_or.accumulate(this_fails & within, axis=1)
            if met.on_steps[name] and not claim.looks_ahead:
                # a state is reached by the steps before it
                this_holds, this_fails = _delayed(this_holds), _delayed(this_fails)
        holds &= this_holds
        fails |= this_fails
        for row in np.flatnonzero((present & ~this_holds).any(axis=1)):
            broken[row].append(name)
    return Conditions(
        met=holds,
        open=~holds & ~fails,
        present=present,
        finite=finite,
        broken=[tuple(names) for names in broken],
        settled=np.zeros(met.shape, dtype=np.int8),
    )


def _delayed(mask: Bools) -> Bools:
    """The same one step later; the first state keeps the condition on the first step."""
    return np.concatenate([mask[:, :1], mask[:, :-1]], axis=1)

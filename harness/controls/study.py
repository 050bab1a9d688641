"""Studies a block of runs: which sharper bounds it refutes, and which hypotheses it needs.

The runs are made once; mutants and dropped hypotheses are evaluated on what was measured. Everything
counted is certain in outward-rounded intervals, as the verdicts themselves are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from harness.controls.chances import sharpened_chances
from harness.controls.mutants import mutants
from harness.expressions.evaluator import MissingSymbol
from harness.expressions.interval import Interval
from harness.running.engines import engine_of
from harness.running.measure import finished_run
from harness.running.steps import Lookup
from harness.running.task import Run, Task
from harness.running.values import wanted
from harness.running.view import View
from harness.vocabulary.symbol import Quantity, Scope
from harness.vocabulary.theorem import Claim, Hypothesis

Bools = NDArray[np.bool_]
Counts = dict[str, dict[str, Any]]
Study = dict[str, dict[str, Any]]

NOTICEABLE = 1e-9
"""Relative change of a bound from which on a mutant counts as another bound."""


def studied(task: Task, lookup: Lookup, sharpen: bool = True) -> Study:
    """What one block of runs says; a configuration that raises says nothing (its row is broken).

    ``mutants``: claim -> mutant -> rows on which it is sharper, and rows that refute it.
    ``dropped``: hypothesis -> claim -> rows on which it alone fails, how many of them violate the
    claim, and the shortest such configuration. ``sizes``: hypothesis -> pairs of the size that it
    requires and the size that was there. Mutants are left out unless ``sharpen``.
    """
    with threadpool_limits(limits=1), np.errstate(all="ignore"):
        if task.replicates:
            return {**nothing(), "mutants": sharpened_chances(task, lookup) if sharpen else {}}
        try:
            run = finished_run(task, engine_of(task.experiment), lookup)
        except Exception:
            if len(task.configurations) == 1:
                return nothing()
            singles = (dataclasses.replace(task, configurations=(c,)) for c in task.configurations)
            return merged([studied(single, lookup, sharpen) for single in singles])
        return _of(run, sharpen)


def nothing() -> Study:
    """The study of a task that could not be run."""
    return {"mutants": {}, "dropped": {}, "sizes": {}}


def _of(run: Run, sharpen: bool) -> Study:
    theorem = run.task.theorem
    view = View(run, theorem.hypotheses)
    sizes = {one.id: _sizes(run, view, one) for one in theorem.hypotheses}
    return {
        "mutants": {claim.id: _sharpened(view, claim) for claim in theorem.claims if sharpen},
        "dropped": {one.id: _dropped(run, view, one) for one in theorem.hypotheses},
        "sizes": {name: pairs for name, pairs in sizes.items() if pairs and sharpen},
    }


def _sharpened(view: View, claim: Claim) -> Counts:
    original, usual = view.sides(claim), view.conditions(claim)
    already = original.outside(claim.sense)
    found: Counts = {}
    for mutant in mutants(claim):
        where = usual if _reads_alike(claim, mutant.claim) else view.conditions(mutant.claim)
        speaks = where.present & where.met
        try:
            sides = view.sides(mutant.claim)
        except (MissingSymbol, ArithmeticError, ValueError):
            continue  # the change left no formula that can be evaluated
        tighter = _tighter(claim.sense, original.bound, sides.bound) & sides.alive(claim.sense)
        # where the claim itself fails, no mutant is needed to see it
        refuted = sides.outside(claim.sense) & speaks & ~already
        found[mutant.id] = {
            "kind": mutant.kind,
            "scale": mutant.scale,
            "sharper": int((tighter & speaks).any(axis=1).sum()),
            "refuted": int(refuted.any(axis=1).sum()),
        }
    return found


def _reads_alike(claim: Claim, other: Claim) -> bool:
    """Whether both speak of the same states of a run."""
    return (claim.one_step, claim.looks_ahead, wanted(claim.statement)) == (
        other.one_step, other.looks_ahead, wanted(other.statement),
    )  # fmt: skip


def _tighter(sense: str, bound: Interval, changed: Interval) -> Bools:
    """Where the changed bound asks for noticeably more."""
    before, after = bound.lo / 2 + bound.hi / 2, changed.lo / 2 + changed.hi / 2
    change = (after - before) / np.maximum(np.abs(before), np.abs(after))
    if sense == "==":
        return np.asarray(np.abs(change) > NOTICEABLE)
    return np.asarray(change > NOTICEABLE if sense in (">=", ">") else change < -NOTICEABLE)


def _dropped(run: Run, view: View, hypothesis: Hypothesis) -> Counts:
    found: Counts = {}
    for claim in run.task.theorem.claims:
        sides = view.sides(claim)
        under, without = view.conditions(claim), view.conditions(claim, hypothesis.id)
        alone = without.met & without.present & ~under.met & ~under.open
        outside = (sides.outside(claim.sense) & alone).any(axis=1)
        examples = [dict(run.task.configurations[i]) for i in np.flatnonzero(outside)]
        found[claim.id] = {
            "tried": int(alone.any(axis=1).sum()),
            "violated": int(outside.sum()),
            "example": min(examples, key=lambda one: len(str(one)), default=None),
        }
    return found


def _sizes(run: Run, view: View, hypothesis: Hypothesis) -> list[tuple[float, float]]:
    """Required and present value where the hypothesis asks for a size: width >= required."""
    pairs: list[tuple[float, float]] = []
    for relation in hypothesis.relations:
        if relation.rel_op == "==":
            continue
        size, needed = relation.gts, relation.lts
        if isinstance(size, Quantity) and size.scope is Scope.CONFIGURATION:
            evaluate = view.evaluator(run.task.theorem.claims[0])
            there, required = evaluate(size), evaluate(needed)
            count = len(run.task.configurations)
            columns = (
                np.broadcast_to(one.hi[:, :1], (count, 1))[:, 0] for one in (required, there)
            )
            pairs += [(float(a), float(b)) for a, b in zip(*columns, strict=True)]
    return pairs


def merged(studies: Iterable[Study]) -> Study:
    """The studies of several blocks of one theorem as one."""
    total = nothing()
    for study in studies:
        for hypothesis, pairs in study["sizes"].items():
            total["sizes"].setdefault(hypothesis, []).extend(pairs)
        for part in ("mutants", "dropped"):
            for outer, inner in study[part].items():
                into = total[part].setdefault(outer, {})
                for name, counts in inner.items():
                    into[name] = _added(into.get(name), counts)
    return total


def _added(known: dict[str, Any] | None, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Counts added up; of two examples the shorter, of anything else the first."""
    if known is None:
        return dict(counts)
    total = dict(known)
    for name, value in counts.items():
        if name in ("sharper", "refuted", "tried", "violated"):
            total[name] += value
        elif name == "example" and value is not None:
            there = total[name]
            total[name] = value if there is None else min(there, value, key=lambda v: len(str(v)))
    return total

"""Re-evaluates in ball arithmetic what floating point left open, and every violation it can.

A claim that speaks of a state and its successor is true or false at each floating-point iterate
taken as an exact starting point, wherever the run began; so is any claim at step 0. One exact
step is enclosed from there, at 128 bits and more. A claim about a trajectory is enclosed along the
exact run from its initial doubles, which loses about two bits a step, hence for short runs only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from harness.expressions.evaluator import Evaluator, MissingSymbol
from harness.judging.row import Finding
from harness.judging.trajectory import EQUALITY_WIDTH, Conditions, Settled, Sides, judge_row
from harness.running.protocol import Certifying
from harness.running.task import Run
from harness.running.values import wanted
from harness.vocabulary.definition import closure
from harness.vocabulary.symbol import NEXT, AtTime, Named, Quantity, Scope
from harness.vocabulary.theorem import Claim, Hypothesis
from harness.vocabulary.verdict import Verdict

PRECISIONS = (128, 256, 512, 1024)
MAX_STEPS_FOLLOWED = 100
"""Steps along which the exact run of a trajectory claim is followed."""
MAX_STEPS_SETTLED = 128
"""Undecided steps of one run that are settled one by one before it is left undecided."""


def settled(
    run: Run,
    claim: Claim,
    hypotheses: Sequence[Hypothesis],
    sides: Sides,
    where: Conditions,
    findings: list[Finding],
) -> list[Finding]:
    """The findings, with violated and undecided ones certified where the engine can enclose."""
    if not hasattr(run.engine, "enclose"):
        return findings
    open_verdicts = (Verdict.VIOLATED, Verdict.UNDECIDED)
    result = list(findings)
    for row, finding in enumerate(findings):
        for _ in range(MAX_STEPS_SETTLED):
            step = finding.step
            if finding.verdict not in open_verdicts or step is None:
                break
            within_reach = claim.one_step or (step <= MAX_STEPS_FOLLOWED and where.met[row, step])
            if not within_reach or where.settled[row, step]:
                break
            answer = _enclosed(run, claim, hypotheses, row, step)
            if answer is None:
                break
            where.settled[row, step] = answer
            if answer is Settled.NOT_MET:
                where.met[row, step] = where.open[row, step] = False
            finding = judge_row(claim, sides, where, row)
        result[row] = finding
    return result


def _enclosed(
    run: Run, claim: Claim, hypotheses: Sequence[Hypothesis], row: int, step: int
) -> Settled | None:
    """What the enclosures say of this step, at rising precision; None when they cannot tell."""
    from harness.expressions.balls import precision

    for bits in PRECISIONS:
        with precision(bits):
            try:
                answer = _at_precision(run, claim, hypotheses, row, step)
            except MissingSymbol:
                return None
        if answer is not None:
            return answer
    return None


def _at_precision(
    run: Run, claim: Claim, hypotheses: Sequence[Hypothesis], row: int, step: int
) -> Settled | None:
    evaluate = Evaluator(BallAlgebra(), _values(run, claim, hypotheses, row, step))
    # along a trajectory the hypotheses were found to hold at every step before this one already
    for hypothesis in hypotheses if claim.one_step or step == 0 else ():
        try:
            told = [_holds(evaluate, relation) for relation in hypothesis.relations]
        except MissingSymbol:
            # an implicit limit: the interval enclosure has judged it already
            continue
        if False in told:
            return Settled.NOT_MET
        if None in told:
            return None
    room = evaluate(claim.bound) - evaluate(claim.quantity)
    room = -room if claim.sense in (">=", ">") else room
    size = abs(evaluate(claim.bound)) + abs(evaluate(claim.quantity))
    if claim.sense != "==":
        if room < 0 or (room <= 0 and claim.sense in ("<", ">")):
            return Settled.OUTSIDE
        if room > 0:
            return Settled.INSIDE
    elif not room.contains(0):
        return Settled.OUTSIDE
    narrow = room.rad() <= EQUALITY_WIDTH * size.mid() or room == 0
    return Settled.EQUAL if narrow else None


def _holds(evaluate: Evaluator, relation: Any) -> bool | None:
    if relation.rel_op == "==":
        gap = evaluate(relation.lhs) - evaluate(relation.rhs)
        return True if gap == 0 else None if gap.contains(0) else False
    room = evaluate(relation.gts) - evaluate(relation.lts)
    if room > 0 or (room >= 0 and relation.rel_op in ("<=", ">=")):
        return True
    return False if room < 0 else None


def _values(
    run: Run, claim: Claim, hypotheses: Sequence[Hypothesis], row: int, step: int
) -> Mapping[Named, Any]:
    """Balls for every symbol the claim and its hypotheses read at this step."""
    from harness.expressions.balls import exact

    expressions = [claim.statement, *(part for h in hypotheses for part in h.relations)]
    at_start, _ = wanted(*expressions)
    configuration = run.task.configurations[row]
    sizes = run.trace.step_sizes[row].tolist()
    engine = cast(Certifying, run.engine)
    from_start = not claim.one_step and step > 0
    found = engine.enclose(configuration, sizes, step, at_start, from_start)
    known = run.task.experiment.known(configuration)
    values: dict[Named, Any] = {}
    for one in closure(*expressions):
        base = one.base if isinstance(one, AtTime) else one
        if one.name == "t":
            values[one] = exact(float(step))
        elif base.name == "eta" and isinstance(base, Quantity):
            at = step
            if isinstance(one, AtTime):
                at = step + 1 if one.step == NEXT else one.step
            if at < len(sizes):
                values[one] = exact(float(sizes[at]))
        elif isinstance(one, Quantity) and one.scope is Scope.CONFIGURATION:
            values[one] = exact(float(known[one.name]))
        elif one.name in found:
            values[one] = found[one.name]
    for parameter in run.task.theorem.parameters:
        values[parameter] = exact(float(configuration["parameters"][parameter.name]))
    return values


class BallAlgebra:
    """Scalars at one step: nothing that runs over steps can be evaluated here."""

    name = "ball"

    def lifted(self, value: Any) -> Any:
        from harness.expressions.balls import exact

        return exact(float(value)) if isinstance(value, int | float) else value

    def later(self, value: Any) -> Any:
        raise MissingSymbol("a ball knows one step only")

    def at(self, value: Any, step: int) -> Any:
        raise MissingSymbol("a ball knows one step only")

    def product_before(self, value: Any) -> Any:
        raise MissingSymbol("a ball knows one step only")

    product_of_complement_before = sum_before = product_before

    def root(self, root: Any, evaluate: Evaluator) -> Any:
        raise MissingSymbol(f"{root.name} is defined implicitly")

"""Re-evaluates in ball arithmetic what floating point left open, and every violation it can.

A claim that speaks of a state and its successor is true or false at each floating-point iterate
taken as an exact starting point, wherever the run began; so is any claim at step 0. One exact
step is enclosed from there, at 128 bits and more. A claim about a trajectory is enclosed along the
exact run from its initial doubles, hypotheses included where intervals left them open.

Where an engine only assumes how large its rounding was, balls decide: what they find within the
bound is held, and what they cannot find outside of it is undecided. Constants in its code stand for
what they were rounded from; where that is too wide, the claim must fail with the doubles themselves
and wherever else each of them is put in turn. Where no balls can be had, half of the digits must say
that the claim fails, since a badly conditioned problem may have spoiled the others.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sympy.core.relational import Relational

from harness.expressions.evaluator import Evaluator, MissingSymbol
from harness.judging.row import Finding
from harness.judging.trajectory import EQUALITY_WIDTH, Conditions, Settled, Sides, judge_rows
from harness.running.protocol import Certifying, Stating
from harness.running.task import Run
from harness.running.values import wanted
from harness.symbols import t as step_index
from harness.vocabulary.definition import closure
from harness.vocabulary.kinds import AlmostSurely, Deterministic
from harness.vocabulary.symbol import Named, Quantity, Scope
from harness.vocabulary.theorem import Claim, Hypothesis
from harness.vocabulary.verdict import Verdict

if TYPE_CHECKING:
    from harness.expressions.ball_algebra import Value

PRECISIONS = (128, 256, 512, 1024)
MAX_STEPS_FOLLOWED = 200
"""Steps along which the exact run of a trajectory claim is followed."""
MAX_STEPS_SETTLED = 128
"""Undecided steps of one run that are settled one by one before it is left undecided."""
MAX_STEPS_PERSISTING = 64
"""Steps of a trajectory up to which a violation is asked how far it persists."""
SMALLEST_RADIUS = 200
"""Violations are asked to persist for changes of the weights down to two to minus this."""
RADIUS_PRECISION = 320

SINGLE = (Deterministic, AlmostSurely)
"""Kinds of claims that a single run can break."""
DISPLACED = 17
"""Ways in which the constants of an experiment's code are put where rounding may have left them."""
_OPEN = "outside the bound in floating point, where balls cannot tell"
HALF_THE_DIGITS = 2.0**-26
"""Relative margin that a violation needs where its rounding is assumed and no balls can be had."""
_SLIGHT = "outside the bound by less than half of the digits, with rounding that is only assumed"

_CONTRADICTIONS = {
    Settled.INSIDE: "measured outside the bound, enclosed inside it: one of the two is wrong",
    Settled.NOT_MET: "a hypothesis was measured to hold, enclosed to fail: one of the two is wrong",
}
"""A violated row is certain already: balls that deny it show a fault of the experiment."""


def settled(
    run: Run,
    claim: Claim,
    hypotheses: Sequence[Hypothesis],
    sides: Sides,
    where: Conditions,
    findings: list[Finding],
) -> list[Finding]:
    """The findings, with violated and undecided ones certified where the engine can enclose.

    Balls that contradict a violation break the row: measurement and enclosure cannot both be right.
    """
    assumed = getattr(run.engine, "assumes_rounding", False)
    if not hasattr(run.engine, "enclose") or (assumed and not isinstance(claim.kind, SINGLE)):
        return findings
    open_verdicts = (Verdict.VIOLATED, Verdict.UNDECIDED)
    result = list(findings)
    for row, finding in enumerate(findings):
        for _ in range(MAX_STEPS_SETTLED):
            step = finding.step
            if finding.verdict not in open_verdicts or step is None:
                break
            possible = where.met[row, step] or where.open[row, step]
            within_reach = claim.one_step or (step <= MAX_STEPS_FOLLOWED and possible)
            if not within_reach or where.settled[row, step]:
                break
            question = _Question(run, claim, hypotheses, row, step)
            answer = question.answer(met=bool(where.met[row, step]) and not assumed)
            if answer is None:
                finding = _doubted(finding) if assumed and not question.stated() else finding
                break
            if answer is Settled.OPEN and assumed and question.outside_anyway():
                answer = Settled.OUTSIDE
            if answer is Settled.OPEN:
                if assumed and finding.verdict is Verdict.VIOLATED:
                    finding = finding._replace(
                        verdict=Verdict.UNDECIDED, reason=_OPEN, certified=""
                    )
                break
            if not assumed and finding.verdict is Verdict.VIOLATED and answer in _CONTRADICTIONS:
                finding = Finding(Verdict.BROKEN, step=step, reason=_CONTRADICTIONS[answer])
                break
            if not assumed and finding.verdict is Verdict.VIOLATED and answer is Settled.EQUAL:
                # balls that hold zero deny nothing: what is certainly outside stays so
                break
            if answer is Settled.NOT_MET and not where.broken[row]:
                where.broken[row] = question.failing()
            where.settled[row, step] = answer
            where.met[row, step] = answer is not Settled.NOT_MET
            where.open[row, step] &= answer is not Settled.NOT_MET
            (finding,) = judge_rows(claim, sides, where, slice(row, row + 1))
        if finding.certified == Verdict.VIOLATED and isinstance(claim.kind, Deterministic):
            question = _Question(run, claim, hypotheses, row, cast(int, finding.step))
            finding = finding._replace(persists=question.persists())
        result[row] = finding
    return result


def _doubted(finding: Finding) -> Finding:
    """The finding, undecided where it is violated by less than assumed rounding may hide."""
    value, bound = finding.value, finding.bound
    slight = abs(value - bound) <= HALF_THE_DIGITS * max(abs(value), abs(bound))
    if finding.verdict is not Verdict.VIOLATED or not slight:
        return finding
    return finding._replace(verdict=Verdict.UNDECIDED, reason=_SLIGHT)


@dataclass(frozen=True)
class _Question:
    """Whether a claim is broken at one step of one run."""

    run: Run
    claim: Claim
    hypotheses: Sequence[Hypothesis]
    row: int
    step: int

    def answer(self, met: bool) -> Settled | None:
        """What the enclosures say, at rising precision; OPEN when they cannot tell.

        ``met``: intervals have found the hypotheses to hold already. None where the engine cannot
        enclose what is asked.
        """
        from harness.expressions.balls import precision
        from harness.numbers.ball import OpenComparisonError

        for bits in PRECISIONS:
            with precision(bits):
                try:
                    answer = self._at_precision(met)
                except MissingSymbol:
                    return None
                except OpenComparisonError:
                    continue
            if answer is not None:
                return answer
        return Settled.OPEN

    def stated(self) -> bool:
        """Whether the author of the experiment answers for the rounding of all that is read."""
        configuration = self.run.task.configurations[self.row]
        return cast(Stating, self.run.engine).states_rounding(configuration, self._read()[0])

    def outside_anyway(self) -> bool:
        """Whether the claim is broken wherever within their rounding the constants are put.

        Each choice is a run of its own, enclosed; an artefact of the constants' rounding would
        have to survive all of them.
        """
        return all(self._outside_displaced(pattern) for pattern in range(DISPLACED))

    def _outside_displaced(self, pattern: int) -> bool:
        from harness.expressions.balls import precision
        from harness.numbers.ball import OpenComparisonError, displaced_constants

        for bits in PRECISIONS:
            with precision(bits), displaced_constants(pattern):
                try:
                    answer = self._at_precision(met=False)
                except MissingSymbol:
                    return False
                except OpenComparisonError:
                    continue
            if answer is not None:
                return answer is Settled.OUTSIDE
        return False

    def persists(self) -> float:
        """The largest 2^-k such that the claim is broken wherever the weights lie within it.

        Those of the initial state, or of the current one where the claim speaks of one step. 0.0
        where no k up to the limit was found to do; NaN where that is too far from the start, or the
        engine or a hypothesis has no enclosure of that kind.
        """
        from harness.expressions.balls import precision

        engine = cast(Certifying, self.run.engine)
        if not self.claim.one_step and self.step > MAX_STEPS_PERSISTING:
            return math.nan
        if "radius" not in inspect.signature(engine.enclose).parameters:
            return math.nan
        with precision(RADIUS_PRECISION):
            try:
                if not self._broken_within(SMALLEST_RADIUS):
                    return 0.0
                good, bad = SMALLEST_RADIUS, -1
                while good - bad > 1:
                    power = (good + bad) // 2
                    good, bad = (power, bad) if self._broken_within(power) else (good, power)
            except MissingSymbol:
                return math.nan
        return 2.0**-good

    def _broken_within(self, power: int) -> bool:
        evaluate = self._evaluator(2.0**-power)
        return self._compared(evaluate) is Settled.OUTSIDE and (
            self._hypotheses_hold(evaluate) is True
        )

    def _at_precision(self, met: bool) -> Settled | None:
        evaluate = self._evaluator()
        holds: bool | None = True
        if not met or self.claim.one_step or self.step == 0:
            try:
                holds = self._hypotheses_hold(evaluate)
            except MissingSymbol:
                if not met:
                    raise
        if holds is False:
            return Settled.NOT_MET
        # what intervals have found certain stands where a ball cannot tell
        return self._compared(evaluate) if holds or met else None

    def _compared(self, evaluate: Evaluator) -> Settled | None:
        claim = self.claim
        bound, quantity = (self._at(evaluate(side)) for side in (claim.bound, claim.quantity))
        room = bound - quantity
        room = -room if claim.sense in (">=", ">") else room
        if claim.sense != "==":
            if room < 0 or (room <= 0 and claim.sense in ("<", ">")):
                return Settled.OUTSIDE
            if room > 0:
                return Settled.INSIDE
        elif not room.contains(0):
            return Settled.OUTSIDE
        size = abs(bound) + abs(quantity)
        narrow = room.rad() <= EQUALITY_WIDTH * size.mid() or room == 0
        return Settled.EQUAL if narrow else None

    def failing(self) -> tuple[str, ...]:
        """The hypotheses that certainly fail, as far as the highest precision can tell."""
        from harness.expressions.balls import precision

        with precision(PRECISIONS[-1]):
            evaluate = self._evaluator()
            return tuple(
                one.id for one in self.hypotheses if self._hypotheses_hold(evaluate, [one]) is False
            )

    def _hypotheses_hold(
        self, evaluate: Evaluator, among: Sequence[Hypothesis] | None = None
    ) -> bool | None:
        """Whether all hold wherever the claim needs them; None where a ball cannot tell."""
        from harness.expressions.ball_algebra import Along

        told = set()
        for hypothesis in self.hypotheses if among is None else among:
            for relation in hypothesis.relations:
                left, right = evaluate(relation.lhs), evaluate(relation.rhs)
                varies = isinstance(left, Along) or isinstance(right, Along)
                for step in self._steps(hypothesis) if varies else [self.step]:
                    told.add(_holds(relation, self._at(left, step), self._at(right, step)))
        return False if False in told else None if None in told else True

    def _steps(self, hypothesis: Hypothesis) -> Sequence[int]:
        """The steps at which the claim needs the hypothesis."""
        if self.claim.one_step:
            return [self.step]
        # a state is reached by the steps before it
        reached = hypothesis.looks_ahead and not self.claim.looks_ahead
        return range(max(self.step if reached else self.step + 1, 1))

    def _at(self, value: Value, step: int | None = None) -> Any:
        from harness.expressions.ball_algebra import ball_at

        return ball_at(value, self.step if step is None else step)

    def _read(self) -> tuple[frozenset[str], Sequence[Any]]:
        """The symbols that the claim and its hypotheses read of a run, and their expressions."""
        parts = (part for one in self.hypotheses for part in one.relations)
        expressions = [self.claim.statement, *parts]
        return wanted(*expressions)[0], expressions

    def _evaluator(self, radius: float = 0.0) -> Evaluator:
        """Balls for every symbol that the claim and its hypotheses read."""
        from harness.expressions.ball_algebra import Along, BallAlgebra
        from harness.expressions.balls import exact

        task, engine = self.run.task, cast(Certifying, self.run.engine)
        configuration = task.configurations[self.row]
        sizes = self.run.trace.step_sizes[self.row].tolist()
        begin = self.step if self.claim.one_step else 0
        names, expressions = self._read()
        extra: dict[str, Any] = {"radius": radius} if radius else {}
        compiled = self.run.trace.compiled
        if compiled is not None and compiled[self.row]:
            extra["compiled"] = True
        found = engine.enclose(configuration, sizes, begin, names, **extra)
        known = task.experiment.known(configuration)
        values: dict[Named, Any] = {}
        for one in closure(*expressions):
            if one == step_index:
                values[one] = Along(lambda step: exact(float(step)))
            elif isinstance(one, Quantity) and one.scope is Scope.CONFIGURATION:
                values[one] = exact(float(known[one.name]))
            elif isinstance(one, Quantity) and one.name in found:
                values[one] = found[one.name]
        for parameter in task.theorem.parameters:
            values[parameter] = exact(float(configuration["parameters"][parameter.name]))
        return Evaluator(BallAlgebra(), values)


def _holds(relation: Relational, left: Any, right: Any) -> bool | None:
    """Whether balls for its two sides satisfy the relation."""
    if relation.rel_op == "==":
        gap = left - right
        return True if gap == 0 else None if gap.contains(0) else False
    room = left - right if relation.rel_op in (">=", ">") else right - left
    strict = relation.rel_op in ("<", ">")
    if room > 0 or (room >= 0 and not strict):
        return True
    return False if room < 0 or (room <= 0 and strict) else None

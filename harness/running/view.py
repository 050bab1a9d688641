"""A finished run seen through a theorem: sides of claims and where hypotheses hold, as intervals."""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from harness.expressions.evaluator import Evaluator
from harness.expressions.interval import Interval
from harness.expressions.interval_algebra import IntervalAlgebra
from harness.judging.trajectory import Conditions, Sides
from harness.running.conditions import Met, alike, conditions
from harness.running.task import Run
from harness.running.values import fixed_values, initial_values, step_values
from harness.vocabulary.kinds import Law
from harness.vocabulary.theorem import Claim, Hypothesis


class View:
    """Evaluates claims on a run; what claims share is evaluated once.

    Claims about a state and its successor are evaluated from the recorded states taken as exact,
    claims about a trajectory with the rounding of all steps since the start.
    """

    def __init__(self, run: Run, hypotheses: Sequence[Hypothesis]) -> None:
        self._run, self._hypotheses = run, hypotheses
        self.constants = _constants(run) if run.constants is None else run.constants
        self._evaluators: dict[bool, Evaluator] = {}
        self._met: dict[bool, Met] = {}
        self._conditions: dict[tuple[object, ...], Conditions] = {}

    def evaluator(self, claim: Claim) -> Evaluator:
        """Values of expressions as the claim reads them, shape (B, T+1) or (B, 1)."""
        return self._evaluator(not claim.one_step)

    def evaluated(self, expression: sympy.Expr) -> Interval:
        """Any expression along the runs, with the rounding of all steps since the start."""
        found: Interval = self._evaluator(True)(expression)
        return found

    def met(self, accumulated: bool) -> Met:
        """Where each hypothesis certainly holds and certainly fails."""
        if accumulated not in self._met:
            shape = (len(self._run.task.configurations), self._run.states)
            self._met[accumulated] = Met(self._hypotheses, self._evaluator(accumulated), shape)
        return self._met[accumulated]

    def _evaluator(self, accumulated: bool) -> Evaluator:
        if accumulated not in self._evaluators:
            run = self._run
            along = step_values(run.task.theorem, run.trace.measured, run.states, accumulated)
            self._evaluators[accumulated] = self.constants.extended(along)
        return self._evaluators[accumulated]

    def sides(self, claim: Claim) -> Sides:
        """Quantity, bound, their difference, and the trivial value."""
        evaluate = self.evaluator(claim)
        trivial = None if claim.trivial is None else evaluate(claim.trivial)
        quantity = evaluate(claim.quantity)
        # a law has no bound that one run could be held against
        bound = quantity if isinstance(claim.kind, Law) else evaluate(claim.bound)
        return Sides(quantity, bound, bound - quantity, trivial)

    def conditions(self, claim: Claim, without: str = "") -> Conditions:
        """Where the claim is judged; ``without`` names a hypothesis to ignore."""
        key = (*alike(claim), without)
        if key not in self._conditions:
            met = self.met(not claim.one_step)
            self._conditions[key] = conditions(claim, met, self._run, without)
        return self._conditions[key].copied()


def _constants(run: Run) -> Evaluator:
    """Evaluates what does not vary along the runs, shape (B, 1)."""
    theorem = run.task.theorem
    fixed = fixed_values(theorem, run.task.experiment, run.task.configurations)
    fixed |= initial_values(theorem, run.start.measured)
    return Evaluator(IntervalAlgebra(run.states), fixed)

"""Step sizes: numbers, fractions of a theorem's own limit, or its rules, resolved by the harness.

A fraction of a limit becomes the largest double certified below it; the engine only ever sees
numbers. The formulas stay in the theorem.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy

from harness.errors import UsageError
from harness.expressions.evaluator import Evaluator
from harness.expressions.interval import Interval
from harness.expressions.interval_algebra import HastyAlgebra, IntervalAlgebra
from harness.running.protocol import Array, Measured, Start, StepSize
from harness.running.values import fixed_values, initial_values, step_values, wanted
from harness.symbols import t as step_index
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Theorem

Lookup = Callable[[str], Theorem]
"""Finds the theorem that a step size refers to, by "ID@VERSION"."""


def step_group(configuration: Mapping[str, Any]) -> str:
    """Configurations whose step sizes are resolved alike may run together."""
    spec = configuration.get("step_size")
    if isinstance(spec, Mapping):
        return f"{spec.get('rule', 'fraction')} of {spec['of']}"
    return "number"


def check_step(configuration: Mapping[str, Any], lookup: Lookup) -> None:
    """UsageError when the step size refers to a limit or rule that does not exist."""
    spec = configuration.get("step_size")
    if isinstance(spec, Mapping):
        _expression(lookup(spec["of"]), spec)


class StepPlan:
    """The step sizes of one group: what must be measured for them, and the numbers."""

    def __init__(
        self, configurations: Sequence[Mapping[str, Any]], experiment: Experiment, lookup: Lookup
    ) -> None:
        self._experiment = experiment
        self._specs = [one["step_size"] for one in configurations]
        self._theorem: Theorem | None = None
        self._expression: sympy.Expr | None = None
        spec = self._specs[0]
        if isinstance(spec, Mapping):
            self._theorem = lookup(spec["of"])
            self._expression = _expression(self._theorem, spec)
            self._parameters = [
                {"parameters": s.get("parameters", c.get("parameters", {})), **_axes(c)}
                for s, c in zip(self._specs, configurations, strict=True)
            ]

    @property
    def wanted(self) -> tuple[frozenset[str], frozenset[str]]:
        """Names to measure at the start and at every state."""
        if self._expression is None:
            return frozenset(), frozenset()
        at_start, along = wanted(self._expression)
        return at_start, along if self.adaptive else frozenset()

    @property
    def adaptive(self) -> bool:
        """Whether the step size changes along the run."""
        return "rule" in self._specs[0] if isinstance(self._specs[0], Mapping) else False

    def numbers(self, start: Start) -> Array:
        """The constant step size of each configuration."""
        if self._theorem is None or self._expression is None:
            return np.array(self._specs, dtype=np.float64)
        fixed = fixed_values(self._theorem, self._experiment, self._parameters)
        fixed |= initial_values(self._theorem, start.measured)
        at_start = step_values(self._theorem, start.measured, 1, accumulated=True)
        limit = Evaluator(IntervalAlgebra(), fixed | at_start)(self._expression)
        fractions = np.array([spec["fraction"] for spec in self._specs])
        return _fraction_below(limit.broadcast_to((len(self._specs), 1)).lo[:, 0], fractions)

    def rule(self, start: Start) -> StepSize:
        """The theorem's rule as a function of what is measured at each step.

        The lower end of its enclosure is taken, so that a rule capped by a limit stays certainly
        below it. Roots that change from step to step are located in floats only: where exactly
        the best step lies is not what is at stake.
        """
        theorem, expression, count = self._theorem, self._expression, len(self._specs)
        assert theorem is not None
        assert expression is not None
        fixed = fixed_values(theorem, self._experiment, self._parameters)
        fixed |= initial_values(theorem, start.measured)
        # what does not change during the run is evaluated once and shared by all steps
        shared = Evaluator(IntervalAlgebra(), fixed)

        def size(step: int, measured: Mapping[str, Measured]) -> Array:
            now = step_values(theorem, measured, 1, accumulated=False)
            now[step_index] = Interval.exact(np.full((1, 1), float(step)))
            evaluate = shared.extended(now, HastyAlgebra())
            found = evaluate(expression).broadcast_to((count, 1)).lo[:, 0]
            return np.where(np.isfinite(found), np.maximum(found, 0.0), 0.0)

        return size


def _expression(theorem: Theorem, spec: Mapping[str, Any]) -> sympy.Expr:
    step = theorem.step
    if step is None or (step.limit is None and "fraction" in spec):
        raise UsageError(f"{theorem.ref} gives no step limit; set step_size to a number.")
    if "fraction" in spec:
        return step.limit
    if spec["rule"] not in step.rules:
        names = ", ".join(step.rules) or "none"
        raise UsageError(f"{theorem.ref} has no step rule “{spec['rule']}”; it has {names}.")
    return step.rules[spec["rule"]]


def _axes(configuration: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in configuration.items() if key != "parameters"}


def _fraction_below(limit: Array, fraction: Array) -> Array:
    """``fraction`` of the limit rounded down; 0 where the limit is numerically zero."""
    with np.errstate(all="ignore"):
        scaled = np.where(fraction == 1.0, limit, np.nextafter(limit * fraction, 0.0))
    return np.where(np.isfinite(scaled) & (scaled > 0), scaled, 0.0)

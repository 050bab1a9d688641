"""The margin to first order around a configuration, from one call of the experiment with duals.

A function experiment called with duals gives every number it emits with its derivatives. Moved along
them, these numbers are what the experiment would emit nearby, to first order, and the margin of the
moved numbers is taken as it is of measured ones. So the claim, its hypotheses, definitions and roots
need no derivatives of their own, and cost no further evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.numbers.dual import Allowance, Dual
from harness.running.functions import FunctionEngine
from harness.running.measure import finished_run
from harness.running.protocol import Configuration, Measured, Start, StepSize, Trace
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.searching.margin import margins
from harness.vocabulary.theorem import Claim

OPERATIONS = 20_000
"""Operations allowed for one gradient, some microseconds each; what takes more is not worth one."""


class NotSmoothError(ArithmeticError):
    """There is no gradient here."""


class FirstOrder:
    """An engine that runs its first configuration only, and moves the others away from it."""

    def __init__(self, engine: FunctionEngine) -> None:
        self._engine = engine

    def key(self, configuration: Configuration) -> str:
        return ""

    def initial(self, configurations: Sequence[Configuration], wanted: frozenset[str]) -> Start:
        """Raises NotSmoothError where more than floats change, or where there is no derivative."""
        found = self._engine.differentiated(_along([dict(one) for one in configurations]))
        count = len(configurations)
        measured = {name: _moved(*found[name], count) for name in wanted & found.keys()}
        return Start(state=count, measured=measured)

    def run(self, start: Start, step_size: StepSize, horizon: int, wanted: frozenset[str]) -> Trace:
        return self._engine.run(start, step_size, horizon, wanted)


def predicted(
    task: Task, claim: Claim, engine: FunctionEngine, lookup: Lookup, cautious: bool
) -> NDArray[np.float64] | None:
    """The scores of the configurations, to first order around the first; None: not to be had."""
    try:
        with np.errstate(all="ignore"), Allowance.of(OPERATIONS):
            run = finished_run(task, FirstOrder(engine), lookup)
            return margins(run, claim, task.theorem.hypotheses, cautious).score
    except Exception:
        # a function that was not written for duals may fail on them in any way
        return None


def _along(values: Sequence[Any]) -> Any:
    """The first value, its floats made duals: their derivatives lead to the other values."""
    first = values[0]
    if isinstance(first, float):
        return Dual(first, np.array(values[1:]) - first)
    if isinstance(first, dict):
        if any(one.keys() != first.keys() for one in values):
            raise NotSmoothError("the axes change")
        return {name: _along([one[name] for one in values]) for name in first}
    if isinstance(first, list | tuple):
        if any(len(one) != len(first) for one in values):
            raise NotSmoothError("a size changes")
        return [_along(parts) for parts in zip(*values, strict=True)]
    if any(one != first for one in values):
        raise NotSmoothError("a whole number or a name changes")
    return first


def _moved(number: Any, error: float, count: int) -> Measured:
    """A quantity at each of ``count`` configurations, shape (count, 1)."""
    value = np.empty((count, 1))
    value[0] = number.value if isinstance(number, Dual) else float(number)
    value[1:, 0] = value[0] + (number.gradient if isinstance(number, Dual) else 0.0)
    if not np.isfinite(value).all():
        raise NotSmoothError("a quantity or its derivative is not finite")
    errors = np.full((count, 1), error)
    return Measured(value, errors, errors)

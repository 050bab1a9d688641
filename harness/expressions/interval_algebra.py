"""Blocks of rows in interval arithmetic: the last axis is the step of the trajectory."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from harness.expressions.compile import compiled
from harness.expressions.evaluator import Evaluator
from harness.expressions.interval import (
    Interval,
    cumulative_product,
    cumulative_product_of_complement,
    cumulative_sum,
)
from harness.expressions.roots import FloatEquation, bracket_ends, enclosed_root, located
from harness.vocabulary.definition import Definition, Root, symbols_in
from harness.vocabulary.operators import Prod, Sum
from harness.vocabulary.symbol import Named

Array = NDArray[np.float64]


class IntervalAlgebra:
    """Values have shape (B, T+1), or (B, 1) for what does not change during a run.

    ``states`` is T+1: a product over steps of something constant still changes with the step.
    """

    name = "interval"

    def __init__(self, states: int = 1) -> None:
        self._states = states

    def applied(self, function: Callable[..., Any], values: Sequence[Interval]) -> Interval:
        found = function(*values)
        if not isinstance(found, Interval):
            return Interval.exact(np.array([[float(found)]]))
        # a bare constant such as pi has no rows yet
        return found if found.shape else found.broadcast_to((1, 1))

    def later(self, value: Interval) -> Interval:
        """Shifted by one step; the last entry is NaN, nothing was measured beyond it."""
        missing = np.full((*value.shape[:-1], 1), np.nan)
        return Interval(
            np.concatenate([value.lo[..., 1:], missing], axis=-1),
            np.concatenate([value.hi[..., 1:], missing], axis=-1),
        )

    def at(self, value: Interval, step: int) -> Interval:
        return value[..., step : step + 1]

    def product_before(self, value: Interval) -> Interval:
        return cumulative_product(self._along(value))

    def product_of_complement_before(self, value: Interval) -> Interval:
        return cumulative_product_of_complement(self._along(value))

    def sum_before(self, value: Interval) -> Interval:
        return cumulative_sum(self._along(value))

    def _along(self, value: Interval) -> Interval:
        states = max(self._states, value.shape[-1])
        return value.broadcast_to((*value.shape[:-1], states))

    def root(self, root: Root, evaluate: Evaluator) -> Interval:
        equations = _Equations(root, evaluate)
        key = equations.key
        if key not in _roots:
            if len(_roots) >= _ROOTS_KEPT:
                _roots.clear()
            low, high = equations.bracket
            _roots[key] = enclosed_root(
                equations.rigorous, equations.in_floats, low, high, root.smallest
            )
        return _roots[key]


class HastyAlgebra(IntervalAlgebra):
    """The same, with roots located in floats and taken a little below, not certified."""

    def root(self, root: Root, evaluate: Evaluator) -> Interval:
        with np.errstate(all="ignore"):
            middles = _Middles(evaluate)
            arguments = _arguments(root.expression)
            known = {one: middles.value(one) for one in arguments if one != root.unknown}
        rows = np.zeros(np.broadcast_shapes((1, 1), *(np.shape(one) for one in known.values())))
        start, end = np.broadcast_arrays(*bracket_ends(*_bracket(root, evaluate)), rows)[:2]
        found = located(_in_floats(root, known), start.copy(), end.copy(), root.smallest)
        return Interval.exact(found * (1 - _HASTE))


class _Middles:
    """Values in floats: the middles of what is enclosed already, and what follows from them."""

    def __init__(self, enclosed: Evaluator) -> None:
        self._enclosed = enclosed
        self._values: dict[Named, Array] = {}

    def value(self, one: Named) -> Array:
        if one not in self._values:
            self._values[one] = self._derive(one)
        return self._values[one]

    def _derive(self, one: Named) -> Array:
        simple = isinstance(one, Definition) and not isinstance(one, Root)
        if simple and not self._enclosed.knows(one) and not one.expression.has(Prod, Sum):
            arguments = _arguments(one.expression)
            function = compiled(one.expression, arguments, "float")
            found: Array = function(*(self.value(part) for part in arguments))
            return found
        return _middle(self._enclosed.value(one))


_HASTE = 2.0**-40
_ROOTS_KEPT = 64
_roots: dict[Hashable, Interval] = {}
"""Limits just computed: a step size and the hypothesis about it ask for the same one."""


class _Equations:
    """The equation of a root in intervals and in floats, everything but the unknown filled in."""

    def __init__(self, root: Root, evaluate: Evaluator) -> None:
        self._root = root
        self._arguments = _arguments(root.expression)
        self._known = {one: evaluate.value(one) for one in self._arguments if one != root.unknown}
        self.bracket = _bracket(root, evaluate)
        with np.errstate(all="ignore"):
            middles = {one: _middle(value) for one, value in self._known.items()}
        self.in_floats = _in_floats(root, middles)

    @property
    def key(self) -> Hashable:
        """Equal for equal equations."""
        values = (*self._known.values(), *self.bracket)
        return (self._root, *(end.tobytes() for v in values for end in (v.lo, v.hi)))

    def rigorous(self, point: Interval) -> Interval:
        call = compiled(self._root.expression, self._arguments, "interval")
        found: Interval = call(*(self._known.get(one, point) for one in self._arguments))
        return found


def _bracket(root: Root, evaluate: Evaluator) -> tuple[Interval, Interval]:
    """Where the root is looked for."""
    infinite = root.high.is_infinite
    high = Interval.exact(np.array([[np.inf]])) if infinite else evaluate(root.high)
    return evaluate(root.low), high


def _in_floats(root: Root, known: Mapping[Named, Array]) -> FloatEquation:
    arguments = _arguments(root.expression)
    call = compiled(root.expression, arguments, "float")

    def equation(point: Array) -> Array:
        found: Array = call(*(known.get(one, point) for one in arguments))
        return found

    return equation


def _middle(value: Interval) -> Array:
    return value.lo / 2 + value.hi / 2


@cache
def _arguments(expression: sympy.Expr) -> tuple[Named, ...]:
    return tuple(sorted(symbols_in(expression), key=lambda one: one.name))

"""Blocks of rows in interval arithmetic: the last axis is the step of the trajectory."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.expressions.compile import compiled
from harness.expressions.evaluator import Evaluator
from harness.expressions.interval import (
    Interval,
    cumulative_product,
    cumulative_product_of_complement,
    cumulative_sum,
)
from harness.expressions.roots import bracket_ends, enclosed_root, located
from harness.vocabulary.definition import Root, symbols_in

Array = NDArray[np.float64]


class IntervalAlgebra:
    """Values have shape (B, T+1), or (B, 1) for what does not change during a run.

    ``states`` is T+1: a product over steps of something constant still changes with the step.
    """

    name = "interval"

    def __init__(self, states: int = 1) -> None:
        self._states = states

    def lifted(self, value: Any) -> Interval:
        if isinstance(value, Interval):
            # a fraction that stands alone is an interval without axes
            return value if value.shape else value.broadcast_to((1, 1))
        return Interval.exact(np.array([[float(value)]]))

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
            low, high = equations.bracket()
            _roots[key] = enclosed_root(
                equations.rigorous, equations.in_floats, low, high, root.smallest
            )
        return _roots[key]


class HastyAlgebra(IntervalAlgebra):
    """The same, with roots located in floats and taken a little below, not certified."""

    def root(self, root: Root, evaluate: Evaluator) -> Interval:
        equations = _Equations(root, evaluate)
        low, high = equations.bracket()
        start, end = np.broadcast_arrays(*bracket_ends(low, high), equations.row)[:2]
        found = located(equations.in_floats, start.copy(), end.copy(), root.smallest)
        return Interval.exact(found * (1 - _HASTE))


_HASTE = 2.0**-40
_ROOTS_KEPT = 64
_roots: dict[Hashable, Interval] = {}
"""Limits just computed: a step size and the hypothesis about it ask for the same one."""


class _Equations:
    """The equation of a root in intervals and in floats, everything but the unknown filled in."""

    def __init__(self, root: Root, evaluate: Evaluator) -> None:
        self._root, self._evaluate = root, evaluate
        self._arguments = tuple(sorted(symbols_in(root.expression), key=lambda one: one.name))
        self._known = {one: evaluate.value(one) for one in self._arguments if one != root.unknown}
        with np.errstate(all="ignore"):
            self._middles = {one: v.lo / 2 + v.hi / 2 for one, v in self._known.items()}

    @property
    def key(self) -> Hashable:
        """Equal for equal equations."""
        ends = (end.tobytes() for v in self._known.values() for end in (v.lo, v.hi))
        low, high = self.bracket()
        return (self._root, *ends, *(end.tobytes() for v in (low, high) for end in (v.lo, v.hi)))

    @property
    def row(self) -> Array:
        """Zeros of the shape that the known values have together."""
        shape = np.broadcast_shapes((1, 1), *(v.shape for v in self._middles.values()))
        return np.zeros(shape)

    def bracket(self) -> tuple[Interval, Interval]:
        infinite = self._root.high.is_infinite
        high = Interval.exact(np.array([[np.inf]])) if infinite else self._evaluate(self._root.high)
        return self._evaluate(self._root.low), high

    def rigorous(self, point: Interval) -> Interval:
        call = compiled(self._root.expression, self._arguments, "interval")
        found: Interval = call(*(self._known.get(one, point) for one in self._arguments))
        return found

    def in_floats(self, point: Array) -> Array:
        call = compiled(self._root.expression, self._arguments, "float")
        found: Array = call(*(self._middles.get(one, point) for one in self._arguments))
        return found

"""Blocks of rows in interval arithmetic: the last axis is the step of the trajectory."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np

from harness.expressions.compile import compiled
from harness.expressions.evaluator import Evaluator
from harness.expressions.interval import (
    Interval,
    cumulative_product,
    cumulative_product_of_complement,
    cumulative_sum,
)
from harness.expressions.roots import enclosed_root
from harness.vocabulary.definition import Root, symbols_in
from harness.vocabulary.symbol import Named


class IntervalAlgebra:
    """Values have shape (B, T+1), or (B, 1) for what does not change during a run."""

    name = "interval"

    def lifted(self, value: Any) -> Interval:
        return value if isinstance(value, Interval) else Interval.exact(np.array([[float(value)]]))

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
        return cumulative_product(value)

    def product_of_complement_before(self, value: Interval) -> Interval:
        return cumulative_product_of_complement(value)

    def sum_before(self, value: Interval) -> Interval:
        return cumulative_sum(value)

    def root(self, root: Root, evaluate: Evaluator) -> Interval:
        arguments = tuple(sorted(symbols_in(root.expression), key=lambda one: one.name))
        known = {one: evaluate.value(one) for one in arguments if one != root.unknown}
        key = (root, *(bound.tobytes() for v in known.values() for bound in (v.lo, v.hi)))
        if key not in _roots:
            if len(_roots) >= _ROOTS_KEPT:
                _roots.clear()
            _roots[key] = _enclosed(root, arguments, known, evaluate)
        return _roots[key]


_ROOTS_KEPT = 64
_roots: dict[Hashable, Interval] = {}
"""Limits just computed: a step size and the hypothesis about it ask for the same one."""


def _enclosed(
    root: Root, arguments: tuple[Named, ...], known: Mapping[Named, Interval], evaluate: Evaluator
) -> Interval:
    rigorous = compiled(root.expression, arguments, "interval")
    plain = compiled(root.expression, arguments, "float")
    middles = {one: value.lo / 2 + value.hi / 2 for one, value in known.items()}
    infinite = Interval.exact(np.array([[np.inf]]))
    return enclosed_root(
        lambda point: rigorous(*(known.get(one, point) for one in arguments)),
        lambda point: plain(*(middles.get(one, point) for one in arguments)),
        evaluate(root.low),
        infinite if root.high.is_infinite else evaluate(root.high),
        root.smallest,
    )

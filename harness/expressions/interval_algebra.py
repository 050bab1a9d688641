"""Blocks of rows in interval arithmetic: the last axis is the step of the trajectory."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.expressions.evaluator import Evaluator
from harness.expressions.interval import (
    Interval,
    cumulative_product,
    cumulative_product_of_complement,
    cumulative_sum,
)
from harness.expressions.roots import enclosed_root
from harness.vocabulary.definition import Root


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
        return enclosed_root(
            evaluate.function(root.expression, root.unknown),
            evaluate(root.low),
            Interval.exact(np.array(np.inf)) if root.high.is_infinite else evaluate(root.high),
            root.smallest,
        )

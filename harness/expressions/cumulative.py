"""Sums and products over all earlier entries of the last axis, with rigorous bounds.

"Exclusive": entry t combines the entries k < t, and entry 0 is exactly 0, resp. 1.
Well-behaved rows are accumulated by numpy in rounding to nearest and widened by an error bound
derived below; the others go step by step, every step rounded outward.

With m roundings behind an entry, each a factor in 1 +- u (u = ULP / 2), the exact value is the
rounded one times a factor in (1 +- u)^-m, which lies within 1 +- m ULP as long as m u <= 1/2.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from harness.expressions.rounding import (
    GREATEST,
    SMALLEST,
    SMALLEST_NORMAL,
    ULP,
    Array,
    Ends,
    Flags,
    product,
    silently,
    total,
)


@silently
def sums(x: Ends) -> Ends:
    """A row of one sign is summed at once; where terms cancel, step by step."""
    one_signed = ~(x[0] < 0).any(axis=-1) | ~(x[1] > 0).any(axis=-1)
    return _accumulated(total, x, _prefixes(np.add, x, 0.0), np.asarray(one_signed))


@silently
def products(x: Ends) -> Ends:
    """A nonnegative row is multiplied at once if no prefix leaves the normal range, or if it lies
    in [0, 1]: then each of the m underflows errs by at most SMALLEST / 2, and no later factor can
    enlarge that, so that m SMALLEST covers them all.
    """
    prefixes = _prefixes(np.multiply, x, 1.0)
    nonnegative = ~(x[0] < 0).any(axis=-1)
    in_range = ~((prefixes[0] <= SMALLEST_NORMAL) | (prefixes[1] == math.inf)).any(axis=-1)
    at_once = np.asarray(nonnegative & (in_range | ~(x[1] > 1).any(axis=-1)))
    lo, hi = _accumulated(product, x, prefixes, at_once, underflow=SMALLEST)
    return np.maximum(lo, np.where(nonnegative, 0.0, -math.inf)[..., np.newaxis]), hi


def _prefixes(operation: np.ufunc, x: Ends, start: float) -> Ends:
    """What numpy accumulates over the entries before each one."""

    def prefix(end: Array) -> Array:
        first = np.full((*end.shape[:-1], 1), start)
        before = operation.accumulate(end[..., :-1], axis=-1)
        return np.concatenate([first, before], axis=-1)[..., : end.shape[-1]]

    return prefix(x[0]), prefix(x[1])


def _accumulated(
    step: Callable[[Ends, Ends], Ends],
    x: Ends,
    prefixes: Ends,
    at_once: Flags,
    underflow: float = 0.0,
) -> Ends:
    """The prefixes widened by their error bound where `at_once` holds, else a loop over steps."""
    lo, hi = (np.where(at_once[..., np.newaxis], end, end[..., :1]) for end in prefixes)
    steps = lo.shape[-1]
    roundings = np.maximum(np.arange(steps) - 1.0, 0.0)
    # An overflowed lower end only says that the *rounded* prefix passed the greatest double.
    rounded = np.minimum(lo, GREATEST), np.maximum(hi, -GREATEST)
    widened = product(rounded, (1 - roundings * ULP, 1 + roundings * ULP))
    lo, hi = total(widened, (-roundings * underflow, roundings * underflow))
    if not at_once.all():
        rows = ~at_once
        left, right = x[0][rows], x[1][rows]
        current = lo[rows][..., 0], hi[rows][..., 0]
        for t in range(steps):
            lo[rows, t], hi[rows, t] = current
            current = step(current, (left[..., t], right[..., t]))
    return lo, hi

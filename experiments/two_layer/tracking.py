"""How far rounding has carried the weights from those of exact arithmetic.

One step commits at most (u: unit roundoff of the step, errors of A and B at u)

    rho_i = |eta| (|err A_i| + u |A_i|) + u (|W_i| + |eta| |A_i|),  rho = hypot(rho_1, rho_2)

with A_1 = A, A_2 = B, for which |G| |W2| and |W1| |G| stand, so that eta may also scale G. Let e bound the distance of the floating-point weights from the exact ones.
The exact step is z - eta grad L(z), and between the two points its derivative is I - eta H with H
the Hessian of L. H[D, D] = l''[D1 W2 + W1 D2]^2 + 2 <G, D1 D2>, l'' lies between 0 and K, hence

    -g <= H <= K ((|W1| + e)^2 + (|W2| + e)^2) + g,   g = |G|_2 + K (S e + e^2/2)

all along the segment, and e' <= e * max |1 - eta h| + rho over that interval of h. This holds for
any step size and any convex K-smooth l; an overflow makes e infinite. |W_i| is the spectral norm;
the Frobenius norm stands for it in the rows where it makes no difference. The largest |1 - eta h| is
at an end of the interval: low + max(1, level) in terms of the two polynomials in e

    low = |eta| g,    level = |eta| K ((|W1| + e)^2 + (|W2| + e)^2) - sign(eta).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.two_layer.norms import (
    SAFETY,
    TINY,
    UNIT,
    Array,
    Flags,
    host,
    singular_values,
)  # fmt: skip
from experiments.two_layer.sizes import Sizes
from experiments.two_layer.snapshot import Snapshot

SLACK = 1 + 2.0**-40
"""Covers the rounding of the widening itself."""


def committed(state: Sizes, steps: Array) -> Array:
    """rho: the rounding committed by one step of sizes ``steps`` from this state, (B,)."""
    unit, eta = state.batch.step_unit, np.abs(steps)
    errors = state.errors if unit == UNIT else state.errors_at(unit)
    first = eta * (errors.first + 2 * unit * (state.g * state.w2)) + unit * state.w1
    second = eta * (errors.second + 2 * unit * (state.w1 * state.g)) + unit * state.w2
    return SAFETY * np.hypot(first, second) + TINY


@dataclass(frozen=True)
class Widening:
    """One step, or the steps of a run, as what it does to a distance: low and level.

    ``square``, ``linear``, ``constant``: their coefficients, (2, B) for a step, (T, 2, B) for T.
    ``bound`` (B,): levels above it ask for spectral norms.
    """

    square: Array
    linear: Array
    constant: Array
    bound: Array

    def values(self, distance: Array) -> Array:
        """Low and level at distances (B,) or (T, B)."""
        away = distance[..., None, :]
        return (self.square * away + self.linear) * away + self.constant

    def too_coarse(self, distance: Array) -> Flags:
        """Where spectral norms in the place of Frobenius norms may make a difference."""
        level = self.values(distance)[..., 1, :]
        return (level > self.bound) & np.isfinite(level)


def widening(state: Sizes, steps: Array) -> Widening:
    """What steps of sizes ``steps`` from these states do to a distance, by Frobenius norms."""
    eta = np.abs(steps)
    slope, sign = eta * state.batch.K_bound, np.where(steps >= 0, 1.0, -1.0)
    sums = slope * (state.w1 + state.w2)
    squares = slope * (state.w1**2 + state.w2**2)
    return Widening(
        np.stack([slope / 2, 2 * slope], axis=-2),
        np.stack([slope * state.size, 2 * sums], axis=-2),
        np.stack([eta * state.curvature, squares - sign], axis=-2),
        2 - sign,
    )


def sharpened(rough: Widening, state: Snapshot, steps: Array, distance: Array) -> Widening:
    """The same with spectral norms in the rows where they may make a difference."""
    beyond = np.flatnonzero(rough.too_coarse(distance))
    if not len(beyond):
        return rough
    slack = 1 + 2.0**-20
    first, second = (
        slack * singular_values(host(part)[beyond])[:, 0] for part in (state.W1, state.W2)
    )
    slope = (np.abs(steps) * state.batch.K_bound)[beyond]
    linear, constant = rough.linear.copy(), rough.constant.copy()
    linear[1, beyond] = 2 * slope * (first + second)
    constant[1, beyond] = slope * (first**2 + second**2) - np.where(steps[beyond] >= 0, 1.0, -1.0)
    return Widening(rough.square, linear, constant, rough.bound)


def carried_on(step: Widening, distance: Array, rounding: Array) -> Array:
    """e' = max |1 - eta h| e + rho of one step, (B,), infinite where it is not a number."""
    low, level = step.values(distance)
    following = (low + np.maximum(level, 1.0)) * SLACK * distance + rounding
    return np.where(np.isnan(following), np.inf, following)


def carried_along(run: Widening, rounding: Array, distance: Array, compiled: bool = False) -> Array:
    """The distances (T + 1, B) along T steps from the one given, committing ``rounding`` (T, B).

    The operations of ``carried_on``, in the same order, without arrays of their own; ``compiled``
    for few rows and many steps.
    """
    carried = np.empty((len(rounding) + 1, len(distance)))
    carried[0] = distance
    coefficients = run.square, run.linear, run.constant
    if compiled:
        from experiments.two_layer.carrying import carry

        carry(coefficients, rounding, carried, SLACK)
    else:
        _carry(coefficients, rounding, carried)
    carried[np.isnan(carried)] = np.inf
    return carried


def _carry(coefficients: tuple[Array, Array, Array], rounding: Array, carried: Array) -> None:
    """Fill carried[1:] from carried[0]."""
    both = np.empty((2, rounding.shape[1]))
    low, level = both
    steps = (*coefficients, rounding, carried[:-1], carried[1:])
    for square, linear, constant, more, before, following in zip(*steps, strict=True):
        np.multiply(square, before, out=both)
        np.add(both, linear, out=both)
        np.multiply(both, before, out=both)
        np.add(both, constant, out=both)
        np.maximum(level, 1.0, out=level)
        np.add(low, level, out=low)
        np.multiply(low, SLACK, out=low)
        np.multiply(low, before, out=low)
        np.add(low, more, out=following)

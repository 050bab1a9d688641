"""How far rounding has carried the weights from those of exact arithmetic.

One step commits at most (u: unit roundoff of the step, errors of A and B at u)

    rho_i = |eta| (|err A_i| + u |A_i|) + u (|W_i| + |eta| |A_i|),  rho = hypot(rho_1, rho_2)

with A_1 = A, A_2 = B. Let e bound the distance of the floating-point weights from the exact ones.
The exact step is z - eta grad L(z), and between the two points its derivative is I - eta H with H
the Hessian of L. H[D, D] = l''[D1 W2 + W1 D2]^2 + 2 <G, D1 D2>, l'' lies between 0 and K, hence

    -g <= H <= K ((|W1| + e)^2 + (|W2| + e)^2) + g,   g = |G|_2 + K (S e + e^2/2)

all along the segment, and e' <= e * max |1 - eta h| + rho over that interval of h. This holds for
any step size and any convex K-smooth l; an overflow makes e infinite. |W_i| is the spectral norm;
the Frobenius norm stands for it in the rows where it makes no difference.
"""

from __future__ import annotations

import numpy as np

from experiments.two_layer.norms import (
    SAFETY,
    TINY,
    UNIT,
    Array,
    Flags,
    host,
    singular_values,
)
from experiments.two_layer.sizes import Sizes
from experiments.two_layer.snapshot import Snapshot


def committed(state: Sizes, steps: Array) -> Array:
    """rho: the rounding committed by one step of sizes ``steps`` from this state, (B,)."""
    unit, eta = state.batch.step_unit, np.abs(steps)
    errors = state.errors if unit == UNIT else state.errors_at(unit)
    first = eta * (errors.first + 2 * unit * state.a) + unit * state.w1
    second = eta * (errors.second + 2 * unit * state.b) + unit * state.w2
    return SAFETY * np.hypot(first, second) + TINY


def amplification(state: Snapshot, steps: Array, distance: Array) -> Array:
    """max |1 - eta h|: how much one exact step may widen a distance e, (B,)."""
    top, low = curvatures(state, distance)
    beyond = np.flatnonzero(too_coarse(top, low, steps))
    if len(beyond):
        slack = 1 + 2.0**-20
        norms = [slack * singular_values(host(part)[beyond])[:, 0] for part in (state.W1, state.W2)]
        first, second = (one + distance[beyond] for one in norms)
        top[beyond] = state.batch.K_bound[beyond] * (first**2 + second**2) + low[beyond]
    return factor(top, low, steps)


def curvatures(state: Sizes, distance: Array) -> tuple[Array, Array]:
    """(b, g): the Hessian lies between -g and b within a distance e, by Frobenius norms, (B,)."""
    K = state.batch.K_bound
    low = state.curvature + K * state.move(distance)
    top = K * ((state.w1 + distance) ** 2 + (state.w2 + distance) ** 2) + low
    return top, low


def too_coarse(top: Array, low: Array, steps: Array) -> Flags:
    """Rows (B,) in which spectral norms in the place of Frobenius norms may make a difference."""
    return (np.abs(steps) * (top - low) > 2) & np.isfinite(top)


def factor(top: Array, low: Array, steps: Array) -> Array:
    """max |1 - eta h| over -low <= h <= top, infinite where it is not a number."""
    eta = np.abs(steps)
    forward = np.maximum(1 + eta * low, eta * top - 1)
    widest = np.where(steps >= 0, forward, 1 + eta * top)
    return np.where(np.isnan(widest), np.inf, widest * (1 + 2.0**-40))


def widened(factor: Array, distance: Array, rounding: Array) -> Array:
    """e' = factor e + rho, infinite where it is not a number."""
    following = factor * distance + rounding
    return np.where(np.isnan(following), np.inf, following)

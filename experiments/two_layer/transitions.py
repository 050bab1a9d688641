"""The step symbols that belong to a step, not to a state: eta, drift_step, drift, smoothness.

drift_step: D(t+1) - D(t) = eta^2 (A' A - B B') exactly, as W1' A = B W2' makes the first-order
terms cancel. With errors a', b' of A, B:

    |error| <= eta^2 (2 |A| a' + a'^2 + gamma_n |A|^2 + 2 |B| b' + b'^2 + gamma_m |B|^2)
               + (4 u + gamma_(h^2)) |D(t+1) - D(t)|

drift: the norm of the sum of those increments along the recorded states; what the rounding of the
weights itself adds to D is thereby left out. Its ``error`` sums the evaluation errors, its
``drift`` also the effect on each increment of how far the weights had been carried.

smoothness: the Hessian of L at (V1, V2) in direction D is l''[D1 V2 + V1 D2]^2 + 2 <grad l, D1 D2>,
at most (K (|V1|_2^2 + |V2|_2^2) + |grad l|_F) |D|_F^2. On the segment between two iterates |V_i|_2
is at most its larger end value (a norm is convex) and
V1 V2 - W = -s eta (A W2 + W1 B) + s^2 eta^2 A B with 0 <= s <= 1, so that the bound reported is

    K (max s1^2 + max s2^2) + |G|_F + K (|eta| |A W2 + W1 B|_F + eta^2 |A B|_F).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.two_layer.norms import UNIT, Array, alike, column, gamma, norm, transposed
from experiments.two_layer.quantities import Reading, spectrum_error
from experiments.two_layer.snapshot import Snapshot

TRANSITIONS = ("eta", "drift_step", "drift", "smoothness")


@dataclass(frozen=True)
class Increment:
    """D(t+1) - D(t) as a matrix (B, h, h), and as a quantity."""

    matrix: Array
    matrix_error: Array
    norm: Reading


def increment(state: Snapshot, steps: Array) -> Increment:
    """The exact increment of D by the step of sizes ``steps`` (B,)."""
    first = transposed(state.A) @ state.A
    second = state.B @ transposed(state.B)
    scale = steps**2
    matrix = column(scale, first) * (first - second)
    value = norm(matrix)
    da, db = state.errors.first, state.errors.second
    products = (
        (2 * state.a + da) * da
        + gamma(state.batch.inputs + 1, UNIT) * state.a**2
        + (2 * state.b + db) * db
        + gamma(state.batch.outputs + 1, UNIT) * state.b**2
    )
    matrix_error = scale * products + 4 * UNIT * value
    error = matrix_error + gamma(state.batch.width**2, UNIT) * value

    def spread(distance: Array) -> Array:
        change = state.gradient_move(distance)
        return scale * change * (2 * (state.grad + state.errors.both) + change)

    return Increment(matrix, matrix_error, Reading(value, error, spread))


class Drift:
    """D(t) - D(0) as the running sum of its exact increments."""

    def __init__(self, state: Snapshot) -> None:
        count, width = len(state.W1), state.batch.width
        self.total: Array = alike(np.zeros((count, width, width)), state.W1)
        self.error = np.zeros(count)
        self.carried = np.zeros(count)

    def add(self, step: Increment, distance: Array) -> None:
        """One more increment, from a state that rounding has carried by ``distance``."""
        self.total = self.total + step.matrix
        slip = step.matrix_error + UNIT * norm(self.total)
        self.error = self.error + slip
        self.carried = self.carried + slip + step.norm.spread(distance)

    def value(self) -> tuple[Array, Array, Array]:
        """|D(t) - D(0)|_F, its error, and its error since step 0."""
        value = norm(self.total)
        reading = gamma(self.total.shape[1] ** 2, UNIT) * value
        return value, self.error + reading, self.carried + reading


def smoothness(state: Snapshot, following: Snapshot, steps: Array) -> Array:
    """Upper bound of |Hessian of L|_2 between a state and the next, (B,)."""
    K, eta = state.batch.K, np.abs(steps)
    along, across = _segment(state)
    tops = (np.maximum(one[:, 0], two[:, 0]) for one, two in _spectra(state, following))
    squares = [top**2 for top in tops]
    return np.asarray(
        K * (squares[0] + squares[1]) + state.g + K * (eta * norm(along) + eta**2 * norm(across))
    )


def smoothness_error(
    state: Snapshot, following: Snapshot, steps: Array, here: Array, there: Array
) -> Array:
    """Its error when the states are known up to the distances ``here`` and ``there``."""
    batch, eta = state.batch, np.abs(steps)
    K = batch.K_bound
    spectra = np.zeros_like(here)
    for (one, two), part in zip(_spectra(state, following), (state.W1, state.W2), strict=True):
        top = np.maximum(one[:, 0], two[:, 0])
        slip = np.maximum(here, there) + spectrum_error(part, top)
        spectra = spectra + 2 * top * slip + slip**2
    slope = state.errors.both + state.gradient_move(here)
    rounding = gamma(batch.width + batch.loss.entries + 2, UNIT)
    first = slope * (state.w1 + state.w2 + 2 * here) + (state.a + state.b) * here
    first = first + rounding * (state.a * state.w2 + state.w1 * state.b)
    second = slope * (state.a + state.b + slope) + rounding * state.a * state.b
    value = smoothness(state, following, steps)
    return np.asarray(
        K * spectra
        + state.errors.gradient
        + K * state.move(here)
        + K * (eta * first + eta**2 * second)
        + (rounding + batch.K_error / batch.K) * value
    )


def _spectra(state: Snapshot, following: Snapshot) -> list[tuple[Array, Array]]:
    return [(state.s1, following.s1), (state.s2, following.s2)]


def _segment(state: Snapshot) -> tuple[Array, Array]:
    """A W2 + W1 B and A B: how the product moves along a step."""
    return state.A @ state.W2 + state.W1 @ state.B, state.A @ state.B

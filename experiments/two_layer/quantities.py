"""The step symbols that one state determines: value, evaluation error, sensitivity.

``spread(d)`` bounds how much the quantity differs at a state at Frobenius distance d (``move`` and
``gradient_move`` are those of the snapshot). Evaluation errors beyond those of the snapshot:

    loss         see the losses                              spread: |G| move + K move^2/2
    norms        error of the matrix + gamma_k |.|            move times 1, sigma_max(X) or K
    sigma_i(M)   8 u max(shape) sigma_max(M) + error of M     1-Lipschitz
    sigma_i^2    2 sigma d + d^2
    lambda_k(D)  gamma_n |W1|^2 + gamma_m |W2|^2 + u |D| + 8 u h |D|      2 S d + d^2
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from experiments.two_layer.norms import UNIT, Array, gamma, norm
from experiments.two_layer.sizes import Sizes
from experiments.two_layer.snapshot import Snapshot

Spread = Callable[[Array], Array]


@dataclass(frozen=True)
class Reading:
    """A quantity at one state, (B,): its value, its evaluation error, its sensitivity."""

    value: Array
    error: Array
    spread: Spread


def spectrum_error(matrices: Array, largest: Array) -> Array:
    """Of singular values computed by LAPACK, for matrices (B, rows, columns)."""
    return np.asarray(8 * UNIT * max(matrices.shape[1:]) * largest)


def loss(state: Sizes) -> Reading:
    batch = state.batch
    slope = state.g + state.errors.gradient
    error = batch.loss.value_error(state.loss, state.e, state.errors.residual, slope, batch.K_bound)

    def spread(distance: Array) -> Array:
        move = state.move(distance)
        return slope * move + batch.K_bound * move**2 / 2

    return Reading(state.loss, error, spread)


def residual(state: Snapshot) -> Reading:
    error = state.errors.residual + gamma(state.batch.loss.entries, UNIT) * state.e
    return Reading(state.e, error, lambda d: state.batch.stretch * state.move(d))


def distance(state: Snapshot) -> Reading:
    batch = state.batch
    value = norm(state.P - batch.target)
    rounding = gamma(batch.loss.entries + 2, UNIT) * value
    error = state.errors.product + batch.target_error + rounding
    return Reading(value, error, state.move)


def product_grad(state: Snapshot) -> Reading:
    error = state.errors.gradient + gamma(state.batch.loss.entries, UNIT) * state.g
    return Reading(state.g, error, lambda d: state.batch.K_bound * state.move(d))


def grad_norm(state: Snapshot) -> Reading:
    terms = (state.batch.inputs + state.batch.outputs) * state.batch.width
    error = state.errors.both + gamma(terms, UNIT) * state.grad
    return Reading(state.grad, error, state.gradient_move)


def smax_W1(state: Snapshot) -> Reading:
    largest = state.s1[:, 0]
    return Reading(largest, spectrum_error(state.W1, largest), lambda d: d)


def smax_W2(state: Snapshot) -> Reading:
    largest = state.s2[:, 0]
    return Reading(largest, spectrum_error(state.W2, largest), lambda d: d)


def _product_spectrum(state: Snapshot) -> tuple[Array, Array]:
    values = state.product_values
    error = spectrum_error(state.P, values[:, 0])
    return values, error + state.errors.product


def smax_W(state: Snapshot) -> Reading:
    values, error = _product_spectrum(state)
    return Reading(values[:, 0], error, state.move)


def smin_W(state: Snapshot) -> Reading:
    values, error = _product_spectrum(state)
    if state.batch.width < values.shape[1]:
        return _zero(values[:, 0])
    return Reading(values[:, -1], error, state.move)


def _zero(like: Array) -> Reading:
    """A quantity that is 0 by rank, whatever the weights."""
    zero = np.zeros_like(like)
    return Reading(zero, zero, np.zeros_like)


def lamn_W1W1(state: Snapshot) -> Reading:
    return _squared(state.s1, state.W1, state.batch.inputs)


def lamm_W2W2(state: Snapshot) -> Reading:
    return _squared(state.s2, state.W2, state.batch.outputs)


def _squared(values: Array, matrices: Array, rank: int) -> Reading:
    """The square of the rank-th singular value, exactly 0 where there are fewer."""
    if values.shape[1] < rank:
        return _zero(values[:, 0])
    least = values[:, rank - 1]
    slip = spectrum_error(matrices, values[:, 0])
    square = least**2
    error = 2 * least * slip + slip**2 + UNIT * square
    root = np.sqrt(square + error)
    return Reading(square, error, lambda d: 2 * root * d + d**2)


def tau_min(state: Snapshot) -> Reading:
    """The sum of the two; changes d1, d2 of the layers obey s1 d1 + s2 d2 <= hypot(s1, s2) d."""
    first, second = lamn_W1W1(state), lamm_W2W2(state)
    if state.batch.width < min(state.batch.inputs, state.batch.outputs):
        return _zero(first.value)
    total = first.value + second.value
    error = first.error + second.error + 2 * UNIT * total
    root = np.sqrt(total + error)
    return Reading(total, error, lambda d: 2 * root * d + d**2)


def _eigenvalue(state: Snapshot, rank: int, sign: int) -> Reading:
    """lambda_rank(sign D), 0 beyond the width."""
    values, error = state.imbalance
    if rank > values.shape[1]:
        return _zero(error)
    value = values[:, rank - 1] if sign > 0 else -values[:, -rank]
    return Reading(value, error, lambda d: 2 * state.size * d + d**2)


QUANTITIES: dict[str, Callable[[Snapshot], Reading]] = {
    "loss": loss,
    "grad_norm": grad_norm,
    "residual": residual,
    "distance": distance,
    "product_grad": product_grad,
    "smax_W1": smax_W1,
    "smax_W2": smax_W2,
    "smin_W": smin_W,
    "smax_W": smax_W,
    "tau_min": tau_min,
    "lamn_W1W1": lamn_W1W1,
    "lamm_W2W2": lamm_W2W2,
    "lam1_D": lambda state: _eigenvalue(state, 1, 1),
    "lamn_D": lambda state: _eigenvalue(state, state.batch.inputs, 1),
    "lam1_mD": lambda state: _eigenvalue(state, 1, -1),
    "lamm_mD": lambda state: _eigenvalue(state, state.batch.outputs, -1),
}

"""Encloses spectra at states where they were not measured, from how far the weights had moved.

Singular values of W1, W2 and of the product P, and eigenvalues of D, differ between two states by
at most the distance of the matrices in Frobenius norm (Weyl), here the length of the path:

    W1, W2     |W_i(t+1) - W_i(t)| of the floating-point weights
    P          |P(t+1) - P(t)|, of the products as computed
    D          | |dW1|^2, |dW2|^2 |_2 + 2 S rho + rho^2       see the transitions; rho: what a step
               with dW_i at most |W_i(t+1) - W_i(t)| + rho    commits

and the square roots of lambda_n(W1 W1'), lambda_m(W2' W2) and of their sum are singular values, or
the norm of two of them. What is enclosed at t is narrowed from both sides, by the measured states
next before and next after t; and norms from above, least singular values from below, by the chord
between these two, see chord.py. The bounds of rounding are then those of a measurement at t, at most
(S = |(W1, W2)|_F, so that S^2 bounds every spectrum): see ``slips`` and ``spreads``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.two_layer.batch import Batch
from experiments.two_layer.chord import SLACK, Chord
from experiments.two_layer.norms import TINY, UNIT, Array, Flags, gamma

PATHS = {
    "smax_W1": "first", "lamn_W1W1": "first",
    "smax_W2": "second", "lamm_W2W2": "second",
    "tau_min": "both",
    "smin_W": "product", "smax_W": "product",
    "lam1_D": "imbalance", "lamn_D": "imbalance", "lam1_mD": "imbalance", "lamm_mD": "imbalance",
}  # fmt: skip
"""The quantities that can be enclosed, and the path that moves them."""
SQUARES = frozenset({"lamn_W1W1", "lamm_W2W2", "tau_min"})
LEAST = SQUARES | {"smin_W"}
"""Whose roots, or which themselves, are least singular values: see the chord."""
LARGEST = frozenset({"smax_W1", "smax_W2", "smax_W"})
"""Which are norms."""


@dataclass(frozen=True)
class Exact:
    """Measurements (B, S), NaN where none was taken.

    ``evaluation`` bounds their error at the floating-point state; ``error`` and ``drift`` are those
    of a measurement, before their safety factor.
    """

    value: Array
    evaluation: Array
    error: Array
    drift: Array


def zero_by_rank(name: str, batch: Batch) -> bool:
    """Whether the quantity is 0 whatever the weights."""
    n, m, h = batch.inputs, batch.outputs, batch.width
    least = {
        "lamn_W1W1": n, "lamm_W2W2": m, "tau_min": min(n, m), "smin_W": min(n, m),
        "lamn_D": n - batch.missing, "lamm_mD": m - batch.missing,
    }  # fmt: skip
    return h < least.get(name, 1)


def transported(
    name: str, exact: Exact, path: Array, at: Flags, chord: Chord | None = None
) -> tuple[Array, Array]:
    """Lower and upper ends, (B, S), of the quantity at the floating-point states.

    ``path`` (B, S) is the length of the path from the first state to each; ``at`` (B, S) says where
    the measurements were taken, and ``chord`` how near the states are to chords between those.
    -inf and inf where none bounds it.
    """
    low, high = exact.value - exact.evaluation, exact.value + exact.evaluation
    if name in SQUARES:
        low, high = np.sqrt(np.maximum(low, 0.0)) / SLACK, np.sqrt(high) * SLACK
    steps = np.arange(path.shape[1])
    before = np.maximum.accumulate(np.where(at, steps, -1), axis=1)
    after = np.minimum.accumulate(np.where(at, steps, steps.size)[:, ::-1], axis=1)[:, ::-1]
    bottom, top = np.full(path.shape, -np.inf), np.full(path.shape, np.inf)
    for nearest, there in ((before, before >= 0), (after, after < steps.size)):
        index = np.where(there, nearest, 0)
        longer = np.maximum(path, np.take_along_axis(path, index, axis=1))
        apart = np.abs(path - np.take_along_axis(path, index, axis=1))
        apart = apart * SLACK + 4 * UNIT * steps.size * longer + TINY
        bottom = np.where(there, np.fmax(bottom, np.take_along_axis(low, index, 1) - apart), bottom)
        top = np.where(there, np.fmin(top, np.take_along_axis(high, index, 1) + apart), top)
    if chord is not None and name in LARGEST:
        top = np.fmin(top, chord.highest(high))
    elif chord is not None and name in LEAST:
        bottom = np.fmax(bottom, chord.least(np.maximum(low, 0.0)))
    if name in SQUARES:
        bottom, top = np.maximum(bottom, 0.0) ** 2, top**2
    return bottom, top


def slips(name: str, batch: Batch, size: Array, product: Array, top: Array) -> Array:
    """At least the evaluation error of a measurement; ``product`` bounds that of P."""
    n, m, h = batch.inputs, batch.outputs, batch.width
    if PATHS[name] == "imbalance":
        return (gamma(n, UNIT) + gamma(m, UNIT) + UNIT * (8 * h + 1)) * size**2 * SLACK
    one = 8 * UNIT * max(n, m, h) * size * SLACK
    if PATHS[name] == "product":
        return 8 * UNIT * max(n, m) * size**2 + product
    if name not in SQUARES:
        return one
    return 3 * np.sqrt(top) * one + 2 * one**2 + 4 * UNIT * top


def spreads(name: str, size: Array, top: Array, slip: Array, distance: Array) -> Array:
    """At least how much a measurement's bounds grow by a distance of the weights."""
    if PATHS[name] == "product":
        return size * distance + distance**2 / 2
    if PATHS[name] == "imbalance":
        return 2 * size * distance + distance**2
    if name in SQUARES:
        return 2 * np.sqrt(top + 2 * slip) * distance + distance**2
    return distance

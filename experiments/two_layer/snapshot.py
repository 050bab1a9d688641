"""One state of a group: products, gradients, norms, and bounds of their rounding errors.

Notation: P = W1 W2, E = Y - X P, G = grad l(P), A = G W2' and B = W1' G are the gradients with
respect to W1 and W2. Rounding, with u the unit roundoff and gamma_k = k u / (1 - k u):

    |err P| <= gamma_h |W1| |W2|                    |err E|, |err G|: see the losses
    |err A| <= gamma_m |G| |W2| + |err G| |W2|      |err B| <= gamma_n |W1| |G| + |W1| |err G|

A state at Frobenius distance at most d has, with S^2 = |W1|^2 + |W2|^2,

    |W - W'|_F           <= S d + d^2/2                                 =: move(d)
    |grad L - grad L'|_F <= K move(d) (S + sqrt(2) d) + |G|_F d         =: gradient_move(d)

because |D1| |D2| <= d^2/2 for changes D1, D2 of the layers, and l is K-smooth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from experiments.two_layer.batch import Batch
from experiments.two_layer.norms import (
    TINY,
    UNIT,
    Array,
    Flags,
    column,
    gamma,
    norm,
    singular_values,
    transposed,
)


@dataclass(frozen=True)
class Errors:
    """Bounds of |err P|, |err E|, |err G|, |err A|, |err B|, (B,) each, at one unit roundoff."""

    product: Array
    residual: Array
    gradient: Array
    first: Array
    second: Array

    @property
    def both(self) -> Array:
        """Of the gradient over all weights."""
        return np.hypot(self.first, self.second)


class Snapshot:
    """A state (W1, W2) and, computed once when asked for, what follows from it."""

    def __init__(self, batch: Batch, W1: Array, W2: Array) -> None:
        self.batch, self.W1, self.W2 = batch, W1, W2

    @cached_property
    def P(self) -> Array:
        return np.asarray(self.W1 @ self.W2)

    @cached_property
    def E(self) -> Array:
        return self.batch.loss.residual(self.batch.X, self.batch.Y, self.P)

    @cached_property
    def G(self) -> Array:
        return self.batch.loss.gradient(self.batch.X, self.E)

    @cached_property
    def A(self) -> Array:
        return np.asarray(self.G @ transposed(self.W2))

    @cached_property
    def B(self) -> Array:
        return np.asarray(transposed(self.W1) @ self.G)

    @cached_property
    def w1(self) -> Array:
        return norm(self.W1)

    @cached_property
    def w2(self) -> Array:
        return norm(self.W2)

    @cached_property
    def size(self) -> Array:
        """S, the norm of all weights."""
        return np.hypot(self.w1, self.w2)

    @cached_property
    def e(self) -> Array:
        return norm(self.E)

    @cached_property
    def g(self) -> Array:
        return norm(self.G)

    @cached_property
    def a(self) -> Array:
        return norm(self.A)

    @cached_property
    def b(self) -> Array:
        return norm(self.B)

    @cached_property
    def grad(self) -> Array:
        return np.hypot(self.a, self.b)

    @cached_property
    def loss(self) -> Array:
        return self.batch.loss.value(self.E)

    @cached_property
    def s1(self) -> Array:
        return singular_values(self.W1)

    @cached_property
    def s2(self) -> Array:
        return singular_values(self.W2)

    @cached_property
    def product_values(self) -> Array:
        """Singular values of P, descending."""
        return singular_values(self.P)

    @cached_property
    def imbalance(self) -> tuple[Array, Array]:
        """Eigenvalues of D, descending, with the zeros of the part cut off; and their error."""
        batch = self.batch
        D = transposed(self.W1) @ self.W1 - self.W2 @ transposed(self.W2)
        error = (
            gamma(batch.inputs, UNIT) * self.w1**2
            + gamma(batch.outputs, UNIT) * self.w2**2
            + UNIT * (8 * batch.width + 1) * norm(D)
        )
        values = np.linalg.eigvalsh(D)
        zeros = np.zeros((len(values), batch.missing))
        return np.sort(np.concatenate([values, zeros], axis=1), axis=1)[:, ::-1], error

    @cached_property
    def curvature(self) -> Array:
        """An upper bound of |G|_2, tighter than |G|_F: |G' G|_F^(1/2)."""
        gram = transposed(self.G) @ self.G
        return np.sqrt(norm(gram)) + self.errors.gradient

    @cached_property
    def errors(self) -> Errors:
        """At double precision, the one that quantities are measured in."""
        return self.errors_at(UNIT)

    def errors_at(self, unit: float) -> Errors:
        batch, both = self.batch, self.w1 * self.w2
        product = gamma(batch.width, unit) * both + TINY
        residual = batch.loss.residual_error(self.e, batch.scale, both, product, unit) + TINY
        gradient = (
            batch.loss.gradient_error(self.e, self.g, batch.scale, residual, batch.K_bound, unit)
            + TINY
        )
        reach = self.g + gradient
        first = (gamma(batch.outputs, unit) * reach + gradient) * self.w2 + TINY
        second = (gamma(batch.inputs, unit) * reach + gradient) * self.w1 + TINY
        return Errors(product, residual, gradient, first, second)

    def move(self, distance: Array) -> Array:
        return np.asarray(self.size * distance + distance**2 / 2)

    def gradient_move(self, distance: Array) -> Array:
        reach = self.size + np.sqrt(2.0) * distance
        slope = self.g + self.errors.gradient
        return np.asarray(self.batch.K_bound * self.move(distance) * reach + slope * distance)

    def advanced(self, steps: Array) -> tuple[Array, Array]:
        """The weights after one simultaneous step of sizes ``steps`` (B,)."""
        precision, step = self.batch.precision, column(steps)
        if precision is np.float64:
            first, second = self.A, self.B
        else:
            first, second = self._gradients_at(precision)
        new = (self.W1 - step * first, self.W2 - step * second)
        return (
            new[0].astype(precision).astype(np.float64),
            new[1].astype(precision).astype(np.float64),
        )

    def _gradients_at(self, precision: Any) -> tuple[Array, Array]:
        """A and B with every operation in another precision."""
        loss = self.batch.loss
        X, Y = self.batch.X.astype(precision), self.batch.Y.astype(precision)
        W1, W2 = self.W1.astype(precision), self.W2.astype(precision)
        G = loss.gradient(X, loss.residual(X, Y, W1 @ W2))
        return np.asarray(G @ transposed(W2)), np.asarray(transposed(W1) @ G)

    def usable(self) -> Flags:
        """Rows (B,) whose norms have finite fourth powers; the others have diverged."""
        limit = 1e75
        sizes = (self.w1, self.w2, self.e, self.g, self.a, self.b)
        return np.asarray(np.array([one < limit for one in sizes]).all(axis=0))

"""One state of a group: products, gradients, norms, and bounds of their rounding errors.

Notation: P = W1 W2, E = Y - X P, G = grad l(P), A = G W2' and B = W1' G are the gradients with
respect to W1 and W2.
How rounding and distance enter: see sizes.py.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from experiments.two_layer.batch import Batch
from experiments.two_layer.norms import (
    UNIT,
    Array,
    by_rows,
    column,
    eigenvalues,
    gamma,
    library,
    norm,
    product,
    singular_values,
    transposed,
)
from experiments.two_layer.sizes import Sizes


class Snapshot(Sizes):
    """A state (W1, W2) and, computed once when asked for, what follows from it."""

    def __init__(self, batch: Batch, W1: Array, W2: Array) -> None:
        self.batch, self.W1, self.W2 = batch, W1, W2

    @cached_property
    def P(self) -> Array:
        return product(self.W1, self.W2)

    @cached_property
    def E(self) -> Array:
        return self.batch.loss.residual(self.batch.X, self.batch.Y, self.P)

    @cached_property
    def G(self) -> Array:
        return self.batch.loss.gradient(self.batch.X, self.E)

    @cached_property
    def A(self) -> Array:
        return product(self.G, self.W2_rows)

    @cached_property
    def W2_rows(self) -> Array:
        """W2', stored by rows, which matrix products take faster."""
        return by_rows(transposed(self.W2))

    @cached_property
    def B(self) -> Array:
        return product(transposed(self.W1), self.G)

    @cached_property
    def w1(self) -> Array:
        return norm(self.W1)

    @cached_property
    def w2(self) -> Array:
        return norm(self.W2)

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
        values = eigenvalues(D)
        zeros = np.zeros((len(values), batch.missing))
        return np.sort(np.concatenate([values, zeros], axis=1), axis=1)[:, ::-1], error

    @cached_property
    def slant(self) -> Array:
        """|G' G|_F^(1/2), between |G|_2 and |G|_F."""
        return np.sqrt(norm(product(by_rows(transposed(self.G)), self.G)))

    def advanced(self, steps: Array) -> tuple[Array, Array]:
        """The weights after one simultaneous step of sizes ``steps`` (B,)."""
        precision, step = self.batch.precision, column(steps, self.W1)
        if precision is np.float64:
            changes = self._changes(step)
            return _less(self.W1, changes[0]), _less(self.W2, changes[1])
        first, second = self._gradients_at(precision)
        new = (self.W1 - step * first, self.W2 - step * second)
        return (
            new[0].astype(precision).astype(np.float64),
            new[1].astype(precision).astype(np.float64),
        )

    def displacements(self, steps: Array, following: Snapshot) -> tuple[Array, Array]:
        """What the step of sizes ``steps`` (B,) to the following state subtracts from the weights.

        In double precision before the subtraction is rounded, so that they are the numbers that
        a kernel has at hand.
        """
        if self.batch.precision is np.float64:
            return self._changes(column(steps, self.W1))
        return self.W1 - following.W1, self.W2 - following.W2

    def _changes(self, step: Array) -> tuple[Array, Array]:
        scaled = step * self.G
        return product(scaled, self.W2_rows), product(transposed(self.W1), scaled)

    def _gradients_at(self, precision: Any) -> tuple[Array, Array]:
        """A and B with every operation in another precision."""
        loss = self.batch.loss
        X, Y = self.batch.X.astype(precision), self.batch.Y.astype(precision)
        W1, W2 = self.W1.astype(precision), self.W2.astype(precision)
        G = loss.gradient(X, loss.residual(X, Y, W1 @ W2))
        return np.asarray(G @ transposed(W2)), np.asarray(transposed(W1) @ G)


def _less(weights: Array, change: Array) -> Array:
    """weights - change, in the place of the change."""
    found: Array = library(weights).subtract(weights, change, out=change)
    return found

"""The norms of a state, and what rounding and distance do to it, told from the norms alone.

Rounding, with u the unit roundoff and gamma_k = k u / (1 - k u):

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
from typing import TYPE_CHECKING

import numpy as np

from experiments.two_layer.batch import Batch
from experiments.two_layer.norms import TINY, UNIT, Array, Flags, gamma


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


class Sizes:
    """Frobenius norms w1, w2 of the layers, e, g of E and G, a, b of A and B, and the loss.

    (B,) each for one state, (T, B) for the states of a run; ``slant`` = |G' G|_F^(1/2).
    """

    batch: Batch
    if TYPE_CHECKING:  # recorded or computed, as the heirs have it

        @property
        def w1(self) -> Array: ...

        @property
        def w2(self) -> Array: ...

        @property
        def e(self) -> Array: ...

        @property
        def g(self) -> Array: ...

        @property
        def a(self) -> Array: ...

        @property
        def b(self) -> Array: ...

        @property
        def slant(self) -> Array: ...

        @property
        def loss(self) -> Array: ...

    @cached_property
    def size(self) -> Array:
        """S, the norm of all weights."""
        return np.hypot(self.w1, self.w2)

    @cached_property
    def grad(self) -> Array:
        return np.hypot(self.a, self.b)

    @cached_property
    def curvature(self) -> Array:
        """An upper bound of |G|_2, tighter than |G|_F."""
        return self.slant + self.errors.gradient

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

    def usable(self) -> Flags:
        """Rows (B,) whose norms have finite fourth powers; the others have diverged.

        Those of A and B are at most |G| |W2| and |W1| |G|.
        """
        limit = 1e75
        largest = np.maximum(np.maximum(self.w1, self.w2), np.maximum(self.e, self.g))
        return np.asarray((largest < limit) & (self.g * np.maximum(self.w1, self.w2) < limit))

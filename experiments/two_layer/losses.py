"""The losses l(W) of a product W, as functions of the residual E = Y - X W, batch first.

* squared: l(W) = 1/2 |E|_F^2, gradient -X' E; K and mu are sigma_max(X)^2 and sigma_min(X)^2.
* logcosh: X = I, l(W) = sum of mu/2 r^2 + (K - mu) log cosh r over the entries r of W - W*, with
  mu = 1 and K the axis ``ratio``; gradient -(E + (K - 1) tanh E).

Each comes with bounds of its rounding errors; ``unit`` is the unit roundoff. Products of matrices
are taken configuration by configuration, so that a row does not depend on the group it is in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.two_layer.norms import (
    UNIT,
    Array,
    column,
    dot,
    gamma,
    library,
    transposed,
)
from experiments.two_layer.norms import product as times


class Loss(Protocol):
    """A loss l(W) through its residual; every result has one entry a configuration, (B,)."""

    @property
    def entries(self) -> int:
        """n m, the number of entries of E."""

    def residual(self, X: Array, Y: Array, product: Array) -> Array:
        """E = Y - X W, (B, n, m)."""

    def residual_error(
        self, size: Array, scale: Array, product: Array, product_error: Array, unit: float
    ) -> Array:
        """Bound of |error of E|_F.

        ``size`` >= |E|_F, ``scale`` >= |X|_F, ``product`` >= |W|_F, ``product_error`` bounds that
        of W.
        """

    def value(self, E: Array) -> Array:
        """l."""

    def value_error(
        self, value: Array, size: Array, error: Array, gradient: Array, K: Array
    ) -> Array:
        """Bound of the error of l = ``value`` when E is known up to ``error``.

        ``size`` >= |E|_F, ``gradient`` >= |grad l|_F.
        """

    def gradient(self, X: Array, E: Array) -> Array:
        """grad l(W), (B, n, m)."""

    def gradient_error(
        self, size: Array, gradient: Array, scale: Array, error: Array, K: Array, unit: float
    ) -> Array:
        """Bound of |error of grad l|_F."""

    def taken(self, rows: NDArray[np.int64] | slice) -> Loss:
        """The loss of the configurations at these positions."""


@dataclass(frozen=True)
class Squared:
    """l(W) = 1/2 |Y - X W|_F^2 with X (B, n, n).

    Where X is diagonal in the whole group, ``scales`` (B, n, 1) holds the diagonals, and products
    with X become products of numbers: equal to the bit, up to the sign of zeros.
    """

    inputs: int
    entries: int
    scales: Array | None = None

    def residual(self, X: Array, Y: Array, product: Array) -> Array:
        if self.scales is not None and X.dtype == self.scales.dtype:
            return Y - self.scales * product
        return Y - times(X, product)

    def residual_error(
        self, size: Array, scale: Array, product: Array, product_error: Array, unit: float
    ) -> Array:
        """u |E| + gamma_n |X|_F |W|_F + |X|_F (error of W)."""
        return unit * size + gamma(self.inputs, unit) * scale * product + scale * product_error

    def value(self, E: Array) -> Array:
        return dot(E, E) / 2

    def value_error(
        self, value: Array, size: Array, error: Array, gradient: Array, K: Array
    ) -> Array:
        """|E| d + d^2/2 + gamma_(nm) l, with d the error of E."""
        return size * error + error**2 / 2 + gamma(self.entries, UNIT) * value

    def gradient(self, X: Array, E: Array) -> Array:
        if self.scales is not None and X.dtype == self.scales.dtype:
            return -(self.scales * E)
        return -times(transposed(X), E)

    def gradient_error(
        self, size: Array, gradient: Array, scale: Array, error: Array, K: Array, unit: float
    ) -> Array:
        """gamma_n |X|_F |E|_F + sqrt(K) (error of E)."""
        return gamma(self.inputs, unit) * scale * size + np.sqrt(K) * error

    def taken(self, rows: NDArray[np.int64] | slice) -> Squared:
        return self if self.scales is None else replace(self, scales=self.scales[rows])


@dataclass(frozen=True)
class LogCosh:
    """l(W) = sum of r^2/2 + gap log cosh r, r = W - W*, gap = K - 1 (B,)."""

    gap: Array
    entries: int

    def residual(self, X: Array, Y: Array, product: Array) -> Array:
        return Y - product

    def residual_error(
        self, size: Array, scale: Array, product: Array, product_error: Array, unit: float
    ) -> Array:
        """u |E| + (error of W)."""
        return unit * size + product_error

    def value(self, E: Array) -> Array:
        logs = log_cosh(E)
        return dot(E, E) / 2 + self.gap * dot(logs, library(logs).ones_like(logs))

    def value_error(
        self, value: Array, size: Array, error: Array, gradient: Array, K: Array
    ) -> Array:
        """|grad l| d + K d^2/2 + (gamma_(nm) + 24 u) l, with d the error of E.

        l is K-smooth; log cosh itself is evaluated to a relative error below 20 u.
        """
        relative = gamma(self.entries + 24, UNIT)
        return gradient * error + K * error**2 / 2 + relative * value

    def gradient(self, X: Array, E: Array) -> Array:
        found: Array = -(E + column(self.gap, E) * library(E).tanh(E))
        return found

    def gradient_error(
        self, size: Array, gradient: Array, scale: Array, error: Array, K: Array, unit: float
    ) -> Array:
        """10 u |grad l|_F + K (error of E); tanh is accurate to 4 u."""
        return 10 * unit * gradient + K * error

    def taken(self, rows: NDArray[np.int64] | slice) -> LogCosh:
        return replace(self, gap=self.gap[rows])


def log_cosh(values: Array) -> Array:
    """log cosh without cancellation near 0 and without overflow far from it."""
    xp = library(values)
    size = xp.abs(values)
    near = xp.log1p(xp.sinh(size.clip(max=1.0)) ** 2) / 2
    far = size + xp.log1p(xp.exp(-2 * size.clip(min=1.0))) - np.log(2.0)
    found: Array = xp.where(size < 1, near, far)
    return found

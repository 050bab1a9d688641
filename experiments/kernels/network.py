"""Fully connected networks as plain arrays, for kernels that need every layer in hand.

z_l = s_l H_{l-1} W_l + b_l, H_l = phi(z_l), H_0 = X with one sample a row; the last z_l is the output.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.errors import UsageError

Array = NDArray[np.float64]
Graded = Callable[[Array], tuple[Array, Array]]
"""phi and its derivative at the same points."""


def _relu(z: Array) -> tuple[Array, Array]:
    return np.maximum(z, 0.0), (z > 0).astype(np.float64)


def _tanh(z: Array) -> tuple[Array, Array]:
    value = np.tanh(z)
    return value, 1.0 - value * value


def _erf(z: Array) -> tuple[Array, Array]:
    from scipy.special import erf

    return erf(z), 2.0 / math.sqrt(math.pi) * np.exp(-z * z)


def _linear(z: Array) -> tuple[Array, Array]:
    return z, np.ones_like(z)


ACTIVATIONS: dict[str, Graded] = {"relu": _relu, "tanh": _tanh, "erf": _erf, "linear": _linear}
"""By name; the derivative of relu at 0 is 0, as in torch."""


@dataclass(frozen=True)
class Network:
    """One network, or B of equal shape.

    ``weights``: W_l of shape (h_{l-1}, h_l), or (B, h_{l-1}, h_l). ``biases``: b_l of shape (h_l,) or
    (B, h_l), all of them or none. ``scales``: the s_l, 1 unless given; s_l = h_{l-1}^(-1/2) is the
    parametrisation of Jacot et al. 2018. Weights and biases count as parameters, scales do not.
    Raises UsageError for arrays that do not fit together and for unknown activations.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...] = ()
    activation: str = "relu"
    scales: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.activation not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise UsageError(f"activation={self.activation}: must be one of {known}.")
        if not self.weights:
            raise UsageError("a network needs at least one weight matrix.")
        for name, given in (("biases", self.biases), ("scales", self.scales)):
            if given and len(given) != len(self.weights):
                raise UsageError(
                    f"{len(given)} {name} for {len(self.weights)} layer(s): one each, or none."
                )
        batch = self.weights[0].shape[:-2]
        for at, W in enumerate(self.weights):
            if W.ndim not in (2, 3) or W.shape[:-2] != batch:
                raise UsageError(
                    f"weights[{at}] has shape {W.shape}: all (h, h') or all (B, h, h')."
                )
            if at and W.shape[-2] != self.weights[at - 1].shape[-1]:
                raise UsageError(
                    f"weights[{at}] takes {W.shape[-2]} value(s), but layer {at} gives "
                    f"{self.weights[at - 1].shape[-1]}."
                )
            if self.biases and self.biases[at].shape != (*batch, W.shape[-1]):
                raise UsageError(
                    f"biases[{at}] has shape {self.biases[at].shape}, not {(*batch, W.shape[-1])}."
                )

    @property
    def scaled(self) -> tuple[float, ...]:
        """One s_l a layer."""
        return self.scales or (1.0,) * len(self.weights)

    @property
    def outputs(self) -> int:
        return int(self.weights[-1].shape[-1])

    def stacked(self) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """Weights (B, h, h') and biases (B, h'), with B = 1 for a single network."""
        if self.weights[0].ndim == 3:
            return self.weights, self.biases
        return tuple(W[None] for W in self.weights), tuple(b[None] for b in self.biases)


def checked_inputs(network: Network, X: Array) -> Array:
    """X as (B, N, d) or (1, N, d), N samples; UsageError where it does not fit the network."""
    first = network.weights[0]
    count = len(first) if first.ndim == 3 else 1
    found = np.asarray(X, dtype=np.float64)
    if found.ndim not in (2, 3) or found.shape[-1] != first.shape[-2] or not found.shape[-2]:
        raise UsageError(
            f"X has shape {found.shape}: must be N x {first.shape[-2]} for this network, N >= 1."
        )
    if found.ndim == 2:
        return found[None]
    if len(found) != count:
        raise UsageError(f"X holds {len(found)} data set(s) for {count} network(s).")
    return found

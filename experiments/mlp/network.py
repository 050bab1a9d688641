"""Networks of equal shape under full-batch gradient descent: forward, gradients, one step.

f(X) = s_L H_{L-1} W_L, H_l = phi(s_l H_{l-1} W_l), H_0 = X, one sample a row; loss 1/2 |f(X) - Y|_F^2.
Held are V_l = s_l W_l: gradient descent on W_l with step size eta is V_l -= eta s_l^2 H_{l-1}' D_l, D_l
the gradient at the pre-activation of layer l. Each operation works on every configuration by itself
(matrix products slice by slice), so that a result does not depend on what runs beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Relu:
    """max(z, 0); the derivative at 0 is 0."""

    @staticmethod
    def apply(z: Array) -> None:
        """The activation, in place."""
        np.maximum(z, 0.0, out=z)

    @staticmethod
    def back(H: Array, D: Array, spare: Array) -> None:
        """D times the derivative, in place; ``H`` is the activation, ``spare`` may be overwritten."""
        np.multiply(D, H > 0, out=D)


class Tanh:
    """tanh z, by torch: twice as fast as numpy's, and as independent of where an entry stands."""

    @staticmethod
    def apply(z: Array) -> None:
        import torch

        torch.tanh_(torch.from_numpy(z))

    @staticmethod
    def back(H: Array, D: Array, spare: Array) -> None:
        np.multiply(H, H, out=spare)
        np.subtract(1.0, spare, out=spare)
        D *= spare


class Erf:
    """erf z; its derivative is 2 pi^(-1/2) exp(-z^2), z found again from erf z would lose digits."""

    @staticmethod
    def apply(z: Array) -> None:
        from scipy.special import erf

        erf(z, out=z)

    @staticmethod
    def back(H: Array, D: Array, spare: Array) -> None:
        np.multiply(H, H, out=spare)
        np.exp(np.negative(spare, out=spare), out=spare)
        spare *= 2.0 / math.sqrt(math.pi)
        D *= spare


class Linear:
    """The identity."""

    @staticmethod
    def apply(z: Array) -> None:
        """Nothing to do."""

    @staticmethod
    def back(H: Array, D: Array, spare: Array) -> None:
        """Nothing to do."""


ACTIVATIONS: dict[str, type[Relu | Tanh | Erf | Linear]] = {
    "relu": Relu,
    "tanh": Tanh,
    "erf": Erf,
    "linear": Linear,
}
"""By the names of experiments.kernels.network."""


class Stack:
    """B networks: X (B, N, d), Y (B, N, m), layers V_l (B, h_{l-1}, h_l) and the scales s_l.

    The arrays of the layers are overwritten by :meth:`advance`.
    """

    def __init__(
        self, X: Array, Y: Array, layers: Sequence[Array], scales: Sequence[float], activation: str
    ) -> None:
        self.X, self.Y, self.layers, self.scales = X, Y, list(layers), tuple(scales)
        self.activation = activation
        self._act = ACTIVATIONS[activation]
        self._through = [np.empty((*X.shape[:2], V.shape[2])) for V in self.layers]
        self._before = self._through[:-1] if activation == "erf" else []
        self._before = [np.empty_like(one) for one in self._before]
        hidden = self._through[:-1]
        # layers of equal shape share their buffers, which stay in the cache
        shapes = {one.shape for one in hidden}
        spare = {shape: np.empty(shape) for shape in shapes}
        turns = {shape: (np.empty(shape), np.empty(shape)) for shape in shapes}
        self._spare = [spare[one.shape] for one in hidden]
        self._back = [turns[one.shape][at % 2] for at, one in enumerate(hidden)]
        self._slopes = [np.empty_like(V) for V in self.layers]
        self._passed = self._sloped = False

    def __len__(self) -> int:
        return len(self.X)

    @property
    def residual(self) -> Array:
        """f(X) - Y, (B, N, m)."""
        if not self._passed:
            self.forward()
        return self._through[-1]

    def forward(self) -> None:
        """Fill the activations and the residual from the layers."""
        H = self.X
        for at, (V, z) in enumerate(zip(self.layers, self._through, strict=True)):
            np.matmul(H, V, out=z)
            if at < len(self.layers) - 1:
                if self._before:
                    np.copyto(self._before[at], z)
                self._act.apply(z)
            H = z
        H -= self.Y
        self._passed, self._sloped = True, False

    def gradients(self) -> list[Array]:
        """Of the loss by V_l, (B, h_{l-1}, h_l) each; overwritten by the next step."""
        if self._sloped:
            return self._slopes
        D = self.residual
        for at in range(len(self.layers) - 1, -1, -1):
            H = self._through[at - 1] if at else self.X
            np.matmul(H.swapaxes(1, 2), D, out=self._slopes[at])
            if at:
                back, kept = self._back[at - 1], self._before or self._through
                np.matmul(D, self.layers[at].swapaxes(1, 2), out=back)
                self._act.back(kept[at - 1], back, self._spare[at - 1])
                D = back
        self._sloped = True
        return self._slopes

    def advance(self, sizes: Array) -> None:
        """One step of the given sizes (B,)."""
        for V, slope, scale in zip(self.layers, self.gradients(), self.scales, strict=True):
            slope *= (sizes * scale**2)[:, None, None]
            V -= slope
        self.forward()

    def preactivations(self) -> list[Array]:
        """Of the hidden layers, (B, N, h_l) each."""
        if not self._passed:
            self.forward()
        H, found = self.X, []
        for V, after in zip(self.layers[:-1], self._through, strict=False):
            found.append(H @ V)
            H = after
        return found

    def stop(self, rows: NDArray[np.bool_]) -> None:
        """Put the rows to rest: zero layers, which stay zero under steps of size zero."""
        for V in self.layers:
            V[rows] = 0.0
        self.forward()

"""Kernels of fully connected networks of infinite width: Gaussian process and neural tangent.

Setting (the NTK parametrisation): L hidden layers, all weights and biases N(0, 1) and trained,

    z_1 = (s_w / sqrt(d)) W_1 x + s_b b_1,   z_{l+1} = (s_w / sqrt(h_l)) W_{l+1} phi(z_l) + s_b b_{l+1}

and f = z_{L+1}. As all widths grow, E f(x) f(x') tends to K = K_{L+1}, the sum of products of
derivatives to T = T_{L+1}: K_1 = T_1 = s_w^2 x.x'/d + s_b^2,

    K_{l+1} = s_w^2 A(K_l) + s_b^2,   T_{l+1} = K_{l+1} + s_w^2 T_l o B(K_l)

with A = E phi(u) phi(v), B = E phi'(u) phi'(v), (u, v) normal with the covariance K_l of two inputs.
Sources: Cho and Saul, NeurIPS 2009 (relu); Williams, Neural Computation 1998 (erf); Jacot, Gabriel,
Hongler, NeurIPS 2018.

Nothing cancels: a pair of inputs is carried by its two variances and its defect
sqrt(K(x,x) K(x',x')) - K(x,x'), not by the arc cosine of a number near 1. Inputs that agree to half
of their digits keep the other half of their angle.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.errors import UsageError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Covariances of one layer: variances (N,), K and the defect sqrt(k k') - K, both (N, N)."""

    variances: Array
    K: Array
    defect: Array

    @property
    def scale(self) -> Array:
        """sqrt(k_i k_j), without the overflow of the product."""
        root = np.sqrt(self.variances)
        return root[:, None] * root[None, :]

    @property
    def angle(self) -> Array:
        """In [0, pi]; 0 where an input has no variance."""
        scale = self.scale
        alive = scale > 0
        sine = np.sqrt(np.divide(self.defect, 2 * scale, out=np.zeros_like(scale), where=alive))
        rest = np.divide(self.K + scale, 2 * scale, out=np.ones_like(scale), where=alive)
        found: Array = 2 * np.arctan2(np.minimum(sine, 1.0), np.sqrt(np.maximum(rest, 0.0)))
        return found


Moments = Callable[[Pairs], tuple[Pairs, Array]]
"""E phi(u) phi(v) with its defect, and E phi'(u) phi'(v)."""


def infinite_kernels(
    X: Array,
    hidden_layers: int,
    activation: str = "relu",
    weight_variance: float = 2.0,
    bias_variance: float = 0.0,
) -> tuple[Array, Array]:
    """(K, T), both N x N and symmetric, for the N x d inputs ``X``, one sample a row.

    ``hidden_layers`` is L >= 0, ``weight_variance`` s_w^2 > 0 and ``bias_variance`` s_b^2 >= 0. Raises
    UsageError for anything else and for unknown activations; relu, erf and sin are known.
    """
    if activation not in MOMENTS:
        raise UsageError(f"activation={activation}: must be one of {', '.join(MOMENTS)}.")
    if hidden_layers < 0:
        raise UsageError(f"hidden_layers={hidden_layers}: must be at least 0.")
    if not (
        weight_variance > 0 and bias_variance >= 0 and weight_variance < math.inf > bias_variance
    ):
        raise UsageError(
            f"weight_variance={weight_variance}, bias_variance={bias_variance}: the first must be "
            "positive, the second at least 0."
        )
    inputs = np.asarray(X, dtype=np.float64)
    if inputs.ndim != 2 or 0 in inputs.shape or not np.isfinite(inputs).all():
        raise UsageError(f"X has shape {inputs.shape}: must be N x d and finite, N and d >= 1.")
    pairs = _affine(_first(inputs), weight_variance, bias_variance)
    T = pairs.K
    for _ in range(hidden_layers):
        through, slopes = MOMENTS[activation](pairs)
        pairs = _affine(through, weight_variance, bias_variance)
        T = pairs.K + weight_variance * T * slopes
    return pairs.K, T


def _first(X: Array) -> Pairs:
    """x.x'/d; the defect by |x/|x| - x'/|x'||, whose entries subtract numbers that are given."""
    norms = np.linalg.norm(X, axis=1)
    directions = X / np.where(norms > 0, norms, 1.0)[:, None]
    apart = ((directions[:, None, :] - directions[None, :, :]) ** 2).sum(axis=2)
    scale = norms[:, None] * norms[None, :] / X.shape[1]
    gram = X @ X.T / X.shape[1]
    return Pairs(np.diag(gram).copy(), (gram + gram.T) / 2, scale * apart / 2)


def _affine(pairs: Pairs, weight_variance: float, bias_variance: float) -> Pairs:
    """s_w^2 K + s_b^2, and what its defect becomes.

    sqrt((a + c)(b + c)) - sqrt(a b) - c is c (sqrt a - sqrt b)^2 over the sum of the same terms.
    """
    variances = weight_variance * pairs.variances
    defect = weight_variance * pairs.defect
    if bias_variance:
        root, raised = np.sqrt(variances), np.sqrt(variances + bias_variance)
        # sqrt a - sqrt b, of numbers that may be close: (a - b) / (sqrt a + sqrt b)
        total = root[:, None] + root[None, :]
        gap = np.divide(variances[:, None] - variances[None, :], total, out=np.zeros_like(total),
                        where=total > 0)  # fmt: skip
        whole = raised[:, None] * raised[None, :] + root[:, None] * root[None, :] + bias_variance
        defect = defect + bias_variance * gap**2 / whole
    return Pairs(variances + bias_variance, weight_variance * pairs.K + bias_variance, defect)


def _relu(pairs: Pairs) -> tuple[Pairs, Array]:
    """A = s (sin a + (pi - a) cos a) / (2 pi), B = (pi - a) / (2 pi), s = sqrt(k k'), a the angle.

    The defect is (s / 2 - A), that is ((s - K) - s (sin a - a cos a) / pi) / 2.
    """
    scale, angle = pairs.scale, pairs.angle
    K = (scale * np.sin(angle) + (math.pi - angle) * pairs.K) / (2 * math.pi)
    defect = (pairs.defect - scale * _sine_excess(angle) / math.pi) / 2
    return Pairs(pairs.variances / 2, K, np.maximum(defect, 0.0)), (math.pi - angle) / (2 * math.pi)


def _sine_excess(a: Array) -> Array:
    """sin a - a cos a, by its series a^3/3 - a^5/30 + ... where the two terms cancel."""
    square = a * a
    total, term = np.zeros_like(a), a * square
    for k in range(1, 12):
        # (-1)^(k+1) a^(2k+1) 2k / (2k+1)!
        total = total + term * (2 * k / math.factorial(2 * k + 1)) * (-1) ** (k + 1)
        term = term * square
    return np.where(a < 1.0, total, np.sin(a) - a * np.cos(a))


def _erf(pairs: Pairs) -> tuple[Pairs, Array]:
    """A = (2/pi) asin(2 K / q), B = 4 / (pi r), q^2 = (1 + 2k)(1 + 2k'), r^2 = q^2 - 4 K^2."""
    k = pairs.variances
    # 4 (k k' - K^2) is 4 times the defect times (sqrt(k k') + K): nothing cancels
    rest = np.sqrt(1 + 2 * (k[:, None] + k[None, :]) + 4 * pairs.defect * (pairs.scale + pairs.K))
    K = 2 / math.pi * np.arctan2(2 * pairs.K, rest)
    slopes: Array = 4 / (math.pi * rest)
    return _measured(K), slopes


def _sin(pairs: Pairs) -> tuple[Pairs, Array]:
    """A = exp(-(k + k') / 2) sinh K, B = exp(-(k + k') / 2) cosh K."""
    root = np.sqrt(pairs.variances)
    far = (root[:, None] - root[None, :]) ** 2 / 2
    toward = np.exp(-far - pairs.defect)
    away = np.exp(-far - pairs.scale - (pairs.scale - pairs.defect))
    K = np.where(
        np.abs(pairs.K) < 1,
        np.exp(-far - pairs.scale) * np.sinh(np.clip(pairs.K, -1, 1)),
        (toward - away) / 2,
    )
    return _measured(K), (toward + away) / 2


def _measured(K: Array) -> Pairs:
    """For activations whose next layer does not need small angles: K is smooth in K."""
    variances = np.diag(K).copy()
    root = np.sqrt(variances)
    return Pairs(variances, K, np.maximum(root[:, None] * root[None, :] - K, 0.0))


MOMENTS: dict[str, Moments] = {"relu": _relu, "erf": _erf, "sin": _sin}
"""By name."""

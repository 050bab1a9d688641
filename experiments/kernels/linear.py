"""The NTK of the two-layer linear network f(X) = X W1 W2, as m problems of size min(N, n).

K = (W2' W2) x X X' + I_m x X W1 W1' X' (Kronecker products), so with W2' W2 = Q diag(g) Q' its
spectrum is that of the m matrices X (W1 W1' + g_c I) X', c = 1..m. Where N > n, X = U R with U'U = I,
and each of them has the spectrum of R (W1 W1' + g_c I) R' besides N - n zeros.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from harness.errors import UsageError

Array = NDArray[np.float64]


class LinearKernel:
    """Kernels of two-layer linear networks on fixed data; ``X`` is (N, n), or (B, N, n)."""

    def __init__(self, X: Array) -> None:
        self._X = np.asarray(X, dtype=np.float64)
        if self._X.ndim not in (2, 3) or 0 in self._X.shape:
            raise UsageError(f"X has shape {self._X.shape}: must be N x n, or B x N x n.")
        samples, inputs = self._X.shape[-2:]
        # orthogonal, so no squared condition number
        tall = samples > inputs
        self._R: Array = np.asarray(np.linalg.qr(self._X, mode="r")) if tall else self._X

    def spectrum(self, W1: Array, W2: Array) -> Array:
        """The mN eigenvalues in descending order, shape (mN,) or (B, mN); no 1/N.

        ``W1`` (n, h) and ``W2`` (h, m), or stacks (B, n, h) and (B, h, m). The error of each is a
        modest multiple of u |K|_2, u = 2^-53, as with a full eigenvalue decomposition. Raises
        UsageError for shapes that do not fit.
        """
        self._check(W1, W2)
        R, samples = self._R, self._X.shape[-2]
        g = np.linalg.eigvalsh(_transposed(W2) @ W2)
        A = R @ W1
        inner, data = A @ _transposed(A), R @ _transposed(R)
        found = np.linalg.eigvalsh(
            inner[..., None, :, :] + np.maximum(g, 0.0)[..., None, None] * data[..., None, :, :]
        )
        values = np.zeros((*g.shape[:-1], g.shape[-1] * samples))
        flat = found.reshape(*g.shape[:-1], -1)
        values[..., : flat.shape[-1]] = np.maximum(flat, 0.0)
        return np.asarray(np.sort(values, axis=-1)[..., ::-1])

    def matrix(self, W1: Array, W2: Array) -> Array:
        """K itself, (mN, mN) or (B, mN, mN); output a of sample i is row aN + i."""
        self._check(W1, W2)
        X, A = self._X, self._X @ W1
        outer, gram = A @ _transposed(A), X @ _transposed(X)
        S, outputs = _transposed(W2) @ W2, W2.shape[-1]
        eye = np.eye(outputs)
        blocks = (
            S[..., :, None, :, None] * gram[..., None, :, None, :]
            + eye[:, None, :, None] * outer[..., None, :, None, :]
        )
        size = outputs * X.shape[-2]
        return np.asarray(blocks.reshape(*blocks.shape[:-4], size, size))

    def _check(self, W1: Array, W2: Array) -> None:
        inputs = self._X.shape[-1]
        if W1.ndim not in (2, 3) or W1.ndim != W2.ndim or W1.shape[-2] != inputs:
            raise UsageError(f"W1 has shape {W1.shape}: must be {inputs} x h, or B x {inputs} x h.")
        if W2.shape[-2] != W1.shape[-1] or W2.shape[:-2] != W1.shape[:-2]:
            raise UsageError(f"W2 has shape {W2.shape}: does not follow W1 of shape {W1.shape}.")
        if self._X.ndim == 3 and W1.shape[:-2] != self._X.shape[:1]:
            raise UsageError(f"W1 has shape {W1.shape}, but there are {len(self._X)} data set(s).")


def _transposed(M: Array) -> Array:
    return M.swapaxes(-1, -2)

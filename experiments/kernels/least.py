"""Whether the least eigenvalue reaches a bound, by Cholesky: cheaper than eigenvalues, and rigorous.

Higham, Accuracy and Stability of Numerical Algorithms (2nd ed.), Theorems 10.5 and 10.7: with
g = gamma_{n+1}, a factorisation of A that succeeds is one of A + E with |E_ij| <= g/(1 - g)
sqrt(a_ii a_jj), so |E|_2 <= g/(1 - g) tr A; one that breaks down says that A scaled to a unit
diagonal has an eigenvalue of at most n g/(1 - g), so that the least one of A is at most
n g/(1 - g) max a_ii. Both hold in any order of summation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from harness.errors import UsageError

Array = NDArray[np.float64]
Signs = NDArray[np.int8]

UNIT = 2.0**-53
HUGE = 2.0**900
"""Below it no sum or product here overflows."""
TINY = 2.0**-1000
"""Covers underflow; matrices whose entries are near it are left open."""


def least_eigenvalue_reaches(K: Array, bound: ArrayLike, error: ArrayLike = 0.0) -> Signs:
    """1 where lambda_min(K) >= bound for certain, -1 where it is below for certain, 0 where open.

    ``K``: symmetric, (n, n) or (B, n, n); the lower triangle is read. ``bound``: a number, or one a
    matrix. ``error``: how far the true matrix may be from K in the spectral norm; the answer is about
    the true one. Open is a band around the bound of about n u tr K on one side and n^2 u max K_ii
    on the other, and whatever is not finite or beyond 2^900. Raises UsageError for what is not square.
    """
    matrices = np.asarray(K, dtype=np.float64)
    if matrices.ndim not in (2, 3) or matrices.shape[-1] != matrices.shape[-2]:
        raise UsageError(f"K has shape {matrices.shape}: must be n x n, or B x n x n.")
    if not matrices.shape[-1]:
        raise UsageError("K is empty: it has no eigenvalue.")
    stack = matrices if matrices.ndim == 3 else matrices[None]
    shape = (len(stack),)
    try:
        bounds, errors = np.broadcast_to(bound, shape), np.broadcast_to(error, shape)
    except ValueError as wrong:
        raise UsageError(f"bound and error: one number, or {len(stack)} of them.") from wrong
    found = [_sign(*one) for one in zip(stack, map(float, bounds), map(float, errors), strict=True)]
    return np.array(found, dtype=np.int8).reshape(matrices.shape[:-2])


def _sign(K: Array, bound: float, error: float) -> int:
    size = len(K)
    diagonal = np.diagonal(K)
    # NaN fails each of these comparisons
    usable = (np.abs(K) < HUGE).all() and abs(bound) < HUGE and 0 <= error < HUGE
    if not usable or not size * size * UNIT < 2**-10:
        return 0
    gamma = (size + 1) * UNIT / (1 - (size + 1) * UNIT)
    share = 1.01 * gamma / (1 - gamma)
    # rounding of K_ii - shift, and of the sums here
    shifting = 4 * UNIT * (float(np.abs(diagonal).max()) + abs(bound) + error) + TINY
    room = np.maximum(diagonal - bound, 0.0)
    above = error + share * float(room.sum()) * (1 + 2 * size * UNIT) + shifting
    if _factorises(K, bound + 1.01 * above):
        return 1
    # the diagonal of what breaks down is larger than room by what is given back, a few per mille
    below = error + 1.01 * size * share * float(room.max() + error + shifting) + shifting
    return 0 if _factorises(K, bound - 1.01 * below) else -1


def _factorises(K: Array, shift: float) -> bool:
    """Whether Cholesky of K - shift I runs through."""
    shifted = K.copy()
    shifted[np.diag_indices(len(K))] -= shift
    try:
        np.linalg.cholesky(shifted)
    except np.linalg.LinAlgError:
        return False
    return True

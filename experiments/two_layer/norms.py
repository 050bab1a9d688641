"""Small batched helpers: one number or matrix a configuration, whatever the size of the group.

A sum over a matrix is a matrix product of one row with one column: numpy takes those slice by
slice, so that the order of summation does not depend on the number of configurations.

Matrices may be torch tensors on another device (see device.py); numbers a configuration, (B,), are
numpy arrays on the host always, and spectra are LAPACK's.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNIT = 2.0**-53
"""Unit roundoff of double precision."""

SAFETY = 1.01
"""Covers second-order terms and the rounding of the error bounds themselves."""

TINY = 2.0**-1000
"""Added to absolute error bounds: covers underflow."""


def gamma(terms: int, unit: float) -> float:
    """k u / (1 - k u): the relative error of a sum of k products, in any order."""
    return terms * unit / (1 - terms * unit)


def host(matrices: Array) -> Array:
    """As a numpy array, wherever it was."""
    found: Array = matrices if isinstance(matrices, np.ndarray) else matrices.cpu().numpy()
    return found


def library(matrices: Array) -> Any:
    """numpy or torch: the library of elementwise functions for these matrices."""
    return np if isinstance(matrices, np.ndarray) else sys.modules["torch"]


def alike(numbers: NDArray[Any], matrices: Array) -> Any:
    """A numpy array of the type of these matrices, where they are."""
    if isinstance(matrices, np.ndarray):
        return numbers.astype(matrices.dtype, copy=False)
    return sys.modules["torch"].as_tensor(numbers, dtype=matrices.dtype, device=matrices.device)


def column(numbers: Array, matrices: Array) -> Array:
    """(B,) as (B, 1, 1), to scale these matrices."""
    found: Array = alike(numbers[:, None, None], matrices)
    return found


def product(left: Array, right: Array) -> Array:
    """Products of two stacks of matrices, slice by slice."""
    found: Array = left @ right
    return found


def dot(left: Array, right: Array) -> Array:
    """Frobenius inner products of two stacks of matrices, (B,)."""
    count = len(left)
    if not isinstance(left, np.ndarray):
        return host(product(left.reshape(count, 1, -1), right.reshape(count, -1, 1))[:, 0, 0])
    rows = np.ascontiguousarray(left).reshape(count, 1, -1)
    columns = np.ascontiguousarray(right).reshape(count, -1, 1)
    return np.asarray((rows @ columns)[:, 0, 0])


def norm(matrices: Array) -> Array:
    """Frobenius norms, (B,)."""
    return np.sqrt(dot(matrices, matrices))


def kept(matrices: Array, flags: Flags) -> Array:
    """The matrices of the rows that are flagged, zero in the others."""
    xp, rows = library(matrices), flags[:, None, None]
    found: Array = xp.where(alike(rows, matrices) != 0, matrices, 0.0)
    return found


def transposed(matrices: Array) -> Array:
    return matrices.swapaxes(1, 2)


def by_rows(matrices: Array) -> Array:
    """The same matrices stored row after row, which products take faster."""
    if isinstance(matrices, np.ndarray):
        return np.ascontiguousarray(matrices)
    found: Array = matrices.contiguous()
    return found


def singular_values(matrices: Array) -> Array:
    """Singular values, descending, (B, min(rows, columns))."""
    return np.asarray(np.linalg.svd(host(matrices), compute_uv=False), dtype=np.float64)


def eigenvalues(matrices: Array) -> Array:
    """Eigenvalues of symmetric matrices, ascending, (B, rows)."""
    return np.asarray(np.linalg.eigvalsh(host(matrices)), dtype=np.float64)

"""Small batched helpers: one number or matrix a configuration, whatever the size of the group.

A sum over a matrix is a matrix product of one row with one column: numpy takes those slice by
slice, so that the order of summation does not depend on the number of configurations.
"""

from __future__ import annotations

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


def column(numbers: Array) -> Array:
    """(B,) as (B, 1, 1), to scale matrices."""
    return numbers[:, None, None]


def dot(left: Array, right: Array) -> Array:
    """Frobenius inner products of two stacks of matrices, (B,)."""
    count = len(left)
    rows = np.ascontiguousarray(left).reshape(count, 1, -1)
    columns = np.ascontiguousarray(right).reshape(count, -1, 1)
    return np.asarray((rows @ columns)[:, 0, 0])


def norm(matrices: Array) -> Array:
    """Frobenius norms, (B,)."""
    return np.sqrt(dot(matrices, matrices))


def transposed(matrices: Array) -> Array:
    return matrices.swapaxes(1, 2)


def singular_values(matrices: Array) -> Array:
    """Singular values, descending, (B, min(rows, columns))."""
    return np.asarray(np.linalg.svd(matrices, compute_uv=False), dtype=np.float64)

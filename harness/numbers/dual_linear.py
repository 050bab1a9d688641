"""Linear algebra on matrices of duals: numpy's values, and derivatives by perturbation theory.

Eigenvalues and singular values that coincide have no derivatives of their own: theirs are NaN. The
counterpart of `harness.numbers.linear`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.numbers.dual import Dual
from harness.numbers.linear import eigenvalues as checked_eigenvalues
from harness.numbers.linear import singular_values as checked_singular_values

Rows = Sequence[Sequence[Any]]
Floats = NDArray[Any]

TIED = 1e-10
"""Eigenvalues this near, relative to the largest, count as one."""


def eigenvalues(symmetric: Rows) -> Any:
    """The eigenvalues of a symmetric matrix, ascending, shape (n,); their derivatives are v' dA v."""
    values, changes = _parts(symmetric)
    checked_eigenvalues(values.tolist())
    found, vectors = np.linalg.eigh(values)
    slopes = np.einsum("ai,abd,bi->id", vectors, changes, vectors)
    slopes[_tied(found)] = np.nan
    return _array(found, slopes)


def singular_values(matrix: Rows) -> Any:
    """The singular values, descending, shape (min(rows, columns),); their derivatives are u' dA v."""
    values, changes = _parts(matrix)
    checked_singular_values(values.tolist())
    left, found, right = np.linalg.svd(values, full_matrices=False)
    slopes = np.einsum("ai,abd,ib->id", left, changes, right)
    slopes[_tied(found) | (found <= TIED * found[0])] = np.nan
    return _array(found, slopes)


def solve(matrix: Rows, right: Sequence[Any]) -> Any:
    """x with matrix x = right, dx = matrix^-1 (dright - dmatrix x); ZeroDivisionError if singular."""
    values, changes = _parts(matrix)
    wanted, moved = _parts(right)
    columns = wanted.reshape(len(wanted), -1)
    try:
        found = np.linalg.solve(values, columns)
        shift = moved.reshape(*columns.shape, -1) - np.einsum("abd,bc->acd", changes, found)
        slopes = np.linalg.solve(values, shift.reshape(len(found), -1)).reshape(shift.shape)
    except np.linalg.LinAlgError as error:
        raise ZeroDivisionError("solve: the matrix is singular") from error
    solved = _array(found.ravel(), slopes.reshape(found.size, -1))
    return solved.reshape(wanted.shape)


def spectral_radius(matrix: Rows) -> Dual:
    """The largest modulus of an eigenvalue of a square matrix; NaN derivatives where it is defective."""
    values, changes = _parts(matrix)
    found, vectors = np.linalg.eig(values)
    place = int(np.argmax(np.abs(found)))
    eigenvalue = found[place]
    if eigenvalue == 0 or not np.linalg.cond(vectors) < 1 / TIED:
        return Dual(float(abs(eigenvalue)), np.full(changes.shape[-1], np.nan))
    slopes = np.einsum("a,abd,b->d", np.linalg.inv(vectors)[place], changes, vectors[:, place])
    return Dual(float(abs(eigenvalue)), np.real(np.conj(eigenvalue) * slopes) / abs(eigenvalue))


def _tied(values: Floats) -> NDArray[np.bool_]:
    """Those that have another one within `TIED` of the largest modulus; the values are in order."""
    near = np.abs(np.diff(values)) <= TIED * np.abs(values).max()
    found = np.zeros(len(values), dtype=bool)
    found[1:] |= near
    found[:-1] |= near
    return found


def _parts(rows: Sequence[Any]) -> tuple[Floats, Floats]:
    """Values of the entries, and their gradients along one more axis, at the end."""
    entries = np.array([list(row) if _listed(row) else row for row in rows], dtype=object)
    duals = [Dual.of(one) for one in entries.flat]
    size = max((one.gradient.shape[0] for one in duals), default=1)
    values = np.array([one.value for one in duals]).reshape(entries.shape)
    slopes = np.array([np.broadcast_to(one.gradient, size) for one in duals])
    return values, slopes.reshape(*entries.shape, size)


def _listed(row: Any) -> bool:
    return isinstance(row, list | tuple | np.ndarray)


def _array(values: Floats, slopes: Floats) -> Any:
    array = np.empty(len(values), dtype=object)
    array[:] = [Dual(float(value), slope) for value, slope in zip(values, slopes, strict=True)]
    return array

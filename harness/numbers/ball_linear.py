"""Linear algebra on matrices of balls, certified; the counterpart of `harness.numbers.linear`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from flint import acb_mat, arb, arb_mat

from harness.expressions import spectra
from harness.expressions.balls import exact
from harness.numbers import radius
from harness.numbers.ball import Ball, OpenComparisonError

Rows = Sequence[Sequence[Any]]


def eigenvalues(symmetric: Rows) -> Any:
    """Enclosures of the eigenvalues of a symmetric matrix, ascending, shape (n,)."""
    return _array(reversed(spectra.eigenvalues(_matrix(symmetric))))


def singular_values(matrix: Rows) -> Any:
    """Enclosures of the singular values, descending, shape (min(rows, columns),)."""
    return _array(spectra.singular_values(_matrix(matrix)))


def solve(matrix: Rows, right: Sequence[Any]) -> Any:
    """Enclosure of the solution; ZeroDivisionError where no balls prove the matrix invertible."""
    # an array of arrays takes apart what a list of rows, or of 0-dimensional arrays, leaves
    wanted = np.array(right, dtype=object)
    found = _matrix(matrix).solve(_matrix(wanted.reshape(len(wanted), -1).tolist()))
    return _array(found.entries()).reshape(wanted.shape)


def spectral_radius(matrix: Rows) -> Ball:
    """Enclosure of the largest modulus of an eigenvalue of a square matrix.

    Matrices of exact numbers go through rationals, where repeated eigenvalues do no harm.
    """
    balls = _matrix(matrix)
    if all(entry.is_exact() for entry in balls.entries()):
        found = radius.spectral_radius(
            [[_fraction(entry) for entry in row] for row in balls.tolist()]
        )
        return Ball(exact(found) + arb(0, found.error))
    try:
        values = acb_mat(balls).eig(multiple=True)
    except ValueError as error:
        raise OpenComparisonError("the eigenvalues cannot be told apart yet") from error
    return Ball(reduce(arb.max, [arb(abs(one)) for one in values]))


def _matrix(rows: Rows) -> arb_mat:
    return arb_mat([[Ball.of(entry).arb for entry in row] for row in rows])


def _fraction(entry: arb) -> Fraction:
    ratio = entry.fmpq()
    return Fraction(int(ratio.p), int(ratio.q))


def _array(values: Any) -> Any:
    found = [Ball(value) for value in values]
    array = np.empty(len(found), dtype=object)
    array[:] = found
    return array

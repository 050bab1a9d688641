"""The certified spectral radius: whether a linear iteration converges, beyond doubt of rounding.

Entries are taken exactly, the characteristic polynomial is computed in rationals, and its roots are
isolated in balls (python-flint). Repeated and zero eigenvalues, and matrices that have no basis of
eigenvectors, cost no accuracy; they would in floating point. Entries hundreds of orders of magnitude
apart leave an enclosure between 0 and a norm.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast

from flint import arb, fmpq, fmpq_mat

from harness.errors import UsageError
from harness.expressions.balls import lower, precision, upper
from harness.numbers.certain import Certain
from harness.numbers.linear import algebra_of

BITS = 64
"""Roots are isolated to about this relative precision, more than a double holds."""
LONGEST = 4096
"""Bits of a coefficient beyond which roots are not isolated: it would take minutes, not milliseconds.
Only entries that differ by hundreds of orders of magnitude go there."""


def spectral_radius(
    matrix: Sequence[Sequence[Any]], over: Sequence[Sequence[Any]] | None = None
) -> Certain:
    """The largest modulus of an eigenvalue of ``matrix``, or of ``over``^-1 ``matrix``.

    Entries are whole numbers, doubles or Fractions, nested lists or arrays, shape (n, n). A
    float with a certified ``error``; NaN where ``over`` is singular.
    Called with balls it returns a ball. Raises UsageError for a matrix that is empty, not square, or
    not finite.
    """
    algebra = algebra_of(matrix) or (None if over is None else algebra_of(over))
    if algebra is not None:
        swept = matrix if over is None else algebra.solve(over, matrix)
        return cast(Certain, algebra.spectral_radius(swept))
    exact = _rational(matrix)
    if over is not None:
        divisor = _rational(over)
        if divisor.nrows() != exact.nrows():
            raise UsageError("spectral_radius: both matrices must have the same size.")
        if divisor.det() == 0:
            return Certain(math.nan, 0.0)
        exact = divisor.solve(exact)
    polynomial = exact.charpoly().numer()
    if max(abs(one).bit_length() for one in map(int, polynomial.coeffs())) > LONGEST:
        return _within_norm(exact)
    with precision(BITS):
        isolated: Any = polynomial.complex_roots()
        roots = [root for root, _ in isolated]
        low = max(lower(root.abs_lower()) for root in roots)
        high = max(upper(root.abs_upper()) for root in roots)
    middle = low / 2 + high / 2
    error = math.nextafter(max(high - middle, middle - low), math.inf) if high > low else 0.0
    return Certain(middle, error)


def _within_norm(matrix: fmpq_mat) -> Certain:
    """Between 0 and the largest sum of moduli along a row; NaN where that is no double."""
    with precision(BITS):
        norm = max(upper(sum((arb(abs(one)) for one in row), arb(0))) for row in matrix.tolist())
    half = math.nextafter(norm / 2, math.inf)
    return Certain(half, half) if math.isfinite(half) else Certain(math.nan, 0.0)


def _rational(matrix: Sequence[Sequence[Any]]) -> fmpq_mat:
    """The matrix of exactly these numbers."""
    rows = [list(row) for row in matrix]
    if not rows or any(len(row) != len(rows) for row in rows):
        raise UsageError("spectral_radius: the matrix must be square and not empty.")
    try:
        entries = [[Fraction(one) for one in row] for row in rows]
    except (OverflowError, TypeError, ValueError) as error:
        raise UsageError(
            f"spectral_radius: every entry must be a finite number ({error})."
        ) from error
    return fmpq_mat(
        [[fmpq(int(one.numerator), int(one.denominator)) for one in row] for row in entries]
    )

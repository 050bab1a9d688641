"""Certified eigenvalues and singular values, repeated and zero ones included.

**The certificate.** Let A be symmetric, Q any square matrix, D diagonal with d_1 >= ... >= d_n, and

    e >= |Q'Q - I|_F,   r >= |Q'AQ - D|_F,   both computed in balls.

If e < 1 then Q is nonsingular and the eigenvalues of Q'Q lie in [1 - e, 1 + e]. Ostrowski's
theorem: lambda_i(Q'AQ) = theta_i lambda_i(A) with such a theta_i, i-th largest against i-th
largest. Weyl's theorem: |lambda_i(Q'AQ) - d_i| <= r. Together

    lambda_i(A)  in  [d_i - r, d_i + r] / [1 - e, 1 + e],

a quotient of balls, right for either sign of lambda_i and for any multiplicity. Nothing is asked
of Q: a poor one gives a wide enclosure, never a wrong one. The search starts from Q = I (e = 0).

An input that is itself a ball M0 + Delta costs another |Delta|_F (Weyl), no matter how M0 is
conditioned. Balls can therefore never certify that an eigenvalue is zero, only that it is not.
"""

from __future__ import annotations

from itertools import combinations, pairwise, product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from flint import arb, arb_mat, ctx

from harness.expressions.balls import precision, sqrt

GUARD = 32  # bits above the caller's: n^2 roundings must stay below what the caller sees
CLEARLY = 1000  # a gap is wide, an error negligible, by this factor
PASSES = 12  # each doubles the digits; a cluster of eigenvalues takes a few more

UNIT_BALL = arb(0, 1)


def from_array(values: npt.NDArray[np.floating[Any]]) -> arb_mat:
    """The matrix of exactly these doubles."""
    rows, columns = values.shape
    return arb_mat(rows, columns, [float(value) for value in values.ravel()])


def frobenius(m: arb_mat) -> arb:
    """The root of the sum of squares of the entries."""
    total = arb(0)
    for entry in m.entries():
        total += entry * entry
    return sqrt(total)


def eigenvalues(a: arb_mat) -> list[arb]:
    """Enclosures of all eigenvalues of the symmetric matrices in `a`, largest first.

    Ball i holds the i-th largest eigenvalue of every symmetric matrix whose entries lie in those
    of `a`. No ball is finite where an entry is not.
    """
    with precision(ctx.prec + GUARD):
        symmetric = (a + a.transpose()) / 2
        center = symmetric.mid()
        spread = frobenius(symmetric - center)
        share = arb(2) ** (GUARD - ctx.prec) * (8 * a.nrows())
        found = _nearly_diagonal(center, goal=share * frobenius(a) + spread / CLEARLY)
        r, theta = found.r * UNIT_BALL, 1 + found.e * UNIT_BALL
        return [(d + r) / theta + spread * UNIT_BALL for d in found.diagonal]


def singular_values(m: arb_mat) -> list[arb]:
    """Enclosures of the min(rows, columns) singular values, largest first, none below 0.

    They are roots of eigenvalues of the smaller Gram matrix of the midpoint, taken at twice the
    precision, because an error of 2^-2p there is one of 2^-p in a singular value that is zero.
    """
    with precision(2 * ctx.prec):
        center = m.mid()
        spread = frobenius(m - center) * UNIT_BALL
        roots = [sqrt(value) for value in eigenvalues(_gram(center))]
        return [(root + spread).nonnegative_part() for root in roots]


def spectral_norm(m: arb_mat) -> arb:
    """The largest singular value; 0 for a matrix without entries."""
    squares = eigenvalues(_gram(m.mid()))
    spread = frobenius(m - m.mid()) * UNIT_BALL
    return (sqrt(squares[0]) + spread).nonnegative_part() if squares else arb(0)


def _gram(m: arb_mat) -> arb_mat:
    turned = m.transpose()
    return m * turned if m.nrows() <= m.ncols() else turned * m


class _Certificate(NamedTuple):
    """The d (largest first), r and e of the enclosure."""

    diagonal: list[arb]
    r: arb
    e: arb

    def error(self, size: arb) -> arb:
        """What the enclosure of an eigenvalue as large as `size` loses, to first order."""
        return (self.r + self.e * size).upper()


def _certify(s: arb_mat, g: arb_mat) -> _Certificate:
    """From s = Q'AQ and g = Q'Q."""
    rest, diagonal = arb_mat(s), [s[i, i].mid() for i in range(s.nrows())]
    for i, value in enumerate(diagonal):
        rest[i, i] -= value
    diagonal.sort(reverse=True)
    return _Certificate(diagonal, frobenius(rest), frobenius(g - _identity(g.nrows())))


def _nearly_diagonal(a: arb_mat, goal: arb) -> _Certificate:
    """The best certificate found for a matrix without radii.

    Q starts from numpy's eigenvectors and is refined until the goal for the error is met.
    """
    size = frobenius(a).upper()
    best = _certify(a, _identity(a.nrows()))
    if a.nrows() <= 1 or best.error(size) <= goal:
        return best
    q = from_array(_eigenvectors(a))
    for attempt in range(PASSES):
        s, g = q.transpose() * a * q, q.transpose() * q
        found = _certify(s, g)
        if found.error(size) < best.error(size):  # <= size, from Q = I on, and therefore e < 1
            best = found
        if found.error(size) <= goal:
            break
        # A rotation is only as orthonormal as doubles are, so it is never followed by another.
        q = (q * _correction(s.mid(), g.mid(), rotating=attempt % 2 == 0)).mid()
    return best


def _correction(s: arb_mat, g: arb_mat, rotating: bool) -> arb_mat:
    """A factor that makes Q more nearly orthonormal and Q'AQ more nearly diagonal.

    Ogita and Aishima (2018): to first order the factor I + E has E_ij = (s_ij - v_j g_ij) /
    (v_j - v_i) for eigenvalues v apart, and E_ij = -g_ij / 2, which only restores orthogonality,
    for close ones. Where close ones hold the largest residual, they are rotated among themselves;
    where they are equal, theirs shrinks with the square of the others.
    """
    n = s.nrows()
    values = [(s[i, i] / g[i, i]).mid() for i in range(n)]
    residual = {
        (i, j): abs(s[i, j] - (values[i] + values[j]) / 2 * g[i, j]).upper()
        for i, j in combinations(range(n), 2)
    }
    largest = max(residual.values())
    clusters = _clusters(values, CLEARLY * largest)
    together = {pair for cluster in clusters for pair in combinations(sorted(cluster), 2)}
    step = _identity(n)
    if rotating and any(10 * residual[pair] >= largest for pair in together):
        for cluster in clusters:
            _rotate(step, cluster, s, g)
        return step
    for i in range(n):
        step[i, i] = (3 - g[i, i]) / 2
    for i, j in residual:
        step[i, j] = step[j, i] = -g[i, j] / 2
        if (i, j) not in together:
            gap = values[j] - values[i]
            step[i, j] = (s[i, j] - values[j] * g[i, j]) / gap
            step[j, i] = (values[i] * g[i, j] - s[i, j]) / gap
    return step


def _clusters(values: list[arb], gap: arb) -> list[list[int]]:
    """The indices of the values, split where neighbours differ by more than the gap."""
    order = sorted(range(len(values)), key=values.__getitem__)
    cuts = [k for k in range(1, len(order)) if values[order[k]] - values[order[k - 1]] > gap]
    return [order[start:end] for start, end in pairwise([0, *cuts, len(order)])]


def _rotate(step: arb_mat, cluster: list[int], s: arb_mat, g: arb_mat) -> None:
    """Write into `step` what diagonalises the excess of s over a multiple of g at these indices."""
    mean = s[cluster[0], cluster[0]] / g[cluster[0], cluster[0]]
    block = arb_mat([[s[i, j] - mean * g[i, j] for j in cluster] for i in cluster])
    vectors = _eigenvectors(block)
    for (i, row), (j, column) in product(enumerate(cluster), repeat=2):
        step[row, column] = float(vectors[i, j])


def _eigenvectors(m: arb_mat) -> npt.NDArray[np.float64]:
    """In double precision, relative to the size of m, so that no exponent is out of range."""
    size = frobenius(m).upper()
    doubles = np.array([[float(entry / size) for entry in row] for row in m.tolist()])
    if not np.isfinite(doubles).all():  # m = 0, where any basis serves, or m is not finite
        return np.eye(m.nrows())
    return np.linalg.eigh(doubles).eigenvectors


def _identity(n: int) -> arb_mat:
    return arb_mat(n, n, 1)

"""Squaring keeps the order of positive semidefinite matrices: S <= T implies S^2 <= T^2.

False: S = [[1, 1], [1, 1]], T = [[2, 1], [1, 1]] have det(T^2 - S^2) = -1 (derived). True neighbour
(Loewner and Heinz, remembered): the square root does, that is S^2 <= T^2 implies S <= T. Both are read
off the same pair, S = FF' and T = S + D. Least eigenvalues of 2 x 2 matrices come from rational traces
and determinants without cancellation, so their signs are exact. Equality: D = 0, which must stay quiet.
"""

import math
from fractions import Fraction

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, matrix, reals, symbol, vector

gap = symbol("gap", "least eigenvalue of T - S", "run", r"\lambda_{\min}(T-S)")
least = symbol("least", "least eigenvalue of T", "run", r"\lambda_{\min}(T)")
gap_of_squares = symbol("gap_of_squares", "least eigenvalue of T^2 - S^2", "run")


def least_eigenvalue(symmetric):
    """Of a rational 2 x 2 matrix, with its rounding error: a few units of 2^-53, or underflow."""
    (a, b), (_, c) = symmetric
    trace, determinant = a + c, a * c - b * b
    root = math.sqrt((a - c) ** 2 + 4 * b * b)
    least = 2 * float(determinant) / (trace + root) if trace > 0 else (trace - root) / 2
    return least, 2.0**-48 * abs(least) + (math.ulp(0) if determinant else 0)


@experiment(emits=[gap, least, gap_of_squares], F=matrix(2, 2, reals(-2, 2)),
            diagonal=vector(2, reals(0, 2)), corner=reals(-1, 1))
def two_matrices(F, diagonal, corner):
    """S = FF' and T = S + D; D has that diagonal and that entry in both corners."""
    F = np.array([[Fraction(x) for x in row] for row in F])
    (a, c), b, S = map(Fraction, diagonal), Fraction(corner), F @ F.T
    T = S + np.array([[a, b], [b, c]])
    return {gap: least_eigenvalue(T - S), least: least_eigenvalue(T),
            gap_of_squares: least_eigenvalue(T @ T - S @ S)}


squares = Theorem(
    title="Squaring is operator monotone", provenance="derived",
    hypotheses=[Hypothesis("ordered", "S <= T", gap >= 0)],
    claims=[Claim("ordered", gap_of_squares >= 0, expected=Verdict.VIOLATED,
                  because="x^2 is monotone but not operator monotone")],
)
square_roots = Theorem(
    title="The square root is operator monotone", source="loewner1934", provenance="remembered",
    hypotheses=[Hypothesis("ordered", "S^2 <= T^2", gap_of_squares >= 0),
                Hypothesis("semidefinite", "T >= 0", least >= 0)],
    claims=[Claim("ordered", gap >= 0)],
)

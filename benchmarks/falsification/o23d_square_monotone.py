"""Squaring keeps the order of positive semidefinite matrices: S <= T implies S^2 <= T^2.

False: S = [[1, 1], [1, 1]], T = [[2, 1], [1, 1]] have det(T^2 - S^2) = -1 (derived). True neighbour
(Loewner and Heinz, remembered): the square root does, that is S^2 <= T^2 implies S <= T. Both are read
off the same pair, S = FF' and T = S + D. A symmetric 2 x 2 matrix is semidefinite if and only if trace
and determinant are not negative: rational arithmetic. Equality: D = 0, which must stay quiet.
"""

from fractions import Fraction

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, matrix, reals, symbol, vector

gap = symbol("gap", "lesser of trace and determinant of T - S", "run")
least = symbol("least", "lesser of trace and determinant of T", "run")
gap_of_squares = symbol("gap_of_squares", "lesser of trace and determinant of T^2 - S^2", "run")


def lesser(symmetric):
    """Of trace and determinant."""
    (a, b), (_, c) = symmetric
    return min(a + c, a * c - b * b)


@experiment(emits=[gap, least, gap_of_squares], F=matrix(2, 2, reals(-2, 2)),
            diagonal=vector(2, reals(0, 2)), corner=reals(-1, 1))
def two_matrices(F, diagonal, corner):
    """S = FF' and T = S + D; D has that diagonal and that entry in both corners."""
    F = np.array([[Fraction(x) for x in row] for row in F])
    (a, c), b, S = map(Fraction, diagonal), Fraction(corner), F @ F.T
    T = S + np.array([[a, b], [b, c]])
    return {gap: lesser(T - S), least: lesser(T), gap_of_squares: lesser(T @ T - S @ S)}


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

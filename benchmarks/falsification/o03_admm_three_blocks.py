"""ADMM with three blocks converges on every nonsingular 3 x 3 constraint. (It does not.)

False claim: Gauss-Seidel ADMM with one block a column of A, penalty 1, for min 0 subject to A x = 0.
Counterexample (Chen, He, Ye and Yuan 2016): columns (1, 1, 1), (1, 1, 2), (1, 2, 2); the iteration
matrix has spectral radius 1.0278393.
True neighbour: two blocks, the first column and the other two together (a classical theorem).
Rounding: none, the entries are taken as exact rationals.
"""

from fractions import Fraction

import numpy as np

from harness import (
    Claim, Hypothesis, Theorem, Verdict, experiment, matrix, reals, spectral_radius, symbol,
)

three = symbol("radius_three", "spectral radius of one sweep, three blocks", "run", r"\rho_3")
two = symbol("radius_two", "spectral radius of one sweep, blocks {1} and {2, 3}", "run", r"\rho_2")
determinant = symbol("determinant", "|det A|", "run", r"|\det A|")
nonsingular = Hypothesis("nonsingular", "A is nonsingular", determinant > 0)


@experiment(emits=[three, two, determinant], A=matrix(3, 3, reals(-2, 2)))
def admm(A):
    """One sweep is linear in (x, multipliers); its matrix is L^-1 R."""
    A = np.array([[Fraction(entry) for entry in row] for row in A])
    gram, zero, one = A.T @ A, np.zeros((3, 3), dtype=int), np.eye(3, dtype=int)

    def radius(block):
        at_once = np.greater_equal.outer(block, block)
        left = np.block([[np.where(at_once, gram, 0), zero], [A, one]])
        right = np.block([[-np.where(at_once, 0, gram), A.T], [zero, one]])
        return spectral_radius(right, over=left)

    return {three: radius([0, 1, 2]), two: radius([0, 1, 1]),
            determinant: abs(A[:, 0] @ np.cross(A[:, 1], A[:, 2]))}


three_blocks = Theorem(
    title="Three-block ADMM converges",
    source="chen2016, Section 3",
    hypotheses=[nonsingular],
    claims=[Claim("converges", three <= 1, expected=Verdict.VIOLATED, because="chen2016")],
)
two_blocks = Theorem(
    title="Two-block ADMM converges",
    hypotheses=[nonsingular],
    claims=[Claim("converges", two <= 1)],
)

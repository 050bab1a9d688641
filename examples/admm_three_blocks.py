"""ADMM with three blocks converges on every nonsingular 3x3 constraint matrix. (It does not.)

min 0 subject to A x = 0, one block a column, penalty 1; Chen, He, Ye and Yuan (2016) gave the
counterexample that is declared as the witness. Sampling finds others unaided.
"""

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, integers, matrix, symbol

radius = symbol("radius", "spectral radius of the iteration matrix", "run", r"\rho")
determinant = symbol("determinant", "|det A|", "run", r"|\det A|")


@experiment(emits=[radius, determinant], A=matrix(3, 3, integers(0, 2)))
def three_block_admm(A):
    """One sweep of Gauss-Seidel ADMM is linear in (x, multipliers); its matrix is L^-1 R."""
    A = np.array(A, dtype=float)
    size = round(abs(np.linalg.det(A)))
    gram, zero = A.T @ A, np.zeros((3, 3))
    left = np.block([[np.tril(gram), zero], [A, np.eye(3)]])
    right = np.block([[-np.triu(gram, 1), A.T], [zero, np.eye(3)]])
    if size == 0:
        return {radius: np.nan, determinant: 0}
    eigenvalues = np.linalg.eigvals(np.linalg.solve(left, right))
    return {radius: (np.abs(eigenvalues).max(), 1e-6), determinant: size}


admm_three_blocks = Theorem(
    title="Three-block ADMM converges",
    source="chen2016, Section 3",
    hypotheses=[Hypothesis("nonsingular", "A is nonsingular", determinant >= 1)],
    claims=[
        Claim("converges", radius <= 1, expected=Verdict.VIOLATED, because="Chen et al. (2016)",
              witness={"A": [[1, 1, 1], [1, 1, 2], [1, 2, 2]]})
    ],
)

"""ADMM with three blocks converges for every well-conditioned constraint matrix. (It does not.)

min 0 subject to A x = 0, one block a column, penalty 1, entries uniform in [-2, 2]; false by Chen,
He, Ye and Yuan (Math. Prog. 155, 2016), whose matrix has entries 1 and 2.
"""

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, matrix, reals, symbol

radius = symbol("radius", "spectral radius of the iteration matrix", "run", r"\rho")
determinant = symbol("determinant", "|det A|", "run", r"|\det A|")


@experiment(emits=[radius, determinant], A=matrix(3, 3, reals(-2, 2)))
def admm(A):
    """One sweep is linear in (x, multipliers); its matrix is L^-1 R."""
    A = np.array(A, dtype=float)
    size = abs(np.linalg.det(A))
    if size < 1e-3:
        return {radius: np.nan, determinant: (size, 1e-13)}
    gram, zero = A.T @ A, np.zeros((3, 3))
    left = np.block([[np.tril(gram), zero], [A, np.eye(3)]])
    right = np.block([[-np.triu(gram, 1), A.T], [zero, np.eye(3)]])
    moduli = np.abs(np.linalg.eigvals(np.linalg.solve(left, right)))
    return {radius: (moduli.max(), 1e-6), determinant: (size, 1e-13)}


admm_entries = Theorem(
    title="Three-block ADMM converges",
    source="chen2016, Section 3",
    provenance="remembered",
    hypotheses=[Hypothesis("regular", "|det A| is at least 1/100", determinant >= 0.01)],
    claims=[Claim("converges", radius <= 1, expected=Verdict.VIOLATED, because="Chen et al. (2016)")],
)

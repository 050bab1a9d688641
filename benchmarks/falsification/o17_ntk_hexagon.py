"""The ReLU kernel matrix of distinct unit inputs is positive definite.

H_ij = E[x_i.x_j 1{w.x_i >= 0, w.x_j >= 0}] = x_i.x_j (pi - angle_ij) / (2 pi), no bias. "Distinct" is
made a number (angles of at least 0.3), and so is "definite" (1e-6; any positive number is too much).
False on the regular hexagon (derived, exact): H = circulant(1/2, 1/6, -1/12, 0, -1/12, 1/6) has
the null vector (1, -1, 1, -1, 1, -1). With psi(x) the feature of x, psi(x) - psi(-x) = x, so any
d + 1 pairs x, -x in R^d are dependent; one pair x, -x is not. Measure zero, or very thin with
the 1e-6; the space is separated points, and no witness is given.

True neighbour (Du, Zhai, Poczos and Singh, 2019, remembered): H is definite if no two inputs are
parallel, x and -x counting as parallel; here with angles of at least 0.1 between the lines.
"""

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, eigenvalues, experiment, separated, symbol

least = symbol("least", "least eigenvalue of H", "run", r"\lambda_{\min}(H)")
apart = symbol("apart", "smallest angle between two inputs", "run")
lines_apart = symbol("lines_apart", "smallest angle between the lines through two inputs", "run")


@experiment(emits=[least, apart, lines_apart], angles=separated(6, 0, 2 * np.pi - 0.3, 0.3))
def six_inputs(angles):
    """Kernel entries from differences of angles, which keep all digits; arccos would lose half."""
    gap = np.abs(np.subtract.outer(angles, angles))
    gap = np.minimum(gap, 2 * np.pi - gap)
    pairs, kernel = gap[np.triu_indices(6, 1)], np.cos(gap) * (np.pi - gap) / (2 * np.pi)
    return {least: eigenvalues(kernel)[0], apart: np.min(pairs),
            lines_apart: np.min(np.minimum(pairs, np.pi - pairs))}


distinct_inputs = Theorem(
    title="Distinct inputs give a definite ReLU kernel", provenance="derived",
    hypotheses=[Hypothesis("distinct", "angles of at least 0.3, up to rounding", apart >= 0.3 - 1e-9)],
    claims=[Claim("definite", least >= 1e-6, expected=Verdict.VIOLATED,
                  because="the regular hexagon has eigenvalue 0")],
)
no_parallel_inputs = Theorem(
    title="Inputs of which no two are parallel give a definite ReLU kernel",
    source="du2019", provenance="remembered",
    hypotheses=[Hypothesis("not parallel", "lines at least 0.1 apart", lines_apart >= 0.1)],
    claims=[Claim("definite", least > 0)],
)

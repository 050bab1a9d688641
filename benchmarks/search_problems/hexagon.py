"""The ReLU kernel matrix of six separated points on the circle has least eigenvalue above 1e-6.

H_ij = x_i.x_j (pi - angle_ij) / (2 pi), which is E[x_i.x_j 1{w.x_i >= 0, w.x_j >= 0}]. False: on
the regular hexagon H is circulant(1/2, 1/6, -1/12, 0, -1/12, 1/6), with eigenvalue 0.
"""

import numpy as np

from harness import Claim, Hypothesis, Theorem, Verdict, experiment, reals, symbol, vector

least = symbol("least", "least eigenvalue of H", "run", r"\lambda_{\min}(H)")
separation = symbol("separation", "smallest angle between two of the points", "run")


@experiment(emits=[least, separation], angles=vector(6, reals(0, 6.283185307179586)))
def relu_kernel(angles):
    """Angles between points from differences, which keeps all digits; arccos would lose half."""
    gap = np.abs(np.subtract.outer(angles, angles))
    gap = np.minimum(gap, 2 * np.pi - gap)
    kernel = np.cos(gap) * (np.pi - gap) / (2 * np.pi)
    apart = gap[np.triu_indices(len(angles), 1)].min()
    return {least: (np.linalg.eigvalsh(kernel)[0], 1e-14), separation: (apart, 1e-14)}


hexagon = Theorem(
    title="Distinct inputs give a definite ReLU kernel",
    source="the regular hexagon",
    provenance="derived",
    hypotheses=[Hypothesis("separated", "angles of at least 0.3", separation >= 0.3)],
    claims=[Claim("definite", least >= 0.000001, expected=Verdict.VIOLATED,
                  because="the hexagon has eigenvalue 0")],
)

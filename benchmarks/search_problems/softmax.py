"""Softmax is 0.49-Lipschitz in the Euclidean norm. (1/2 is the least constant.)

The Jacobian diag(p) - p p' has largest eigenvalue 1/2 where two logits tie and dominate.
"""

import numpy as np

from harness import Claim, Theorem, Verdict, eigenvalues, experiment, reals, symbol, vector

slope = symbol("slope", "largest eigenvalue of the Jacobian", "run", r"\lambda_{\max}(J)")


@experiment(emits=[slope], logits=vector(10, reals(-3, 3)))
def softmax(logits):
    weights = np.exp(np.array(logits) - max(logits))
    p = weights / weights.sum()
    return {slope: (eigenvalues(np.diag(p) - np.outer(p, p))[-1], 1e-14)}


softmax_lipschitz = Theorem(
    title="Softmax is 0.49-Lipschitz",
    source="its Jacobian",
    provenance="derived",
    claims=[Claim("constant", slope <= 0.49, expected=Verdict.VIOLATED,
                  because="two equal logits give 1/2 in the limit")],
)

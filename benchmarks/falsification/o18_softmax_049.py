"""Softmax is 0.49-Lipschitz in the Euclidean norm.

False (derived): at two equal logits the Jacobian diag(p) - pp' is [[1/4, -1/4], [-1/4, 1/4]], with
eigenvalue 1/2. Among more logits, two that tie and dominate come near it. The slope at a point is a
lower bound of the Lipschitz constant.

True neighbour: 1/2 (remembered). Equality at (0, 0), which must stay quiet.
"""

import numpy as np

from harness import (Claim, Theorem, Verdict, depending, eigenvalues, experiment, integers, reals,
                     symbol, vector)

slope = symbol("slope", "largest eigenvalue of the Jacobian", "run", r"\lambda_{\max}(J)")


@experiment(emits=[slope], n=integers(2, 10),
            logits=depending(lambda before: vector(before["n"], reals(-3, 3))))
def softmax(n, logits):
    """The Jacobian of softmax at the given logits."""
    weights = np.exp(np.array(logits))
    p = weights / weights.sum()
    return {slope: eigenvalues(np.diag(p) - np.outer(p, p))[-1]}


below_a_half = Theorem(
    title="Softmax is 0.49-Lipschitz", provenance="derived",
    claims=[Claim("constant", slope <= 0.49, expected=Verdict.VIOLATED,
                  because="two equal logits have slope 1/2")],
)
one_half = Theorem(
    title="Softmax is 1/2-Lipschitz", provenance="remembered",
    claims=[Claim("constant", slope <= 0.5)],
)

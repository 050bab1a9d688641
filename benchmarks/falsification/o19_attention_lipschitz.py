"""Dot-product self-attention is Lipschitz on all of R^N, here with constant 10.

False (derived, after Kim, Papamakarios and Mnih, 2021, remembered), whatever the constant: with one
feature, all weights 1 and inputs x = (0, M), the entry dF_1/dx_1 of the Jacobian is 1/2 + M^2/4.

True neighbour (derived): on the cube |x_i| <= R the Jacobian, as an operator on the maximum norm, is at
most 1 + 2 R^2. With P the attention and F = P x its row sums of absolute values are at most
sum_k P_ik (1 + |x_i| |x_k - F_i|) + Var_i(x), the mean distance from F_i is at most the standard
deviation, and both it and |x_i| are at most R. Equality at x = 0, which must stay quiet.
"""

import numpy as np

from harness import Claim, Theorem, Verdict, depending, experiment, integers, reals, symbol, vector

slope = symbol("slope", "norm of the Jacobian on the maximum norm", "run", r"\|J\|_\infty")
radius = symbol("radius", "largest |x_i|", "run", "R")


@experiment(emits=[slope, radius], n=integers(2, 5),
            x=depending(lambda before: vector(before["n"], reals(-10, 10))))
def self_attention(n, x):
    """F_i = sum_j P_ij x_j with P_i the softmax of x_i x_j over j."""
    x = np.array(x)
    weights = np.exp(np.outer(x, x))
    attention = weights / weights.sum(axis=1)[:, None]
    from_mean = x[None, :] - (attention @ x)[:, None]
    variances = np.sum(attention * from_mean**2, axis=1)
    jacobian = attention * (1 + x[:, None] * from_mean) + np.diag(variances)
    return {slope: np.max(np.abs(jacobian).sum(axis=1)), radius: np.max(np.abs(x))}


everywhere = Theorem(
    title="Self-attention is Lipschitz", source="kim2021", provenance="derived",
    claims=[Claim("constant", slope <= 10, expected=Verdict.VIOLATED,
                  because="the Jacobian grows with the square of the inputs")],
)
on_a_cube = Theorem(
    title="Self-attention is Lipschitz on a cube", source="kim2021", provenance="derived",
    claims=[Claim("constant", slope <= 1 + 2 * radius**2)],
)

r"""Stable minima of univariate ReLU networks are smooth functions: sharpness bounds a weighted norm.

Setting. f(x) = sum_i v_i relu(w_i x + b_i) + c, loss 1/(2N) sum (f(x_j) - y_j)^2, f(x_j) = y_j.
G(t) = min(G-(t), G+(t)), G-(t) = P(X < t)^2 E[t - X | X < t] sqrt(1 + E[X | X < t]^2) for the
empirical law of the inputs, G+ its mirror image; path_norm = sum |v_i w_i| G(-b_i/w_i).
Hypotheses. No input lies on a kink.
Statement. With lambda the largest eigenvalue of the Hessian

    sharpness: lambda >= 1 + 2 path_norm

Source. Mulayoff, Michaeli, Soudry, NeurIPS 2021, Lemma 4, which has the integral of |f''| G for path_norm: the
same unless neurons share a kink. Derived for every neuron: lambda is at least the squared norm of the mean
of grad f(x_j), which is 1 + sum P^2 (v_i^2 (1 + E[X|i]^2) + w_i^2 E[|X + b_i/w_i| | i]^2) over active inputs.
Remarks. With linear stability, eta lambda <= 2, it says path_norm <= 1/eta - 1/2. Attained by two
mirrored neurons with inputs at one distance m from their kink, |v_i| sqrt(1 + m^2) = |w_i| m.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Hypothesis, Theorem
from harness import implicit_bias as s

MIRRORED: dict[str, Any] = {
    "points": [-0.75, -0.75, 0.75, 0.75], "w": [1.25, 1.25], "b": [0.0, 0.0], "v": [0.75, 0.75],
    "facing": -1,
}  # fmt: skip

theorem = Theorem(
    title="Sharpness of an interpolating univariate ReLU network",
    source="mulayoff2021, Lemma 4 and Theorem 1",
    provenance="read",
    hypotheses=(Hypothesis("off the kinks", "no w_i x_j + b_i is 0", Eq(s.clear, 1)),),
    claims=(Claim("sharpness", s.sharpness >= 1 + 2 * s.path_norm, witness=MIRRORED),),
    spelled={"lambda": s.sharpness},
    controls=(
        Control("a-twentieth-more", "sharpness", {s.path_norm: s.path_norm * 21 / 20},
                configuration=MIRRORED),
    ),
)  # fmt: skip

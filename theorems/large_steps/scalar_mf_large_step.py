r"""Factoring a number with a large step: exact recursions, and why the end is no sharper than 2/eta.

Setting. Gradient descent on 1/2 (mu - x y)^2; p = x y, q = x^2 + y^2, e = p - mu.
Hypotheses. None: any step, any x and y.
Statement. After one step p is p+, q is q+, and

    product: p+ = p - eta e q + eta^2 e^2 p
    size: q+ = q - 4 eta e p + eta^2 e^2 q
    skewness: (x^2 - y^2)+ = (x^2 - y^2) (1 - eta^2 e^2)
    edge: abs(p+ - mu) >= abs(e) (eta q - 1 - eta^2 e p)

Source. Wang, Chen, Zhao, Tao, ICLR 2022 (arXiv 2110.03677), is the setting; derived here.
Remarks. By the last one a run whose error shrinks near e = 0 has eta q <= 2 there: q is the
largest eigenvalue of the Hessian at the minimum. |x^2 - y^2| does not grow while eta |e| <= sqrt(2).
The paper's convergence for eta <= 4 / (q_0 + 4 mu) from almost every start is not claimed here: the
time it takes has no bound. Of runs: scalar_mf_bounded, scalar_mf_settled, scalar_mf_skewness.
"""

from __future__ import annotations

from sympy import Abs, Eq

from harness import Claim, Control, Definition, Theorem
from harness import large_steps as s
from theorems.large_steps.scalings import FACTORS

e = Definition("e", s.product - s.goal, "error")
eta = s.step
EDGE = {"x": 2.0, "y": 1.0, "goal": 1.0, "step": 0.75}

theorem = Theorem(
    title="Factoring a number with a large step",
    source="wang2022, setting of Theorem 3.1",
    provenance="derived",
    claims=(
        Claim("product",
              Eq(s.product_after, s.product - eta * e * s.size + eta**2 * e**2 * s.product)),
        Claim("size", Eq(s.size_after, s.size - 4 * eta * e * s.product + eta**2 * e**2 * s.size)),
        Claim("skewness", Eq(s.skewness_after, s.skewness * (1 - eta**2 * e**2))),
        Claim("edge", Abs(s.product_after - s.goal)
              >= Abs(e) * (eta * s.size - 1 - eta**2 * e * s.product), trivial=0, witness=EDGE),
    ),
    scalings=(FACTORS,),
    spelled={
        "eta": eta, "mu": s.goal, "p": s.product, "p+": s.product_after, "q": s.size,
        "q+": s.size_after, "(x^2 - y^2)": s.skewness, "(x^2 - y^2)+": s.skewness_after,
    },
    controls=(
        Control("a-twentieth-more-error", "product", {e: e * 21 / 20}),
        Control("a-twentieth-more-error-in-size", "size", {e: e * 21 / 20}),
        Control("conserved", "skewness", {e: 0}),
        Control("a-twentieth-more", "edge", {s.size: s.size * 21 / 20}, configuration=EDGE),
    ),
)  # fmt: skip

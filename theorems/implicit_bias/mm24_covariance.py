r"""The covariance at which SGD settles around a minimum, exact at any stable step.

Setting. Near a minimum of the mean, sample i has Hessian H_i and gradient g_i, H the mean of the H_i;
batches of B out of n without replacement, p = (n - B)/(B (n - 1)); C = (H kron I + I kron H)/2 and
D = (1 - p) H kron H + p mean (H_i kron H_i) on symmetric matrices.
Hypotheses. H is regular and the second moments shrink without noise: rho < 1.
Statement. The limit of E x x', read by any P, with formula = <P, (2 C - eta D)^-1 mean g_i g_i'>, is

    covariance: limit = eta p formula

Source. Mulayoff, Michaeli, COLT 2024 (arXiv 2306.07850), Theorem 12.
Remarks. The left side is enumerated over all batches.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Hypothesis, Theorem
from harness import implicit_bias as s
from theorems.implicit_bias.scalings import LENGTHS, LOSS

NEAR: dict[str, Any] = {"step": 0.5}

theorem = Theorem(
    title="Stationary covariance of SGD",
    source="mulayoff2024, Theorem 12",
    hypotheses=(Hypothesis("stable", "rho < 1", s.radius < 1),),
    claims=(
        Claim("covariance", Eq(s.spread_limit, s.step * s.batch_factor * s.spread_formula)),
    ),
    scalings=(LENGTHS, LOSS),
    spelled={
        "eta": s.step, "p": s.batch_factor, "limit": s.spread_limit, "formula": s.spread_formula,
    },
    controls=(
        Control("a-twentieth-more-noise", "covariance",
                {s.batch_factor: s.batch_factor * 21 / 20}, configuration=NEAR),
    ),
)  # fmt: skip

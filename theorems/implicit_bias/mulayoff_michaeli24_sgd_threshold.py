r"""The exact step size up to which SGD is stable in mean square at an interpolating minimum.

Setting. Sample i has Hessian H_i at a minimum of all samples, H their mean; batches of B out of n
without replacement, p = (n - B)/(B (n - 1)); on symmetric matrices C = (H kron I + I kron H)/2 and
D = (1 - p) H kron H + p mean (H_i kron H_i); rho is the spectral radius of the map of E x x' of a step.
Hypotheses. H is regular.
Statement. With eta* = 2 / lambda_max(C^+ D)

    stable: (rho - 1) (eta* - eta) <= 0
    below-full-batch: eta* <= 2 / lambda_max(H)

Source. Mulayoff, Michaeli, COLT 2024 (arXiv 2306.07850), Theorem 5.
Remarks. The first says rho <= 1 below eta* and rho >= 1 above it. Full batches, p = 0, attain the second.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Theorem
from harness import implicit_bias as s
from theorems.implicit_bias.scalings import LENGTHS, LOSS

FULL: dict[str, Any] = {"batch": 3, "step": 0.75}
NEAR: dict[str, Any] = {"n": 2, "rows": [[1.0, 0.0], [0.0, 1.0]], "batch": 1, "step": 1.9375}

theorem = Theorem(
    title="Mean-square stability threshold of SGD",
    source="mulayoff2024, Theorem 5",
    hypotheses=(Hypothesis("regular", "H is regular", s.mean_determinant > 0),),
    claims=(
        Claim("stable", (s.radius - 1) * (s.threshold - s.step) <= 0, witness=NEAR),
        Claim("below-full-batch", s.threshold <= 2 / s.mean_curvature, witness=FULL),
    ),
    scalings=(LENGTHS, LOSS),
    spelled={
        "rho": s.radius, "eta*": s.threshold, "eta": s.step, "lambda_max(H)": s.mean_curvature,
    },
    controls=(
        Control("a-twentieth-more", "stable", {s.threshold: s.threshold * 21 / 20},
                configuration={**NEAR, "step": 2.0625}),
        Control("a-twentieth-less", "below-full-batch", {s.mean_curvature: 21 * s.mean_curvature / 20},
                configuration=FULL),
    ),
)  # fmt: skip

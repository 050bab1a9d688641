r"""Gradient descent stays near a minimum exactly when its step is at most 2 over the sharpness.

Setting. T steps of gradient descent on a quadratic with minimiser x*, whose Hessian has largest
eigenvalue lambda with unit eigenvector v, and which is convex.
Hypotheses. eta lambda <= 2.
Statement.

    stays: |x_T - x*|^2 <= |x_0 - x*|^2
    sharpest-direction: (v.(x_T - x*))^2 = (1 - eta lambda)^2^T (v.(x_0 - x*))^2

Source. Classical, derived here; linear stability as in Mulayoff, Michaeli, Soudry, NeurIPS 2021.
Remarks. The second needs no hypothesis: beyond 2/eta that component grows at every step, so that
a minimum is left from almost every start nearby. eta lambda = 2 attains the first.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Definition, Hypothesis, Theorem
from harness import large_steps as s
from theorems.large_steps.scalings import LOSS, WEIGHTS

ALONG: dict[str, Any] = {"turn": 0.0, "offset": [1.0, 0.0], "curvatures": [4.0, 1.0]}
EDGE = {**ALONG, "step": 0.5}
BEYOND = {**ALONG, "step": 0.5625}

factor = Definition("factor", (1 - s.step * s.curvature) ** 2, "per step, along v")

theorem = Theorem(
    title="A minimum is stable up to sharpness 2 over the step",
    source="mulayoff2021, linear stability of a minimum",
    provenance="derived",
    hypotheses=(
        Hypothesis("step at most 2/lambda", "eta lambda <= 2", s.step * s.curvature <= 2, BEYOND),
    ),
    claims=(
        Claim("stays", s.offset <= s.offset_start, witness=EDGE),
        Claim("sharpest-direction", Eq(s.sharp, factor**s.steps_taken * s.sharp_start)),
    ),
    scalings=(LOSS, WEIGHTS),
    spelled={
        "T": s.steps_taken, "|x_T - x*|^2": s.offset, "|x_0 - x*|^2": s.offset_start,
        "(1 - eta lambda)^2": factor, "(v.(x_T - x*))^2": s.sharp,
        "(v.(x_0 - x*))^2": s.sharp_start,
    },
    controls=(
        Control("step-too-long", "stays", drop="step at most 2/lambda", configuration=BEYOND),
        Control("least-eigenvalue", "sharpest-direction", {s.curvature: s.least_curvature}),
    ),
)  # fmt: skip

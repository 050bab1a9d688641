r"""Factoring a number with a large step: the factors do not grow apart while no step is wild.

Setting. Gradient descent on 1/2 (mu - x y)^2 with step eta; e = x y - mu; T steps.
Hypotheses. eta max_k |e_k| <= sqrt(2) over the steps taken.
Statement.

    skewness: abs(x_T^2 - y_T^2) <= abs(x_0^2 - y_0^2)

Source. Wang, Chen, Zhao, Tao, ICLR 2022 (arXiv 2110.03677), is the setting; derived: a step multiplies x^2 - y^2 by
1 - eta^2 e^2.
Remarks. Below eta = 4/(q_0 + 4 mu) one has eta |e_0| < 2, not sqrt(2): the hypothesis is about the run.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, sqrt

from harness import Claim, Control, Hypothesis, Theorem
from harness import large_steps as s
from theorems.large_steps.scalings import FACTORS

STILL: dict[str, Any] = {"x": 2.0, "y": 0.5, "goal": 1.0}
WILD: dict[str, Any] = {"x": 2.0, "y": 1.875, "goal": 0.125, "share": 1.0, "steps": 1}

theorem = Theorem(
    title="Factoring a number with a large step balances the factors",
    source="wang2022, setting of Theorem 3.1",
    provenance="derived",
    hypotheses=(
        Hypothesis(
            "calm", "eta max_k |e_k| <= sqrt(2)", s.step * s.error_most <= sqrt(2), breaks_with=WILD
        ),
    ),
    claims=(Claim("skewness", Abs(s.skewness_end) <= Abs(s.skewness_start), witness=STILL),),
    scalings=(FACTORS,),
    spelled={
        "eta": s.step, "max_k |e_k|": s.error_most, "x_T^2 - y_T^2": s.skewness_end,
        "x_0^2 - y_0^2": s.skewness_start,
    },
    controls=(
        Control("wild", "skewness", drop="calm", configuration=WILD),
        Control("a-twentieth-less", "skewness", {s.skewness_start: s.skewness_start * 19 / 20},
                configuration=STILL),
    ),
)  # fmt: skip

r"""Factoring a number with a large step: below an explicit limit a run stays bounded, beyond it never settles.

Setting. Gradient descent on 1/2 (mu - x y)^2 with step eta; p = x y, q = x^2 + y^2, e = p - mu, and the
margin M = 4 - eta q + eta^2 mu e; T steps.
Hypotheses. eta mu < 2, and M_0 >= 0 (first statement) or M_0 <= 0 (second).
Statement. First, of every T,

    inside: eta q_T <= 4 + eta^2 mu e_T
    bounded: eta q_T <= 4 + 2 eta mu

Second,

    outside: eta q_T >= 4 + eta^2 mu e_T

Source. Derived: M_+ = M (1 + eta^2 e p), and eta^2 e p >= -(eta mu)^2/4 > -1, so that M keeps its sign;
bounded follows from e <= q/2 - mu. Wang, Chen, Zhao, Tao, ICLR 2022 (arXiv 2110.03677), Theorem 3.1, has
convergence from almost every start for eta <= 4/(q_0 + 4 mu).
Remarks. Their limit is inside: there M_0 >= 2 eta mu. That the run converges is not claimed, as its time has no
bound. Outside, no minimum of sharpness q < 4/eta can be reached, and 2/eta is the most that is stable.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Definition, Hypothesis, Theorem
from harness import large_steps as s
from theorems.large_steps.scalings import FACTORS

eta, mu = s.step, s.goal
first = Definition("e_0", s.product_start - mu, "error at the start")
last = Definition("e_T", s.product_end - mu, "error at the end")
start = Definition("M_0", 4 - eta * s.size_start + eta**2 * mu * first, "margin at the start")

RIM: dict[str, Any] = {"x": 2.5, "y": 2.5, "goal": 2.25, "steps": 1}
WITHIN: dict[str, Any] = {**RIM, "share": 2.6875 - 2**-12}
WITHOUT: dict[str, Any] = {**RIM, "share": 2.6875 + 2**-12}
TOO_LONG: dict[str, Any] = {**RIM, "goal": 2.5, "share": 5.625}
OVER: dict[str, Any] = {"x": 1.0, "y": 1.0, "goal": 2.0, "share": 2.75, "steps": 1}
BEYOND: dict[str, Any] = {"x": 2.0, "y": -1.0, "goal": 0.5, "share": 1.3, "steps": 6}
SPELLED = {"eta": eta, "mu": mu, "q_T": s.size_end}

scalar_mf_inside = Theorem(
    title="Factoring a number with a large step stays bounded",
    source="wang2022, setting of Theorem 3.1",
    provenance="derived",
    hypotheses=(
        Hypothesis("step", "eta mu < 2", eta * mu < 2, TOO_LONG),
        Hypothesis("inside", "M_0 >= 0", start >= 0, BEYOND),
    ),
    claims=(
        Claim("inside", eta * s.size_end <= 4 + eta**2 * mu * last, witness=WITHIN),
        Claim("bounded", eta * s.size_end <= 4 + 2 * eta * mu, witness=WITHIN),
    ),
    scalings=(FACTORS,),
    spelled=SPELLED,
    controls=(
        Control("1.3-times-the-limit", "bounded", drop="inside", configuration=BEYOND),
        Control(
            "a-twentieth-more", "inside", {s.size_end: s.size_end * 21 / 20}, configuration=WITHIN
        ),
    ),
)

scalar_mf_outside = Theorem(
    title="Factoring a number with a step too large never settles",
    source="wang2022, setting of Theorem 3.1",
    provenance="derived",
    hypotheses=(
        Hypothesis("step", "eta mu < 2", eta * mu < 2, OVER),
        Hypothesis("outside", "M_0 <= 0", start <= 0, {}),
    ),
    claims=(Claim("outside", eta * s.size_end >= 4 + eta**2 * mu * last, witness=WITHOUT),),
    scalings=(FACTORS,),
    spelled=SPELLED,
    controls=(Control("half-the-limit", "outside", drop="outside"),),
)

r"""How far a network's training is from that of its linearization, step by step and without conditions.

Setting. Gradient descent on 1/2 |e|^2 of any differentiable model, J_0 its Jacobian at the start and
Theta_0 = J_0 J_0'; the linear model has l_{t+1} = (I - eta Theta_0) l_t, l_0 = e_0. rho = |I - eta Theta_0|_2.
Statement. At any step size, whether training converges or not,

    linear: |l_T| <= max(|1 - eta sg^2|, |1 - eta sJ^2|)^T |e_0|
    duhamel: gap <= remainders

with sg and sJ the least and the largest singular value of J_0, gap = |e_T - l_T| and remainders the sum over
t < T of rho^(T-1-t) |e_{t+1} - (I - eta Theta_0) e_t|.
Source. Derived: e_T - l_T is the sum of (I - eta Theta_0)^(T-1-t) (e_{t+1} - (I - eta Theta_0) e_t), and
e_{t+1} = (I - eta Jbar_t J_t') e_t with Jbar_t the mean of J along the step.
Remarks. The first is attained where e_0 is an eigenvector of the extreme factor, the second at T = 1.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Max

from harness import Claim, Control, Definition, Theorem
from harness import lazy_training as s
from theorems.lazy_training.scalings import SCALINGS

eta, T = s.tangent_step, s.tangent_steps
factor = Definition(
    "factor",
    Max(Abs(1 - eta * s.jacobian_least**2), Abs(1 - eta * s.jacobian_norm**2)),
    "|I - eta Theta_0|_2",
)
SAME: dict[str, Any] = {
    "weights": [[0.25, 0.25], [0.25, 0.25], [0.25, 0.25], [0.25, 0.25]], "misfit": [0.5, 0.5],
}  # fmt: skip
ONE_STEP: dict[str, Any] = {"steps": 1, "misfit": [2.0, -2.0], "scale": 8.0}

theorem = Theorem(
    title="Gap between a network and its linearization under gradient descent",
    source="lee2019, setting",
    provenance="derived",
    claims=(
        Claim("linear", s.linear_error <= factor**T * s.error_start, witness=SAME),
        Claim("duhamel", s.linear_away <= s.remainders, witness=ONE_STEP),
    ),
    scalings=SCALINGS,
    spelled={
        "|l_T|": s.linear_error, "eta": eta, "sg": s.jacobian_least, "sJ": s.jacobian_norm, "T": T,
        "|e_0|": s.error_start, "gap": s.linear_away,
        "remainders": s.remainders,
        "max(|1 - eta sg^2|, |1 - eta sJ^2|)": factor,
    },
    controls=(
        Control("a-fiftieth-faster", "linear", {factor: factor * 49 / 50}, configuration=SAME),
        Control("a-fiftieth-less", "duhamel", {s.remainders: s.remainders * 49 / 50},
                configuration=ONE_STEP),
    ),
)  # fmt: skip

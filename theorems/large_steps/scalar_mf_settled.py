r"""Factoring a number with a large step: where a run settles, the factors are nearly balanced.

Setting. Gradient descent on 1/2 (mu - x y)^2 with step eta; p = x y, q = x^2 + y^2, e = p - mu; T steps, and
one step more.
Hypotheses. eta mu < 2; near: |e_T| <= mu/16; settling: 0 < |e_T| and |e_{T+1}| <= |e_T|.
Statement.

    sharpness: eta q_T <= 2 + eta^2 e_T p_T
    apart: (x_T - y_T)^2 <= 2/eta - 2 mu + mu/8

Source. Wang, Chen, Zhao, Tao, ICLR 2022 (arXiv 2110.03677), has q <= 2/eta and (x - y)^2 <= 2/eta - 2 mu in the limit,
for eta <= 4/(q_0 + 4 mu) and almost every start; derived here for the end of a run.
Remarks. e_+ = e (1 - eta q + eta^2 e p). The slack of the first statement goes with e_T; that of the second,
(eta p - 2) e, is at most 2 |e|. No limit on q_0 is needed: a run that settles at all settles where it is
flat. Excepted are runs that land on x y = mu exactly, from almost no start.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs

from harness import Claim, Control, Definition, Hypothesis, Theorem
from harness import large_steps as s
from theorems.large_steps.scalings import FACTORS

eta, mu, p = s.step, s.goal, s.product_end
last = Definition("e_T", p - mu, "error at the end")

NEAR: dict[str, Any] = {"x": 2.0, "y": 0.5 + 2**-20, "goal": 1.0, "steps": 1}
FLAT: dict[str, Any] = {**NEAR, "share": 0.970}
SHARP: dict[str, Any] = {**NEAR, "share": 1.1}
LANDED: dict[str, Any] = {**SHARP, "y": 0.5}

theorem = Theorem(
    title="Factoring a number with a large step ends where it is flat",
    source="wang2022, setting of Theorem 3.1",
    provenance="derived",
    hypotheses=(
        Hypothesis("step", "eta mu < 2", eta * mu < 2),
        Hypothesis("near", "|e_T| <= mu/16", Abs(last) <= mu / 16),
        Hypothesis("not there yet", "0 < |e_T|", Abs(last) > 0, LANDED),
        Hypothesis("settling", "|e_{T+1}| <= |e_T|", Abs(s.product_beyond - mu) <= Abs(last), SHARP),
    ),
    claims=(
        Claim("sharpness", eta * s.size_end <= 2 + eta**2 * last * p, witness=FLAT),
        Claim("apart", s.size_end - 2 * p <= 2 / eta - 2 * mu + mu / 8),
    ),
    scalings=(FACTORS,),
    spelled={
        "eta": eta, "mu": mu, "q_T": s.size_end, "p_T": p, "(x_T - y_T)^2": s.size_end - 2 * p,
        "e_{T+1}": s.product_beyond - mu,
    },
    controls=(
        Control("sharper", "sharpness", drop="settling", configuration=SHARP),
        Control("a-twentieth-more", "sharpness", {s.size_end: s.size_end * 21 / 20}, configuration=FLAT),
        Control("a-tenth-longer", "apart", {eta: eta * 11 / 10}, configuration=FLAT),
    ),
)  # fmt: skip

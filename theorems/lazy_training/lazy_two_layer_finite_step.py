r"""A two-layer network under gradient descent stays near its start and near its linearization.

Setting. f_i = (alpha/sqrt(h)) sum_r a_r phi(w_r.x_i), |a_r| = 1 fixed, phi = tanh, so that |phi'| <= 1 and
|phi''| <= 4/(3 sqrt(3)); loss 1/2 |e|^2, e = f - y; J_0 the Jacobian at the start, sg its least singular value,
B = alpha |X|_2, Lip = alpha 4/(3 sqrt(3)) |X|_2 max|x_i| / sqrt(h). Any start.
Hypotheses. 8 Lip |e_0| <= sg^2 and eta (B^2 + Lip |e_0|) <= 1.
Statement.

    rate: |e_T|^2 <= (1 - eta sg^2/4)^T |e_0|^2
    movement: moved <= 4 |e_0|/sg
    drift: drift <= 8 B Lip |e_0|/sg
    gap: gap <= 64/7 B Lip |e_0|^2/sg^3 ((1 - eta sg^2/8)^T - (1 - eta sg^2)^T)

with moved = |W_T - W_0|_F, drift = |Theta_T - Theta_0|_2 and gap the distance to e_T of the linear model.
Source. Derived, in the manner of Chizat, Oyallon, Bach, NeurIPS 2019, and Oymak, Soltanolkotabi, ICML 2019. J is
Lip-Lipschitz and |J| <= B, so a step lowers |e|^2 by at least eta |g|^2; while moved <= 4 |e_0|/sg, the
least singular value is at least sg/2, hence |e_{t+1}| <= |e_t| - eta |g| sg/4, which sums to the movement.
Remarks. None is attained: the truth is near (1 - eta sg^2)^(2T) and |e_0|/sg where the network is almost linear.
"""

from __future__ import annotations

from typing import Any

from sympy import Rational

from harness import Claim, Control, Definition, Hypothesis, Theorem, sqrt
from harness import lazy_training as s
from theorems.lazy_training.scalings import SCALINGS

eta, T, sg, e0 = s.tangent_step, s.tangent_steps, s.jacobian_least, s.error_start
B = Definition("B", s.output_scale * s.data_norm, "largest |J|")
Lip = Definition(
    "Lip",
    s.output_scale * (4 / (3 * sqrt(3))) * s.data_norm * s.longest_input / sqrt(s.hidden_neurons),
    "Lipschitz constant of J",
)
remains = Definition("remains", (1 - eta * sg**2 / 4) ** T, "share of |e|^2 left after T steps")
moves = Definition("moves", 4 * e0 / sg, "radius of the ball around the start")
drifts = Definition("drifts", 8 * B * Lip * e0 / sg, "bound of the drift")
parts = Definition(
    "parts",
    Rational(64, 7)
    * B
    * Lip
    * e0**2
    / sg**3
    * ((1 - eta * sg**2 / 8) ** T - (1 - eta * sg**2) ** T),
    "bound of the gap",
)
ALMOST_LINEAR: dict[str, Any] = {"misfit": [0.25, 0.25], "steps": 8, "pace": 0.5}

theorem = Theorem(
    title="Lazy training of a two-layer network at finite width and step",
    source="chizat2019, setting",
    provenance="derived",
    hypotheses=(
        Hypothesis("wide or scaled up", "8 Lip |e_0| <= sg^2", 8 * Lip * e0 <= sg**2),
        Hypothesis("step", "eta (B^2 + Lip |e_0|) <= 1", eta * (B**2 + Lip * e0) <= 1),
    ),
    claims=(
        Claim("rate", s.error_end**2 <= remains * e0**2),
        Claim("movement", s.weights_moved <= moves),
        Claim("drift", s.tangent_moved <= drifts),
        Claim("gap", s.linear_away <= parts),
    ),
    scalings=SCALINGS,
    spelled={
        "eta": eta, "T": T, "sg": sg, "|e_0|": e0, "|e_T|": s.error_end, "B": B, "Lip": Lip,
        "moved": s.weights_moved, "drift": s.tangent_moved, "gap": s.linear_away,
        "alpha": s.output_scale, "h": s.hidden_neurons,
    },
    controls=(
        Control("twelve-times-as-fast", "rate", {remains: remains**12}, configuration=ALMOST_LINEAR),
        Control("an-eighth-as-far", "movement", {moves: moves / 8}, configuration=ALMOST_LINEAR),
        Control("a-thousandth", "drift", {drifts: drifts / 1000}, configuration=ALMOST_LINEAR),
        Control("a-millionth", "gap", {parts: parts / 10**6}, configuration=ALMOST_LINEAR),
    ),
)  # fmt: skip

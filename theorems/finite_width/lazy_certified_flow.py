r"""Gradient flow at full rate, certified at its start.

Setting. lazy_setting.py, and

    alpha = (sigma_n(J_0) + sqrt(max(sigma_n(J_0)^2 - 4 L sqrt(2 R_0 / m) / a, 0))) / 2.

Hypotheses. sigma_n(J_0)^2 >= 4 L sqrt(2 R_0 / m) / a.
Statement.

    rate: |a h(w(T)) - y*| <= sqrt(kappa) |a h(w_0) - y*| exp(-m alpha^2 T)
    movement: a alpha sqrt(m) |w(T) - w_0| <= sqrt(2 R_0)

Source. The argument of Chizat, Oyallon, Bach, NeurIPS 2019, Theorem 2.4; derived. While sigma_n(J) >= alpha,
R' = -|J' grad R|^2 <= -2 m alpha^2 R, hence the rate, and sqrt(R)' <= -a alpha sqrt(m/2) |w'|, hence the
movement; alpha is the larger root of alpha = sigma_n(J_0) - L sqrt(2 R_0 / m) / (a alpha).
Remarks. Attained where J is constant with J J' a multiple of the identity and kappa = 1; the movement, as
T grows.
"""

from __future__ import annotations

from harness import Claim, Control, Definition, Hypothesis, Max, Theorem, exp, sqrt
from harness import finite_width as s
from harness.symbols import flow_time
from theorems.finite_width.lazy_setting import LINEAR, SCALINGS, SPELLED, kappa

sigma, m, a = s.jac_smin, s.risk_convex, s.lazy_scale
bend = 4 * s.jac_lipschitz * sqrt(2 * s.risk_start / m) / a
alpha = Definition(
    "alpha", (sigma + sqrt(Max(sigma**2 - bend, 0))) / 2, "below sigma_n(J)", r"\alpha"
)
LONG = {**LINEAR, "clock": 12.0}

theorem = Theorem(
    title="Gradient flow at full rate, certified at the start",
    source="chizat2019, Theorem 2.4 (proof)",
    provenance="derived",
    hypotheses=(
        Hypothesis("certificate", "sigma_n(J) stays positive on the way", sigma**2 >= bend),
    ),
    claims=(
        Claim(
            "rate",
            s.lazy_gap <= sqrt(kappa) * s.lazy_gap_start * exp(-m * alpha**2 * flow_time),
            trivial=sqrt(kappa) * s.lazy_gap_start,
            witness=LINEAR,
        ),
        Claim(
            "movement", a * alpha * sqrt(m) * s.flow_move <= sqrt(2 * s.risk_start), witness=LONG
        ),
    ),
    scalings=SCALINGS,
    spelled=SPELLED,
    controls=(
        Control("a-fiftieth-faster", "rate", {sigma: 51 * sigma / 50}, configuration=LINEAR),
        Control("a-fiftieth-less", "movement", {sigma: 51 * sigma / 50}, configuration=LONG),
    ),
)

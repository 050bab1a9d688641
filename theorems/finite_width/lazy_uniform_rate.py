r"""Lazy training converges at a linear rate.

Setting. lazy_setting.py: gradient flow w on R(a h(w)) / a^2 for a time T.
Hypotheses. sigma_n(J_0) > 0, |h(w_0)| <= C0 and a > |y*| / C0, where

    C0 = sigma_n(J_0)^3 / (32 kappa^(3/2) |J_0| L).

Statement.

    rate: |a h(w(T)) - y*| <= sqrt(kappa) |a h(w_0) - y*| exp(-m sigma_n(J_0)^2 T / 4)

Source. Chizat, Oyallon, Bach, NeurIPS 2019 (arXiv 1812.07956), Theorem 2.4.
Remarks. C0 is multiplied out in the hypotheses, so that L = 0 is no special case. No run outside them
is known that breaks the rate; lazy_certified_flow has a weaker hypothesis and the full exponent.
"""

from __future__ import annotations

from harness import Claim, Control, Hypothesis, Theorem, exp, sqrt
from harness import finite_width as s
from harness.symbols import flow_time
from theorems.finite_width.lazy_setting import LINEAR, SCALINGS, SPELLED, kappa

sigma, start = s.jac_smin, s.lazy_gap_start
bent = 32 * sqrt(kappa) ** 3 * s.jac_smax * s.jac_lipschitz

theorem = Theorem(
    title="Lazy training converges at a linear rate",
    source="chizat2019, Theorem 2.4",
    hypotheses=(
        Hypothesis("regular", "sigma_n(J_0) > 0", sigma > 0),
        Hypothesis("small start", "|h(w_0)| <= C0", bent * s.model_start <= sigma**3),
        Hypothesis("large scale", "a > |y*| / C0", bent * s.label_norm < s.lazy_scale * sigma**3),
    ),
    claims=(
        Claim(
            "rate",
            s.lazy_gap <= sqrt(kappa) * start * exp(-s.risk_convex * sigma**2 * flow_time / 4),
            trivial=sqrt(kappa) * start,
        ),
    ),
    scalings=SCALINGS,
    spelled=SPELLED,
    controls=(
        Control("five-times-the-rate", "rate", {flow_time: 5 * flow_time}, configuration=LINEAR),
    ),
)

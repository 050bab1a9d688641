r"""Gradient descent on a generalized linear model finds the interpolator nearest to its start.

Setting. f(theta) = phi(X theta) with n <= p, loss 1/2 |f - y|^2, 0 < gam <= phi' <= Gam; theta* is the
interpolator nearest to theta_0; T steps.
Hypotheses. eta <= 1/(Gam |X|)^2 and sigma_min(X) > 0, the n-th singular value.
Statement.

    distance: |theta_T - theta*| <= rate^T |theta_0 - theta*|,  rate = 1 - eta gam^2 sigma_min(X)^2
    path: path <= (Gam/gam)^2 (|X|/sigma_min(X))^2 |theta_0 - theta*|

Source. Oymak, Soltanolkotabi, ICML 2019 (arXiv 1812.10004), Theorem 4.1.
Remarks. The first is attained by phi linear and X with equal singular values.
"""

from __future__ import annotations

from harness import Claim, Control, Definition, Hypothesis, Theorem
from harness import implicit_bias as s
from theorems.implicit_bias.scalings import INPUTS, OUTPUTS, PARAMETERS

eta, gam, Gam = s.step, s.slope_low, s.slope_high
rate = Definition("rate", 1 - eta * gam**2 * s.smin_X**2, "per step")
bent = (Gam / gam) ** 2 * (s.smax_X / s.smin_X) ** 2

theorem = Theorem(
    title="Generalized linear models at finite step",
    source="oymak2019, Theorem 4.1",
    hypotheses=(
        Hypothesis("short step", "eta <= 1/(Gam |X|)^2", eta * (Gam * s.smax_X) ** 2 <= 1),
        Hypothesis("regular", "sigma_min(X) > 0", s.smin_X > 0),
    ),
    claims=(
        Claim("distance", s.away <= rate**s.steps_taken * s.away_start, witness={}),
        Claim("path", s.path <= bent * s.away_start),
    ),
    scalings=(INPUTS, OUTPUTS, PARAMETERS),
    spelled={
        "T": s.steps_taken, "eta": eta, "gam": gam, "Gam": Gam, "|X|": s.smax_X,
        "sigma_min(X)": s.smin_X, "|theta_T - theta*|": s.away, "|theta_0 - theta*|": s.away_start,
    },
    controls=(
        Control("a-twentieth-faster", "distance", {rate: rate * 19 / 20}),
        Control("half-the-path", "path", {s.smax_X: s.smax_X / 2}),
    ),
)  # fmt: skip

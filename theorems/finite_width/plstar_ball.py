r"""Gradient descent under the Polyak-Lojasiewicz condition on a ball.

Setting. certificate.py; the loss is 1/2 |r|^2, and mu = alpha^2 <= lambda_min(J J') on the ball of radius
2 |r_0| / sqrt(mu) gives 1/2 |grad|^2 >= mu loss there.
Hypotheses. The certificate sigma_n(J_0)^2 >= 8 L |r_0|, and eta <= 1/(beta^2 + L |r_0|).
Statement.

    loss: |r_T|^2 / 2 <= (1 - eta alpha^2)^T |r_0|^2 / 2
    movement: alpha path + 2 |r_T| <= 2 |r_0|

Source. Liu, Zhu, Belkin, ACHA 2022 (arXiv 2003.00307), with radius 2 beta |r_0| / mu (remembered); derived
with the radius above, beta / sqrt(mu) times smaller.
Remarks. beta^2 + L |r_0| bounds the Hessian where the residual is at most |r_0|, so that a step lowers the
loss by at least eta/2 |grad|^2, and sqrt(loss) by sqrt(mu/8) |theta+ - theta|.
"""

from __future__ import annotations

from harness import Claim, Control, Hypothesis, Theorem
from harness import finite_width as s
from theorems.finite_width.certificate import (
    EVEN,
    SPELLED,
    UNEVEN,
    L,
    alpha,
    beta,
    certified,
    eta,
    r0,
)
from theorems.finite_width.scalings import OUTPUTS, PARAMETERS

theorem = Theorem(
    title="Gradient descent under the PL* condition on a ball",
    source="liu2022, Theorem 4",
    provenance="derived",
    hypotheses=(
        certified,
        Hypothesis(
            "short step", "eta <= 1/(beta^2 + L |r_0|)", eta * (beta**2 + L * r0) <= 1, UNEVEN
        ),
    ),
    claims=(
        Claim(
            "loss",
            s.fit_end**2 / 2 <= (1 - eta * alpha**2) ** s.steps_taken * r0**2 / 2,
            trivial=r0**2 / 2,
        ),
        Claim("movement", alpha * s.path + 2 * s.fit_end <= 2 * r0, witness=EVEN),
    ),
    scalings=(OUTPUTS, PARAMETERS),
    spelled=SPELLED,
    controls=(
        Control("four-times-the-rate", "loss", {s.jac_smin: 2 * s.jac_smin}, configuration=EVEN),
        Control("two-percent-less", "movement", {r0: 49 * r0 / 50}, configuration=EVEN),
    ),
)

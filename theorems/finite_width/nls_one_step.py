r"""One step of gradient descent on nonlinear least squares.

Setting. certificate.py, without the certificate: one step from any theta_0, where sigma_n(J_0) is the
n-th singular value of J.
Hypotheses. eta beta^2 <= 1 and eta L |r_0| <= 1.
Statement.

    decrease: |r_1| <= (1 - eta sigma_n(J_0)^2 (1 - eta L |r_0| / 2)) |r_0|
    travel: sigma_n(J_0) (1 - eta (beta^2 + L |r_0|) / 2) |theta_1 - theta_0| + |r_1| <= |r_0|

Source. The step in the proof of Oymak, Soltanolkotabi, ICML 2019, Theorem 2.1, sharpened; derived.
Let x be random, 1 - x an eigenvalue of eta J J' with the squared component of r/|r| as its
probability, and c = eta L |r| / 2 <= 1/2. Then |r_1|/|r| <= sqrt(E x^2) + c (1 - E x), and for
0 <= x <= a = 1 - eta sigma_n^2 this is at most a + c (1 - a), since sqrt(E x^2) <= a - E (a^2 - x^2)/(2 a)
and (a + x)/(2 a) >= 1/2. The second: with 1 in place of a, and eta sigma_n |J' r| |r| <= eta |J' r|^2.
Remarks. The steps are twice those of Theorem 2.1. Attained where J is constant with J J' = beta^2 I.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Theorem
from harness import finite_width as s
from theorems.finite_width.certificate import EVEN, SPELLED, UNEVEN, L, beta, eta, r0, sigma
from theorems.finite_width.scalings import OUTPUTS, PARAMETERS

LINEAR: dict[str, Any] = {**EVEN, "pace": 0.5}

theorem = Theorem(
    title="One step of gradient descent on nonlinear least squares",
    source="oymak2019, Theorem 2.1 (proof)",
    provenance="derived",
    hypotheses=(
        Hypothesis("short step", "eta beta^2 <= 1", eta * beta**2 <= 1, UNEVEN),
        Hypothesis("short for the bend", "eta L |r_0| <= 1", eta * L * r0 <= 1),
    ),
    claims=(
        Claim("decrease", s.fit_next <= (1 - eta * sigma**2 * (1 - eta * L * r0 / 2)) * r0,
              trivial=r0, witness=LINEAR),
        Claim("travel", sigma * (1 - eta * (beta**2 + L * r0) / 2) * s.first_move
              + s.fit_next <= r0, witness=EVEN),
    ),
    scalings=(OUTPUTS, PARAMETERS),
    spelled=SPELLED,
    controls=(
        Control("a-fiftieth-faster", "decrease", {sigma: 51 * sigma / 50}, configuration=LINEAR),
        Control("a-fiftieth-further", "travel", {s.first_move: 51 * s.first_move / 50}, configuration=EVEN),
    ),
)  # fmt: skip

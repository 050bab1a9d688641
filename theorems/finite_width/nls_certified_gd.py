r"""Gradient descent on nonlinear least squares, certified at its start.

Setting. certificate.py: r = f(theta) - y in R^n, T steps of gradient descent on 1/2 |r|^2, sigma_n(J)
at least alpha where the run goes; the path is the sum of |theta_{k+1} - theta_k|.
Hypotheses. The certificate sigma_n(J_0)^2 >= 8 L |r_0|, and eta <= 1/(2 beta^2), 2 eta L |r_0| <= 1.
Statement.

    rate: |r_T| <= (1 - eta alpha^2 / 2)^T |r_0|
    sharper-rate: |r_T| <= (1 - 3 eta alpha^2 / 4)^T |r_0|
    movement: alpha path + 2 |r_T| <= 2 |r_0|

Source. Oymak, Soltanolkotabi, ICML 2019 (arXiv 1812.10004), Theorem 2.1, with the square of |r_T| at the
first rate, 4 |r_0| / alpha for the path and the shorter step eta <= min(1, alpha^2 / (L |r_0|)) / (2 beta^2).
Derived: r+ = (I - eta J J') r - eta (Jbar - J) J' r with |Jbar - J| <= L eta |J' r| / 2, and
|(I - eta J J') r| <= |r| - (3/4) eta |J' r|^2 / |r|; the second rate is that of nls_one_step.
Remarks. For a network of width m with outer weights +-1/sqrt(m), L is of order m^(-1/2): wide enough, it
is certified. ReLU has no finite L.
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

T = s.steps_taken

theorem = Theorem(
    title="Nonlinear least squares by gradient descent, certified at the start",
    source="oymak2019, Theorem 2.1",
    provenance="derived",
    hypotheses=(
        certified,
        Hypothesis("short step", "eta <= 1/(2 beta^2)", 2 * eta * beta**2 <= 1, UNEVEN),
        Hypothesis("short for the bend", "2 eta L |r_0| <= 1", 2 * eta * L * r0 <= 1),
    ),
    claims=(
        Claim("rate", s.fit_end <= (1 - eta * alpha**2 / 2) ** T * r0, trivial=r0),
        Claim("sharper-rate", s.fit_end <= (1 - 3 * eta * alpha**2 / 4) ** T * r0, trivial=r0),
        Claim("movement", alpha * s.path + 2 * s.fit_end <= 2 * r0, witness=EVEN),
    ),
    scalings=(OUTPUTS, PARAMETERS),
    spelled=SPELLED,
    controls=(
        Control("thrice-the-rate", "rate", {s.jac_smin: 3 * s.jac_smin}, configuration=EVEN),
        Control("half-faster", "sharper-rate", {eta: 3 * eta / 2}, configuration=EVEN),
        Control("two-percent-less", "movement", {r0: 49 * r0 / 50}, configuration=EVEN),
    ),
)

r"""Linear convergence for a general loss, with growing step sizes (Theorem 3.2 = Theorem E.1).

Setting. L(W1, W2) = l(W1 W2) - min l with l K-smooth and mu-strongly convex; local constants and
Table 2 as in xu25_setting, explicit constants and eta_max as in xu25_growth, e = eta_0.
Hypotheses. alpha1 > 0, h >= min(n, m), 0 < e <= eta_max, e <= eta_t <= min((1 + e^d)^(t/2) e, 1/K_t).
Statement. For every t >= 0

    local-pl: mubar <= mu_t,  local-smoothness: K_t <= Kbar_t
    one-step: L(t+1) <= rho(eta_t, t) L(t),  rate-ordered: rho(eta_t, t) <= rhobar
    geometric: L(t) <= rhobar^t L(0)
    least-of-T: alpha1 + 2 alpha2 (1 - exp(e^c)) <= sigma_min(T_t)^2
    largest-of-T: sigma_max(T_t)^2 <= alpha2 exp(e^c)
    least-singular-value: beta1 <= sigma_min(W(t)),  largest-singular-value: sigma_max(W(t)) <= beta2
    drift: |D(t) - D(0)|_F <= 2 K e^2 alpha2 exp(e^c) L(0) / (1 - Delta)

Source. Xu, Min, Tarmoun, Mallada, Vidal, TMLR 04/2025, Theorem 3.2 and Theorem E.1 (A1 to A4).
Remarks. Theorem 3.2 says that some eta_max exists; Theorem E.1 gives it. Table 2 prints beta1 in
both roots of alpha1: for n != m version 1 fails at W1 = diag(2, 0), W2 = (2, 0)', W* = (4, 1)'.
The step rule "greedy" is (19). The local rate tends to 1 - (mu/K) alpha1/alpha2, where earlier work
had the squares. (20) prints the product over k = 1..t; it runs over k = 0..t.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Rate, Step, Theorem, Verdict
from harness.symbols import K, drift, loss, mu, smax_W, smin_W, t, tau_min
from theorems.convergence.imbalance import tau_max
from theorems.convergence.rate_controls import GENERAL_LOSS
from theorems.convergence.scalings import WEIGHTS_OVER_DATA
from theorems.convergence.witnesses import UNEQUAL_SIZES
from theorems.convergence.xu25_growth import bounds, first_step, room, step_limit
from theorems.convergence.xu25_premises import greedy_step, premises
from theorems.convergence.xu25_setting import (
    K_t,
    alpha1,
    alpha1_printed,
    alpha2,
    beta1,
    beta2,
    d_t,
    mu_t,
)

UNEQUAL: dict[str, Any] = {
    **UNEQUAL_SIZES,
    "steps": 40,
    "step_size": {"fraction": 0.01, "of": "xu25_thm32_linear_rate@1"},
}
FALSE: dict[str, Any] = {
    "expected": Verdict.VIOLATED, "witness": UNEQUAL,
    "because": "for n != m the margin counts in one square root of alpha1 only",
}  # fmt: skip

at = bounds(alpha1_printed, first_step)

printed = Theorem(
    title="Linear convergence for a general loss with growing step sizes",
    source="xu2025, Theorem 3.2 and Theorem E.1",
    reading="as printed in Table 2",
    hypotheses=premises(alpha1_printed),
    claims=(
        Claim("local-pl", mu_t >= at.mubar, trivial=0, **FALSE),
        Claim("local-smoothness", K_t <= at.Kbar),
        Claim("one-step", loss.next <= (1 - d_t) * loss, trivial=loss),
        Claim("rate-ordered", d_t >= at.q, trivial=0, **FALSE),
        Claim("geometric", loss <= (1 - at.q) ** t * loss.at(0), trivial=loss.at(0), rate=True,
              start=1, **FALSE),
        Claim("least-of-T", tau_min >= at.mubar / mu, trivial=0, **FALSE),
        Claim("largest-of-T", tau_max <= alpha2 * room),
        Claim("least-singular-value", smin_W >= beta1, trivial=0),
        Claim("largest-singular-value", smax_W <= beta2),
        Claim("drift", drift <= 2 * K * first_step**2 * alpha2 * room * loss.at(0) / at.gap, start=1),
    ),
    step=Step(step_limit(alpha1_printed), (1.0, 0.5, 0.01), {"greedy": greedy_step(alpha1_printed)}),
    rate=Rate(at.q), scalings=(WEIGHTS_OVER_DATA,),
    spelled={"rho(eta_t, t)": 1 - d_t, "rhobar": 1 - at.q, "Delta": 1 - at.gap, "e": first_step,
             "sigma_max(T_t)^2": tau_max},
    controls=GENERAL_LOSS,
)  # fmt: skip

corrected = printed.revised(
    2, "with beta1 counted by an index test, as in the 2023 code", {alpha1_printed: alpha1}
)

r"""Which rate decreases along a run with growing steps: equation (104) or equation (16).

Setting, hypotheses. Those of xu25_thm32_linear_rate: e = eta_0 <= eta_max and
e <= eta_t <= min((1 + e^d)^(t/2) e, 1/K_t).
Statement. With rhobar(eta_t, t) = 1 - 2 mubar eta_t + mubar Kbar_t eta_t^2,

    one-step@1: L(t+1) <= (1 - 2 mubar eta_t + mubar Kbar_t eta_t^2) L(t)    (104)
    rate-ordered@1: rhobar(eta_t, t) <= rhobar(eta_0, 0)
    one-step@2: L(t+1) <= (1 - 2 mu_t eta_t + mu_t K_t eta_t^2) L(t)    (16)
    rate-ordered@2: rho(eta_t, t) <= rhobar(eta_0, 0)

Source. Xu, Min, Tarmoun, Mallada, Vidal, TMLR 04/2025, Theorem E.1, equation (104), and Theorem 3.2,
equation (16).
Remarks. The appendix proves (16): its (113) compares with K_t. The second half of (104) may fail
for 1/Kbar_t < eta_t <= 1/K_t: such a step is past the minimum of rhobar(., t), and K_t is often far
below Kbar_t. The first half holds, being weaker than that of (16).
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Definition, Step, Theorem, Verdict
from harness.symbols import eta, loss, mu
from theorems.convergence.scalings import WEIGHTS_OVER_DATA
from theorems.convergence.witnesses import ALMOST_FITTED
from theorems.convergence.xu25_growth import bounds, first_step, step_limit
from theorems.convergence.xu25_premises import greedy_bar_step, greedy_step, premises
from theorems.convergence.xu25_proofs import of_appendix, of_body
from theorems.convergence.xu25_setting import alpha1, d_t

PAST_THE_MINIMUM: dict[str, Any] = {
    **ALMOST_FITTED,
    "steps": 40,
    "step_size": {"rule": "greedy", "of": "xu25_eq104@1"},
    "parameters": {"c": 0.5, "d": 1.01},
}

SHORT: dict[str, Any] = {**ALMOST_FITTED, "step_size": 1e-5}

at = bounds(alpha1, first_step)
d_bar = Definition("d_bar", at.mubar * eta * (2 - at.Kbar * eta), "1 - rhobar(eta_t, t)")

appendix = Theorem(
    title="The rate along a run never exceeds its first value",
    source="xu2025, Theorem E.1, equation (104)",
    reading="as printed in equation (104)",
    hypotheses=premises(alpha1),
    claims=(
        Claim("one-step", loss.next <= (1 - d_bar) * loss, trivial=loss),
        Claim(
            "rate-ordered",
            d_bar >= at.q,
            start=1,
            expected=Verdict.VIOLATED,
            because="a step between 1/Kbar_t and 1/K_t is past the minimum of rhobar",
            witness=PAST_THE_MINIMUM,
        ),
    ),
    step=Step(
        limit=step_limit(alpha1),
        fractions=(1.0, 0.5, 0.01),
        rules={"greedy": greedy_step(alpha1), "greedy_bar": greedy_bar_step(alpha1)},
    ),
    scalings=(WEIGHTS_OVER_DATA,),
    chain=of_appendix(at, d_bar),
    spelled={
        "rhobar(eta_t, t)": 1 - d_bar,
        "rhobar(eta_0, 0)": 1 - at.q,
        "rho(eta_t, t)": 1 - d_t,
    },
    controls=(Control("mu-doubled", "one-step", {mu: 2 * mu}, configuration=SHORT),),
)

body = appendix.revised(2, "as printed in equation (16)", {d_bar: d_t}, chain=of_body(at))

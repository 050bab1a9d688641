r"""Gradient flow of two layers, by the distance from the minimiser (Theorem 1, second case).

Setting. Two-layer linear networks under gradient flow, flow_setting.py: l(W) = 1/2 |Y - X W|_F^2 is
K-smooth and mu-strongly convex, gamma = 2 mu; W* its minimiser. lower(p, q) of imbalance.py, and

    nu = max(sigma_min(W*) - sqrt(K/mu) |W(0) - W*|_F, 0).

Hypotheses. alpha2 > 0, where alpha2 = lower(nu [m <= n], nu [n <= m]).
Statement. For every time T >= 0

    rate: flow_loss <= exp(-2 mu alpha2 flow_time) L(0)

with flow_time = T and flow_loss = L(T).

Source. Min, Vidal, Mallada, ICML 2023, Theorem 1.
Remarks. Printed without the factor 1/2 of ``lower``, which the proof has, and with sigma_n(W) beside
Delta_+ and sigma_m(W) beside Delta_-, which Lemma 8 of Min et al. (2022) has the other way round.
Strong convexity and smoothness keep |W - W*|_F below sqrt(K/mu) |W(0) - W*|_F, hence sigma_min(W)
above nu. Attained in the limit W(0) -> W* for n = m = h = 1.
"""

from __future__ import annotations

from harness import Claim, Control, Definition, Hypothesis, Max, Theorem, Verdict, sqrt
from harness.symbols import K, distance, flow_loss, loss, mu, smin_target
from theorems.convergence.flow_setting import ONE_WEIGHT, decayed
from theorems.convergence.imbalance import flat, lower, tall
from theorems.convergence.scalings import FLOW_SCALINGS

nu = Definition(
    "nu", Max(smin_target - sqrt(K / mu) * distance.at(0), 0), "below sigma_min(W)", r"\nu"
)
twice = 2 * lower("half_of_alpha2", nu * flat, nu * tall)
alpha2_printed = Definition("alpha2", twice, "rate of the theorem", r"\alpha_2")
alpha2 = lower("alpha2", nu * tall, nu * flat)

printed = Theorem(
    title="Gradient flow of two layers, by the distance from the minimiser",
    source="min2023, Theorem 1",
    reading="as printed",
    hypotheses=(
        Hypothesis("margin or imbalance", "they make alpha_2 positive", alpha2_printed > 0),
    ),
    claims=(
        Claim(
            "rate",
            flow_loss <= decayed(alpha2_printed),
            trivial=loss.at(0),
            expected=Verdict.VIOLATED,
            because="the factor 1/2 of the proof is missing",
            witness=ONE_WEIGHT,
        ),
    ),
    scalings=FLOW_SCALINGS,
    controls=(
        Control("mu-five-percent-larger", "rate", {mu: 1.05 * mu}, configuration=ONE_WEIGHT),
    ),
)

corrected = printed.revised(
    2,
    "with the factor 1/2 of the proof and the indices of Min et al. (2022)",
    {alpha2_printed: alpha2},
)

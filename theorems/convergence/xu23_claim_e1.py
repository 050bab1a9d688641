r"""How large c2 must be for the asymptotically best step to be allowed (Claim E.1).

Setting. Table 2, f(eta, t) and eta_max as in xu23_setting and xu23_rates; kappa = K/mu. As L -> 0,
f(eta, t) is least at eta* = c1 alpha0 / (c2^2 beta0^2 K), with value 1 - (c1 alpha0 / (c2 beta0))^2
/ kappa: the local rate, if eta* may be used.
Hypotheses. alpha0 > 0, 0 < c1 < 2/3, and c2 >= max of

    (M + 16 L(0) / beta0) / (c1 alpha0 mu),  sqrt((M + 8 alpha0 L(0) / beta0^2) / (alpha0 mu)),  2,

    M = 2 alpha0^3 p2^2 L(0) / (beta0^6 kappa)
      + 2 sqrt(2 mu L(0)) p2 (alpha0^2 / beta0^3 + alpha0 / beta0^2) / sqrt(kappa).

Statement.

    room-for-the-best-step: eta_max >= c1 alpha0 / (c2^2 beta0^2 K)    (which is eta*)

Source. Xu, Min, Tarmoun, Mallada, Vidal, AISTATS 2023, Claim E.1, equation (124).
Remarks. c2 is not free here: it is the maximum times a slack above 1. It comes out huge, and so the
local rate close to 1. alpha0 with the index test of the authors' public code.
"""

from __future__ import annotations

import math
from typing import Any

from harness import Claim, Control, Definition, Hypothesis, Max, Parameter, Theorem, sqrt
from harness.symbols import K, loss, mu
from harness.vocabulary.definition import substituted
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.witnesses import ONE_WEIGHT_EACH
from theorems.convergence.xu23_premises import SQUARED
from theorems.convergence.xu23_rates import rates
from theorems.convergence.xu23_setting import alpha0, beta0, c1, c2, p2

FITTED: dict[str, Any] = {**ONE_WEIGHT_EACH, "parameters": {"c1": 0.66, "slack": 1.001}}

small_c1 = Parameter("c1", 0, 2 / 3, (0.5, 0.66), "room left to the lower bound", "c_1")
slack = Parameter("slack", 1, math.inf, (1.001, 2.0), "c2 above the least one allowed", "s")
L0, kappa = loss.at(0), K / mu
skew = 2 * sqrt(2 * mu * L0) * p2 * (alpha0**2 / beta0**3 + alpha0 / beta0**2) / sqrt(kappa)
M = Definition("M", 2 * alpha0**3 * p2**2 * L0 / (beta0**6 * kappa) + skew)
least = Max(
    (M + 16 * L0 / beta0) / (small_c1 * alpha0 * mu),
    sqrt((M + 8 * alpha0 * L0 / beta0**2) / (alpha0 * mu)),
    2,
)
large_c2 = Definition("c2", slack * least, "the smallest c2 allowed, times the slack", "c_2")

eta_max = substituted(rates(alpha0).eta_max, {c1: small_c1, c2: large_c2})
best = small_c1 * alpha0 / (large_c2**2 * beta0**2 * K)
eta_star = Definition("eta_star", best, "minimiser of f as L -> 0", r"\eta^*")

theorem = Theorem(
    title="The step limit leaves room for the asymptotically best step",
    source="xu2023, Claim E.1",
    reading="with the index test of the authors' public code",
    hypotheses=(
        SQUARED,
        Hypothesis("margin or imbalance", "they make alpha_0 positive", alpha0 > 0),
    ),
    claims=(Claim("room-for-the-best-step", eta_max >= eta_star),),
    scalings=SCALINGS,
    spelled={"kappa": kappa},
    controls=(
        Control(
            "ten-times-the-best-step",
            "room-for-the-best-step",
            {eta_star: 10 * eta_star},
            configuration=FITTED,
        ),
    ),
)

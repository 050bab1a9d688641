r"""The spectra of weights and product stay where the initialization put them (Theorem 3.1).

Setting. Gradient descent with a constant step on L(W1, W2) = 1/2 |Y - X W1 W2|_F^2, any width, any
initialization; Table 2 and eta_max as in xu23_setting and xu23_rates.
Hypotheses. alpha0 > 0, h >= min(n, m), 0 < eta <= eta_max, with 0 < c1 < 1 < c2.
Statement. At every t >= 0, with lambda_min(tau_t) = lambda_n(W1 W1') + lambda_m(W2' W2),

    least-eigenvalue: c1 alpha0 <= lambda_min(tau_t)
    largest-eigenvalue: sigma_max(W1)^2 + sigma_max(W2)^2 <= c2 beta0
    least-singular-value: p1 <= sigma_min(W(t))
    largest-singular-value: sigma_max(W(t)) <= p2

Source. Xu, Min, Tarmoun, Mallada, Vidal, AISTATS 2023, Theorem 3.1 (C.1, A2 and A4), equation (31).
Remarks. Table 2 prints p1 in both square roots of alpha0. For n != m and p1 > 0 that is more than
lambda_min(tau) can be: W1 = diag(2, 0), W2 = (2, 0)', X = I, Y = (4, 1)' is balanced, has
p1 = sqrt(17) - 1 and lambda_min(tau_0) = 4 < 2 p1. Version 2 has the index test of the authors'
public code. For n = m the versions agree. c1 = 0.99 tests the bound hard; c1 = 0.5 hides much.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Step, Theorem, Verdict
from harness.symbols import residual, smax_W, smin_W, tau_min
from theorems.convergence.imbalance import flat, tall, tau_max
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.witnesses import STEPPED_TOO_FAR, TIGHT, UNEQUAL_SIZES
from theorems.convergence.xu23_premises import CONSTANT, premises
from theorems.convergence.xu23_proofs import spectral
from theorems.convergence.xu23_rates import rates
from theorems.convergence.xu23_setting import (
    alpha0,
    alpha0_printed,
    alpha_t,
    alpha_t_printed,
    beta0,
    c1,
    c2,
    p1,
    p2,
)

UNEQUAL: dict[str, Any] = {**UNEQUAL_SIZES, "parameters": TIGHT}
NEAR: dict[str, Any] = {**STEPPED_TOO_FAR, "step_size": 1e-4, "parameters": TIGHT}
FAR: dict[str, Any] = {**NEAR, "W1": [[3]], "Y": [[1]]}

reading = rates(alpha0_printed)

printed = Theorem(
    title="The spectra stay bounded along gradient descent",
    source="xu2023, Theorem 3.1",
    reading="as printed in Table 2",
    hypotheses=(*premises(alpha0_printed, reading), CONSTANT),
    claims=(
        Claim(
            "least-eigenvalue",
            tau_min >= c1 * alpha0_printed,
            trivial=0,
            expected=Verdict.VIOLATED,
            because="for n != m the margin counts in one square root of alpha0 only",
            witness=UNEQUAL,
        ),
        Claim("largest-eigenvalue", tau_max <= c2 * beta0),
        Claim("least-singular-value", smin_W >= p1, trivial=0),
        Claim("largest-singular-value", smax_W <= p2),
    ),
    step=Step(limit=reading.eta_max, fractions=(1.0, 0.5, 0.01)),
    scalings=SCALINGS,
    chain=spectral(alpha0_printed, alpha_t_printed, p1, p1, reading),
    controls=(
        Control("half-of-tau", "least-eigenvalue", {tau_min: tau_min / 2}, configuration=NEAR),
        Control("quarter-of-beta", "largest-eigenvalue", {beta0: beta0 / 4}, configuration=NEAR),
        Control("margin-without-error", "least-singular-value", {residual: 0}, configuration=NEAR),
        Control("reach-without-error", "largest-singular-value", {residual: 0}, configuration=FAR),
        Control(
            "step-too-long",
            "largest-singular-value",
            drop="step limit",
            configuration=STEPPED_TOO_FAR,
        ),
    ),
)

corrected = printed.revised(
    2,
    "with the index test of the authors' public code",
    {alpha0_printed: alpha0},
    chain=spectral(alpha0, alpha_t, p1 * tall, p1 * flat, rates(alpha0)),
)

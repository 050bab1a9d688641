r"""Gradient descent converges linearly at finite width and finite step (Theorem 3.2).

Setting. Gradient descent with a constant step on L(W1, W2) = 1/2 |Y - X W1 W2|_F^2, any width, any
initialization; Table 2, f(eta, t) and eta_max as in xu23_setting and xu23_rates.
Hypotheses. alpha0 > 0 (margin or imbalance), h >= min(n, m), 0 < eta <= eta_max, 0 < c1 < 1 < c2.
Statement. For every t >= 0

    one-step: L(t+1) <= f(eta, t) L(t)
    rate-positive: 0 < f(eta, t),  rate-below-one: f(eta, 0) < 1
    rate-ordered: L(t) <= L(0)    so that f(eta, t) <= f(eta, 0)
    product: L(t) <= prod(f(eta, k), k < t) L(0)
    geometric: L(t) <= f(eta_0, 0)^t L(0)

Source. Xu, Min, Tarmoun, Mallada, Vidal, AISTATS 2023, Theorem 3.2, equations (32) to (34).
Remarks. Everything is explicit, eta_max too. (29) and (34) print the product over k = 0..t; it ends
at t-1, as in (70). With alpha0 as printed in Table 2 the theorem fails for n != m (see
xu23_thm31_spectral): from W1 = diag(2, 0), W2 = (2, 0)', X = I, Y = (4, 1)' the error lies where the
loss falls by 1 - 8 eta at first, while f promises about 1 - 12.4 eta. At eta = eta_max and
c1 = 1/2, c2 = 3/2 the slip hides behind the quadratic term. eta_max is sufficient, 32 to 256 times
below the true edge of stability, and f is smallest near eta_max / 2. f depends on t through L(t)
only, and increases with it: f(eta, t) <= f(eta, 0) is put to the test as L(t) <= L(0).
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Prod, Rate, Step, Theorem, Verdict
from harness.symbols import loss, t
from theorems.convergence.rate_controls import LINEAR_RATE
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.witnesses import TIGHT, UNEQUAL_SIZES
from theorems.convergence.xu23_premises import CONSTANT, premises
from theorems.convergence.xu23_proofs import linear_rate
from theorems.convergence.xu23_rates import rates
from theorems.convergence.xu23_setting import alpha0, alpha0_printed

UNEQUAL: dict[str, Any] = {
    **UNEQUAL_SIZES,
    "steps": 40,
    "step_size": {"fraction": 0.01, "of": "xu23_thm32_linear_rate@1"},
    "parameters": TIGHT,
}
BECAUSE = "for n != m the margin counts in one square root of alpha0 only"

reading = rates(alpha0_printed)
d, d0, f, f0 = reading.d, reading.d0, reading.f, reading.f0

printed = Theorem(
    title="Linear convergence of gradient descent at finite width, general initialization",
    source="xu2023, Theorem 3.2",
    reading="as printed in Table 2",
    hypotheses=(*premises(alpha0_printed, reading), CONSTANT),
    claims=(
        Claim("one-step", loss.next <= f * loss, trivial=loss, expected=Verdict.VIOLATED,
              because=BECAUSE, witness={**UNEQUAL, "steps": 1}),
        Claim("product", loss <= Prod(f) * loss.at(0), trivial=loss.at(0), rate=True, start=1,
              expected=Verdict.VIOLATED, because=BECAUSE, witness=UNEQUAL),
        Claim("geometric", loss <= f0.at(0)**t * loss.at(0), trivial=loss.at(0), rate=True, start=1,
              expected=Verdict.VIOLATED, because=BECAUSE, witness=UNEQUAL),
        Claim("rate-ordered", loss <= loss.at(0), start=1),
        Claim("rate-positive", d < 1),
        Claim("rate-below-one", d0 > 0),
    ),
    step=Step(limit=reading.eta_max, fractions=(1.0, 0.5, 0.1, 0.01)),
    rate=Rate(d0.at(0)),
    scalings=SCALINGS,
    spelled={"f(eta, t)": f, "f(eta, k)": f, "f(eta, 0)": f0, "f(eta_0, 0)": f0.at(0)},
    chain=linear_rate(alpha0_printed, reading),
    controls=LINEAR_RATE,
)  # fmt: skip

corrected = printed.revised(
    2, "with the index test of the authors' public code", {alpha0_printed: alpha0}
)

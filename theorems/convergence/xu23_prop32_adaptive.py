r"""Step sizes that adapt to the loss, and the four rates they come from (Proposition 3.2).

Setting. Gradient descent on L(W1, W2) = 1/2 |Y - X W1 W2|_F^2; Table 2 and eta_max as in xu23_setting
and xu23_rates; alpha_t, beta_t are alpha, beta of the imbalance D(t), with p1 and p2 of t = 0.
Hypotheses. alpha0 > 0, h >= min(n, m), 0 < eta_t <= eta_max; the step may change.
Statement. With the quartics of xu23_rates,

    one-step: L(t+1) <= rho L(t)
    rho-nonnegative: 0 <= rho,  rho-below-rho-hat: rho <= rho_hat
    rho-hat-below-f: rho_hat <= f,  f-below-one: f < 1
    product-rho: L(t) <= prod(rho, k < t) L(0)
    product-rho-hat: L(t) <= prod(rho_hat, k < t) L(0)
    product-f: L(t) <= prod(f, k < t) L(0)
    product-f0: L(t) <= prod(f(., 0), k < t) L(0)

Algorithm 1 takes eta_t = argmin_{eta <= eta_max} h(eta, t) = min(root of dh/d eta, eta_max), the
root being unique (Claim 3.1): one step rule for each h.

Source. Xu, Min, Tarmoun, Mallada, Vidal, AISTATS 2023, Proposition 3.2, Claim 3.1, Algorithm 1.
Remarks. The authors' code recomputes p1, p2 from the current error: also valid, and tighter. alpha
with the index test of the authors' public code.
"""

from __future__ import annotations

import sympy

from harness import Claim, Definition, Min, Prod, Root, Step, Theorem, Unknown
from harness.symbols import eta, loss
from theorems.convergence import xu23_rates as curves
from theorems.convergence.rate_controls import ADAPTIVE
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.xu23_premises import premises
from theorems.convergence.xu23_setting import alpha0, alpha_t, beta_t

reading = curves.rates(alpha0)
hat_quartic = curves.quartic("s1 s2 s3 s4", alpha_t, beta_t, curves.skewness(loss))
d_hat = Definition("d_hat", eta * curves.slope(hat_quartic, eta), "1 - rho hat", r"d_{\hat\rho}")
d_rho, d, d0 = curves.d_rho, reading.d, reading.d0


def minimiser(name: str, quartic: curves.Quartic) -> sympy.Expr:
    """Where dh/d eta = 0, capped by eta_max."""
    x = Unknown("x")
    fall = sympy.diff(x * curves.slope(quartic, x), x)
    return Min(Root(name, -fall, x), reading.eta_max)


theorem = Theorem(
    title="Adaptive step sizes from an ordered family of rates",
    source="xu2023, Proposition 3.2 and Algorithm 1",
    reading="with the index test of the authors' public code",
    hypotheses=premises(alpha0, reading),
    claims=(
        Claim("one-step", loss.next <= (1 - d_rho) * loss, trivial=loss),
        Claim("rho-nonnegative", d_rho <= 1),
        Claim("rho-below-rho-hat", d_rho >= d_hat),
        Claim("rho-hat-below-f", d_hat >= d),
        Claim("f-below-one", d > 0),
        Claim("product-rho", loss <= Prod(1 - d_rho) * loss.at(0), trivial=loss.at(0), rate=True,
              start=1),
        Claim("product-rho-hat", loss <= Prod(1 - d_hat) * loss.at(0), trivial=loss.at(0),
              rate=True, start=1),
        Claim("product-f", loss <= Prod(1 - d) * loss.at(0), trivial=loss.at(0), rate=True, start=1),
        Claim("product-f0", loss <= Prod(1 - d0) * loss.at(0), trivial=loss.at(0), rate=True,
              start=1),
    ),
    step=Step(
        limit=reading.eta_max,
        rules={
            "rho": minimiser("best_rho", curves.rho_quartic),
            "rho_hat": minimiser("best_rho_hat", hat_quartic),
            "f": minimiser("best_f", reading.a),
            "f0": minimiser("best_f0", reading.a0),
        },
    ),
    scalings=SCALINGS,
    spelled={"rho": 1 - d_rho, "rho_hat": 1 - d_hat, "f": 1 - d, "f(., 0)": 1 - d0},
    controls=ADAPTIVE,
)  # fmt: skip

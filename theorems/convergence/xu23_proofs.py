"""The inequalities by which Theorems 3.1 and 3.2 of Xu et al. (2023) are proved, one after another.

Theorem 3.1: while the loss falls, margin and reach hold (A4); then Lemma 8 of Min et al. (2022)
bounds the spectrum of each layer by the imbalance D(t) and the margin, D(t) stays near D(0) (A3),
and the step limit leaves c1 and c2 as much room as that takes (A2). Theorem 3.2: Lemma 3.1, with
the spectra and |grad l(W)|_F sigma_max(W) replaced by their bounds.
"""

from __future__ import annotations

import sympy

from harness import Link, Prod, sqrt
from harness.symbols import (
    K,
    drift,
    lamm_W2W2,
    lamn_W1W1,
    loss,
    product_grad,
    residual,
    smax_W,
    smin_W,
    tau_min,
)
from harness.vocabulary.symbol import Named
from theorems.convergence.imbalance import layer, tau_max
from theorems.convergence.xu23_rates import Rates, d_rho
from theorems.convergence.xu23_setting import beta0, beta_t, c1, c2, p1, p2


def spectral(
    alpha0: Named, alpha_t: Named, of_m: sympy.Expr, of_n: sympy.Expr, rates: Rates
) -> tuple[Link, ...]:
    """Theorem 3.1; ``of_m`` and ``of_n`` are what alpha takes for sigma_m(W) and sigma_n(W)."""
    moved = rates.drift_bound
    return (
        Link("loss-falls", "|E(t)| <= |E(0)|", residual <= residual.at(0), "A1", start=1),
        Link("margin", "p1 is below sigma_min(W)", smin_W >= p1, "A4", trivial=0),
        Link("reach", "p2 is above sigma_max(W)", smax_W <= p2, "A4"),
        Link("second-layer", "imbalance and margin bound lambda_m(W2' W2)",
             lamm_W2W2 >= layer("+", of_m, now=True), "min2022, Lemma 8", trivial=0),
        Link("first-layer", "imbalance and margin bound lambda_n(W1 W1')",
             lamn_W1W1 >= layer("-", of_n, now=True), "min2022, Lemma 8", trivial=0),
        Link("least-at-t", "together they bound lambda_min(tau_t)", tau_min >= alpha_t, trivial=0),
        Link("largest-at-t", "beta of D(t) is above lambda_max(tau_t)", tau_max <= beta_t),
        Link("drift", "D(t) stays near D(0)", drift <= moved, "A3, Lemma C.3", start=1),
        Link("alpha-moves", "alpha falls by 4 |D(t) - D(0)| at most",
             alpha_t >= alpha0 - 4 * drift, trivial=0),
        Link("beta-moves", "beta grows by 2 |D(t) - D(0)| at most", beta_t <= beta0 + 2 * drift),
        Link("room-for-c1", "eta <= eta_2", 4 * moved <= (1 - c1) * alpha0, "(30)"),
        Link("room-for-c2", "eta <= eta_1", 2 * moved <= (c2 - 1) * beta0, "(30)"),
        Link("least-eigenvalue", "hence", tau_min >= c1 * alpha0, "A2, (31)", trivial=0),
        Link("largest-eigenvalue", "hence", tau_max <= c2 * beta0, "A2, (31)"),
    )  # fmt: skip


def linear_rate(alpha0: Named, rates: Rates) -> tuple[Link, ...]:
    """Theorem 3.2."""
    start = loss.at(0)
    return (
        Link("lemma", "one step falls by rho", loss.next <= (1 - d_rho) * loss, "(20)", loss),
        Link("least-eigenvalue", "of tau_t", tau_min >= c1 * alpha0, "(31)", trivial=0),
        Link("largest-eigenvalue", "of tau_t", tau_max <= c2 * beta0, "(31)"),
        Link("gradient", "l is K-smooth", product_grad <= sqrt(2 * K * loss)),
        Link("reach", "p2 is above sigma_max(W)", smax_W <= p2, "(31)"),
        Link("rate", "so rho <= f", d_rho >= rates.d, "(27)", trivial=0),
        Link("one-step", "hence", loss.next <= rates.f * loss, "(32)", loss),
        Link("loss-falls", "and L(t) <= L(0)", loss <= start, start=1),
        Link("rate-falls", "so f(eta, t) <= f(eta, 0)", rates.d >= rates.d0, "(33)", trivial=0),
        Link("product", "step by step", loss <= Prod(rates.f) * start, "(34)", start, start=1),
    )

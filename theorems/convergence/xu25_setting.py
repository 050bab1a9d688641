r"""The notation of Xu et al. (2025): local constants, and Table 2 for a general loss.

Setting. W = W1 W2 (their W2 is our W2'), L(W1, W2) = l(W1 W2) - min l, l twice differentiable,
K-smooth and mu-strongly convex, W* its minimiser; T maps U to (U W2', W1' U), so that

    sigma_min(T)^2 = lambda_n(W1 W1') + lambda_m(W2' W2),
    sigma_max(T)^2 = sigma_max(W1)^2 + sigma_max(W2)^2,

which are lambda_min(tau) and lambda_max(tau) of the 2023 paper. Local constants:

    mu_t = mu sigma_min(T_t)^2,
    K_t  = K sigma_max(T_t)^2 + sqrt(2 K L) + 6 K^2 sigma_max(W) L eta^2
             + 3 K sigma_max(T_t)^2 sqrt(2 K L) eta,
    rho(eta, t) = 1 - 2 mu_t eta + mu_t K_t eta^2.

Table 2, with ``lower`` and ``upper`` of imbalance.py:

    beta1 = max(0, sigma_min(W*) - sqrt(K/mu) |W(0) - W*|_F),  alpha1 = lower(beta1, beta1),
    beta2 = sigma_max(W*) + sqrt(K/mu) |W(0) - W*|_F,          alpha2 = upper(beta2).

Remark. As in the 2023 paper, Table 2 prints beta1 in both roots of alpha1; with the index test,
alpha1 = lower(beta1 [m <= n], beta1 [n <= m]). beta2 prints the spectral norm of W(0) - W*; the
Frobenius norm, larger and hence safe, is the one of beta1 and of the authors' figures.
"""

from __future__ import annotations

import sympy

from harness import Definition, Hypothesis, Max, Min, Root, Unknown, sqrt
from harness.symbols import (
    K,
    distance,
    eta,
    inputs,
    loss,
    mu,
    outputs,
    smax_target,
    smax_W,
    smin_target,
    tau_min,
    width,
)
from harness.vocabulary.symbol import Named
from theorems.convergence.imbalance import flat, lower, tall, tau_max, upper

spread = sqrt(K / mu) * distance.at(0)
beta1 = Definition("beta1", Max(smin_target - spread, 0), "below sigma_min(W(t))")
beta2 = Definition("beta2", smax_target + spread, "above sigma_max(W(t))")
alpha1_printed = lower("alpha1", beta1, beta1)
alpha1 = lower("alpha1", beta1 * tall, beta1 * flat)
alpha1_sign = lower("alpha1", beta1 * tall, beta1 * flat, as_quotient=True)
alpha2 = upper("alpha2", beta2)


def local_smoothness(step: Named) -> sympy.Expr:
    """K_t for a step of that size."""
    root = sqrt(2 * K * loss)
    return K * tau_max * (1 + 3 * root * step) + root + 6 * K**2 * smax_W * loss * step**2


K_t = Definition("K_t", local_smoothness(eta), "local smoothness constant")
mu_t = Definition("mu_t", mu * tau_min, "local PL constant", r"\mu_t")
d_t = Definition("d_t", mu_t * eta * (2 - K_t * eta), "1 - rho(eta, t)")

x = Unknown("x")
inverse_K_t = Root("best", x * local_smoothness(x) - 1, x, latex_name="1/K_t")
"""The step eta with eta K_t(eta) = 1."""

POSITIVE_STEP = Hypothesis("positive step", "eta > 0", eta > 0)
WIDTH = Hypothesis("width", "h >= min(n, m)", width >= Min(inputs, outputs))

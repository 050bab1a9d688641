"""The notation of Xu et al. (2023), Table 2: margin, reach, and the spectral bounds they give.

Setting. X in R^{n x n} invertible after the reduction of the data, Y in R^{n x m}, a two-layer
linear network W = W1 W2 of width h, L(W1, W2) = 1/2 |Y - X W|_F^2, K = sigma_max(X)^2,
mu = sigma_min(X)^2, E = Y - X W. With ``lower`` and ``upper`` of imbalance.py:

    p1 = max(sigma_min(Y) - |E(0)|_F, 0) / sigma_max(X)      the margin: below sigma_min(W)
    p2 = (|Y|_F + |E(0)|_F) / sigma_min(X)                   the reach: above sigma_max(W)
    alpha0 = lower(p1, p1),  beta0 = upper(p2)               of the imbalance D(0)

and alpha_t, beta_t the same of D(t). The free constants c1 in (0, 1) and c2 > 1 are the room left
to the bounds: c1 alpha0 <= lambda_min(tau_t), lambda_max(tau_t) <= c2 beta0.

Remark. Table 2 prints p1 in both square roots of alpha0, as above. The first stands for sigma_m(W),
which is 0 if m > n, and the second for sigma_n(W), 0 if n > m; the authors' public code sets them
to 0 by an index test: alpha0 = lower(p1 [m <= n], p1 [n <= m]). For n = m the readings agree.
"""

from __future__ import annotations

import math

from harness import Definition, Max, Parameter, sqrt
from harness.symbols import K, mu, norm_Y, residual, smin_Y
from theorems.convergence.imbalance import flat, lower, tall, upper

c1 = Parameter("c1", 0, 1, (0.5, 0.99), "room left to the lower bound", "c_1")
c2 = Parameter("c2", 1, math.inf, (1.5, 1.01), "room left to the upper bound", "c_2")

p1 = Definition("p1", Max(smin_Y - residual.at(0), 0) / sqrt(K), "margin: below sigma_min(W(t))")
p2 = Definition("p2", (norm_Y + residual.at(0)) / sqrt(mu), "reach: above sigma_max(W(t))")

alpha0_printed = lower("alpha0", p1, p1)
alpha0 = lower("alpha0", p1 * tall, p1 * flat)
beta0 = upper("beta0", p2)
alpha_t_printed = lower("alpha_t", p1, p1, now=True)
alpha_t = lower("alpha_t", p1 * tall, p1 * flat, now=True)
beta_t = upper("beta_t", p2, now=True)

"""The rate f(eta, t) and the step limit eta_max of Xu et al. (2023): equations (27), (28), (30).

Setting. Table 2, see xu23_setting. Every rate is 1 - h1 eta + h2 eta^2 + h3 eta^3 + h4 eta^4,

    h1 = 2 mu low,  h2 = K mu high^2 + 2 mu skew,  h3 = 2 K mu high skew,  h4 = K mu skew^2

of bounds low <= lambda_min(tau), high >= lambda_max(tau), skew >= |grad l(W)|_F sigma_max(W):

    rho      low = lambda_min(tau_t)   high = lambda_max(tau_t)   skew = |grad l|_F sigma_max(W)
    rho hat  low = alpha_t             high = beta_t              skew = p2 sqrt(2 K L(t))
    f        low = c1 alpha0           high = c2 beta0            skew = p2 sqrt(2 K L(t))

f(eta, 0) is f at L(0). The limit eta_max is the smaller of the positive roots of

    a4 eta^3 + a3 eta^2 + (a2 + 4 c2 L(0) K / (c2 - 1)) eta                        = a1
    a4 eta^3 + a3 eta^2 + (a2 + 8 c2 beta0 L(0) K / ((1 - c1) alpha0)) eta         = a1

with the coefficients a1..a4 of f at L(0): they keep D(t) near D(0). A rate near 1 is held by its
complement: f = 1 - d, and d keeps its digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from harness import Definition, Min, Root, Unknown, sqrt
from harness.symbols import K, eta, loss, mu, product_grad, smax_W, tau_min
from harness.vocabulary.symbol import Named
from theorems.convergence.imbalance import tau_max
from theorems.convergence.xu23_setting import beta0, c1, c2, p2

Quartic = tuple[Definition, Definition, Definition, Definition]


def quartic(names: str, low: sympy.Expr, high: sympy.Expr, skew: sympy.Expr) -> Quartic:
    """h1, h2, h3, h4 under the given names."""
    one, two, three, four = names.split()
    square, cube = K * mu * high**2 + 2 * mu * skew, 2 * K * mu * high * skew
    left = Definition(one, 2 * mu * low), Definition(two, square)
    return *left, Definition(three, cube), Definition(four, K * mu * skew**2)


def slope(h: Quartic, step: Named) -> sympy.Expr:
    """d / eta."""
    return h[0] - step * (h[1] + step * (h[2] + step * h[3]))


def skewness(level: Named) -> sympy.Expr:
    """|grad l(W)|_F sigma_max(W) at most, at that loss."""
    return p2 * sqrt(2 * K * level)


rho_quartic = quartic("r1 r2 r3 r4", tau_min, tau_max, product_grad * smax_W)
d_rho = Definition("d_rho", eta * slope(rho_quartic, eta), "1 - rho(eta, t)", r"d_\rho")


@dataclass(frozen=True)
class Rates:
    """f = 1 - d, f(eta, 0) = 1 - d0, and the step limit, for one reading of alpha0."""

    a: Quartic
    a0: Quartic
    d: Definition
    d0: Definition
    f: Definition
    f0: Definition
    eta_max: Definition

    @property
    def drift_bound(self) -> sympy.Expr:
        """Above |D(t) - D(0)|_F at a constant step (Lemma C.3)."""
        return 2 * c2 * beta0 * K * loss.at(0) * eta.at(0) ** 2 / self.d0.at(0)


def rates(alpha0: Named) -> Rates:
    """Equations (27), (28) and (30)."""
    a = quartic("a1 a2 a3 a4", c1 * alpha0, c2 * beta0, skewness(loss))
    start = quartic("a1 a2_0 a3_0 a4_0", c1 * alpha0, c2 * beta0, skewness(loss.at(0)))
    x, push = Unknown("x"), 4 * c2 * K * loss.at(0)
    first, second = push / (c2 - 1), 2 * push * beta0 / ((1 - c1) * alpha0)
    one = Root("eta1", first * x - slope(start, x), x, latex_name=r"\eta_1^{\max}")
    two = Root("eta2", second * x - slope(start, x), x, latex_name=r"\eta_2^{\max}")
    d = Definition("d", eta * slope(a, eta), "1 - f(eta, t)")
    d0 = Definition("d0", eta * slope(start, eta), "1 - f(eta, 0)")
    f = Definition("f", 1 - d, "bound on L(t+1)/L(t)", r"f(\eta,t)")
    f0 = Definition("f0", 1 - d0, "the same at L(0)", r"f(\eta,0)")
    limit = Definition("eta_max", Min(one, two), "step limit", r"\eta_{\max}")
    return Rates(a, start, d, d0, f, f0, limit)

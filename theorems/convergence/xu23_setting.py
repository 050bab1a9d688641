"""Margin, imbalance and the spectral bounds they give: Table 2 of Xu et al. (2023).

Setting. X in R^{n x n} invertible after the reduction of the data, Y in R^{n x m}, a two-layer
linear network W = W1 W2 of width h, L(W1, W2) = 1/2 |Y - X W|_F^2, K = sigma_max(X)^2,
mu = sigma_min(X)^2, E = Y - X W, and the imbalance D = W1' W1 - W2 W2'. With [x]_+ = max(x, 0):

    p1 = [sigma_min(Y) - |E(0)|_F]_+ / sigma_max(X)          the margin: below sigma_min(W)
    p2 = (|Y|_F + |E(0)|_F) / sigma_min(X)                   above sigma_max(W)
    lambda_+ = [lambda_1(D)]_+     Delta_+ = lambda_+ - [lambda_n(D)]_+
    lambda_- = [lambda_1(-D)]_+    Delta_- = lambda_- - [lambda_m(-D)]_+
    Delta = [lambda_n(D)]_+ + [lambda_m(-D)]_+
    alpha = (-Delta_+ + sqrt((Delta_+ + Delta)^2 + 4 p^2)) / 2
          + (-Delta_- + sqrt((Delta_- + Delta)^2 + 4 q^2)) / 2
    beta  = (lambda_+ + sqrt(lambda_+^2 + 4 p2^2)) / 2 + (lambda_- + sqrt(lambda_-^2 + 4 p2^2)) / 2

and alpha <= lambda_n(W1 W1') + lambda_m(W2' W2) <= sigma_max(W1)^2 + sigma_max(W2)^2 <= beta.

Remark. Table 2 prints p = q = p1. The first root of alpha bounds lambda_m(W2' W2), which needs
sigma_m(W), and that is 0 if m > n; the second bounds lambda_n(W1 W1') and needs sigma_n(W), 0 if
n > m. Hence p = p1 [m <= n] and q = p1 [n <= m]: so in Proposition 1 of Min et al. (2022), and so
in the authors' public code, by an index test. For n = m the two readings agree.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy

from harness import Definition, Max, Min, sqrt
from harness.symbols import K, inputs, mu, norm_Y, outputs, residual, smin_Y
from harness.symbols import lam1_D, lam1_mD, lamm_mD, lamn_D
from harness.vocabulary.symbol import Named

Read = Callable[[Named], Named]
"""How a symbol that changes during the run is read: at step 0, or at the current step."""

p1 = Definition("p1", Max(smin_Y - residual.at(0), 0) / sqrt(K), "margin of the initialization")
p2 = Definition("p2", (norm_Y + residual.at(0)) / sqrt(mu), "upper bound on sigma_max(W(t))")

tall = Definition("tall", Min(1, Max(0, inputs - outputs + 1)), "1 if m <= n, else 0", r"[m\leq n]")
flat = Definition("flat", Min(1, Max(0, outputs - inputs + 1)), "1 if n <= m, else 0", r"[n\leq m]")


def at_start(one: Named) -> Named:
    """The symbol at step 0."""
    return one.at(0)


def at_present(one: Named) -> Named:
    """The symbol at the current step."""
    return one


def _excess(sign: str, first: Named, rank: Named, read: Read) -> tuple[Definition, Definition]:
    """lambda_+ and Delta_+ of D, or lambda_- and Delta_- of -D."""
    time = "0" if read is at_start else "t"
    name = "plus" if sign == "+" else "minus"
    top = Definition(
        f"lambda_{name}_{time}", Max(read(first), 0), "", rf"\lambda_{{{sign}}}({time})"
    )
    gap = top - Max(read(rank), 0)
    return top, Definition(f"Delta_{name}_{time}", gap, "", rf"\Delta_{{{sign}}}({time})")


def lower(name: str, first: sympy.Expr, second: sympy.Expr, read: Read = at_start) -> Definition:
    """alpha: below lambda_min(tau) when p bounds sigma_m(W) and q bounds sigma_n(W) from below."""
    _, plus = _excess("+", lam1_D, lamn_D, read)
    _, minus = _excess("-", lam1_mD, lamm_mD, read)
    both = Max(read(lamn_D), 0) + Max(read(lamm_mD), 0)
    time = "0" if read is at_start else "t"
    D = Definition(f"Delta_{time}", both, "imbalance of full rank", rf"\Delta({time})")
    expression = (sqrt((plus + D) ** 2 + 4 * first**2) - plus) / 2
    expression += (sqrt((minus + D) ** 2 + 4 * second**2) - minus) / 2
    return Definition(name, expression, "lower bound on lambda_min(tau)")


def upper(name: str, reach: sympy.Expr, read: Read = at_start) -> Definition:
    """beta: above sigma_max(W1)^2 + sigma_max(W2)^2 when sigma_max(W) <= reach."""
    plus, _ = _excess("+", lam1_D, lamn_D, read)
    minus, _ = _excess("-", lam1_mD, lamm_mD, read)
    expression = (plus + sqrt(plus**2 + 4 * reach**2) + minus + sqrt(minus**2 + 4 * reach**2)) / 2
    return Definition(name, expression, "upper bound on lambda_max(tau)")


alpha0_printed = lower("alpha0", p1, p1)
alpha0 = lower("alpha0", p1 * tall, p1 * flat)
beta0 = upper("beta0", p2)

r"""The explicit constants of Theorem E.1 of Xu et al. (2025), for an initial step e = eta_0.

Setting. Table 2 as in xu25_setting; 0 < c < 1 and d > 1 are free (Theorem 3.2: c = 1/2, d = 2; the
paper's figures: c = 1/2, d = 1.01).

    mubar   = mu (alpha1 + 2 alpha2 (1 - exp(e^c)))
    Kbar_t  = sqrt(2 K L(0) rhobar^t) + 6 K^2 beta2 L(0) e^2 Delta^t
                + K exp(e^c) alpha2 (1 + 3 sqrt(2 K L(0) Delta^t) e)
    rhobar  = 1 - 2 mubar e + mubar Kbar_0 e^2,   Delta = (1 + e^d) rhobar
    eta_max = min of: the root of e Kbar_0 = 1; the smallest positive root of
              4 K L(0) e^2 = (1 - exp(-e^c)) (1 - Delta); log(1 + alpha1 / (2 alpha2))^(1/c)

Remarks. (101) and Kbar_t print exp(sqrt(e)), which for c other than 1/2 is exp(e^c). eta_max is not
scale invariant: where alpha1/alpha2 is small, the second root may lie below every number of
interest, and the limit counts as 0. It is searched from 2^-60 of the first root on: below that,
both sides divided by e^(1+c) are monotone. The complements q = 1 - rhobar and 1 - Delta keep their
digits, and the equation of the second root is divided by e.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import sympy

from harness import Definition, Min, Parameter, Root, Unknown, exp, log, sqrt
from harness.symbols import K, eta, loss, mu, t
from harness.vocabulary.operators import expm1
from harness.vocabulary.symbol import Named
from theorems.convergence.xu25_setting import alpha2, beta2

c = Parameter("c", 0, 1, (0.5,), "exponent of the room left to the spectra")
d = Parameter("d", 1, math.inf, (2.0, 1.01), "exponent of the growth of the step")
L0, first_step = loss.at(0), eta.at(0)
room = exp(first_step**c)
"""What sigma_max(T)^2 may grow by."""


def smoothness_bound(e: Named, level: sympy.Expr, inflated: sympy.Expr) -> sympy.Expr:
    """Kbar_t, from L(0) rhobar^t and L(0) Delta^t."""
    growth = K * exp(e**c) * alpha2 * (1 + 3 * sqrt(2 * K * inflated) * e)
    return sqrt(2 * K * level) + 6 * K**2 * beta2 * inflated * e**2 + growth


@dataclass(frozen=True)
class Bounds:
    """mubar, Kbar_0, q = 1 - rhobar, 1 - Delta and Kbar_t at one initial step."""

    mubar: Definition
    K0: Definition
    q: Definition
    gap: Definition
    Kbar: Definition


def bounds(alpha1: Named, e: Named, mark: str = "") -> Bounds:
    """The constants at the initial step e; ``mark`` ends their names where there are two such steps."""
    mubar = Definition(f"mubar{mark}", mu * (alpha1 - 2 * alpha2 * expm1(e**c)), "", r"\bar\mu")
    K0 = Definition(f"Kbar_0{mark}", smoothness_bound(e, L0, L0), "", r"\bar K_0")
    q = Definition(f"q{mark}", mubar * e * (2 - K0 * e), "1 - rhobar(eta_0, 0)")
    gap = Definition(f"gap{mark}", q - e**d * (1 - q), "1 - Delta", r"(1-\Delta)")
    later = smoothness_bound(e, L0 * (1 - q) ** t, L0 * (1 - gap) ** t)
    Kbar = Definition(f"Kbar_t{mark}", later, "above K_t", r"\bar K_t")
    return Bounds(mubar, K0, q, gap, Kbar)


def step_limit(alpha1: Named) -> Definition:
    """eta_max."""
    x = Unknown("x")
    at = bounds(alpha1, x)
    one = Root("eta_1", x * at.K0 - 1, x)
    three = Definition("eta_3", log(1 + alpha1 / (2 * alpha2)) ** (1 / c))
    share = at.mubar * (2 - at.K0 * x) * (1 + x**d) - x ** (d - 1)
    balance = 4 * K * L0 * x + expm1(-(x**c)) * share
    two = Root("eta_2", balance, x, one / 2**60, Min(one, three), smallest=True)
    return Definition("eta_max", Min(one, two, three), "step limit", r"\eta_{\max}")

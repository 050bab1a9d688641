"""The assumptions of Theorem 3.2 of Xu et al. (2025), and the boldest steps they allow.

alpha1 > 0, h >= min(n, m), 0 < e <= eta_max with e = eta_0, and at every step
e <= eta_t <= min((1 + e^d)^(t/2) e, 1/K_t): the step may grow until it meets 1/K_t.
"""

from __future__ import annotations

import sympy

from harness import Definition, Hypothesis, Min
from harness.symbols import eta, t
from harness.vocabulary.symbol import Named
from theorems.convergence.xu25_growth import bounds, d, first_step, step_limit
from theorems.convergence.xu25_setting import POSITIVE_STEP, WIDTH, K_t, inverse_K_t


def growing(e: sympy.Expr) -> sympy.Expr:
    """The largest step that growth allows at step t."""
    return (1 + e**d) ** (t / 2) * e


def premises(alpha1: Named) -> tuple[Hypothesis, ...]:
    """The hypotheses."""
    return (
        WIDTH, POSITIVE_STEP,
        Hypothesis("margin or imbalance", "they make alpha_1 positive", alpha1 > 0),
        Hypothesis("first step", "eta_0 <= eta_max", first_step <= step_limit(alpha1)),
        Hypothesis("no smaller step", "eta_0 <= eta_t", first_step <= eta),
        Hypothesis("slow growth", "eta_t <= (1 + eta_0^d)^(t/2) eta_0", eta <= growing(first_step)),
        Hypothesis("short step", "eta_t <= 1/K_t", eta * K_t <= 1),
    )  # fmt: skip


def greedy_step(alpha1: Named) -> sympy.Expr:
    """min((1 + e^d)^(t/2) e, 1/K_t) with e just below eta_max, and room for rounding in 1/K_t."""
    start = sympy.Rational(99, 100) * step_limit(alpha1)
    return Min(growing(start), sympy.Rational(999, 1000) * inverse_K_t)


def greedy_bar_step(alpha1: Named) -> sympy.Expr:
    """The same with 1/Kbar_t in place of 1/K_t."""
    start = Definition("e_start", sympy.Rational(99, 100) * step_limit(alpha1), "first step")
    return Min(growing(start), sympy.Rational(999, 1000) / bounds(alpha1, start, "_start").Kbar)

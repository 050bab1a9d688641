"""The inequalities by which (104) and (16) of Xu et al. (2025) are to follow, one after another.

A rate 1 - mubar e (2 - Kbar e) falls in e up to e = 1/Kbar: that is what a growing step needs.
"""

from __future__ import annotations

import sympy

from harness import Link
from harness.symbols import loss
from harness.vocabulary.symbol import Named
from theorems.convergence.xu25_growth import Bounds, first_step
from theorems.convergence.xu25_setting import K_t, d_t, mu_t


def _fall(mu: sympy.Expr, K: sympy.Expr) -> sympy.Expr:
    """1 - rate of a step of the first size."""
    return mu * first_step * (2 - K * first_step)


def _common(at: Bounds) -> tuple[Link, ...]:
    return (
        Link("local-rate", "one step falls by rho", loss.next <= (1 - d_t) * loss, "(10)", loss),
        Link("local-pl", "mubar is below mu_t", mu_t >= at.mubar, "A2", trivial=0),
        Link("local-smoothness", "Kbar_t is above K_t", K_t <= at.Kbar, "(101)"),
    )


def _ordered(at: Bounds, d: Named) -> tuple[Link, ...]:
    falling = _fall(at.mubar, at.Kbar)
    return (
        Link("falling-loss", "Kbar_t <= Kbar_0", falling >= at.q, trivial=0, start=1),
        Link("rate-ordered", "hence", d >= at.q, trivial=0, start=1),
    )


def of_appendix(at: Bounds, d_bar: Named) -> tuple[Link, ...]:
    """(104), whose rate is that of the bounds mubar and Kbar_t."""
    growing = d_bar >= _fall(at.mubar, at.Kbar)
    return (
        *_common(at),
        Link("weaker-rate", "rho <= rhobar at the same step", d_t >= d_bar, trivial=0),
        Link("growing-step", "rhobar(., t) falls from eta_0 to eta_t", growing, start=1),
        *_ordered(at, d_bar),
    )


def of_body(at: Bounds) -> tuple[Link, ...]:
    """(16), whose rate is that of the local constants mu_t and K_t."""
    growing, weaker = d_t >= _fall(mu_t, K_t), _fall(mu_t, K_t) >= _fall(at.mubar, at.Kbar)
    return (
        *_common(at),
        Link("growing-step", "rho(., t) falls from eta_0 to eta_t", growing, "(113)", start=1),
        Link("weaker-rate", "rho <= rhobar at the first step", weaker, "(113)"),
        *_ordered(at, d_t),
    )

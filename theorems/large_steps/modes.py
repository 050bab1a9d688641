"""One mode of a two-layer linear network under gradient descent: shared expressions.

The mode p of W2 W1 along a singular direction of M with singular value s follows
p+ = p (1 + eta (s - p))^2; r = (s - p)/p is multiplied by at least 1 - 2 eta s and at most
(1 + eta s)^-2 at each step while 0 < p <= s and eta s < 1/2. So fraction f is reached between

    soonest = log(r_0 f/(1 - f)) / (-log(1 - 2 eta s))
    latest = max(0, log(r_0 f/(1 - f)) / (2 log(1 + eta s))) + 1.
"""

from __future__ import annotations

from sympy import Expr

from harness import Definition, Hypothesis, Max, log
from harness import large_steps as s


def left(strength: Expr, mode: Expr) -> Expr:
    """r: what is left to learn over what is learned."""
    return (strength - mode) / mode


def hitting(name: str, strength: Expr, start: Expr) -> tuple[Definition, Definition]:
    """Steps between which the fraction is reached first."""
    odds = log(left(strength, start) * s.fraction / (1 - s.fraction))
    soonest = odds / (-log(1 - 2 * s.step * strength))
    latest = Max(0, odds / (2 * log(1 + s.step * strength))) + 1
    return (
        Definition(f"soonest{name}", soonest, "no earlier step reaches the fraction"),
        Definition(f"latest{name}", latest, "some step up to this one reaches the fraction"),
    )


BELOW = Hypothesis("below the target", "0 < p_0 < s", s.mode_start < s.strength)
SHORT = Hypothesis("short step", "eta s < 1/2", 2 * s.step * s.strength < 1)

"""Gradient descent x+ = x - g f'(x): shared hypotheses, and how formulas are spelled here."""

from __future__ import annotations

from sympy import Eq, Expr

from harness import Hypothesis
from harness import first_order as s

SPELLED: dict[str, Expr] = {
    "N": s.rounds, "L": s.smooth, "g": s.gamma, "R^2": s.start_squared, "D_0": s.gap_start,
    "D_N": s.gap, "|x_N - x*|^2": s.dist_squared, "|f'(x_N)|^2": s.grad_squared,
    "|f'(x_0)|^2": s.grad_start, "min |f'(x_k)|^2": s.grad_least, "f_0 - f_N": s.decrease,
}  # fmt: skip
"""D_k = f(x_k) - f*, R = |x_0 - x*|."""

LEAST_SQUARES: dict[str, Expr] = {
    **SPELLED, "E|x_N - x*|^2": s.mean_dist_squared, "M": s.sample_smooth, "mu": s.strong,
    "s^2": s.noise_at_minimum,
}  # fmt: skip
"""The same for stochastic gradient descent on least squares; M = max |a_i|^2."""

CONVEX = Hypothesis("convex", "f is convex", Eq(s.convex, 1))
BOUNDED = Hypothesis("bounded below", "f is bounded below", Eq(s.bounded, 1))
BELOW_TWO = Hypothesis("step below 2/L", "0 < g < 2/L", s.gamma * s.smooth < 2)
PL = Hypothesis("PL", "1/2 |f'|^2 >= mu (f - f*) with mu > 0", s.pl > 0)
STRONG = Hypothesis("strongly convex", "mu > 0", s.strong > 0)

ORTHOGONAL = {"noisy": 0, "share": 0.5, "passes": 6}
"""Samples that can all be fitted, on orthogonal axes unless told otherwise."""

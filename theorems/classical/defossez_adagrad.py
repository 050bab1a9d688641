r"""Adagrad on smooth functions that need not be convex: an explicit rate.

Setting. x_{k+1,j} = x_{k,j} - a g_j / sqrt(eps + v_j), v_j the sum of the squares of g_j = df/dx_j so far;
f with an L-Lipschitz gradient on R^d, bounded below, D_0 = f(x_0) - f*, N steps, no noise.
Hypotheses. |grad f|_inf <= R - sqrt(eps) everywhere.
Statement. For the mean of |grad f(x_k)|^2 over k < N, with l = log(1 + N R^2 / eps)

    printed: mean <= 2 R D_0 / (a sqrt(N)) + (4 d R^2 + a d R L) l / sqrt(N)
    noiseless: mean <= R D_0 / (a sqrt(N)) + a d R L l / (2 sqrt(N))

Source. Defossez, Bottou, Bach, Usunier, TMLR 2022, Theorem 1, for stochastic gradients in the mean; every
constant read in Davis's restatement (course STAT 4830, lecture 9), whose R does not make room for sqrt(eps).
Remarks. Without noise 4 d R^2, its price, is not due, and the rest halves (derived: eps + v <= N R^2,
and the sum of g^2/(eps + v) is at most l). The printed bound is no better than d (R - sqrt(eps))^2,
which holds anyway, for fewer steps than some thousands: vacuous here.
"""

from __future__ import annotations

from sympy import log, sqrt

from harness import Claim, Control, Definition, Theorem, Verdict
from harness.first_order import adagrad_mean, epsilon, gap_start, grad_bound, rounds
from theorems.classical.adaptive import FROM_THE_TOP, SPELLED, a, bending, largest, price
from theorems.classical.scalings import SCALINGS

N, R = rounds, grad_bound

lasting = Definition("l", log(1 + N * R**2 / epsilon), "sum of g^2 / (eps + v), at most")
begin = R * gap_start / (a * sqrt(N))

theorem = Theorem(
    title="Adagrad on smooth functions",
    source="defossez2022, Theorem 1",
    provenance="read",
    claims=(
        Claim("printed", adagrad_mean <= 2 * begin + (price + bending) * lasting / sqrt(N),
              trivial=largest, expected=Verdict.VACUOUS),
        Claim("noiseless", adagrad_mean <= begin + bending * lasting / (2 * sqrt(N)),
              trivial=largest),
    ),
    scalings=SCALINGS,
    spelled={**SPELLED, "mean": adagrad_mean},
    controls=(
        Control("sixteenth", "printed", {price: 0, bending: 0, gap_start: gap_start / 16},
                configuration=FROM_THE_TOP),
        Control("no-curvature", "noiseless", {bending: 0}, configuration=FROM_THE_TOP),
    ),
)  # fmt: skip

r"""Adam without momentum on smooth functions that need not be convex: an explicit rate.

Setting. x_{k,j} = x_{k-1,j} - a_k g_j / sqrt(eps + v_j), v_j = b v_j + g_j^2, g_j = df/dx_j, b = beta_2,
a_k = a sqrt((1 - b^k)/(1 - b)); f with an L-Lipschitz gradient on R^d, D_0 = f(x_0) - f*, N steps, no noise.
Hypotheses. |grad f|_inf <= R - sqrt(eps) everywhere, 0 < b < 1.
Statement. For the mean of |grad f(x_k)|^2 over k < N, with
l = log(1 + R^2/((1 - b) eps)) / N - log(b)

    printed: mean <= 2 R D_0 / (a N) + (4 d R^2/sqrt(1 - b) + a d R L/(1 - b)) l
    noiseless: mean <= R D_0 / (a N) + a d R L l / (2 (1 - b))

Source. Defossez, Bottou, Bach, Usunier, TMLR 2022, Theorem 2 (beta_1 = 0), for stochastic gradients; every
constant read in Davis's restatement (course STAT 4830, lecture 9), whose R does not make room for sqrt(eps).
Remarks. Without noise 4 d R^2, its price, is not due, and the rest halves (derived: a_k^2 / (eps + v) is
at least a^2 / R^2, and the mean of g^2/(eps + v) is at most l). As printed it is no better than
d (R - sqrt(eps))^2, which holds anyway, for fewer steps than some thousands: vacuous here. The regret bound first given for
Adam is false (benchmarks/falsification/o01_adam_regret.py has the counterexample).
"""

from __future__ import annotations

from sympy import log, sqrt

from harness import Claim, Control, Definition, Theorem, Verdict
from harness.first_order import adam_mean, decay, epsilon, gap_start, grad_bound, rounds
from theorems.classical.adaptive import FROM_THE_TOP, SPELLED, a, bending, largest, price
from theorems.classical.scalings import SCALINGS

N, R, b = rounds, grad_bound, decay

lasting = Definition("l", log(1 + R**2 / ((1 - b) * epsilon)) / N - log(b), "mean of g^2/(eps + v)")
begin = R * gap_start / (a * N)

theorem = Theorem(
    title="Adam without momentum on smooth functions",
    source="defossez2022, Theorem 2",
    provenance="read",
    claims=(
        Claim("printed",
              adam_mean <= 2 * begin + (price / sqrt(1 - b) + bending / (1 - b)) * lasting,
              trivial=largest, expected=Verdict.VACUOUS),
        Claim("noiseless", adam_mean <= begin + bending * lasting / (2 * (1 - b)),
              trivial=largest),
    ),
    scalings=SCALINGS,
    spelled={**SPELLED, "mean": adam_mean, "b": decay},
    controls=(
        Control("sixteenth", "printed", {price: 0, bending: 0, gap_start: gap_start / 16},
                configuration=FROM_THE_TOP),
        Control("no-curvature", "noiseless", {bending: 0}, configuration=FROM_THE_TOP),
    ),
)  # fmt: skip

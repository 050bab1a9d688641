"""Setting of the statements about deep linear networks with Gaussian weights.

F = W_L ... W_1 X / sqrt(h^(L-1) m), hidden width h, m outputs, all entries of the weights N(0, 1), loss
1/2 |F - Y|_F^2 with Y = W* X, gradient descent on all layers. lambda_r is the least positive eigenvalue of
X X', r the rank of X, and kappa = |X|^2 / lambda_r.
"""

from __future__ import annotations

from harness import Scaling, sqrt
from harness import finite_width as s
from harness.symbols import K, depth, inputs, mu, outputs, width

L, h, m, r, eta = depth, width, outputs, inputs, s.step
spread = K * sqrt((L - 1) * (2 * L - 1) / (L * h))

DATA = Scaling("data", {K: 2, mu: 2, s.kernel_gap: 2, eta: -2, s.fit_start: 1, s.fit_end: 1})
SPELLED = {
    "L": L, "h": h, "m": m, "r": r, "eta": eta, "T": s.steps_taken, "|X|^2": K, "lambda_r": mu,
    "|W*|": s.teacher_norm, "kernel_gap": s.kernel_gap, "|r_0|": s.fit_start, "|r_T|": s.fit_end,
}  # fmt: skip

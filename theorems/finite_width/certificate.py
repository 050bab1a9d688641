"""Setting of the statements whose hypotheses can be checked at the start: f as in harness.finite_width.

Gradient descent on 1/2 |r|^2. With |J| <= beta and Lipschitz constant L of J everywhere,

    alpha = (sigma_n(J_0) + sqrt(max(sigma_n(J_0)^2 - 8 L |r_0|, 0))) / 2

is below sigma_n(J) on the ball of radius 2 |r_0| / alpha around the start: the larger root of
alpha = sigma_n(J_0) - 2 L |r_0| / alpha, real when sigma_n(J_0)^2 >= 8 L |r_0|.
"""

from __future__ import annotations

from typing import Any

from harness import Definition, Hypothesis, Max, sqrt
from harness import finite_width as s

eta, beta, L, r0, sigma = s.step, s.jac_bound, s.jac_lipschitz, s.fit_start, s.jac_smin
alpha = Definition(
    "alpha", (sigma + sqrt(Max(sigma**2 - 8 * L * r0, 0))) / 2, "below sigma_n(J)", r"\alpha"
)
certified = Hypothesis(
    "certificate", "sigma_n(J) stays positive on the ball", sigma**2 >= 8 * L * r0
)

SPELLED = {
    "T": s.steps_taken, "eta": eta, "beta": beta, "L": L, "alpha": alpha, "path": s.path,
    "sigma_n(J_0)": sigma, "|r_0|": r0, "|r_1|": s.fit_next, "|r_T|": s.fit_end,
    "|theta_1 - theta_0|": s.first_move,
}  # fmt: skip

EVEN: dict[str, Any] = {
    "activation": "linear", "X": [[1, 0], [0, 1]], "pace": 0.0001220703125, "steps": 1,
}  # fmt: skip
"""J J' is a multiple of the identity and constant, the step short: r shrinks at the rate of alpha."""
UNEVEN: dict[str, Any] = {
    "activation": "linear", "X": [[2, 0], [0, 0.5]], "pace": 2.5, "gap": [1, 0], "steps": 4,
}  # fmt: skip
"""The step is longer than 2 / |J|^2 and r lies along the top direction."""

r"""Stochastic gradient descent on least squares with a constant step: two bounds of the mean square.

Setting. f_i(x) = 1/2 (a_i.x - b_i)^2, f their mean, mu = lambda_min(f''), M = max |a_i|^2,
s^2 = mean |f_i'(x*)|^2, x_{k+1} = x_k - g f_i'(x_k), i uniform and independent, N steps. The means are exact:
E(x - x*) and E(x - x*)(x - x*)' obey linear recursions.
Hypotheses. mu > 0; g < 1/M (mean-square), g <= 1/(2 M) (half-step).
Statement.

    mean-square: E|x_N - x*|^2 <= (1 - 2 g mu (1 - g M))^N R^2 + g s^2 / (mu (1 - g M))
    half-step: E|x_N - x*|^2 <= (1 - g mu)^N R^2 + 2 g s^2 / mu

Source. Needell, Srebro, Ward, NeurIPS 2014, Theorem 2.1 (step below 1/M); Gower, Loizou, Qian, Sailanbayev,
Shulgin, Richtarik, ICML 2019, Theorem 3.1.
Remarks. M is the largest over samples, not the Lipschitz constant of f'. The second follows from
the first. Neither is attained: both pay for noise that is not there, see sgd_ls_fitted.
"""

from __future__ import annotations

from harness import Claim, Control, Definition, Hypothesis, Theorem
from harness.first_order import (
    gamma,
    mean_dist_squared,
    noise_at_minimum,
    rounds,
    sample_smooth,
    start_squared,
    strong,
)
from theorems.classical.scalings import SCALINGS
from theorems.classical.setting import LEAST_SQUARES, ORTHOGONAL, STRONG

M = sample_smooth

progress = Definition("progress", 2 * gamma * strong * (1 - gamma * M), "1 - the rate")

sgd_ls_exact_moment = Theorem(
    title="SGD with a constant step on least squares, in mean square",
    source="needell2014, Theorem 2.1",
    hypotheses=(STRONG, Hypothesis("step", "g < 1/M", gamma * M < 1)),
    claims=(
        Claim(
            "mean-square",
            mean_dist_squared
            <= (1 - progress) ** rounds * start_squared
            + gamma * noise_at_minimum / (strong * (1 - gamma * M)),
        ),
    ),
    scalings=SCALINGS,
    spelled=LEAST_SQUARES,
    controls=(Control("a-quarter-of-the-largest", "mean-square", {M: M / 4},
                      configuration={**ORTHOGONAL, "share": 0.9375}),),
)  # fmt: skip

sgd_ls_half_step = Theorem(
    title="SGD with a step of at most 1/(2 M) on least squares, in mean square",
    source="gower2019, Theorem 3.1",
    provenance="derived",
    hypotheses=(STRONG, Hypothesis("step", "g <= 1/(2 M)", 2 * gamma * M <= 1)),
    claims=(
        Claim(
            "half-step",
            mean_dist_squared
            <= (1 - gamma * strong) ** rounds * start_squared
            + 2 * gamma * noise_at_minimum / strong,
        ),
    ),
    scalings=SCALINGS,
    spelled=LEAST_SQUARES,
    controls=(Control("mu-doubled", "half-step", {strong: 2 * strong}, configuration=ORTHOGONAL),),
)

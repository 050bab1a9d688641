r"""Stochastic gradient descent on least squares when every sample can be fitted.

Setting. f_i(x) = 1/2 (a_i.x - b_i)^2, f their mean, mu = lambda_min(f''), M = max |a_i|^2,
s^2 = mean |f_i'(x*)|^2, x_{k+1} = x_k - g f_i'(x_k), i uniform and independent, N steps; exact means.
Hypotheses. mu > 0, g <= 2/M, s = 0.
Statement.

    fitted: E|x_N - x*|^2 <= (1 - g mu (2 - g M))^N R^2

Source. Derived: a step lowers |e|^2 by g (2 - g |a_i|^2) (a_i.e)^2. Needell, Srebro, Ward, NeurIPS 2014,
Theorem 2.1, has 1 - 2 g mu (1 - g M), which pays for noise.
Remarks. Equality for orthogonal samples of one length (randomized Kaczmarz at g = 1/M).
"""

from __future__ import annotations

from sympy import Eq

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

NOISY = {"passes": 20}

progress = Definition("progress", gamma * strong * (2 - gamma * sample_smooth), "1 - the rate")

theorem = Theorem(
    title="SGD with a constant step on samples that can all be fitted, in mean square",
    source="needell2014, Theorem 2.1",
    provenance="derived",
    hypotheses=(
        STRONG,
        Hypothesis("step", "g <= 2/M", gamma * sample_smooth <= 2),
        Hypothesis("fitted", "every sample is fitted at x*", Eq(noise_at_minimum, 0),
                   breaks_with=NOISY),
    ),
    claims=(
        Claim("fitted", mean_dist_squared <= (1 - progress) ** rounds * start_squared,
              witness=ORTHOGONAL),
    ),
    scalings=SCALINGS,
    spelled=LEAST_SQUARES,
    controls=(
        Control("mu-a-twentieth-more", "fitted", {strong: strong * 21 / 20},
                configuration=ORTHOGONAL),
        Control("M-a-twentieth-less", "fitted", {sample_smooth: sample_smooth * 19 / 20},
                configuration=ORTHOGONAL),
        Control("noise", "fitted", drop="fitted", configuration=NOISY),
    ),
)  # fmt: skip

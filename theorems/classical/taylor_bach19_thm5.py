r"""Stochastic gradient descent on convex functions: value and distance at once, in the mean.

Setting. x_{k+1} = x_k - g (f'(x_k) + xi_k), xi_k with mean 0 and E|xi_k|^2 <= s^2 given x_k, f convex
with an L-Lipschitz gradient; N steps. The mean is exact: two-point noise, all sequences of signs.
Hypotheses. f convex (all functions here are), 0 < g <= 1/L.
Statement.

    potential: N g L E D_N + L / 2 E|x_N - x*|^2
        <= L / 2 R^2 + L / 2 g^2 s^2 N (1 + g L (N + 1) / 2)

Source. Taylor, Bach, COLT 2019, Theorem 5 with a constant step: d_0 = 0, d_{k+1} = d_k + g L,
e_k = g^2 (L/2) (1 + d_{k+1}), summed.
Remarks. At g = 1/L the last term is s^2 N (N + 3)/(4 L). Equality for L x^2 / 2 from the minimum, N = 1
and g = 1/L, and for Huber's function without noise.
"""

from __future__ import annotations

from harness import Claim, Control, Hypothesis, Theorem
from harness.first_order import (
    gamma,
    mean_dist_squared,
    mean_gap,
    noise_squared,
    rounds,
    smooth,
    start_squared,
)
from theorems.classical.scalings import SCALINGS
from theorems.classical.setting import SPELLED

FROM_THE_MINIMUM = {"start": 0.0}
HALF = smooth / 2

spent = HALF * gamma**2 * noise_squared * rounds * (1 + gamma * smooth * (rounds + 1) / 2)

theorem = Theorem(
    title="A potential for stochastic gradient descent on convex functions",
    source="taylorbach2019, Theorem 5",
    hypotheses=(Hypothesis("short step", "g <= 1/L", gamma * smooth <= 1),),
    claims=(
        Claim(
            "potential",
            rounds * gamma * smooth * mean_gap + HALF * mean_dist_squared
            <= HALF * start_squared + spent,
            witness=FROM_THE_MINIMUM,
        ),
    ),
    scalings=SCALINGS,
    spelled={
        **SPELLED,
        "s^2": noise_squared,
        "E D_N": mean_gap,
        "E|x_N - x*|^2": mean_dist_squared,
    },
    controls=(
        Control(
            "a-twentieth-less-noise",
            "potential",
            {noise_squared: noise_squared * 19 / 20},
            configuration=FROM_THE_MINIMUM,
        ),
    ),
)

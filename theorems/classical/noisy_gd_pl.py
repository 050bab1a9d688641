r"""Gradient descent with unbiased noise under the Polyak-Lojasiewicz inequality.

Setting. x_{k+1} = x_k - g (f'(x_k) + xi_k), xi_k independent with mean 0 and E|xi_k|^2 = s^2, f'
L-Lipschitz, D_k = f(x_k) - f*, N steps. The mean is exact: two-point noise, all sequences of signs.
Hypotheses. 1/2 |f'|^2 >= mu (f - f*) everywhere with mu > 0; 0 < g < 2/L.
Statement. With p = 2 mu g (1 - L g / 2)

    with-sum: E D_N <= (1 - p)^N D_0 + (1 - (1 - p)^N) L g s^2 / (4 mu (1 - L g / 2))
    with-limit: E D_N <= (1 - p)^N D_0 + L g s^2 / (4 mu (1 - L g / 2))

Source. Derived: the descent lemma in mean, E D_1 <= (1 - p) D_0 + L g^2 s^2 / 2, summed. The second
is how it is usually given; Karimi, Nutini, Schmidt 2016, Theorem 4, is close to it.
Remarks. The first is an equality for L x^2 / 2 (mu = L), the second in the limit of many steps.
"""

from __future__ import annotations

from harness import Claim, Control, Definition, Theorem
from harness.first_order import gamma, gap_start, mean_gap, noise_squared, pl, rounds, smooth
from theorems.classical.scalings import SCALINGS
from theorems.classical.setting import BELOW_TWO, PL, SPELLED

NOISY = {"share": 0.5, "count": 6}
STILL = {"start": 0.0, "share": 0.875, "count": 6}

progress = Definition("progress", 2 * pl * gamma * (1 - smooth * gamma / 2), "1 - the rate", "p")
lost = smooth * gamma * noise_squared / (4 * pl * (1 - smooth * gamma / 2))
floor = Definition("floor", lost, "mean loss after many steps")
rest = Definition("rest", (1 - progress) ** rounds, "what is left of the start")

theorem = Theorem(
    title="Noisy gradient descent under the PL inequality",
    source="karimi2016, Theorem 4",
    provenance="derived",
    hypotheses=(PL, BELOW_TWO),
    claims=(
        Claim("with-sum", mean_gap <= rest * gap_start + (1 - rest) * floor, witness=NOISY),
        Claim("with-limit", mean_gap <= rest * gap_start + floor, witness=STILL),
    ),
    scalings=SCALINGS,
    spelled={**SPELLED, "mu": pl, "p": progress, "s^2": noise_squared, "E D_N": mean_gap},
    controls=(
        Control("a-twentieth-less-noise", "with-sum",
                {noise_squared: noise_squared * 19 / 20}, configuration=NOISY),
        Control("a-twentieth-less-floor", "with-limit", {floor: floor * 19 / 20},
                configuration=STILL),
    ),
)  # fmt: skip

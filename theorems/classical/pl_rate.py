r"""Gradient descent under the Polyak-Lojasiewicz inequality: the textbook rate.

Setting. x_{k+1} = x_k - g f'(x_k), f' L-Lipschitz, N steps, D_k = f(x_k) - f*.
Hypotheses. 1/2 |f'|^2 >= mu (f - f*) everywhere with mu > 0; 0 < g < 2/L.
Statement.

    rate: D_N <= (1 - 2 mu g (1 - L g / 2))^N D_0

Source. Polyak 1963; Karimi, Nutini, Schmidt, ECML 2016, Theorem 1 (g = 1/L).
Remarks. From the descent lemma: one step lowers f by g (1 - L g/2) |f'|^2 at least. Equality for
mu = L, a parabola; for smaller mu see pl_rate_akz. u^2 + 3 sin(u)^2 (L = 8) is not convex; its
constant is 0.17553, attained at u = 2.2017, above the 1/32 that is usually given.
"""

from __future__ import annotations

from harness import Claim, Control, Definition, Theorem
from harness.first_order import gamma, gap, gap_start, pl, rounds, smooth
from theorems.classical.scalings import SCALINGS
from theorems.classical.setting import BELOW_TWO, PL, SPELLED

PARABOLA = {"share": 0.5, "count": 3}
VALLEY = {"shape": "valley", "start": [2.25, 0.0], "curvature": 2.0, "share": 0.25}

progress = Definition("progress", 2 * pl * gamma * (1 - smooth * gamma / 2), "1 - the rate")

theorem = Theorem(
    title="Gradient descent under the PL inequality",
    source="karimi2016, Theorem 1",
    provenance="derived",
    hypotheses=(PL, BELOW_TWO),
    claims=(Claim("rate", gap <= (1 - progress) ** rounds * gap_start, witness=PARABOLA),),
    scalings=SCALINGS,
    spelled={**SPELLED, "mu": pl, "progress": progress},
    controls=(
        Control("mu-a-twentieth-more", "rate", {pl: pl * 21 / 20}, configuration=PARABOLA),
        Control("mu-half-again-in-the-valley", "rate", {pl: pl * 3 / 2}, configuration=VALLEY),
    ),
)

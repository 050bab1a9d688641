r"""Gradient descent under the Polyak-Lojasiewicz inequality: the rate that two points allow.

Setting. x_{k+1} = x_k - g f'(x_k), f' L-Lipschitz, N steps, D_k = f(x_k) - f*.
Hypotheses. 1/2 |f'|^2 >= mu (f - f*) everywhere with mu > 0; 0 < g < 2/L.
Statement. With h = L g and q = mu/L, the factor of one step is the largest of

    short = ((q (1 - h) + sqrt(4 - 2 q (1 + q) h (2 - h))) / (2 + q))^2,
    middle = 1 - (4 - h^2) q h / (q h + 2),
    long = (h - 1)^2 / ((h - 1)^2 + q h (2 - h)),

    rate: D_N <= max(short, middle, long)^N D_0

Source. Abbaszadehpeivasti, de Klerk, Zamani, Optim. Letters 17 (2023), Theorem 3, without a
separate lower curvature. There the branches belong to h <= 1, 1 <= h <= sqrt(3), h >= sqrt(3).
Remarks. The largest is the branch of its interval. It is the greatest D_1 / D_0 that the
PL inequality at x_0 and x_1, |f'|^2 <= 2 L D, and the inequalities of L-smooth interpolation between
x_0 and x_1 allow (solved numerically for 36 pairs, to 1e-5); three points allow less.
Equality for mu = L, a parabola.
"""

from __future__ import annotations

from sympy import sqrt

from harness import Claim, Control, Definition, Max, Theorem
from harness.first_order import gamma, gap, gap_start, pl, rounds, smooth
from theorems.classical.scalings import SCALINGS
from theorems.classical.setting import BELOW_TWO, PL, SPELLED

PARABOLA = {"share": 0.5, "count": 3}
LONG = {"share": 1.875, "count": 3}

h = Definition("h", smooth * gamma)
q = Definition("q", pl / smooth)
room = Definition("room", 4 - 2 * q * (1 + q) * h * (2 - h))
short = Definition("short", ((q * (1 - h) + sqrt(room)) / (2 + q)) ** 2)
middle = Definition("middle", 1 - (4 - h**2) * q * h / (q * h + 2))
far = Definition("long", (h - 1) ** 2 / ((h - 1) ** 2 + q * h * (2 - h)))

theorem = Theorem(
    title="Gradient descent under the PL inequality, sharper rate",
    source="abbaszadehpeivasti2023pl, Theorem 3",
    provenance="derived",
    hypotheses=(PL, BELOW_TWO),
    claims=(Claim("rate", gap <= Max(short, middle, far) ** rounds * gap_start, witness=PARABOLA),),
    scalings=SCALINGS,
    spelled={**SPELLED, "h": h},
    controls=(
        Control("mu-a-twentieth-more", "rate", {pl: pl * 21 / 20}, configuration=PARABOLA),
        Control("L-a-twentieth-less", "rate", {smooth: smooth * 19 / 20}, configuration=LONG),
    ),
)

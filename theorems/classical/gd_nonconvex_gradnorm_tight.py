r"""Gradient descent on functions that need not be convex: how small the gradient must become.

Setting. x_{k+1} = x_k - g f'(x_k), f' L-Lipschitz, N steps, 0 < g < sqrt(3)/L; c = 4 - L g max(1, L g).
Hypotheses. 0 < g < sqrt(3)/L; for the second statement f is bounded below.
Statement.

    decrease: min |f'(x_k)|^2 <= 4 (f_0 - f_N) / (N g c)
    to-the-lowest: min |f'(x_k)|^2 <= 4 D_0 / (N g c + 2/L)

Source. Taylor, thesis, 2017; Abbaszadehpeivasti, de Klerk, Zamani, Optim. Letters 16 (2022). Derived: f + L |x|^2/2 is
convex with a 2L-Lipschitz gradient, hence with a = f'(x_k), b = f'(x_{k+1})

    f_k - f_{k+1} >= g (a.b + |a|^2)/2 + |a - b|^2/(4L) - L g^2 |a|^2/4;

(u + 1)/2 times this and (u - 1)/2 times the same with k and k+1 exchanged, u = max(1, L g), add up to
f_k - f_{k+1} >= (3 - u L g) g |a|^2/4 + g |b|^2/4, where 3 - u L g >= 0. The last state has f_N - f* >= |f'|^2/(2L).
Remarks. Extremal for g <= 1/L: f' = 1 at every iterate and 1 - L d at distance d from the nearest
one, so that a step loses g - L g^2/4; ending in a parabola it attains the second statement. For
g >= 1/L and N = 1: L (u^2 - v^2)/2 from (2 - L g) u^2 = (2 + L g) v^2. The constant (4/3) L/N is right
at g = 1/L only.
"""

from __future__ import annotations

from sympy import sqrt

from harness import Claim, Control, Definition, Hypothesis, Max, Theorem
from harness.first_order import decrease, gamma, gap_start, grad_least, rounds, smooth
from theorems.classical.scalings import SCALINGS
from theorems.classical.setting import BOUNDED, SPELLED

ZIGZAG = {"shape": "zigzag", "share": 0.5, "count": 5}
SADDLE = {"shape": "saddle", "start": [2.0, 1.0], "share": 1.2, "count": 1}
STEP = Hypothesis("step below sqrt(3)/L", "0 < g < sqrt(3)/L", smooth * gamma < sqrt(3))

loss = Definition("loss", smooth * gamma * Max(1, smooth * gamma), "lost to curvature")
span = rounds * gamma * (4 - loss)
TWENTIETH = {smooth: smooth * 19 / 20}

gd_nonconvex_gradnorm_tight = Theorem(
    title="Gradient descent, smallest gradient against the decrease, exact rate",
    source="abbaszadehpeivasti2022gradient, Theorem 2",
    provenance="derived",
    hypotheses=(STEP,),
    claims=(Claim("decrease", grad_least <= 4 * decrease / span, witness=ZIGZAG),),
    scalings=SCALINGS,
    spelled={**SPELLED, "c": 4 - loss},
    controls=(
        Control("L-a-twentieth-less", "decrease", TWENTIETH, configuration=ZIGZAG),
        Control("first-branch-only", "decrease", {loss: smooth * gamma}, configuration=SADDLE),
    ),
)

gd_nonconvex_gradnorm_lowest = Theorem(
    title="Gradient descent, smallest gradient against the distance to the infimum, exact rate",
    source="abbaszadehpeivasti2022gradient, Theorem 2",
    provenance="derived",
    hypotheses=(STEP, BOUNDED),
    claims=(
        Claim("to-the-lowest", grad_least <= 4 * gap_start / (span + 2 / smooth), witness=ZIGZAG),
    ),
    scalings=SCALINGS,
    spelled={**SPELLED, "c": 4 - loss},
    controls=(Control("L-a-twentieth-less", "to-the-lowest", TWENTIETH, configuration=ZIGZAG),),
)

r"""Gradient descent on convex functions: the exact worst case at every step below 2/L.

Setting. x_{k+1} = x_k - g f'(x_k), f convex with an L-Lipschitz gradient, N steps.
Hypotheses. f convex, 0 < g < 2/L.
Statement. With D_N = f(x_N) - f* and R = |x_0 - x*|

    value: D_N <= L R^2 / 2 max(1/(2 N L g + 1), (1 - L g)^2^N)

Source. Drori, Teboulle, Math. Programming 145 (2014), Theorem 3.1 (g <= 1/L), read as restated in PEPit's
examples, and Conjecture 3.1, as restated by Grimmer et al. (arXiv 2407.11739); proved by Kim (arXiv 2412.04427).
Remarks. For g <= 1/L the first branch is the larger one. It is attained by Huber's function bent at
R / (2 N L g + 1), the second by L x^2 / 2. With the first branch alone the statement is false
for long steps. Both branches were confirmed by semidefinite programs for N = 1, 2, 4.
"""

from __future__ import annotations

from harness import Claim, Control, Definition, Max, Theorem
from harness.first_order import gamma, gap, rounds, smooth, start_squared
from theorems.classical.scalings import SCALINGS
from theorems.classical.setting import BELOW_TWO, CONVEX, SPELLED

HUBER = {"slopes": [0.0, 1.0, 0.0], "breaks": [-0.25, 0.25], "share": 0.75, "count": 2}
PARABOLA = {"share": 1.75, "count": 2}

jump = Definition("jump", (1 - smooth * gamma) ** 2, "factor of one step on L x^2 / 2")
glide = Definition("glide", 1 / (2 * rounds * smooth * gamma + 1), "on Huber's function")

theorem = Theorem(
    title="Gradient descent on smooth convex functions, exact rate",
    source="drori2014, Theorem 3.1 and Conjecture 3.1",
    provenance="read",
    hypotheses=(CONVEX, BELOW_TWO),
    claims=(
        Claim(
            "value",
            gap <= smooth * start_squared / 2 * Max(glide, jump**rounds),
            witness=HUBER,
        ),
    ),
    scalings=SCALINGS,
    spelled={**SPELLED, "(1 - L g)^2": jump},
    controls=(
        Control("first-branch-only", "value", {jump: glide}, configuration=PARABOLA),
        Control("second-branch-only", "value", {glide: 0}, configuration=HUBER),
        Control("a-twentieth-less", "value", {smooth: smooth * 19 / 20}, configuration=PARABOLA),
    ),
)

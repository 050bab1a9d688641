r"""Is the optimization curve convex? The decreases of gradient descent up to the step 7/(4L).

Setting. x_{k+1} = x_k - g f'(x_k), f convex with an L-Lipschitz gradient.
Hypotheses. f convex; 0 < g < 2/L (version 1), 0 < g <= 7/(4L) (version 2).
Statement.

    convex-curve: f_N - f_{N+1} <= f_{N-1} - f_N

Source. Barzilai, Shamir, Zamani, TMLR 2025 (arXiv 2503.10138); read as restated, threshold and sharpness, by
Le Duc Hieu (arXiv 2509.08954).
Remarks. One function decides both versions: f' = -b left of -b and x to the right of it, L = 1,
from x_0 = 1. With b = (g - 1)(g + 2)/(g^2 + 2) the second decrease minus the first is greatest, and
0 at g = 7/4, where b = 5/9 (derived; that no function does worse is the paper's).
"""

from __future__ import annotations

from sympy import Rational

from harness import Claim, Control, Hypothesis, Theorem, Verdict
from harness.first_order import fall, fall_next, gamma, smooth
from theorems.classical.scalings import SCALINGS
from theorems.classical.setting import BELOW_TWO, CONVEX

BENT = {"slopes": [0.0, 1.0, 1.0], "breaks": [-1.25, 0.0], "start": [2.25, 0.0]}
SHARP = {**BENT, "share": 1.75}
BEYOND = {**BENT, "share": 1.8}
SPELLED = {"f_N - f_{N+1}": fall_next, "f_{N-1} - f_N": fall}

below_two = Theorem(
    title="The optimization curve of gradient descent is convex",
    source="barzilai2025",
    provenance="read",
    reading="for every step below 2/L",
    hypotheses=(CONVEX, BELOW_TWO),
    claims=(
        Claim(
            "convex-curve",
            fall_next <= fall,
            expected=Verdict.VIOLATED,
            because="beyond 7/(4L) the second step may gain more than the first",
            witness=BEYOND,
        ),
    ),
    scalings=SCALINGS,
    spelled=SPELLED,
)

sharp = Theorem(
    title="The optimization curve of gradient descent is convex",
    source="barzilai2025",
    provenance="read",
    version=2,
    reading="for steps up to 7/(4L)",
    hypotheses=(
        CONVEX,
        Hypothesis("step", "g <= 7/(4L)", gamma * smooth <= Rational(7, 4), breaks_with=BEYOND),
    ),
    claims=(Claim("convex-curve", fall_next <= fall, witness=SHARP),),
    scalings=SCALINGS,
    spelled=SPELLED,
    controls=(Control("longer-step", "convex-curve", drop="step", configuration=BEYOND),),
)

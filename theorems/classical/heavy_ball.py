r"""The heavy ball, tuned for quadratics: its rate, and what becomes of it on other functions.

Setting. x_{k+1} = x_k - a f'(x_k) + b (x_k - x_{k-1}), x_{-1} = x_0, f mu-strongly convex with an
L-Lipschitz gradient, a = 4/(sqrt(L) + sqrt(mu))^2, b = rho^2,
rho = (sqrt(L) - sqrt(mu))/(sqrt(L) + sqrt(mu)).
Hypotheses. mu > 0 (version 1); f is also quadratic (version 2).
Statement.

    distance: |x_N - x*|^2 <= rho^(2 N) (1 + N (1 + rho))^2 R^2

Source. Polyak 1964 for quadratics, asymptotically; the constant is derived: a mode of curvature s is
rho^N (U_N(c) - rho U_{N-1}(c)) times its start, with Chebyshev's U and 2 rho c = 1 + rho^2 - a s.
Remarks. Equality at s = L, where c = -1. Counterexample to version 1: Lessard, Recht, Packard, SIAM J.
Optim. 26 (2016): slopes 25, 1, 25 with breaks at 1 and 2, a cycle of period 3 from x_0 = 3.3.
"""

from __future__ import annotations

from typing import Any

from sympy import Eq, sqrt

from harness import Claim, Control, Definition, Hypothesis, Theorem, Verdict
from harness.first_order import (
    ball_squared,
    quadratic,
    rounds,
    smooth,
    start_squared,
    strong,
)
from theorems.classical.scalings import SCALINGS
from theorems.classical.setting import SPELLED, STRONG

CYCLE: dict[str, Any] = {
    "shape": "bends", "slopes": [1.0, 0.0, 1.0], "start": 3.3, "count": 30,
}  # fmt: skip
STIFF = {"count": 8}

rho = Definition("rho", (sqrt(smooth) - sqrt(strong)) / (sqrt(smooth) + sqrt(strong)))
bound = rho ** (2 * rounds) * (1 + rounds * (1 + rho)) ** 2 * start_squared

every = Theorem(
    title="The heavy ball contracts at its rate for quadratics",
    source="polyak1964",
    provenance="derived",
    reading="for every smooth strongly convex function",
    hypotheses=(STRONG,),
    claims=(
        Claim(
            "distance",
            ball_squared <= bound,
            expected=Verdict.VIOLATED,
            because="a cycle of period three on a function with three slopes",
            witness=CYCLE,
        ),
    ),
    scalings=SCALINGS,
    spelled={**SPELLED, "|x_N - x*|^2": ball_squared},
)

quadratics = Theorem(
    title="The heavy ball contracts at its rate for quadratics",
    source="polyak1964",
    provenance="derived",
    version=2,
    reading="for quadratics",
    hypotheses=(
        STRONG,
        Hypothesis("quadratic", "f is quadratic", Eq(quadratic, 1), breaks_with=CYCLE),
    ),
    claims=(Claim("distance", ball_squared <= bound, witness=STIFF),),
    scalings=SCALINGS,
    spelled={**SPELLED, "|x_N - x*|^2": ball_squared},
    controls=(
        Control("not-quadratic", "distance", drop="quadratic", configuration=CYCLE),
        Control("L-a-twentieth-less", "distance", {smooth: smooth * 19 / 20}, configuration=STIFF),
    ),
)

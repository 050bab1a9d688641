r"""Gradient descent on strongly convex functions: three contractions by the same factor.

Setting. x_{k+1} = x_k - g f'(x_k), f mu-strongly convex with an L-Lipschitz gradient, N steps.
Hypotheses. mu > 0, 0 < g < 2/L.
Statement. With rho^2 = max((1 - g mu)^2, (1 - g L)^2) and D_k = f(x_k) - f*,

    distance: |x_N - x*|^2 <= rho^2^N R^2
    value: D_N <= rho^2^N D_0
    gradient: |f'(x_N)|^2 <= rho^2^N |f'(x_0)|^2

Source. Taylor, Hendrickx, Glineur, J. Optim. Theory Appl. 178 (2018). Derived: a step multiplies x - x* and f' by
I - g H, H a mean Hessian; for the value, weights rho, rho (1 - rho) and 1 - rho on the interpolation
inequalities of (x_0, x_1), (x*, x_0), (x*, x_1) leave a positive semidefinite form.
Remarks. All three are equalities for L x^2 / 2 when g >= 2/(L + mu), for mu x^2 / 2 below.
"""

from __future__ import annotations

from harness import Claim, Control, Definition, Max, Theorem
from harness.first_order import (
    dist_squared,
    gamma,
    gap,
    gap_start,
    grad_squared,
    grad_start,
    rounds,
    smooth,
    start_squared,
    strong,
)
from theorems.classical.scalings import SCALINGS
from theorems.classical.setting import BELOW_TWO, SPELLED, STRONG

LONG = {"slopes": [1.0, 1.0, 1.0], "across": 0.25, "share": 1.75, "count": 8}
SHORT = {"start": [0.0, 1.0], "across": 0.25, "share": 0.5, "count": 8}

rate = Definition(
    "rate",
    Max((1 - gamma * strong) ** 2, (1 - gamma * smooth) ** 2),
    "factor of one step",
    r"\rho^2",
)

theorem = Theorem(
    title="Gradient descent contracts on strongly convex functions",
    source="taylor2018, Theorem 3.3",
    provenance="derived",
    hypotheses=(STRONG, BELOW_TWO),
    claims=(
        Claim("distance", dist_squared <= rate**rounds * start_squared, witness=LONG),
        Claim("value", gap <= rate**rounds * gap_start, witness=SHORT),
        Claim("gradient", grad_squared <= rate**rounds * grad_start),
    ),
    scalings=SCALINGS,
    spelled={**SPELLED, "rho^2": rate, "mu": strong},
    controls=(
        *(
            Control(
                f"L-a-twentieth-less-{one}", one, {smooth: smooth * 19 / 20}, configuration=LONG
            )
            for one in ("distance", "gradient")
        ),
        Control("L-a-twentieth-less", "value", {smooth: smooth * 19 / 20}, configuration=LONG),
        Control("mu-a-twentieth-more", "value", {strong: strong * 21 / 20}, configuration=SHORT),
    ),
)

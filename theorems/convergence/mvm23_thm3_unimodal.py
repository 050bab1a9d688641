r"""Layers that grow towards both ends keep the rate of a deep linear network away from zero (Theorem 3).

Setting. Four square layers, D_l = W_l' W_l - W_{l+1} W_{l+1}' with least eigenvalue low_l and largest
top_l. Unimodal: D_l >= 0 before some layer and D_l <= 0 from there on, so that of

    p_1 = max(low_1, 0),  p_2 = max(low_2, 0),  p_3 = max(low_3, 0)
    q_1 = max(-top_1, 0),  q_2 = max(-top_2, 0),  q_3 = max(-top_3, 0)

only some count, and the cumulative imbalances are

    c_1 = q_1 + p_1 + p_2 + p_3
    c_2 = q_1 + q_2 + p_2 + p_3
    c_3 = q_1 + q_2 + q_3 + p_3.

Hypotheses. The weights are unimodal; homogeneous: besides, every D_l is a multiple of I.
Statement.

    least-eigenvalue: operator_min >= c_1 c_2 c_3
    homogeneous: operator_min >= sqrt((c_1 c_2 c_3)^2 + 16 product_squared^(3/2))

where operator_min is lambda_min(T) and product_squared is sigma_min(W)^2.

Source. Min, Vidal, Mallada, ICML 2023, Theorem 3, for L = 4: 16 sigma^3 is (L sigma^(2 - 2/L))^2.
Remarks. The first is attained where the least layer is 0, the second for balanced weights, too. A
larger layer between two small ones is the case that it leaves out.
"""

from __future__ import annotations

from typing import Any

from sympy import And, Rational

from harness import Claim, Control, Definition, Eq, Hypothesis, Max, Theorem, sqrt
from harness import deep_layers as s
from theorems.convergence.scalings import DEEP

LOW, TOP = (s.low_1, s.low_2, s.low_3), (s.top_1, s.top_2, s.top_3)

FLAT: dict[str, Any] = {"tilts": [[[0.0, 0.0], [0.0, 0.0]]] * 4}
ATTAINED: dict[str, Any] = {**FLAT, "valley": 2, "scales": [0.0, 1.0, 0.5, 1.5]}
HILL: dict[str, Any] = {**FLAT, "valley": 0, "scales": [1.0, 2.0, 1.0, 1.0]}
BALANCED: dict[str, Any] = {"valley": 0, "levels": [1.0] * 4, "modes": [0.25, 1.0]}
HILL_OF_LEVELS: dict[str, Any] = {"valley": 0, "levels": [0.0, 2.0, 0.0, 0.0], "modes": [0.5, 0.5]}

p = [Definition(f"p_{i}", Max(one, 0), "") for i, one in enumerate(LOW, 1)]
q = [Definition(f"q_{i}", Max(-one, 0), "") for i, one in enumerate(TOP, 1)]
c = [Definition(f"c_{i + 1}", sum(q[: i + 1]) + sum(p[i:]), "") for i in range(3)]
cumulative = c[0] * c[1] * c[2]


def unimodal(breaking: dict[str, Any]) -> Hypothesis:
    """Each D_l has one sign, and none that is negative comes before one that is positive."""
    pairs = [(low, top) for i, low in enumerate(LOW) for top in TOP[i:]]
    ordered = And(*(Max(low, -top) >= 0 for low, top in pairs))
    return Hypothesis("unimodal", "layers fall, then rise", ordered, breaking)


mvm23_thm3_unimodal = Theorem(
    title="Unimodal imbalance bounds the rate of a deep linear network",
    source="min2023, Theorem 3",
    hypotheses=(unimodal(HILL),),
    claims=(Claim("least-eigenvalue", s.operator_min >= cumulative, trivial=0, witness=ATTAINED),),
    scalings=(DEEP[4],),
    controls=(
        Control("five-percent-more", "least-eigenvalue", {c[0]: 1.05 * c[0]}, configuration=ATTAINED),
        Control("a-hill", "least-eigenvalue", drop="unimodal", configuration=HILL),
    ),
)  # fmt: skip

HOMOGENEOUS = Hypothesis(
    "homogeneous", "D_l is a multiple of I", And(*map(Eq, LOW, TOP))
)  # fmt: skip
mvm23_thm3_homogeneous = Theorem(
    title="Homogeneous imbalance and product bound the rate of a deep linear network",
    source="min2023, Theorem 3",
    hypotheses=(unimodal(HILL_OF_LEVELS), HOMOGENEOUS),
    claims=(
        Claim("homogeneous",
              s.operator_min >= sqrt(cumulative**2 + 16 * s.product_squared ** Rational(3, 2)),
              trivial=0, witness=BALANCED),
    ),
    scalings=(DEEP[4],),
    controls=(
        Control("five-percent-more", "homogeneous",
                {s.product_squared: 1.05 * s.product_squared}, configuration=BALANCED),
        Control("a-hill", "homogeneous", drop="unimodal", configuration=HILL_OF_LEVELS),
    ),
)  # fmt: skip

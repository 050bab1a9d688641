r"""Wide Gaussian networks end near the least-norm solution (Theorem 2).

Setting. That of min21_thm2_minnorm, with independent N(0, h^(-2a)) entries of both layers, D input
features, n samples, m outputs and

    c = sqrt(m + D) + sqrt(2 log(2/delta)).

Hypotheses. 1/4 < a <= 1/2; h >= 16 c^2 and h^(4a-1) >= 4 m (K c/mu)^2.
Statement. With probability at least 1 - delta over the weights, each, and together

    imbalance: Delta_0 >= 2 h^(-2 a) (sqrt(h) - c)^2
    coupling: Z <= 2 sqrt(m + n) c h^(1/2 - 2 a)
    distance: flow_frozen <= exp((1 + sqrt(K) |Y|_F/mu) h^(2 a - 1)) 2 sqrt(m + n) c h^(1/2 - 2 a)
    order: flow_frozen <= 2 sqrt(m + n) c h^(1/2 - 2 a)    up to a constant, as h grows

where flow_frozen is |F W2(T)|_F at any time T.

Source. Min, Tarmoun, Vidal, Mallada, ICML 2021, Theorem 2; its constants derived again. The paper's c
has 1/2 log(2/delta) for its second term, less than the Gaussian tail 2 exp(-s^2/2) gives
unless delta < 7e-4.
Remarks. All of it holds where the singular values of the stacked weights are within c h^(-a) of
h^(1/2-a): the off-diagonal block of a matrix whose eigenvalues are that near is at most half their spread,
and the n positive and m negative eigenvalues of D are at least the least one (Ostrowski). a = 1/2
gives h^(-1/2). Loose: the spread of the extreme singular values is far below c.
"""

from __future__ import annotations

from typing import Any

from sympy import Rational

from harness import (
    Claim,
    Control,
    Definition,
    Exponent,
    Hypothesis,
    Parameter,
    Probability,
    Theorem,
    exp,
    log,
    sqrt,
)
from harness import symbols as s
from theorems.convergence.flow_setting import imbalance
from theorems.convergence.scalings import FLOW_DATA

a, h = s.init_exponent, s.width
m, n, K, mu = s.outputs, s.inputs, s.K, s.mu
delta = Parameter("delta", 0, 1, (0.3,), "probability of failure")
c = Definition("c", sqrt(m + s.features) + sqrt(2 * log(2 / delta)), "deviation", "c")
block = 2 * sqrt(m + n) * c * h ** (Rational(1, 2) - 2 * a)
growth = (1 + sqrt(K) * s.norm_Y / mu) * h ** (2 * a - 1)
OFTEN = Probability(delta, over="init")
ORDER = Exponent(h, (2**16, 2**20, 2**25, 2**30), "init", tolerance=0.1, replicates=40)

WIDE: dict[str, Any] = {
    "rank": 2, "frozen": 2, "outputs": 2, "width": 4096, "x": [1.0, 1.0], "Y": [[1.0, 0.0], [0.0, 1.0]],
}  # fmt: skip

theorem = Theorem(
    title="Wide Gaussian networks end near the least-norm solution",
    source="min2021, Theorem 2",
    provenance="derived",
    hypotheses=(
        Hypothesis("variance", "1/4 < a <= 1/2", (a > Rational(1, 4)) & (a <= Rational(1, 2))),
        Hypothesis("wide", "h >= 16 c^2", h >= 16 * c**2),
        Hypothesis(
            "wide for the data",
            "h^(4a-1) >= 4 m (K c/mu)^2",
            h ** (4 * a - 1) >= 4 * m * (K * c / mu) ** 2,
        ),
    ),
    claims=(
        Claim("imbalance", imbalance >= 2 * h ** (-2 * a) * (sqrt(h) - c) ** 2, OFTEN),
        Claim("coupling", s.coupling <= block, OFTEN),
        Claim("distance", s.flow_frozen <= exp(growth) * block, OFTEN),
        Claim("order", s.flow_frozen <= block, ORDER),
    ),
    scalings=(FLOW_DATA,),
    spelled={"a": a, "h": h, "m": m, "n": n, "Z": s.coupling, "|Y|_F": s.norm_Y},
    controls=(
        Control("no-deviation", "imbalance", {c: 0}, configuration=WIDE),
        Control("no-logarithm", "coupling", {c: c / 16}, configuration=WIDE),
        Control("hundredth", "distance", {c: c / 128}, configuration=WIDE),
        Control("one-order-less", "order", {c: c / h}, configuration=WIDE),
    ),
)

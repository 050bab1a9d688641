r"""Wide deep linear networks with Gaussian weights converge at a linear rate.

Setting. deep_linear_setting.py; r_T = F - Y after T steps.
Hypotheses. eta <= m / (3 L |X|^2), and with a constant C that the theorem leaves open, here 1/2,

    h >= C L max(r kappa^3 m (1 + |W*|^2), r kappa^3 log(r / delta), log(L)).

Statement. With probability at least 1 - delta over the initial weights

    rate: |r_T|^2 / 2 <= (1 - eta L lambda_r / (4 m))^T |r_0|^2 / 2

Source. Du, Hu, ICML 2019 (arXiv 1901.08572), Theorem 4.1, for every T at once; the least loss is 0 here, as
Y = W* X.
Remarks. C is chosen here, not by the theorem: of 60 draws each at r = 2, m = |W*| = 1, T = 30 and depths 2, 4
and 8, a share of at most 0.1 violated the rate at C = 1/6. A pass tells of this C only. In the limit of
infinite width the loss falls by (1 - eta L lambda_r / m)^2 a step at kappa = 1.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Max, Parameter, Probability, Theorem, log
from harness import finite_width as s
from harness.symbols import K, mu
from theorems.finite_width.deep_linear_setting import DATA, SPELLED, L, eta, h, m, r

delta = Parameter("delta", 0, 1, (0.1,), "probability of failure", r"\delta")
kappa = K / mu
least = Max(r * kappa**3 * m * (1 + s.teacher_norm**2), r * kappa**3 * log(r / delta), log(L))
NARROW: dict[str, Any] = {"width": 1, "depth": 8, "pace": 0.9375}
start = s.fit_start**2 / 2

theorem = Theorem(
    title="Wide deep linear networks converge at a linear rate",
    source="du2019width, Theorem 4.1",
    hypotheses=(
        Hypothesis("short step", "eta <= m / (3 L |X|^2)", 3 * L * K * eta <= m),
        Hypothesis("wide", "the width is at least C times the order", 2 * h >= L * least, NARROW),
    ),
    claims=(
        Claim(
            "rate",
            s.fit_end**2 / 2 <= (1 - eta * L * mu / (4 * m)) ** s.steps_taken * start,
            kind=Probability(delta, over="rng"),
            trivial=start,
        ),
    ),
    scalings=(DATA,),
    spelled={**SPELLED, "kappa": kappa, "delta": delta},
    controls=(
        Control("eight-times-the-rate", "rate", {mu: 8 * mu}, configuration={"pace": 0.9375}),
        Control("too-narrow", "rate", drop="wide", configuration=NARROW),
    ),
)

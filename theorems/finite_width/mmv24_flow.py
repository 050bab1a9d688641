r"""Early in training, gradient flow keeps the neurons of a ReLU network small and turns them by the data alone.

Setting. relu_setting.py under gradient flow, after a time T; turning_error as in mmv24_lem1, F = eps sqrt(h) Xm Wm^2.
Hypotheses. eps <= 1/(4 sqrt(h) Xm Wm^2) and T <= log(1/(sqrt(h) eps)) / (4 n Xm); a flow that crosses
every kink of the ReLUs it meets.
Statement.

    norm: max_j |w_j|^2 <= 2 eps Wm^2 / sqrt(h)
    output: max_i |f(x_i)| <= 2 eps sqrt(h) Xm Wm^2
    direction: turning_error <= 4 eps n sqrt(h) Xm^2 Wm^2
    by-output: turning_error <= 2 n Xm max_i |f(x_i)|
    growth: max_j |w_j|^2 <= eps^2 Wm^2 exp(2 (1 + 2 F) n Xm T)

Source. Min, Mallada, Vidal, ICLR 2024 (arXiv 2307.12851), Lemmas 3, 1 and 4; growth is derived: the limit of
mmv24_lem3 for short steps.
Remarks. Where both sides of a kink push towards it no classical solution goes on: the row is void. The flow
keeps |v_j| = |w_j|, so that no layer_gap enters. growth is attained as eps -> 0 by one neuron that points at
one sample.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Eq, Hypothesis, Theorem, exp, log, sqrt
from harness import finite_width as s
from harness.symbols import flow_time
from theorems.finite_width.relu_setting import DATA, SPELLED, F, Wm, Xm, eps, h, n, small

LATE: dict[str, Any] = {"share": 8.0, "eps": 0.01}
SIDEWAYS: dict[str, Any] = {"W": [[0.015625, 1]], "eps": 0.0625, "share": 0.0, "loss": "squared"}
COARSE: dict[str, Any] = {**SIDEWAYS, "W": [[0.25, 0.25]], "eps": 0.9, "share": 0.5}

theorem = Theorem(
    title="Gradient flow keeps the neurons of a ReLU network small early in training",
    source="min2024, Lemmas 1, 3 and 4",
    hypotheses=(
        small,
        Hypothesis("early", "T <= log(1/(sqrt(h) eps)) / (4 n Xm)",
                   4 * n * Xm * flow_time <= log(1 / (sqrt(h) * eps)), breaks_with=LATE),
        Hypothesis("crossing", "no kink is slid along", Eq(s.smooth_pieces, 1)),
    ),
    claims=(
        Claim("norm", s.neuron_squared <= 2 * eps * Wm**2 / sqrt(h)),
        Claim("output", s.output_largest <= 2 * eps * sqrt(h) * Xm * Wm**2),
        Claim("direction", s.turning_error <= 4 * eps * n * sqrt(h) * Xm**2 * Wm**2),
        Claim("by-output", s.turning_error <= 2 * n * Xm * s.output_largest),
        Claim("growth", s.neuron_squared <= eps**2 * Wm**2 * exp(2 * (1 + 2 * F) * n * Xm * flow_time),
              witness={}),
    ),
    scalings=(DATA,),
    spelled={**SPELLED, "T": flow_time},
    controls=(
        Control("late-norm", "norm", drop="early", configuration=LATE),
        Control("late-output", "output", drop="early", configuration=LATE),
        Control("a-twelfth", "direction", {n: n / 12}, configuration=COARSE),
        Control("two-fifths", "by-output", {n: 2 * n / 5}, configuration=SIDEWAYS),
        Control("a-fiftieth-slower", "growth", {n: 49 * n / 50}),
    ),
)  # fmt: skip

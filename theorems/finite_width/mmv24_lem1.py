r"""From a small start, the neurons of a ReLU network turn by the data alone for a while.

Setting. relu_setting.py, after T steps of size eta. Let u = w_j / |w_j|, and let w_j be about to move by
eta v_j g; turning_error is the largest |(I - u u') (v_j g / |w_j| - sign(v_j(0)) x_a)| over the neurons, with
x_a the sum of y_i x_i over the active samples, and layer_gap is the largest | |v_j| / |w_j| - 1 |.
Hypotheses. eps <= 1/(4 sqrt(h) Xm Wm^2) and eta T <= log(1/(sqrt(h) eps)) / (4 n Xm).
Statement.

    direction: turning_error <= 4 eps n sqrt(h) Xm^2 Wm^2 + 2 n Xm layer_gap
    by-output: turning_error <= 2 n Xm max_i |f(x_i)| + 2 n Xm layer_gap
    sharper: turning_error <= n Xm (exp(max_i |f(x_i)|) (1 + layer_gap) - 1)

Source. Min, Mallada, Vidal, ICLR 2024 (arXiv 2307.12851), Lemmas 1 and 4, for gradient flow, which keeps
layer_gap = 0 (mmv24_flow); derived for gradient descent.
Remarks. |dl/df + y| <= exp(|f|) - 1 <= 2 |f| bounds |g - x_a|, and |g| <= n Xm exp(max_i |f(x_i)|). The
last is attained by one neuron almost perpendicular to one sample, as eps -> 0.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Theorem, exp, sqrt
from harness import finite_width as s
from theorems.finite_width.relu_setting import DATA, SPELLED, Wm, Xm, early, eps, h, n, small

SIDEWAYS: dict[str, Any] = {"W": [[0.015625, 1]], "eps": 0.0625, "share": 0.0, "loss": "squared"}
COARSE: dict[str, Any] = {**SIDEWAYS, "W": [[0.25, 0.25]], "eps": 0.9, "share": 0.5}
uneven = 2 * n * Xm * s.layer_gap
f = s.output_largest

theorem = Theorem(
    title="Neurons of a ReLU network turn by the data alone early in training",
    source="min2024, Lemma 1",
    provenance="derived",
    hypotheses=(small, early),
    claims=(
        Claim("direction", s.turning_error <= 4 * eps * n * sqrt(h) * Xm**2 * Wm**2 + uneven),
        Claim("by-output", s.turning_error <= 2 * n * Xm * f + uneven),
        Claim(
            "sharper",
            s.turning_error <= n * Xm * (exp(f) * (1 + s.layer_gap) - 1),
            witness=SIDEWAYS,
        ),
    ),
    scalings=(DATA,),
    spelled=SPELLED,
    controls=(
        Control("a-twelfth", "direction", {n: n / 12}, configuration=COARSE),
        Control("two-fifths", "by-output", {n: 2 * n / 5}, configuration=SIDEWAYS),
        Control("a-fiftieth-less", "sharper", {n: 49 * n / 50}, configuration=SIDEWAYS),
    ),
)

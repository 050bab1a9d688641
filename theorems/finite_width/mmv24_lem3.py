r"""From a small start, the neurons of a ReLU network stay small for a while.

Setting. relu_setting.py, after T steps of size eta; F = eps sqrt(h) Xm Wm^2.
Hypotheses. eps <= 1/(4 sqrt(h) Xm Wm^2) and eta T <= log(1/(sqrt(h) eps)) / (4 n Xm).
Statement.

    norm: max_j |w_j|^2 <= 2 eps Wm^2 / sqrt(h)
    output: max_i |f(x_i)| <= 2 eps sqrt(h) Xm Wm^2
    growth: max_j |w_j|^2 <= eps^2 Wm^2 (1 + eta (1 + 2 F) n Xm)^(2 T)
    output-growth: max_i |f(x_i)| <= h Xm eps^2 Wm^2 (1 + eta (1 + 2 F) n Xm)^(2 T)

Source. Min, Mallada, Vidal, ICLR 2024 (arXiv 2307.12851), Lemma 3, for gradient flow (mmv24_flow); derived for gradient
descent, the last two sharper. The main text has the logistic loss without the factor 2 of the appendix, which the lemma needs.
Remarks. The last two are attained as eps -> 0 by one neuron that points at one sample; the step may be of any size.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness import Claim, Control, Theorem, sqrt
from harness import finite_width as s
from theorems.finite_width.relu_setting import DATA, SPELLED, F, Wm, Xm, early, eps, h, n, small

LATE: dict[str, Any] = {"share": 8.0, "steps": 20, "eps": 0.01}
grown = eps**2 * Wm**2 * (1 + s.step * (1 + 2 * F) * n * Xm) ** (2 * s.steps_taken)

theorem = Theorem(
    title="Neurons of a ReLU network stay small early in training",
    source="min2024, Lemma 3",
    provenance="derived",
    hypotheses=(small, replace(early, breaks_with=LATE)),
    claims=(
        Claim("norm", s.neuron_squared <= 2 * eps * Wm**2 / sqrt(h)),
        Claim("output", s.output_largest <= 2 * eps * sqrt(h) * Xm * Wm**2),
        Claim("growth", s.neuron_squared <= grown, witness={}),
        Claim("output-growth", s.output_largest <= h * Xm * grown, witness={}),
    ),
    scalings=(DATA,),
    spelled=SPELLED,
    controls=(
        Control("late-norm", "norm", drop="early", configuration=LATE),
        Control("late-output", "output", drop="early", configuration=LATE),
        Control("a-fiftieth-slower", "growth", {n: 49 * n / 50}),
        Control("a-fiftieth-less", "output-growth", {Xm: 49 * Xm / 50}),
    ),
)

r"""Averaged stochastic gradient descent pays for the effective dimension only (Theorem 2.1).

Setting. Linear regression, x ~ N(0, H) with eigenvalues lam_i of H, y = w*.x + noise of variance s^2; one
fresh pair a step, constant step g, w the average of w_0 ... w_{N-1}, mean_risk = E 1/2 |w - w*|_H^2. With
x_i = min(1, N g lam_i), which is 1 for i <= k*, and b_i = (w_0 - w*)_i^2,

    D = sum x_i^2,  S = sum b_i x_i,  B = sum b_i x_i^2 / lam_i.

Hypotheses. g tr H < 1/2 (sharper), g tr H < 1/3 (printed).
Statement.

    sharper: mean_risk <= B/(g N)^2 + (2 S/(N g) + s^2) / (1 - 2 g tr H) D/N
    printed: mean_risk <= 2 B/(g N)^2 + 2 (6 S/(N g) + s^2) / (1 - 3 g tr H) D/N

Source. Zou, Wu, Braverman, Gu, Kakade, COLT 2021 (arXiv 2103.12692), Theorem 2.1, as remembered, with
alpha = 3 (the proceedings hold an abstract only); the first, which implies it, is derived.
Remarks. Noise and start separate exactly, so no factor 2; E x x' A x x' - H A H <= 2 tr(H A) H, so
alpha = 2. Means are exact: the covariance of w_t - w* obeys a linear recursion. The noise costs about
half of what is allowed for; any dimension, as only D counts.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Theorem
from harness import first_order as s
from theorems.classical.scalings import SCALINGS

NOISE: dict[str, Any] = {
    "dimension": 1, "spectrum": [1.0], "start": [0.0], "noise": 1.0, "share": 0.0625, "passes": 200,
}  # fmt: skip
SLOW: dict[str, Any] = {
    "dimension": 1, "spectrum": [1.0], "start": [1.0], "noise": 0.0, "share": 0.015625, "passes": 1,
}  # fmt: skip

g, N, D, S = s.gamma, s.rounds, s.effective_dimension, s.effective_start
bias, noise = s.effective_bias / (g * N) ** 2, s.label_noise
SPELLED = {
    "g": g, "N": N, "D": D, "S": S, "B": s.effective_bias, "s^2": noise, "tr H": s.trace,
}  # fmt: skip

zou21_sgd_benign = Theorem(
    title="Averaged SGD in any dimension",
    source="zou2021, Theorem 2.1",
    provenance="remembered",
    hypotheses=(Hypothesis("step", "g tr H < 1/3", 3 * g * s.trace < 1),),
    claims=(
        Claim(
            "printed",
            s.mean_risk <= 2 * bias + 2 * (6 * S / (N * g) + noise) / (1 - 3 * g * s.trace) * D / N,
        ),
    ),
    scalings=SCALINGS,
    spelled=SPELLED,
    controls=(Control("eighth", "printed", {D: D / 8, bias: 0}, configuration=NOISE),),
)

zou21_sgd_sharper = Theorem(
    title="Averaged SGD in any dimension, without the factors 2",
    source="zou2021, Theorem 2.1",
    provenance="derived",
    hypotheses=(Hypothesis("step", "g tr H < 1/2", 2 * g * s.trace < 1),),
    claims=(
        Claim(
            "sharper",
            s.mean_risk <= bias + (2 * S / (N * g) + noise) / (1 - 2 * g * s.trace) * D / N,
        ),
    ),
    scalings=SCALINGS,
    spelled=SPELLED,
    controls=(
        Control("third-of-the-dimension", "sharper", {D: D / 3}, configuration=NOISE),
        Control("third-of-the-bias", "sharper", {s.effective_bias: s.effective_bias / 3, S: 0},
                configuration=SLOW),
    ),
)  # fmt: skip

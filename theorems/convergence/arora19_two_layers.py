r"""Linear convergence from a balanced start with deficiency margin, at two layers.

Setting. Gradient descent with a constant step on L(W1, W2) = 1/2 |Y - X W1 W2|_F^2, whitened data,
whitened.py; D = W1' W1 - W2 W2'.
Hypotheses. K = mu, h >= min(n, m), and with the deficiency margin

    c = sigma_min(W*) - |W(0) - W*|_F > 0
    balance: n lambda_1(D(0))^2 + m lambda_1(-D(0))^2 <= (c^2 / (2048 |W*|_F))^2
    step: 0 < eta <= c^3 / (49152 K |W*|_F^4)

Statement. For every t >= 0

    one-step: L(t+1) <= (1 - eta mu c) L(t)
    geometric: L(t) <= (1 - eta_0 mu c)^t L(0)

Source. Arora, Cohen, Golowich, Hu, ICLR 2019 (arXiv 1810.02281), Theorem 1 at N = 2, where
256 N^3 = 2048, 6144 N^3 = 49152 and c^(2 (N-1)/N) = c.
Remarks. The step limit is the one that Xu et al. (2023) compare theirs with, and was read there; the constant of the
balance is remembered, as in arora_deep_linear_thm1. The paper bounds |D(0)|_F; the left side of the balance is at least its
square, as D has at most n positive and m negative eigenvalues. Near W* = 4 from W1 = W2, L falls by
1 - 16 eta, and by 1 - 4 eta is promised: at least a factor of 4 is given away.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Definition, Hypothesis, Rate, Step, Theorem
from harness.symbols import (
    K,
    distance,
    eta,
    inputs,
    lam1_D,
    lam1_mD,
    loss,
    mu,
    outputs,
    smin_target,
    t,
)
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.whitened import WHITENED, target
from theorems.convergence.witnesses import ALMOST_FITTED
from theorems.convergence.xu23_premises import CONSTANT

c = Definition("c", smin_target - distance.at(0), "deficiency margin")
longest = Definition("eta_max", c**3 / (49152 * K * target**4), "step limit", r"\eta_{\max}")
unbalanced = inputs * lam1_D.at(0) ** 2 + outputs * lam1_mD.at(0) ** 2
kept = 1 - eta * mu * c

NEAR: dict[str, Any] = {
    **ALMOST_FITTED, "W1": [[2 - 2**-10]], "W2": [[2 - 2**-10]],
    "steps": 20, "step_size": {"fraction": 1, "of": "arora19_two_layers@1"},
}  # fmt: skip

theorem = Theorem(
    title="Linear convergence of two layers from a balanced start with margin",
    source="arora2019deep, Theorem 1",
    provenance="remembered",
    hypotheses=(
        *WHITENED,
        Hypothesis("margin", "c > 0", c > 0),
        Hypothesis("balance", "the start is nearly balanced",
                   unbalanced <= (c**2 / (2048 * target)) ** 2),
        Hypothesis("positive step", "eta > 0", eta > 0),
        Hypothesis("step limit", "the step is short", eta <= longest),
        CONSTANT,
    ),
    claims=(
        Claim("one-step", loss.next <= kept * loss, trivial=loss),
        Claim("geometric", loss <= (1 - eta.at(0) * mu * c) ** t * loss.at(0), trivial=loss.at(0),
              start=1),
    ),
    step=Step(limit=longest, fractions=(1.0, 0.1)),
    rate=Rate(eta.at(0) * mu * c),
    scalings=SCALINGS,
    spelled={"sigma_min(W*)": smin_target, "|W(0) - W*|_F": distance.at(0), "|W*|_F": target,
             "lambda_1(D(0))": lam1_D.at(0), "lambda_1(-D(0))": lam1_mD.at(0)},
    controls=(
        Control("five-times-the-rate", "one-step", {mu: 5 * mu}, configuration=NEAR),
        Control("five-times-the-rate-throughout", "geometric", {mu: 5 * mu}, configuration=NEAR),
    ),
)  # fmt: skip

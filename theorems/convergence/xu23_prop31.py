r"""The certified rate never beats the non-overparametrized one (Proposition 3.1).

Setting. Gradient descent on L(W1, W2) = 1/2 |Y - X W1 W2|_F^2; Table 2, f(eta, t) and eta_max as in
xu23_setting and xu23_rates; kappa = K/mu = sigma_max(X)^2 / sigma_min(X)^2.
Hypotheses. alpha0 > 0, 0 < eta <= eta_max, 0 < c1 < 1 < c2.
Statement. For every t >= 0

    rate: f(eta, t) >= 1 - 1/kappa

Source. Xu, Min, Tarmoun, Mallada, Vidal, AISTATS 2023, Proposition 3.1.
Remarks. 1 - 1/kappa is the best rate of gradient descent on l(W) itself. The proposition is about
the bound f, not about the loss, which may well fall faster. Read as 1 - f <= 1/kappa; since f > 0
anyway, it says nothing new for kappa = 1. alpha0 with the index test of the authors' public code.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Step, Theorem
from harness.symbols import K, mu
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.witnesses import TIGHT
from theorems.convergence.xu23_premises import CONSTANT, premises
from theorems.convergence.xu23_rates import rates
from theorems.convergence.xu23_setting import alpha0

BROAD: dict[str, Any] = {
    "data": "given", "X": [[1, 0], [0, 2]], "Y": [[2, 0], [0, 4]],
    "init": "given", "W1": [[3, 0], [0, 3]], "W2": [[1, 0], [0, 1]],
    "step_size": {"fraction": 0.5, "of": "xu23_prop31@1"}, "parameters": TIGHT,
}  # fmt: skip

reading = rates(alpha0)

theorem = Theorem(
    title="The certified rate is at least 1 - 1/kappa",
    source="xu2023, Proposition 3.1",
    reading="with the index test of the authors' public code",
    hypotheses=(*premises(alpha0, reading, beyond=None), CONSTANT),
    claims=(Claim("rate", reading.d <= mu / K, trivial=1),),
    step=Step(limit=reading.eta_max, fractions=(0.5, 1.0, 0.1)),
    scalings=SCALINGS,
    spelled={"f(eta, t)": 1 - reading.d, "kappa": K / mu},
    controls=(Control("alpha-a-hundredfold", "rate", {alpha0: 100 * alpha0}, configuration=BROAD),),
)

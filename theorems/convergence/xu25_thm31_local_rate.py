r"""The loss falls by a factor rho(eta, t) as long as eta K_t < 2 (Theorem 3.1, equation (10)).

Setting. L(W1, W2) = l(W1 W2) - min l with l K-smooth and mu-strongly convex; mu_t, K_t the local
constants of xu25_setting; any width, any weights.
Hypotheses. eta > 0 and eta K_t < 2, where K_t depends on eta itself.
Statement.

    one-step: L(t+1) <= (1 - 2 mu_t eta + mu_t K_t eta^2) L(t)    with rho(eta, t) in brackets

Source. Xu, Min, Tarmoun, Mallada, Vidal, TMLR 04/2025, Theorem 3.1 (arXiv 2505.11664).
Remarks. The local descent lemma and the local PL inequality together. eta = 1/K_t makes the bound
smallest, 1 - mu_t / K_t. For h < n or h < m, mu_t is 0 and the bound says only that L does not grow.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Rate, Step, Theorem
from harness.symbols import eta, loss, mu
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.witnesses import ALMOST_FITTED
from theorems.convergence.xu25_setting import POSITIVE_STEP, K_t, d_t, inverse_K_t

NEAR: dict[str, Any] = {**ALMOST_FITTED, "step_size": 0.01}
LONG: dict[str, Any] = {
    "data": "given", "X": [[1, 0], [0, 1]], "Y": [[4, 0], [0, 0]],
    "init": "given", "W1": [[2], [0]], "W2": [[1, 0]], "step_size": 0.5,
}  # fmt: skip

theorem = Theorem(
    title="One step of gradient descent at its local rate",
    source="xu2025, Theorem 3.1",
    hypotheses=(
        POSITIVE_STEP,
        Hypothesis("short step", "eta K_t < 2", eta * K_t < 2, LONG),
    ),
    claims=(Claim("one-step", loss.next <= (1 - d_t) * loss, trivial=loss),),
    step=Step(limit=inverse_K_t, fractions=(1.0, 0.01, 0.5, 1.3)),
    rate=Rate(d_t, lasting=False),
    scalings=SCALINGS,
    controls=(
        Control("mu-doubled", "one-step", {mu: 2 * mu}, configuration=NEAR),
        Control("step-too-long", "one-step", drop="short step", configuration=LONG),
    ),
)

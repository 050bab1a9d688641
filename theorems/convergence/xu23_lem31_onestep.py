r"""One step of gradient descent, from anywhere (Lemma 3.1).

Setting. L(W1, W2) = l(W1 W2), l(W) = 1/2 |Y - X W|_F^2, K = sigma_max(X)^2, mu = sigma_min(X)^2,
tau the operator U -> U W2' W2 + W1 W1' U; g = |grad l(W)|_F, s = sigma_max(W).
Hypotheses. None on the initialization; the step satisfies

    lambda_min(tau) - eta g s - (K eta / 2) (lambda_max(tau) + eta g s)^2 >= 0.

Statement.

    one-step: L(t+1) <= rho L(t)
    rho = 1 - 2 eta mu lambda_min + K mu eta^2 lambda_max^2 + 2 eta^2 mu s g
            + 2 eta^3 mu K lambda_max s g + eta^4 mu K s^2 g^2.

Source. Xu, Min, Tarmoun, Mallada, Vidal, AISTATS 2023, Lemma 3.1, equations (19) to (21).
Remarks. 1 - rho is 2 eta mu times the left-hand side of the hypothesis: the lemma speaks exactly
where it promises a decrease. Of mu only the Polyak-Lojasiewicz inequality is used.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Definition, Hypothesis, Root, Step, Theorem, Unknown
from harness.symbols import K, eta, loss, mu, product_grad, smax_W, tau_min
from theorems.convergence.imbalance import tau_max
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.witnesses import ONE_WEIGHT_EACH
from theorems.convergence.xu23_premises import SQUARED
from theorems.convergence.xu23_rates import d_rho, rho_quartic, slope

LONG: dict[str, Any] = {
    "data": "given", "X": [[1, 0], [0, 2]], "Y": [[0], [1]],
    "init": "given", "W1": [[0], [0]], "W2": [[2]], "step_size": 0.5,
}  # fmt: skip
SHORT: dict[str, Any] = {**ONE_WEIGHT_EACH, "step_size": 1e-4}

turn = eta * product_grad * smax_W
room = tau_min - turn - K * eta / 2 * (tau_max + turn) ** 2
rho = Definition("rho", 1 - d_rho, "bound on L(t+1)/L(t)", r"\rho(\eta,t)")
x = Unknown("x")
limit = Root("eta_rho", -slope(rho_quartic, x), x, latex_name=r"\eta_\rho")

theorem = Theorem(
    title="One step of gradient descent from arbitrary weights",
    source="xu2023, Lemma 3.1",
    hypotheses=(
        SQUARED,
        Hypothesis("positive step", "eta > 0", eta > 0),
        Hypothesis("short step", "the step satisfies (19)", room >= 0, LONG),
    ),
    claims=(Claim("one-step", loss.next <= rho * loss, trivial=loss),),
    step=Step(limit=limit, fractions=(0.5, 0.01, 1.0)),
    scalings=SCALINGS,
    spelled={"lambda_min": tau_min, "lambda_max": tau_max, "s": smax_W, "g": product_grad},
    controls=(
        Control("mu-doubled", "one-step", {mu: 2 * mu}, configuration=SHORT),
        Control("step-too-long", "one-step", drop="short step", configuration=LONG),
    ),
)

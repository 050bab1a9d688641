r"""The imbalance hardly moves (Theorem C.1, property A3, and Lemma C.3).

Setting. Gradient descent with a constant step on L(W1, W2) = 1/2 |Y - X W1 W2|_F^2, any width, any
initialization; D = W1' W1 - W2 W2' is conserved by gradient flow, not by gradient descent.
Hypotheses. Those of Theorem 3.1: alpha0 > 0, h >= min(n, m), 0 < eta <= eta_max.
Statement. For every t >= 0

    one-step: |D(t+1) - D(t)|_F <= 2 eta^2 K (sigma_max(W1)^2 + sigma_max(W2)^2) L(t)
    total: |D(t) - D(0)|_F <= 2 c2 beta0 K L(0) eta_0^2 / (1 - f(eta_0, 0))    of order eta

Source. Xu, Min, Tarmoun, Mallada, Vidal, AISTATS 2023, Theorem C.1 (A3) and Lemma C.3.
Remarks. D(t+1) - D(t) = eta^2 (W2 G' G W2' - W1' G G' W1) exactly, with G = grad l(W): measured so,
never as a difference. The one-step bound needs no hypothesis; it is an equality for n = m = h = 1
when one of the two weights is 0. alpha0 with the index test of the authors' public code.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Step, Theorem
from harness.symbols import K, drift, drift_step
from theorems.convergence.imbalance import drift_step_bound
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.witnesses import ONE_WEIGHT_EACH, TIGHT
from theorems.convergence.xu23_premises import CONSTANT, premises
from theorems.convergence.xu23_rates import rates
from theorems.convergence.xu23_setting import alpha0, beta0

ONE_LAYER: dict[str, Any] = {
    **ONE_WEIGHT_EACH,
    "Y": [[1]],
    "W2": [[0]],
    "steps": 400,
    "step_size": {"fraction": 1, "of": "xu23_drift@1"},
    "parameters": TIGHT,
}

reading = rates(alpha0)

theorem = Theorem(
    title="The imbalance moves by a term of order eta",
    source="xu2023, Theorem C.1 (A3) and Lemma C.3",
    reading="with the index test of the authors' public code",
    hypotheses=(*premises(alpha0, reading), CONSTANT),
    claims=(
        Claim("one-step", drift_step <= drift_step_bound),
        Claim("total", drift <= reading.drift_bound, start=1),
    ),
    step=Step(limit=reading.eta_max, fractions=(1.0, 0.5, 0.01)),
    scalings=SCALINGS,
    spelled={"f(eta_0, 0)": 1 - reading.d0.at(0)},
    controls=(
        Control("K-halved", "one-step", {K: K / 2}, configuration=ONE_LAYER),
        Control("beta-a-tenth", "total", {beta0: beta0 / 10}, configuration=ONE_LAYER),
    ),
)

r"""Gradient flow converges at the level of imbalance (Theorem 1).

Setting. Two-layer linear networks under gradient flow, flow_setting.py; any width.
Hypotheses. Only Delta_0 > 0, without which nothing is said.
Statement. For every time T >= 0

    rate: flow_loss <= exp(-2 mu Delta_0 flow_time) L(0)

with flow_time = T and flow_loss = L(T).

Source. Min, Tarmoun, Vidal, Mallada, ICML 2021, Theorem 1 (their c is Delta_0, their
lambda_r(Sigma_x) is mu).
Remarks. D is conserved, W1 W1' has the n largest eigenvalues of W1' W1 = D + W2 W2' and so
lambda_n(W1 W1') >= [lambda_n(D)]_+; likewise for W2. Attained in the limit of one layer at 0 and a
target that needs no movement. Delta_0 = 0 unless h >= min(n, m).
"""

from __future__ import annotations

from harness import Claim, Control, Hypothesis, Theorem
from harness.symbols import flow_loss, loss, mu
from theorems.convergence.flow_setting import ONE_LAYER, decayed, imbalance
from theorems.convergence.scalings import FLOW_SCALINGS

theorem = Theorem(
    title="Gradient flow converges at the level of imbalance",
    source="min2021, Theorem 1",
    hypotheses=(Hypothesis("imbalance", "Delta_0 is positive", imbalance > 0),),
    claims=(Claim("rate", flow_loss <= decayed(imbalance), trivial=loss.at(0), witness=ONE_LAYER),),
    scalings=FLOW_SCALINGS,
    controls=(Control("mu-five-percent-larger", "rate", {mu: 1.05 * mu}, configuration=ONE_LAYER),),
)

r"""Gradient flow stays near the least-norm solution (Theorem 2, before probability enters).

Setting. Two-layer linear networks under gradient flow, flow_setting.py, with fewer samples than
features: F, the rows of the first layer that no sample reaches, stands still, and

    Z = |(F W2, F W1')|_F   at the start.

Hypotheses. Delta_0 > 0.
Statement. For every time T >= 0

    distance: flow_frozen <= exp(sqrt(K) |E(0)|_F / (mu Delta_0)) Z

where flow_frozen is |F W2(T)|_F; and, as X W1 W2 -> Y, the left-hand side tends to the distance of the solution found from the
least-norm one, X^+ Y.

Source. Min, Tarmoun, Vidal, Mallada, ICML 2021, Theorem 2: the deterministic step of its proof.
Remarks. (F W2, F W1') obeys a linear equation whose matrix has norm at most sqrt(K) |E|_F, and
|E|_F <= exp(-mu Delta_0 t) |E(0)|_F by Theorem 1; Gronwall. Z = 0 gives the least-norm solution
exactly; F W2(0) = 0 alone does not. An equality only for E(0) = 0, where nothing moves.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Definition, Hypothesis, Theorem, exp, sqrt
from harness.symbols import K, coupling, flow_frozen, mu, residual
from theorems.convergence.flow_setting import ONE_LAYER, imbalance
from theorems.convergence.scalings import FLOW_SCALINGS

ALMOST_STILL: dict[str, Any] = {
    **ONE_LAYER, "frozen": 1, "width": 2, "Y": [[1e-4]], "W1": [[1, 0], [0, 1]], "W2": [[0], [1]],
}  # fmt: skip

Z = Definition("Z", coupling, "size of what couples the trained to the untrained rows", "Z")
growth = sqrt(K) * residual.at(0) / (mu * imbalance)

theorem = Theorem(
    title="Gradient flow stays near the least-norm solution",
    source="min2021, Theorem 2 (proof)",
    hypotheses=(Hypothesis("imbalance", "Delta_0 is positive", imbalance > 0),),
    claims=(Claim("distance", flow_frozen <= exp(growth) * Z, witness=ALMOST_STILL),),
    scalings=FLOW_SCALINGS,
    controls=(Control("five-percent-less", "distance", {Z: Z / 1.05}, configuration=ALMOST_STILL),),
)

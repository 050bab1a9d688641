r"""The tangent kernel drifts by at most order 1/sqrt(h), kink or not.

Setting. That of ntk_drift_exponents.py.
Hypotheses. None beyond the setting.
Statement. As h grows and all else stays, up to a constant

    drift: drift + 1/h <= 1/sqrt(h)
    gap: gap + 1/h <= 1/sqrt(h)

which asks the same of drift and gap alone; 1/h keeps the sum positive where no neuron of a ReLU network changes sides.

Source. Lee et al., NeurIPS 2019, Theorem 2.1 (arXiv 1902.06720), for activations with Lipschitz derivative, remembered.
For ReLU it is measured here; of the neurons, a share of order 1/sqrt(h) can change sides.
Remarks. Attained where phi is smooth and neither odd nor under random signs.
"""

from __future__ import annotations

from sympy import sqrt

from harness import Claim, Control, Exponent, Theorem
from harness import lazy_training as s
from harness.symbols import width as h
from theorems.lazy_training.ntk_drift_exponents import ALIKE, KINK

ORDER = Exponent(h, (64, 256, 1024, 2048), "rng", tolerance=0.3, replicates=120)

theorem = Theorem(
    title="Drift of the tangent kernel of any network",
    source="lee2019, Theorem 2.1",
    provenance="remembered",
    claims=(
        Claim("drift", s.tangent_drift + 1 / h <= 1 / sqrt(h), ORDER, witness=ALIKE),
        Claim("gap", s.linear_gap + 1 / h <= 1 / sqrt(h), ORDER, witness=ALIKE),
    ),
    spelled={"h": h, "drift": s.tangent_drift, "gap": s.linear_gap},
    controls=(
        Control("a-root-faster", "drift", {h: h**2}, configuration=ALIKE),
        Control("relu-a-root-faster", "gap", {h: h**2}, configuration=KINK),
    ),
)  # fmt: skip

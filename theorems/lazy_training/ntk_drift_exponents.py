r"""The tangent kernel of a smooth two-layer network drifts by order 1/h, and so does its linearization gap.

Setting. f(x) = sum_r a_r phi(w_r.x) / sqrt(h), w_r ~ N(0, I), |a_r| = 1 fixed; three inputs of length 1, e_0 given;
gradient descent on the w_r with the loss 1/2 |e|^2 and any fixed step size and number of steps T; drift the largest
|Theta_t - Theta_0|_F and gap the largest distance of e_t to that of the linear model, over t <= T.
Hypotheses. phi has no kink; the a_r are coins, or phi is odd.
Statement. As h grows and all else stays, up to a constant

    drift: drift = 1/h
    gap: gap = 1/h

Source. Huang, Yau, ICML 2020 (smooth activations, up to logarithms) for the order from above, remembered.
Derived here for |a_r| = 1: a neuron moves by 1/sqrt(h) times a_r, and its part of Theta changes to first order by a_r times
that; with random signs, or with phi' phi'' odd, the mean over the neurons of these changes is of order 1/sqrt(h).
Remarks. Lee et al., NeurIPS 2019, have the weaker 1/sqrt(h), and it is what remains without either hypothesis: see
ntk_drift_root.py. ReLU has slopes near -0.6, softplus with all a_r = 1 has -1/2 (the controls).
"""

from __future__ import annotations

from typing import Any

from sympy import Eq

from harness import Claim, Control, Exponent, Hypothesis, Theorem
from harness import lazy_training as s
from harness.symbols import width as h

ORDER = Exponent(h, (32, 128, 512, 2048), "rng", tolerance=0.3, replicates=160)
KINK: dict[str, Any] = {"kinked": 1, "odd": 0, "steps": 8}
ALIKE: dict[str, Any] = {"odd": 0, "coins": 0}

theorem = Theorem(
    title="Drift of the tangent kernel of a smooth network",
    source="huang2020",
    provenance="derived",
    hypotheses=(
        Hypothesis("smooth", "phi has no kink", s.kinked <= 0),
        Hypothesis("balanced", "the a_r are coins, or phi is odd", s.odd + s.coins >= 1),
    ),
    claims=(
        Claim("drift", Eq(s.tangent_drift, 1 / h), ORDER),
        Claim("gap", Eq(s.linear_gap, 1 / h), ORDER),
    ),
    spelled={"h": h, "drift": s.tangent_drift, "gap": s.linear_gap},
    controls=(
        Control("relu", "gap", drop="smooth", configuration=KINK),
        Control("all-signs-equal", "drift", drop="balanced", configuration=ALIKE),
        Control("all-signs-equal-gap", "gap", drop="balanced", configuration=ALIKE),
    ),
)  # fmt: skip

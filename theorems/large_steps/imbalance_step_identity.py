r"""What one step of gradient descent does to the imbalance, exactly, at any step size.

Setting. Layers W_j, W_{j+1} of a linear network under any loss of the product, G_j the gradients of
that loss, D = W_{j+1}' W_{j+1} - W_j W_j'; a step W_j -> (1 - eta lambda) W_j - eta G_j with weight
decay lambda. P is any matrix. A hidden ReLU neuron without bias has w coming in and a going out.
Hypotheses. The neuron has no bias. Nothing is asked of the step, the loss or the weights.
Statement. For two layers, for three, and for a neuron

    two-layers: imbalance_after = (1 - eta lambda)^2 imbalance + eta^2 skew
    three-layers: deep_imbalance_after = (1 - eta lambda)^2 deep_imbalance + eta^2 deep_skew
    neuron: neuron_after = (1 - eta lambda)^2 neuron + eta^2 neuron_skew

with imbalance = <P, D>, skew = <P, G_{j+1}' G_{j+1} - G_j G_j'>, and |w|^2 - a^2 of the neuron.
Source. Derived; the flow conserves D: Du, Hu, Lee, NeurIPS 2018, Theorem 2.2.
Remarks. The terms of first order cancel because W_{j+1}' G_{j+1} = G_j W_j', for the neuron because
<w, g_w> = a g_a. A bias of the neuron that is not counted breaks the latter.
"""

from __future__ import annotations

from sympy import Eq

from harness import Claim, Control, Hypothesis, Theorem
from harness import large_steps as s
from theorems.large_steps.scalings import LOSS, WEIGHTS

kept, second = (1 - s.step * s.weight_decay) ** 2, s.step**2

theorem = Theorem(
    title="The imbalance after one step",
    source="du2018, Theorem 2.2 at finite step",
    provenance="derived",
    hypotheses=(
        Hypothesis("no bias", "the neuron has no bias", Eq(s.homogeneous, 1), {"bias": 1}),
    ),
    claims=(
        Claim("two-layers", Eq(s.imbalance_after, kept * s.imbalance + second * s.skew)),
        Claim(
            "three-layers",
            Eq(s.deep_imbalance_after, kept * s.deep_imbalance + second * s.deep_skew),
        ),
        Claim("neuron", Eq(s.neuron_after, kept * s.neuron + second * s.neuron_skew)),
    ),
    scalings=(LOSS, WEIGHTS),
    spelled={"eta": s.step, "lambda": s.weight_decay},
    controls=(
        Control("conserved", "two-layers", {s.skew: 0}),
        Control("a-twentieth-more", "three-layers", {s.deep_skew: s.deep_skew * 21 / 20}),
        Control("uncounted-bias", "neuron", drop="no bias", configuration={"bias": 1}),
    ),
)

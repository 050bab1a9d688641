"""Changes of units that the statements about finite and large steps survive.

LOSS and WEIGHTS rescale a general loss and the weights apart. Where the loss is the square of the
distance of a product of two factors to its target, FACTORS rescales the factors by s, the target by
s^2; with N layers, LAYERS rescales the target by s^N. WIDTH copies the hidden neurons of
f = u.v / sqrt(n), which leaves u.v / n alone.
"""

from __future__ import annotations

from harness import Scaling
from harness import large_steps as s

IMBALANCES = (
    s.imbalance, s.imbalance_after, s.deep_imbalance, s.deep_imbalance_after, s.neuron,
    s.neuron_after,
)  # fmt: skip
SKEWS = (s.skew, s.deep_skew, s.neuron_skew)
CURVATURES = (s.curvature, s.least_curvature, s.weight_decay)
SQUARED_LENGTHS = (s.offset_start, s.offset, s.sharp_start, s.sharp)

LOSS = Scaling(
    "loss",
    {s.step: -1, s.error: 1, **dict.fromkeys(CURVATURES, 1), **dict.fromkeys(SKEWS, 2)},
)
WEIGHTS = Scaling(
    "weights",
    {
        s.step: 2,
        **dict.fromkeys(CURVATURES, -2),
        **dict.fromkeys(SKEWS, -2),
        **dict.fromkeys(IMBALANCES + SQUARED_LENGTHS, 2),
    },
)

PRODUCTS = (
    s.product, s.product_after, s.size, s.size_after, s.skewness, s.skewness_after, s.goal,
    s.strength, s.mode_start, s.mode_end, s.second_strength, s.second_start,
    s.output, s.output_after, s.kernel_start, s.kernel_after, s.kernel_end,
    s.product_start, s.product_end, s.product_beyond, s.size_start, s.size_end, s.skewness_start,
    s.skewness_end, s.error_most,
)  # fmt: skip
LOSSES = (s.loss_sum, s.loss_peak)

FACTORS = Scaling("factors", {s.step: -2, **dict.fromkeys(PRODUCTS, 2), **dict.fromkeys(LOSSES, 4)})
WIDTH = Scaling("width", {s.neurons: 1, **dict.fromkeys(LOSSES, 1)})

N = s.layers
LAYERS = Scaling(
    "layers",
    {
        s.step: 2 - 2 * N,
        s.deficiency: N,
        s.target_norm: N,
        s.unbalanced: 2,
        s.loss_now: 2 * N,
        s.step_decrease: 2 * N,
    },
)

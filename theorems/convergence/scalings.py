"""Changes of units that the statements about two-layer linear networks survive.

With X -> s^a X and W1, W2 -> s^c W1, s^c W2 the targets must scale as Y -> s^(a + 2c) Y, and
gradient descent takes the same path for eta -> s^(-2a - 2c) eta. Copying every sample k times is
X, Y -> sqrt(k) X, sqrt(k) Y to everything but N. A general loss l is rescaled likewise. The time of
gradient flow scales as a step size. For the flow of U U' towards Y (mv25_thm3_incremental) EIGENVALUES
rescales Y and W(0), START the numbers that W(0) is a multiple of.
"""

from __future__ import annotations

from sympy import Rational

from harness import Scaling
from harness import deep_layers as d
from harness import flows as f
from harness import symbols as s

LOW, TOP = (d.low_1, d.low_2, d.low_3), (d.top_1, d.top_2, d.top_3)

DEGREES = {
    s.K: (2, 0), s.mu: (2, 0),
    s.norm_Y: (1, 2), s.smin_Y: (1, 2), s.residual: (1, 2),
    s.smin_target: (0, 2), s.smax_target: (0, 2), s.distance: (0, 2),
    s.smin_W: (0, 2), s.smax_W: (0, 2), s.smax_W1: (0, 1), s.smax_W2: (0, 1),
    s.tau_min: (0, 2), s.lamn_W1W1: (0, 2), s.lamm_W2W2: (0, 2),
    s.lam1_D: (0, 2), s.lamn_D: (0, 2), s.lam1_mD: (0, 2), s.lamm_mD: (0, 2),
    s.drift: (0, 2), s.drift_step: (0, 2),
    s.loss: (2, 4), s.product_grad: (2, 2), s.grad_norm: (2, 3), s.smoothness: (2, 2),
    s.eta: (-2, -2),
}  # fmt: skip
"""The exponents of a and of c, symbol by symbol."""

DATA = Scaling("data", {one: data for one, (data, _) in DEGREES.items()})
WEIGHTS = Scaling("weights", {one: weights for one, (_, weights) in DEGREES.items()})
SAMPLES = Scaling(
    "samples", {s.samples: 1} | {one: Rational(data, 2) for one, (data, _) in DEGREES.items()}
)
WEIGHTS_OVER_DATA = Scaling(
    "weights/data", {one: weights - data for one, (data, weights) in DEGREES.items()}
)
"""X -> X/s, W1, W2 -> s W1, s W2: the one change of units that leaves the step size alone."""

SCALINGS = (DATA, WEIGHTS, SAMPLES)

FLOW_DEGREES = {
    **DEGREES,
    s.flow_time: (-2, -2), s.flow_loss: (2, 4), s.flow_frozen: (0, 2), s.coupling: (0, 2),
}  # fmt: skip
"""Those of gradient flow beside them."""

FLOW_DATA = Scaling("data", {one: data for one, (data, _) in FLOW_DEGREES.items()})
FLOW_WEIGHTS = Scaling("weights", {one: weights for one, (_, weights) in FLOW_DEGREES.items()})
FLOW_SCALINGS = (FLOW_DATA, FLOW_WEIGHTS)

MODES = (s.mode_first, s.mode_learned, s.mode_next, s.mode_last)
ENTRIES = (
    f.first_start, f.mixed_start, f.second_start_entry, f.first_end, f.mixed_end, f.second_end,
)  # fmt: skip
EIGENVALUES = Scaling(
    "eigenvalues",
    {
        s.flow_time: -1,
        **dict.fromkeys((*MODES, *ENTRIES, s.init_scale, s.rank_gap, s.tolerance), 1),
    },
)
START = Scaling("start", {s.init_scale: -1, s.init_least: 1, s.init_largest: 1})

SPECTRA = (d.d21_1, d.d21_2, d.d21_3, d.d23_1, d.d23_2, d.d23_3, *LOW, *TOP)
DEEP = {
    depth: Scaling(
        "layers",
        {
            **dict.fromkeys(SPECTRA, 2),
            d.operator_min: 2 * depth - 2,
            d.product_squared: 2 * depth,
        },
    )
    for depth in (3, 4)
}
"""All layers rescaled, by their number."""

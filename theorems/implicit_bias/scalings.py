"""Changes of units that the statements about implicit bias and stable minima survive.

LOSS and LENGTHS rescale a general loss and its variable apart. OUTPUTS, INPUTS and PARAMETERS rescale
f = phi(X theta), X and theta, with phi' in units of f over those of X theta.
"""

from __future__ import annotations

from harness import Scaling
from harness import implicit_bias as s

LOSS = Scaling(
    "loss",
    {s.step: -1, s.threshold: -1, s.mean_curvature: 1, s.mean_determinant: 2, s.spread_formula: 1},
)
LENGTHS = Scaling(
    "lengths",
    {s.step: 2, s.threshold: 2, s.mean_curvature: -2, s.mean_determinant: -4, s.spread_limit: 2},
)

SLOPES = (s.slope_low, s.slope_high)
WIDTHS = (s.smin_X, s.smax_X)
DISTANCES = (s.away_start, s.away, s.path)

OUTPUTS = Scaling("outputs", {s.step: -2, **dict.fromkeys(SLOPES, 1)})
INPUTS = Scaling("inputs", {**dict.fromkeys(SLOPES, -1), **dict.fromkeys(WIDTHS, 1)})
PARAMETERS = Scaling(
    "parameters", {s.step: 2, **dict.fromkeys(SLOPES, -1), **dict.fromkeys(DISTANCES, 1)}
)

FUNCTIONS = Scaling("functions", dict.fromkeys((s.strong_gap, s.weak_gap, s.label_misfit), 2))
LABELS = Scaling("labels", {s.label_energy: 2, s.label_scale: 2})

INITIALIZATION = Scaling(
    "initialization", {s.alpha: 1, s.least_1: 2, s.norm_1: 2, s.least_2: 2, s.norm_2: 4}
)
SCALE = Scaling("scale", {s.scale_start: 1, s.scale_end: 1})
"""Of the product over the entries: s is the d-th power of that of a single alpha^2."""

PROBE = Scaling("probe", dict.fromkeys((s.dual_end, s.dual_flow, s.dual_start, s.dual_bend), 1))
"""Of z, which reads every side once."""

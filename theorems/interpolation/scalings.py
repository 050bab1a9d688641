"""Changes of units that the statements about interpolation survive.

LABELS: labels, their noise and the target together. FEATURES: the features times a number.
"""

from __future__ import annotations

from harness import Scaling
from harness import interpolation as s

VARIANCES = (s.noise_level, s.held_out_noise, s.pool_noise)

LABELS = Scaling("labels", dict.fromkeys(VARIANCES, 2))
FEATURES = Scaling("features", {s.penalty: 2})

"""Changes of units that the statements about nonlinear networks at finite width survive.

OUTPUTS rescales f and its targets, PARAMETERS the weights.
"""

from __future__ import annotations

from harness import Scaling
from harness import finite_width as s

JACOBIANS = (s.jac_smin, s.jac_bound)
FITS = (s.fit_start, s.fit_next, s.fit_end)
MOVES = (s.first_move, s.path)

OUTPUTS = Scaling("outputs", {s.step: -2, s.jac_lipschitz: 1, **dict.fromkeys(JACOBIANS + FITS, 1)})
PARAMETERS = Scaling(
    "parameters",
    {s.step: 2, s.jac_lipschitz: -2, **dict.fromkeys(JACOBIANS, -1), **dict.fromkeys(MOVES, 1)},
)

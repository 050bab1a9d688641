"""Small configurations of two-layer networks at which the convergence theorems are decided."""

from __future__ import annotations

from typing import Any

ONE_WEIGHT_EACH: dict[str, Any] = {
    "data": "given", "X": [[1]], "Y": [[2]], "init": "given", "W1": [[1]], "W2": [[1]],
}  # fmt: skip
"""n = m = h = 1, balanced: W(0) = 1, W* = 2. The margin is 1 and alpha0 = lambda_min(tau_0) = 2."""

STEPPED_TOO_FAR: dict[str, Any] = {**ONE_WEIGHT_EACH, "steps": 3, "step_size": 1}
"""From there at step size 1: W goes 1, 4, 4, ... past the reach p2 = 3, and f(eta, 0) > 1."""

ALMOST_FITTED: dict[str, Any] = {**ONE_WEIGHT_EACH, "Y": [[4]], "W1": [[2]], "W2": [[1.75]]}
"""n = m = h = 1: W(0) = 3.5, W* = 4; alpha1 = lambda_min(tau_0)."""

UNEQUAL_SIZES: dict[str, Any] = {
    "data": "given", "X": [[1, 0], [0, 1]], "Y": [[4], [1]],
    "init": "given", "W1": [[2, 0], [0, 0]], "W2": [[2], [0]],
}  # fmt: skip
"""n = 2, m = 1, balanced: W(0) = (4, 0)', W* = (4, 1)'. The margin is sqrt(17) - 1 > 3 and
lambda_min(tau_0) = 4, less than twice the margin."""

TIGHT = {"c1": 0.99, "c2": 1.01}
"""Little room left to the bounds: the hardest test of their constants."""

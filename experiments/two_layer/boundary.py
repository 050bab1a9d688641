"""Cases at the edges of the space of two-layer linear networks; every check runs them.

Sizes not named are the defaults: N = 8, n = 3, m = 2, h = 2 (n + m).
"""

from __future__ import annotations

from typing import Any

STEPS = 3

_SIZES: tuple[dict[str, Any], ...] = (
    {"features": 1, "outputs": 1, "width": 1},
    {"features": 1},  # n < m
    {"outputs": 1},  # n > m
    {"features": 3, "outputs": 3},
    {"features": 2, "outputs": 4, "width": 6},  # h = n + m
    {"samples": 1},
    {"width": 1},  # h < min(n, m)
    {"width": 2, "init": "balanced_margin"},  # h = min(n, m)
    {"loss": "logcosh", "features": 1, "outputs": 1, "width": 1},
)

_PLAIN: dict[str, Any] = {"data": "given", "X": [[1, 0], [0, 2]], "Y": [[1], [2]]}
_ZERO: dict[str, Any] = {"init": "given", "W1": [[0, 0], [0, 0]], "W2": [[0], [0]]}

_VALUES: tuple[dict[str, Any], ...] = (
    {**_PLAIN, **_ZERO},
    {**_PLAIN, **_ZERO, "W2": [[1], [0]]},
    {**_PLAIN, "Y": [[0], [0]]},
    {**_PLAIN, **_ZERO, "Y": [[0], [0]]},
    {**_PLAIN, **_ZERO, "W1": [[1, 0], [0, 1]], "W2": [[1], [1]]},
)
"""Nothing learned yet, one layer zero, nothing to learn, both, and W(0) = W*."""

BOUNDARY = tuple({**case, "steps": STEPS} for case in (*_SIZES, *_VALUES))
"""Partial configurations."""

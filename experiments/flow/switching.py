"""Gradient flow that is smooth in pieces, integrated piece by piece from kink to kink.

A pattern says of each guard on which side of 0 it is. Within a piece the pattern is fixed and the
field smooth, so that the error is controlled as in integrate.py; a piece ends where the first guard
reaches 0, found on the integrator's own interpolant. Where the field beyond leads back, there is no
solution that crosses: the flow would slide along the kink.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from experiments.flow.integrate import Array, largest

Pattern = NDArray[np.bool_]
MOST = 64
"""Pieces of one run; more are a flow that chatters along a kink."""


@dataclass(frozen=True)
class Switching:
    """x' = field(x, pattern); ``guards`` is linear, and positive where the pattern is True."""

    field: Callable[[Array, Pattern], Array]
    guards: Callable[[Array], Array]


@dataclass(frozen=True)
class _Leaving:
    """Distance to the nearest kink, for the integrator: it ends a piece by falling below 0."""

    flow: Switching
    sides: Array
    watched: Pattern
    terminal: bool = True
    direction: float = -1.0

    def distances(self, state: Array) -> Array:
        return np.where(self.watched, self.sides * self.flow.guards(state), np.inf)

    def __call__(self, _: float, state: Array) -> float:
        return float(self.distances(state).min())


def switched(
    flow: Switching, start: Array, time: float, tolerance: float
) -> tuple[Array, Pattern, bool]:
    """State and pattern at ``time``, and whether every kink on the way was crossed."""
    pattern, state, at = flow.guards(start) > 0, start, 0.0
    size = largest(start)
    for _ in range(MOST):
        if at >= time:
            return state, pattern, True
        sides = np.where(pattern, 1.0, -1.0)
        # what stays exactly on its kink never leaves it: the ReLU's derivative is 0 there
        watched = (flow.guards(state) != 0) | (flow.guards(flow.field(state, pattern)) != 0)

        leaving = _Leaving(flow, sides, watched)

        def field(_: float, x: Array, pattern: Pattern = pattern) -> Array:
            return flow.field(x, pattern)

        found = solve_ivp(
            field, (at, time), state, "DOP853", events=leaving, rtol=tolerance,
            atol=tolerance * size,
        )  # fmt: skip
        state = np.asarray(found.y[:, -1], dtype=np.float64)
        if found.status != 1:
            return state, pattern, bool(found.status == 0)
        at = float(found.t[-1])
        crossed = int(leaving.distances(state).argmin())
        pattern = pattern.copy()
        pattern.flat[crossed] = not pattern.flat[crossed]
        onward = flow.guards(flow.field(state, pattern)).flat[crossed]
        if onward * sides.flat[crossed] > 0:
            return state, pattern, False
    return state, pattern, False

"""Gradient flow by the Dormand-Prince method of order 8, each quantity with an estimate of its error.

The flow is integrated twice, with local tolerances 1e-10 and 1e-12 relative to the largest weight
unless told otherwise.
The error of the second result is below the difference of the two wherever tightening the tolerance
helps at all; that difference, doubled, is what a quantity carries, plus the rounding of evaluating it.
Weights far below the largest are beneath both tolerances: what a change by the tolerance does to the
quantity is added for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Array = NDArray[np.float64]
Field = Callable[[float, Array], Array]
Quantities = Callable[[Array], Mapping[str, tuple[float, float]]]
"""Of a state: each number with the scale of what enters it, so that cancellation is charged by what
cancels."""

TOLERANCES = (1e-10, 1e-12)
VANISHING = 2.0**-20
"""Weights below this share of the largest have no digits that the tolerance looks after."""
ROUNDING = 2.0**-44
"""Of the size of what enters a quantity: 256 units in the last place."""

EVALUATIONS = 200_000
"""Of the field in one integration: seconds, where drawn configurations take some thousands."""


def flowed(field: Field, start: Array, time: float, tolerance: float) -> Array:
    """The state at ``time`` of x' = field(t, x), x(0) = start.

    Raises ArithmeticError where the integrator gives up: the step it needs is below the spacing of
    floating-point numbers, or it takes more than ``EVALUATIONS`` of the field, as it does where the
    tolerance asks for more digits of a vanishing weight than the others leave it.
    """
    if time == 0:
        return start
    size = largest(start)
    left = count(EVALUATIONS, -1)

    def counted(at: float, state: Array) -> Array:
        if next(left) <= 0:
            raise ArithmeticError(
                f"gradient flow could not be integrated: {EVALUATIONS} evaluations reached {at:g}."
            )
        return field(at, state)

    found = solve_ivp(
        counted, (0.0, time), start, "DOP853", t_eval=(time,), rtol=tolerance, atol=tolerance * size
    )
    if not found.success:
        raise ArithmeticError(f"gradient flow could not be integrated: {found.message}")
    return np.asarray(found.y[:, -1], dtype=np.float64)


def measured(
    field: Field,
    start: Array,
    time: float,
    quantities: Quantities,
    tolerances: tuple[float, float] = TOLERANCES,
) -> dict[str, tuple[float, float]]:
    """What ``quantities`` finds at ``time``, each number with its error."""
    coarse, fine = ((flowed(field, start, time, one), quantities) for one in tolerances)
    return compared(coarse, fine, start, tolerances[1])


def compared(
    coarse: tuple[Array, Quantities], fine: tuple[Array, Quantities], start: Array, tolerance: float
) -> dict[str, tuple[float, float]]:
    """What is found at the end of the finer run, with its error.

    Each run is given by where it ends and by what measures states there; ``tolerance`` is that of the
    finer one.
    """
    (end, before), (state, quantities) = coarse, fine
    rough = before(end)
    found = {
        name: (value, 2 * abs(value - rough[name][0]) + ROUNDING * scale)
        for name, (value, scale) in quantities(state).items()
    }
    seen = np.maximum(np.abs(start), np.abs(state))
    for place in np.flatnonzero((seen < VANISHING * largest(start)) & (seen > 0)):
        moved = state.copy()
        moved[place] += tolerance * largest(start)
        for name, (value, _) in quantities(moved).items():
            number, error = found[name]
            found[name] = number, error + abs(value - number)
    return found


def largest(state: Array) -> float:
    """The largest weight."""
    return float(np.abs(state).max(initial=1e-300))

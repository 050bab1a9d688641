"""The Riccati equation of symmetric matrix factorization, by its power series.

W' = W Y + Y W - 2 W^2 with Y = diag(s_1, s_2) from W(0) = B B'. With s = s_1 and w = max(s, |W(0)|_2), an
upper bound of |W| along the flow, the series at any time is dominated by that of
v' = 2 s v + 2 v^2, v(0) = w, whose pole lies log(1 + s/w) / (2 s) ahead. Steps are a quarter of that; what the
series cut off leave out is bounded by v at four fifths of it, and grows by e^(2 s T) at most.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from harness import flows, symbols
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import matrix, reals, vector

ORDER = 40
REACH, TRUSTED = 0.25, 0.8
ROUNDING = 2.0**-44
"""Of a whole integration, relative."""


def series(start: Any, low: Any, high: Any) -> Any:
    """Coefficients of the three entries of W around a time where they are ``start``."""
    a, b, c = ([one] for one in start)
    for k in range(ORDER):
        aa, bb, cc, ab = (
            sum(x * y for x, y in zip(one, reversed(two), strict=True))
            for one, two in (
                (a, a),
                (b, b),
                (c, c),
                (b, [x + y for x, y in zip(a, c, strict=True)]),
            )
        )
        a.append((2 * high * a[k] - 2 * (aa + bb)) / (k + 1))
        b.append(((high + low) * b[k] - 2 * ab) / (k + 1))
        c.append((2 * low * c[k] - 2 * (cc + bb)) / (k + 1))
    return a, b, c


def riccati(spectrum: Any, B: Any, periods: Any) -> dict[Any, Any]:
    """Integrate for a time of ``periods`` / (2 s_1)."""
    low, high = sorted(spectrum)
    (p, q), (r, u) = (map(Fraction, row) for row in B)
    # exact: the closed form has a determinant of these in which most digits may cancel
    start = (p * p + q * q, p * r + q * u, r * r + u * u)
    duration = Fraction(periods) / (2 * Fraction(high))
    state, time = tuple(map(float, start)), float(duration)
    s, most = high, max(high, state[0] + state[2])
    pole = math.log1p(s / most) / (2 * s)
    steps = math.ceil(time / (REACH * pole))
    for _ in range(steps):
        tau, parts = time / steps, []
        for coefficients in series(state, low, high):
            value = coefficients[-1]
            for one in coefficients[-2::-1]:
                value = one + tau * value
            parts.append(value)
        state = parts[0], parts[1], parts[2]
    grown = math.exp(2 * s * TRUSTED * pole)
    dominant = s * most * grown / (s + most - most * grown)
    cut = steps * dominant * (REACH / TRUSTED) ** ORDER * math.exp(2 * s * time)
    starts = flows.first_start, flows.mixed_start, flows.second_start_entry
    ends = flows.first_end, flows.mixed_end, flows.second_end
    return {
        symbols.mode_first: (high, 0), symbols.mode_last: (low, 0), symbols.flow_time: duration,
        **dict(zip(starts, start, strict=True)),
        **{
            name: (value, cut + ROUNDING * abs(value))
            for name, value in zip(ends, state, strict=True)
        },
    }  # fmt: skip


riccati_flow = Experiment(
    id="riccati_flow",
    title="Riccati equation of symmetric matrix factorization, two eigenvalues, power series",
    axes=(
        Axis("spectrum", vector(2, reals(0.25, 2)), [2.0, 1.0], "eigenvalues of Y"),
        Axis("B", matrix(2, 2, reals(-1, 1)), [[0.5, 0.25], [0.0, 0.5]], "W(0) = B B'"),
        Axis("periods", reals(0.1, 4), 1.0, "how long the flow runs, in 1 / (2 s_1)"),
    ),
    emits=frozenset(
        {
            symbols.mode_first, symbols.mode_last, symbols.flow_time, flows.first_start,
            flows.mixed_start, flows.second_start_entry, flows.first_end, flows.mixed_end,
            flows.second_end,
        }
    ),
    engine=riccati,
    share=0.5,
)  # fmt: skip

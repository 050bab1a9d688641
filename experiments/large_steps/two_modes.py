"""Gradient descent on 1/2 |W2 W1 - M|_F^2 from a balanced start aligned with M: 2 x 3 times 3 x 2.

M = U diag(s_1, s_2) V' with rotations U and V, W1 = Q diag(w) V', W2 = U diag(w) Q' with Q the first
columns of a reflection. The whole matrices are trained; what is read off is u_i' W2 W1 v_i.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from harness import large_steps as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, reals, vector

MOST = 3000
"""Steps after which a mode counts as not learned; the spaces of the axes need about half."""


def rotation(tangent: Any) -> Any:
    """By the angle with this tangent of its half."""
    whole = 1 + tangent * tangent
    c, d = (1 - tangent * tangent) / whole, 2 * tangent / whole
    return np.array([[c, -d], [d, c]])


def trained(
    strength: Any, second: Any, shares: Any, turns: Any, mirror: Any, pace: Any, fraction: Any,
    steps: int,
) -> dict[Any, Any]:  # fmt: skip
    """Modes after ``steps`` steps, and the first step at which each has reached its fraction."""
    values = [strength, strength * second]
    w = np.array([share * math.sqrt(one) for share, one in zip(shares, values, strict=True)])
    U, V = rotation(turns[0]), rotation(turns[1])
    m = np.array(mirror)
    Q = (np.eye(3) - 2 * np.outer(m, m) / (m @ m))[:, :2]
    M, W1, W2 = (U * np.array(values)) @ V.T, (Q * w) @ V.T, (U * w) @ Q.T
    eta = pace / strength
    hits = [-1, -1]
    ends = start = [w[0] * w[0], w[1] * w[1]]
    for k in range(MOST + 1):
        modes = [U[:, i] @ W2 @ W1 @ V[:, i] for i in range(2)]
        ends = modes if k == steps else ends
        for i in range(2):
            if hits[i] < 0 and modes[i] >= fraction * values[i]:
                hits[i] = k
        if k >= steps and min(hits) >= 0:
            break
        E = W2 @ W1 - M
        W1, W2 = W1 - eta * W2.T @ E, W2 - eta * E @ W1.T
    first, other = (one if one >= 0 else MOST + 1 for one in hits)
    return {
        s.step: eta, s.steps_taken: steps, s.fraction: fraction,
        s.strength: strength, s.mode_start: start[0], s.mode_end: ends[0], s.hit: first,
        s.second_strength: values[1], s.second_start: start[1], s.second_hit: other,
    }  # fmt: skip


two_modes = Experiment(
    id="two_modes",
    title="Two-layer linear network from a balanced, aligned start: its modes",
    axes=(
        Axis("strength", reals(0.25, 4), 1.0, "larger singular value of M"),
        Axis("second", reals(0.1, 0.95), 0.5, "the smaller one over the larger"),
        Axis("shares", vector(2, reals(0.03, 1)), [0.1, 0.1], "w_i over sqrt(s_i)"),
        Axis("turns", vector(2, reals(-1, 1)), [0.5, -0.25], "tangents of half the angles"),
        Axis("mirror", vector(3, reals(0.5, 2)), [1.0, 1.0, 1.0], "normal of the reflection"),
        Axis("pace", reals(0.02, 0.6), 0.25, "step size times the larger singular value"),
        Axis("fraction", reals(0.1, 0.9), 0.5, "share that counts as learned"),
        Axis("steps", integers(1, 24), 2, "number of steps"),
    ),
    emits=frozenset(
        {s.step, s.steps_taken, s.fraction, s.strength, s.mode_start, s.mode_end, s.hit,
         s.second_strength, s.second_start, s.second_hit}
    ),
    engine=trained,
)  # fmt: skip

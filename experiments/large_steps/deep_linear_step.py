"""One step on 1/2 |W_N ... W_1 - Phi|_F^2 with 2 x 2 layers, from a start that is nearly balanced.

W_1 = stretch diag(w) V', W_N = U diag(w) / stretch, diag(w) between: balanced when stretch is 1.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from harness import large_steps as s
from harness import singular_values
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, matrix, reals, vector


def rotation(tangent: Any) -> Any:
    """By the angle with this tangent of its half."""
    whole = 1 + tangent * tangent
    c, d = (1 - tangent * tangent) / whole, 2 * tangent / whole
    return np.array([[c, -d], [d, c]])


def norm(matrix: Any) -> Any:
    """Frobenius norm."""
    return np.sqrt((matrix * matrix).sum())


def product(layers: Any) -> Any:
    """W_j ... W_i of the layers given, the first one applied first."""
    found = np.eye(2)
    for one in layers:
        found = one @ found
    return found


def deep(depth: int, w: Any, turns: Any, stretch: Any, off: Any, step: Any) -> dict[Any, Any]:
    """The target is the start plus ``off``."""
    U, V, w = rotation(turns[0]), rotation(turns[1]), np.array(w)
    middle = np.array([[w[0], 0], [0, w[1]]])
    layers = [(V * w).T * stretch, *[middle] * (depth - 2), (U * w) / stretch]
    start = product(layers)
    E = -np.array(off)
    target = start - E
    moved = [
        one - step * (product(layers[j + 1 :]).T @ E @ product(layers[:j]).T)
        for j, one in enumerate(layers)
    ]
    change = product(moved) - start
    tilt = [norm(b.T @ b - a @ a.T) for a, b in pairwise(layers)]
    return {
        s.layers: depth, s.step: step, s.loss_now: (E * E).sum() / 2,
        s.step_decrease: -(E * change).sum() - (change * change).sum() / 2,
        s.deficiency: singular_values(target)[-1] - norm(E), s.target_norm: norm(target),
        s.unbalanced: max(tilt),
    }  # fmt: skip


deep_linear_step = Experiment(
    id="deep_linear_step",
    title="One step of gradient descent on a deep linear network, 2 x 2 layers",
    axes=(
        Axis("depth", choice(2, 3, 4), 2, "number of layers N"),
        Axis("w", vector(2, reals(0.75, 1.5)), [1.0, 1.25], "singular values of each layer"),
        Axis("turns", vector(2, reals(-1, 1)), [0.5, -0.25], "tangents of half the angles"),
        Axis("stretch", choice(1.0, 1.0, 1.0, 1.0000152587890625, 1.5), 1.0, "imbalance"),
        Axis("off", matrix(2, 2, reals(-0.2, 0.2)), [[0.125, 0.0], [0.0, 0.125]], "Phi - W"),
        Axis("step", reals(1e-11, 1e-7, log=True), 1e-9, "step size"),
    ),
    emits=frozenset(
        {s.layers, s.step, s.loss_now, s.step_decrease, s.deficiency, s.target_norm, s.unbalanced}
    ),
    engine=deep,
)

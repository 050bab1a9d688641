"""SGD on a diagonal linear network beta = u v: two samples, three inputs, loss 1/(2b) |X beta - y|^2.

w+ = u + v and w- = u - v are multiplied by 1 - eta r and 1 + eta r, r the gradient of the minibatch
at beta. z spans what no sample sees: X z = 0.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from harness import implicit_bias as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, integers, matrix, reals, vector


def diagonal(X: Any, y: Any, u: Any, v: Any, step: Any, batches: str, steps: int) -> dict[Any, Any]:
    """u and v are trained themselves; batches are both samples, or one after the other."""
    rows, targets = np.array(X), np.array(y)
    u, v = np.array(u), np.array(v)
    z = np.array(
        [rows[0][i] * rows[1][j] - rows[0][j] * rows[1][i] for i, j in ((1, 2), (2, 0), (0, 1))]
    )
    plus, minus = u + v, u - v
    start = np.abs(plus * minus) / 2
    ratio = [math.log(abs(a / b)) for a, b in zip(plus, minus, strict=True)]
    kept, bend = 1 + 0 * step, 0 * step
    for k in range(steps):
        seen = [0, 1] if batches == "all" else [k % 2]
        r = sum(((rows[i] @ (u * v) - targets[i]) * rows[i] for i in seen), 0 * rows[0]) / len(seen)
        move = step * r
        for i in range(3):
            kept = kept * abs(1 - move[i] * move[i])
            bent = math.log(abs(1 - move[i])) - math.log(abs(1 + move[i])) + 2 * move[i]
            bend = bend + z[i] * bent
        u, v = u - move * v, v - move * u
    end = np.abs((u + v) * (u - v)) / 2
    beta = u * v
    return {
        s.step: step, s.steps_taken: steps, s.shrinkage: kept,
        s.scale_start: start[0] * start[1] * start[2], s.scale_end: end[0] * end[1] * end[2],
        s.dual_start: sum(a * b for a, b in zip(z, ratio, strict=True)), s.dual_bend: bend,
        s.dual_end: sum(z[i] * math.asinh(beta[i] / end[i]) for i in range(3)),
        s.dual_flow: sum(z[i] * math.asinh(beta[i] / start[i]) for i in range(3)),
    }  # fmt: skip


diagonal_network = Experiment(
    id="diagonal_network",
    title="Diagonal linear network under SGD, any batches",
    axes=(
        Axis("X", matrix(2, 3, integers(-3, 3)), [[1, 2, 0], [0, 1, -1]], "samples"),
        Axis("y", vector(2, reals(-2, 2)), [1.0, -1.0], "targets"),
        Axis("u", vector(3, reals(0.5, 1.5)), [1.0, 1.25, 0.75], "one factor"),
        Axis("v", vector(3, reals(-0.4, 0.4)), [0.25, -0.25, 0.125], "the other"),
        Axis("step", reals(0.001, 0.05), 0.03125, "step size"),
        Axis("batches", choice("all", "in turn"), "all", "both samples, or one after the other"),
        Axis("steps", integers(1, 12), 4, "number of steps"),
    ),
    emits=frozenset(
        {s.step, s.steps_taken, s.shrinkage, s.scale_start, s.scale_end, s.dual_start, s.dual_bend,
         s.dual_end, s.dual_flow}
    ),
    engine=diagonal,
)  # fmt: skip

"""Gradient flow of a two-layer ReLU network from a small balanced start, early in training.

The network and its losses are those of relu_early.py. The flow is smooth until an input crosses the
kink of a neuron, and is integrated from kink to kink, in units of eps; it runs for ``share`` of
log(1/(sqrt(h) eps)) / (4 n Xm). It keeps |v_j| = |w_j|, so that a neuron turns otherwise than by the data by
the sum of (-dl/df - y_i) x_i over its active samples, across w_j.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from experiments.finite_width.relu_early import AXES, BOUNDARY, pull, size
from harness import finite_width as s
from harness import symbols
from harness.vocabulary.experiment import Experiment


def excess(loss: str, y: Any, f: Any) -> Any:
    """-dl/df - y, without cancellation."""
    if loss == "exponential":
        return y * np.expm1(-y * f)
    return -y * np.tanh(y * f / 2) if loss == "logistic" else -f


def across(w: Any, along: Any) -> float:
    """Length of ``along`` beside its part in the direction of w; 0 for a neuron at 0, which has none."""
    length = float(size(w))
    return float(size(along - w / length * (w / length @ along))) if length > 0 else 0.0


def flow(
    width: int,
    samples: int,
    X: Any,
    y: Any,
    W: Any,
    signs: Any,
    eps: float,
    loss: str,
    share: float,
) -> dict[Any, Any]:
    """Integrate, and measure the last state and where it turns to."""
    from experiments.flow.integrate import TOLERANCES, Quantities, compared
    from experiments.flow.switching import Switching, switched

    rows, labels, first = (np.array(one, dtype=float) for one in (X, y, W))
    sign = np.array(signs, dtype=float)
    longest, lengths = max(size(row) for row in rows), np.linalg.norm(first, axis=1)
    time = 0.0
    if longest > 0:
        time = share * math.log(1 / (math.sqrt(width) * eps)) / (4 * samples * longest)

    def parts(state: Any) -> tuple[Any, Any]:
        return state[:-width].reshape(width, 2), state[-width:]

    def reach(state: Any) -> Any:
        return parts(state)[0] @ rows.T

    def forces(state: Any, active: Any) -> tuple[Any, Any]:
        f = eps**2 * (parts(state)[1] @ (active * reach(state)))
        return f, (active * pull(loss, labels, f)) @ rows

    def field(state: Any, active: Any) -> Any:
        w, v = parts(state)
        _, g = forces(state, active)
        return np.concatenate([(v[:, None] * g).ravel(), (w * g).sum(axis=1)])

    def quantities(state: Any, active: Any) -> dict[str, tuple[float, float]]:
        (w, v), (f, _) = parts(state), forces(state, active)
        left = (active * excess(loss, labels, f)) @ rows
        most = eps**2 * float((w * w).sum(axis=1).max())
        # what cancels in f; 0 where no neuron is active
        reached = eps**2 * float((np.abs(v) @ (active * np.abs(reach(state)))).max())
        return {
            s.neuron_squared.name: (most, most),
            s.output_largest.name: (float(np.abs(f).max()), reached),
            s.turning_error.name: (
                max(across(*one) for one in zip(w, left, strict=True)),
                samples * longest * reached * math.exp(min(reached, 700.0)),
            ),
        }

    crossed: list[bool] = []

    def ended(tolerance: float) -> tuple[Any, Quantities]:
        end, active, whole = switched(Switching(field, reach), start, time, tolerance)
        crossed.append(whole)
        return end, partial(quantities, active=active)

    start = np.concatenate([first.ravel(), sign * lengths])
    coarse, fine = (ended(one) for one in TOLERANCES)
    measured = compared(coarse, fine, start, TOLERANCES[1])
    return {
        symbols.width: width, symbols.samples: samples, s.small_init: eps,
        symbols.flow_time: time, s.longest_sample: longest, s.longest_neuron: lengths.max(),
        s.smooth_pieces: int(all(crossed)), **measured,
    }  # fmt: skip


relu_flow = Experiment(
    id="relu_flow",
    title="Two-layer ReLU network with two inputs, gradient flow from a small balanced start",
    axes=tuple(axis for axis in AXES if axis.name != "steps"),
    emits=frozenset(
        {s.small_init, s.longest_sample, s.longest_neuron, s.neuron_squared, s.output_largest,
         s.turning_error, s.smooth_pieces, symbols.flow_time, symbols.width, symbols.samples}
    ),
    engine=flow,
    boundary=BOUNDARY,
)  # fmt: skip

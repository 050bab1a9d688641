"""Gradient flow of a R(a h(w)) / a^2 for a two-layer network h whose first layer is trained.

h_i(W) = sum_r v_r phi(w_r.x_i), shifted to h(W_0) = ``start``; R(y) = 1/2 sum_i c_i (y_i - y*_i)^2. Flow
until ``clock`` / (M |J_0|^2). The Lipschitz constant of the Jacobian is that of two_layer_fit.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.finite_width.two_layer_fit import bend, layer, size
from experiments.two_layer.domains import Usual
from harness import finite_width as s
from harness import symbols
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, depending, integers, matrix, reals, vector


def risen(activation: str, z: Any, d: Any) -> Any:
    """phi(z + d) - phi(z), accurate for small d."""
    if activation == "linear":
        return d
    if activation == "tanh":
        return np.tanh(d) * (1 - np.tanh(z) * np.tanh(z + d))
    return np.log1p(np.expm1(d) / (1 + np.exp(-z)))


def flow(
    neurons: int,
    X: Any,
    W: Any,
    v: Any,
    start: Any,
    labels: Any,
    curvatures: Any,
    near: float,
    activation: str,
    scale: float,
    clock: float,
) -> dict[Any, Any]:
    """Integrate the flow of W; errors are the integrator's and those of rounding."""
    from experiments.flow.integrate import measured

    rows, out, c = (np.array(one, dtype=float) for one in (X, v, curvatures))
    first = np.array(W, dtype=float).reshape(neurons, -1)
    wanted, begin = near * np.array(labels), near / scale * np.array(start)
    z = rows @ first.T
    _, slopes = layer(activation, z)
    jacobian = ((out * slopes)[:, :, None] * rows[:, None, :]).reshape(len(rows), -1)
    least = np.linalg.svd(jacobian, compute_uv=False)
    largest = np.linalg.svd(rows, compute_uv=False)[0]
    longest = np.sqrt((rows * rows).sum(axis=1)).max()
    lipschitz = bend(activation) * np.abs(out).max() * longest * largest
    before = scale * begin - wanted
    speed = c.max() * least[0] ** 2
    time = clock / speed if speed > 0 else clock

    def raised(move: Any) -> Any:
        """a times what each neuron adds to each sample."""
        return scale * out * risen(activation, z, rows @ move.T)

    def downhill(move: Any) -> Any:
        _, slope = layer(activation, z + rows @ move.T)
        error = before + raised(move).sum(axis=1)
        return -((out * slope * (c * error)[:, None]).T @ rows) / scale

    # lengths of the order of the movement, and a last entry 1 that tells the integrator so
    unit = time * float(size(downhill(0 * first))) or 1.0

    def field(_: float, state: Any) -> Any:
        return np.append(downhill(unit * state[:-1].reshape(first.shape)) / unit, 0.0)

    def at(state: Any) -> dict[str, tuple[float, float]]:
        move = unit * state[:-1].reshape(first.shape)
        added = raised(move)
        error = before + added.sum(axis=1)
        summed, adds = before + error, float(size(np.abs(added).sum(axis=1)))
        drop = -float((c * added.sum(axis=1) * summed).sum() / 2)
        return {
            s.lazy_gap.name: (float(size(error)), float(size(before)) + adds),
            s.flow_move.name: (float(size(move)), float(size(move))),
            s.risk_drop.name: (drop, float(c.max() * adds * size(summed))),
        }

    still = np.append(np.zeros(first.size), 1.0)
    return {
        s.jac_smin: least[-1] if len(least) == len(rows) else 0, s.jac_smax: least[0],
        s.jac_lipschitz: lipschitz, s.lazy_scale: scale, s.risk_convex: c.min(),
        s.risk_smooth: c.max(), s.risk_start: float((c * before * before).sum() / 2),
        s.label_norm: size(wanted), s.model_start: size(begin), s.lazy_gap_start: size(before),
        symbols.flow_time: time, **measured(field, still, time, at),
    }  # fmt: skip


lazy_flow = Experiment(
    id="lazy_flow",
    title="Two-layer network scaled by a, gradient flow on the first layer",
    axes=(
        Axis("neurons", integers(1, 4), 2, "hidden width"),
        Axis("X", matrix(2, 2, reals(-2, 2)), [[1.0, 0.0], [0.0, 1.0]], "samples"),
        Axis("W", depending(lambda at: matrix(at["neurons"], 2, reals(-2, 2))),
             [[0.5, 0.0], [0.0, 0.5]], "W_0, one neuron a row"),
        Axis("v", depending(lambda at: vector(at["neurons"], reals(-2, 2))), [1.0, 1.0], "v"),
        Axis("start", vector(2, reals(-1, 1)), [0.0, 0.0], "a h(W_0), before it is scaled"),
        Axis("labels", vector(2, reals(-1, 1)), [1.0, 0.5], "y*, before it is scaled"),
        Axis("curvatures", vector(2, reals(0.5, 2)), [1.0, 1.0], "c"),
        Axis("near", Usual(reals(1e-6, 1e3), reals(1e-3, 1, log=True)), 1.0, "scale of the labels"),
        Axis("activation", choice("tanh", "softplus", "linear"), "tanh", "phi"),
        Axis("scale", Usual(reals(1e-3, 1e6), reals(10, 1e5, log=True)), 100.0, "a"),
        Axis("clock", Usual(reals(0, 100), reals(0.01, 5, log=True)), 1.0, "T times M |J_0|^2"),
    ),
    emits=frozenset(
        {s.jac_smin, s.jac_smax, s.jac_lipschitz, s.lazy_scale, s.risk_convex, s.risk_smooth,
         s.risk_start, s.risk_drop, s.label_norm, s.model_start, s.lazy_gap_start, s.lazy_gap,
         s.flow_move, symbols.flow_time}
    ),
    engine=flow,
    boundary=(
        {"X": [[0, 0], [0, 0]]},
        {"v": [0, 0]},
        {"labels": [0, 0]},
        {"clock": 0},
        {"neurons": 1, "W": [[0, 0]], "v": [1]},
    ),
)  # fmt: skip

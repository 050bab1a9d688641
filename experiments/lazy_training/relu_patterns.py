"""Gradient descent on the first layer of ReLU neurons: which change sides, and the kernel.

Eight neurons with given weights, or up to 900 with drawn ones and signs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness import eigenvalues
from harness import lazy_training as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, integers, matrix, reals, vector

SIGNS = (1, -1) * 4


def _norm(v: Any) -> Any:
    return np.sqrt(v @ v)


def _active(X: Any, W: Any) -> Any:
    """1 where w_r.x_i > 0: samples by neurons."""
    return np.array([[1 if z > 0 else 0 for z in row] for row in X @ W.T])


def patterns(
    offset: Any, weights: Any, misfit: Any, size: Any, pace: Any, steps: int
) -> dict[Any, Any]:
    """``steps`` steps; the targets lie ``misfit`` below the outputs at the start."""
    return stepped(offset, size * np.array(weights), np.array(SIGNS), misfit, pace, steps)


def wide_patterns(
    neurons: int, offset: Any, misfit: Any, size: Any, pace: Any, steps: int,
    rng: np.random.Generator,
) -> dict[Any, Any]:  # fmt: skip
    """The same for Gaussian weights of that size and signs that are coins."""
    W, signs = size * rng.standard_normal((neurons, 2)), rng.choice([-1, 1], neurons)
    return stepped(offset, W, signs, misfit, pace, steps)


def stepped(offset: Any, W: Any, signs: Any, misfit: Any, pace: Any, steps: int) -> dict[Any, Any]:
    """Weights ``W`` of shape (h, 2)."""
    X = np.array([[1.0, offset[0]], [offset[1], 1.0]])
    start, e, neurons = W, np.array(misfit), len(signs)
    share = neurons**-0.5
    G = X @ X.T
    top = eigenvalues([[G[0, 0], G[0, 1]], [G[0, 1], G[1, 1]]])[1]
    step = pace / top
    first = _active(X, W)
    values = share * ((X @ W.T * first) @ signs)
    path: Any = 0
    active = first
    for _ in range(steps):
        path = path + _norm(e)
        W = W - step * share * (active * e[:, None]).T @ X * signs[:, None]
        active = _active(X, W)
        e = share * ((X @ W.T * active) @ signs) - values + np.array(misfit)
    moved = [_norm(row) for row in W - start]
    near = [
        [1 if abs(start[r] @ X[i]) <= moved[r] * _norm(X[i]) else 0 for r in range(neurons)]
        for i in range(2)
    ]
    either = sum(max(a, b) for a, b in zip(*near, strict=True))
    # G_12 times the change of the share of neurons active at both samples
    change = G[0, 1] * sum(active[0] * active[1] - first[0] * first[1]) / neurons
    return {
        s.tangent_step: step, s.data_norm: np.sqrt(top), s.hidden_neurons: neurons,
        s.error_path: path, s.farthest_neuron: max(moved), s.neurons_at_risk: either,
        s.sample_product: abs(G[0, 1]), s.pair_moved: abs(change),
    }  # fmt: skip


EMITTED = frozenset({
    s.tangent_step, s.data_norm, s.hidden_neurons, s.error_path, s.farthest_neuron,
    s.neurons_at_risk, s.sample_product, s.pair_moved,
})  # fmt: skip
relu_patterns = Experiment(
    id="relu_patterns",
    title="First layer of eight ReLU neurons under gradient descent, two samples",
    axes=(
        Axis("offset", vector(2, reals(-0.5, 0.5)), [0.0, 0.0], "samples (1, o_1) and (o_2, 1)"),
        Axis("weights", matrix(8, 2, reals(-1, 1)),
             [[0.5, 0.25], [0.25, 0.5], [1.0, -0.25], [-0.25, 1.0],
              [-0.5, 0.75], [0.75, -0.5], [-0.5, -0.25], [0.25, 0.75]], "the w_r over the size"),
        Axis("misfit", vector(2, reals(-2, 2)), [1.0, -0.5], "e_0"),
        Axis("size", reals(0.05, 1), 0.25, "size of the weights at the start"),
        Axis("pace", reals(0.05, 2), 0.5, "step size times |X|^2"),
        Axis("steps", integers(1, 12), 2, "number of steps"),
    ),
    emits=EMITTED,
    engine=patterns,
)  # fmt: skip
wide_relu_patterns = Experiment(
    id="wide_relu_patterns",
    title="First layer of up to 900 ReLU neurons under gradient descent, two samples",
    axes=(
        Axis("neurons", choice(16, 64, 256, 900), 64, "h"),
        relu_patterns.axes[0],
        *relu_patterns.axes[2:],
    ),
    emits=EMITTED,
    engine=wide_patterns,
    randomness=("rng",),
    share=0.25,
)

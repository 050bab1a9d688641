"""Two-layer networks with trained first layer under full-batch gradient descent on 1/2 |r|^2.

f_i = sum_r v_r phi(w_r.x_i), v fixed, targets y = f(W_0) - gap. Two constants hold for every W:

    |J| <= B1 |v|_2 |X|_2,    |J(W) - J(W')| <= B2 |v|_inf max_i|x_i| |X|_2 |W - W'|_F

with |phi'| <= B1 and phi' B2-Lipschitz: (1, 0) for the identity, (1, 4/sqrt(27)) for tanh, (1, 1/4)
for softplus. The step is ``pace`` / (beta^2 + L |r_0|) with these two.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from experiments.two_layer.domains import Usual
from harness import finite_width as s
from harness import singular_values
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, depending, integers, matrix, reals, vector

EMITS = frozenset(
    {s.step, s.steps_taken, s.jac_smin, s.jac_bound, s.jac_lipschitz, s.fit_start, s.fit_next,
     s.fit_end, s.first_move, s.path}
)  # fmt: skip


def layer(activation: str, z: Any) -> tuple[Any, Any]:
    """phi(z) and phi'(z)."""
    if activation == "linear":
        return z, 1 + 0 * z
    if activation == "tanh":
        bent = np.tanh(z)
        return bent, 1 - bent * bent
    return np.log(1 + np.exp(z)), 1 / (1 + np.exp(-z))


def bend(activation: str) -> Any:
    """B2, the largest |phi''|."""
    if activation == "softplus":
        return 0.25
    return 4 / math.sqrt(27) if activation == "tanh" else 0


def size(values: Any) -> Any:
    """Euclidean norm of all entries."""
    return np.sqrt((values * values).sum())


def descend(X: Any, W: Any, v: Any, gap: Any, activation: str, pace: Any, steps: int) -> Any:
    """What is emitted, for arrays X (n x d), W (m x d), v (m) and gap (n)."""
    spread = singular_values(list(X))[0]
    longest = max(size(row) for row in X)
    bound = size(v) * spread
    lipschitz = bend(activation) * max(abs(one) for one in v) * longest * spread
    first = size(gap)
    curvature = bound * bound + lipschitz * first
    # where f is constant nothing moves
    step = pace / curvature if curvature > 0 else 0 * pace
    values, slopes = layer(activation, X @ W.T)
    jacobian: list[Any] = [
        np.concatenate([one * row for one in of]) for of, row in zip(v * slopes, X, strict=True)
    ]
    least = singular_values(jacobian)
    target = values @ v - gap
    residual, path, log = gap, 0 * step, []
    for _ in range(steps):
        move = step * ((v * slopes * residual[:, None]).T @ X)
        W, path = W - move, path + size(move)
        values, slopes = layer(activation, X @ W.T)
        residual = values @ v - target
        log.append((size(residual), path))
    return {
        s.step: step, s.steps_taken: steps, s.jac_bound: bound, s.jac_lipschitz: lipschitz,
        s.jac_smin: least[-1] if len(least) == len(X) else 0, s.fit_start: first,
        s.fit_next: log[0][0], s.first_move: log[0][1], s.fit_end: log[-1][0], s.path: log[-1][1],
    }  # fmt: skip


def given(
    neurons: int,
    X: Any,
    W: Any,
    v: Any,
    gap: Any,
    near: Any,
    activation: str,
    pace: Any,
    steps: int,
) -> Any:
    """Descend from given weights."""
    first = np.array(W).reshape(neurons, -1)
    return descend(np.array(X), first, np.array(v), near * np.array(gap), activation, pace, steps)


def drawn(
    neurons: int, samples: int, near: float, activation: str, pace: float, steps: int, rng: Any
) -> Any:
    """Descend from Gaussian weights, v = +-1/sqrt(m), on n samples from the sphere in R^(2n)."""
    X = rng.standard_normal((samples, 2 * samples))
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    v = rng.choice([-1.0, 1.0], neurons) / math.sqrt(neurons)
    W, gap = rng.standard_normal((neurons, 2 * samples)), rng.standard_normal(samples)
    return descend(X, W, v, near * gap / np.linalg.norm(gap), activation, pace, steps)


PACE = Axis("pace", Usual(reals(0, 100), reals(0.02, 0.6)), 0.25, "step times beta^2 + L |r_0|")
STEPS = Axis("steps", integers(1, 20), 3, "number of steps T")

two_layer_fit = Experiment(
    id="two_layer_fit",
    title="Two-layer network with two samples and given weights, gradient descent on the first layer",
    axes=(
        Axis("neurons", integers(1, 4), 2, "hidden width m"),
        Axis("X", matrix(2, 2, reals(-2, 2)), [[1.0, 0.0], [0.0, 1.0]], "samples"),
        Axis("W", depending(lambda at: matrix(at["neurons"], 2, reals(-2, 2))),
             [[0.5, 0.0], [0.0, 0.5]], "W_0, one neuron a row"),
        Axis("v", depending(lambda at: vector(at["neurons"], reals(-2, 2))), [1.0, 1.0], "v"),
        Axis("gap", vector(2, reals(-1, 1)), [1.0, 0.5], "r_0 before it is scaled"),
        Axis("near", Usual(reals(0, 1e3), reals(1e-4, 1, log=True)), 1.0, "scale of r_0"),
        Axis("activation", choice("tanh", "softplus", "linear"), "tanh", "phi"),
        PACE,
        STEPS,
    ),
    emits=EMITS,
    engine=given,
    boundary=(
        {"X": [[0, 0], [0, 0]]},
        {"X": [[1, 1], [1, 1]]},
        {"v": [0, 0]},
        {"gap": [0, 0]},
        {"neurons": 1, "W": [[0, 0]], "v": [1]},
    ),
)  # fmt: skip

wide_two_layer_fit = Experiment(
    id="wide_two_layer_fit",
    title="Wide two-layer network with Gaussian first layer, gradient descent on it",
    axes=(
        Axis("neurons", Usual(integers(1, 100_000), integers(16, 1024, log=True)), 256, "width m"),
        Axis("samples", integers(1, 5), 3, "samples n"),
        Axis("near", Usual(reals(0, 1e3), reals(0.01, 1, log=True)), 0.1, "|r_0|"),
        Axis("activation", choice("tanh", "softplus", "linear"), "softplus", "phi"),
        PACE,
        STEPS,
    ),
    emits=EMITS,
    engine=drawn,
    randomness=("rng",),
    boundary=({"neurons": 1, "samples": 1}, {"near": 0}),
)  # fmt: skip

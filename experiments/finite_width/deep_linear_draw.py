"""Deep linear networks with Gaussian weights under gradient descent on 1/2 |F - Y|_F^2.

F = W_L ... W_1 X / sqrt(h^(L-1) m), hidden width h, m outputs, entries N(0, 1); X = diag(1, ..., spread^(-1)) of
size r x r and Y = W* X, W* = ``goal`` on its diagonal. Rotations of inputs and samples bring every X of
rank r to a diagonal, since the law of W_1 does not change; directions without data are never trained.
The step is ``pace`` m / (3 L |X|^2). A run ends
early where the residual exceeds 1e60. Rounding is assumed to be 2^-44 of the largest residual.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from experiments.two_layer.domains import Usual
from harness import finite_width as s
from harness import symbols
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers, reals

HUGE = 1e60
ROUNDING = 2.0**-44


def near(value: float, size: float) -> tuple[float, float]:
    """The value with its error, from the size of what enters it."""
    return value, ROUNDING * size


def products(layers: Any, X: Any) -> tuple[Any, Any]:
    """H_l = W_l ... W_1 X for l = 0, ..., L, and B_l = W_L ... W_{l+1} for l = 1, ..., L."""
    forward = [X]
    for W in layers:
        forward.append(W @ forward[-1])
    backward = [np.eye(len(layers[-1]))]
    for W in layers[:0:-1]:
        backward.append(backward[-1] @ W)
    return forward, backward[::-1]


def tangent(forward: Any, backward: Any) -> Any:
    """h^(L-1) m J J' = sum over the layers of B_l B_l' kron H_{l-1}' H_{l-1}."""
    return sum(np.kron(B @ B.T, H.T @ H) for H, B in zip(forward, backward, strict=False))


def train(
    width: int,
    depth: int,
    rank: int,
    outputs: int,
    spread: float,
    goal: float,
    pace: float,
    steps: int,
    rng: Any,
) -> dict[Any, Any]:
    """Draw the weights, train, and compare the first residual with the last."""
    X = np.diag(np.geomspace(1, 1 / spread, rank))
    Y = goal * np.eye(outputs, rank) @ X
    sizes = [rank, *[width] * (depth - 1), outputs]
    layers = [rng.standard_normal((b, a)) for a, b in pairwise(sizes)]
    scale = 1 / math.sqrt(float(width) ** (depth - 1) * outputs)
    step = pace * outputs / (3 * depth)
    forward, backward = products(layers, X)
    kernel = scale**2 * outputs / depth * tangent(forward, backward)
    fits: list[float] = []
    while True:
        E = scale * forward[-1] - Y
        fits.append(float(np.linalg.norm(E)))
        if len(fits) > steps or not fits[-1] < HUGE:
            break
        pulls = [B.T @ E @ H.T for H, B in zip(forward, backward, strict=False)]
        layers = [W - step * scale * G for W, G in zip(layers, pulls, strict=True)]
        forward, backward = products(layers, X)
    size = float(np.linalg.norm(Y)) + max(fits)
    gap = float(np.linalg.norm(kernel - np.kron(np.eye(outputs), X.T @ X)))
    return {
        symbols.inputs: rank, symbols.K: 1, symbols.mu: near(float(X[-1, -1]) ** 2, 1),
        s.kernel_gap: near(gap, gap + float(np.linalg.norm(kernel))),
        s.teacher_norm: goal, s.step: near(step, step), s.steps_taken: len(fits) - 1,
        s.fit_start: near(fits[0], size), s.fit_end: near(fits[-1], size),
    }  # fmt: skip


deep_linear_draw = Experiment(
    id="deep_linear_draw",
    title="Deep linear network with Gaussian weights, gradient descent",
    axes=(
        Axis("width", Usual(integers(1, 4096), integers(48, 64)), 64, "hidden width h"),
        Axis("depth", Usual(integers(2, 64), integers(2, 3)), 3, "layers L"),
        Axis("rank", Usual(integers(1, 16), integers(3, 4)), 3, "rank r of the data"),
        Axis("outputs", Usual(integers(1, 16), integers(1, 2)), 1, "outputs m"),
        Axis("spread", Usual(reals(1, 100), reals(1, 1.1)), 1.0, "condition number of X"),
        Axis("goal", Usual(reals(0, 100), reals(0, 1)), 1.0, "|W*|"),
        Axis("pace", Usual(reals(0, 100), reals(0.5, 1)), 0.75, "step times 3 L |X|^2 / m"),
        Axis("steps", Usual(integers(1, 200), integers(3, 8)), 8, "steps T"),
    ),
    emits=frozenset(
        {symbols.width, symbols.depth, symbols.outputs, symbols.inputs, symbols.K, symbols.mu,
         s.kernel_gap, s.teacher_norm, s.step, s.steps_taken, s.fit_start, s.fit_end}
    ),
    engine=train,
    randomness=("rng",),
    boundary=({"width": 1, "rank": 1}, {"goal": 0}),
)  # fmt: skip

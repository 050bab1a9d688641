"""Gradient descent on the first layer of tanh neurons, two samples, beside the linear model.

Four neurons with given weights, or up to 900 with drawn ones and signs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness import eigenvalues
from harness import lazy_training as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, integers, matrix, reals, vector

SIGNS = (1, -1, 1, -1)


def _norm(v: Any) -> Any:
    return np.sqrt(v @ v)


def _kernel(X: Any, slopes: Any, share: Any) -> Any:
    """Theta_ij = (alpha^2 / h) x_i.x_j sum_r phi'(w_r.x_i) phi'(w_r.x_j)."""
    return share * share * (X @ X.T) * (slopes @ slopes.T)


def _spectrum(K: Any) -> Any:
    return eigenvalues([[K[0, 0], K[0, 1]], [K[0, 1], K[1, 1]]])


def trained(
    offset: Any, weights: Any, misfit: Any, scale: Any, pace: Any, steps: int
) -> dict[Any, Any]:
    """``steps`` steps; the targets lie ``misfit`` below the outputs at the start."""
    return stepped(
        offset, np.array(weights), np.array(SIGNS), scale / 2, misfit, scale, pace, steps
    )


def trained_wide(
    root: int, offset: Any, misfit: Any, scale: Any, pace: Any, steps: int,
    rng: np.random.Generator,
) -> dict[Any, Any]:  # fmt: skip
    """The same for ``root``^2 neurons with standard Gaussian weights and signs that are coins."""
    W, signs = rng.standard_normal((root * root, 2)), rng.choice([-1, 1], root * root)
    return stepped(offset, W, signs, scale / root, misfit, scale, pace, steps)


def stepped(
    offset: Any, W: Any, signs: Any, share: Any, misfit: Any, scale: Any, pace: Any, steps: int
) -> dict[Any, Any]:
    """Weights ``W`` of shape (h, 2), ``share`` = alpha / sqrt(h), without an error of its own as h is a square."""
    X = np.array([[1.0, offset[0]], [offset[1], 1.0]])
    values = np.tanh(X @ W.T)
    slopes = 1 - values * values
    first, K = share * (values @ signs), _kernel(X, slopes, share)
    low, high = _spectrum(K)
    # |phi'| <= 1, so that no kernel is larger
    gram = _spectrum(X @ X.T)
    step = pace / (scale * scale * gram[1])
    e = linear = np.array(misfit)
    start, rho = W, max(abs(1 - step * low), abs(1 - step * high))
    gathered: Any = 0
    for _ in range(steps):
        gradient = share * (slopes * e[:, None]).T @ X * signs[:, None]
        W = W - step * gradient
        values = np.tanh(X @ W.T)
        slopes = 1 - values * values
        after = share * (values @ signs) - first + np.array(misfit)
        rest = after - (e - step * (K @ e))
        gathered = rho * gathered + _norm(rest)
        linear, e = linear - step * (K @ linear), after
    moved = (W - start).reshape(-1)
    change = _spectrum(_kernel(X, slopes, share) - K)
    return {
        s.tangent_step: step, s.tangent_steps: steps, s.output_scale: scale, s.hidden_neurons: len(signs),
        s.data_norm: np.sqrt(gram[1]), s.longest_input: max(_norm(X[0]), _norm(X[1])),
        s.jacobian_least: np.sqrt(low), s.jacobian_norm: np.sqrt(high),
        s.error_start: _norm(np.array(misfit)), s.error_end: _norm(e), s.linear_error: _norm(linear),
        s.linear_away: _norm(e - linear), s.remainders: gathered, s.weights_moved: _norm(moved),
        s.tangent_moved: max(abs(change[0]), abs(change[1])),
    }  # fmt: skip


EMITTED = frozenset({
    s.tangent_step, s.tangent_steps, s.output_scale, s.hidden_neurons, s.data_norm, s.longest_input,
    s.jacobian_least, s.jacobian_norm, s.error_start, s.error_end, s.linear_error, s.linear_away,
    s.remainders, s.weights_moved, s.tangent_moved,
})  # fmt: skip
tanh_steps = Experiment(
    id="tanh_steps",
    title="First layer of four tanh neurons under gradient descent, beside the linear model",
    axes=(
        Axis("offset", vector(2, reals(-0.5, 0.5)), [0.0, 0.0], "samples (1, o_1) and (o_2, 1)"),
        Axis("weights", matrix(4, 2, reals(-0.75, 0.75)),
             [[0.5, 0.25], [0.25, 0.5], [0.0, 0.25], [0.25, 0.0]], "w_1 to w_4 at the start"),
        Axis("misfit", vector(2, reals(-2, 2)), [1.0, -0.5], "e_0"),
        Axis("scale", reals(8, 64), 16.0, "alpha"),
        Axis("pace", reals(0.05, 1), 0.5, "step size times alpha^2 |X|^2"),
        Axis("steps", integers(1, 8), 2, "number of steps"),
    ),
    emits=EMITTED,
    engine=trained,
)  # fmt: skip
wide_tanh_steps = Experiment(
    id="wide_tanh_steps",
    title="First layer of up to 900 tanh neurons under gradient descent, beside the linear model",
    axes=(
        Axis("root", choice(4, 8, 16, 30), 8, "sqrt(h)"),
        tanh_steps.axes[0],
        tanh_steps.axes[2],
        Axis("scale", reals(1, 64, log=True), 16.0, "alpha"),
        *tanh_steps.axes[4:],
    ),
    emits=EMITTED,
    engine=trained_wide,
    randomness=("rng",),
    share=0.25,
)

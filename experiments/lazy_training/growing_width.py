"""Wide two-layer networks under gradient descent on the first layer: kernel and linear model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from harness import lazy_training as s
from harness.symbols import width as hidden_width
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import Choice, choice, depending, integers, reals, vector

Floats = npt.NDArray[np.float64]


def _tanh(z: Floats) -> tuple[Floats, Floats]:
    values = np.tanh(z)
    return values, 1 - values * values


def _softplus(z: Floats) -> tuple[Floats, Floats]:
    return np.logaddexp(0, z), 0.5 + 0.5 * np.tanh(z / 2)


def _relu(z: Floats) -> tuple[Floats, Floats]:
    slopes = (z > 0).astype(np.float64)
    return z * slopes, slopes


def widened(
    kinked: int,
    odd: int,
    coins: int,
    angles: Sequence[float],
    misfit: Sequence[float],
    pace: float,
    steps: int,
    width: int,
    rng: np.random.Generator,
) -> dict[Any, Any]:
    """``steps`` steps on f = a.phi(W x) / sqrt(h), w_r ~ N(0, I), a_r = 1 or random signs.

    phi is ReLU, tanh or softplus. The inputs have length 1 and the given angles; the targets lie ``misfit`` below the outputs at
    the start; the step size is ``pace`` over the number of samples.
    """
    phi = _relu if kinked else _tanh if odd else _softplus
    X = np.array([np.cos(angles), np.sin(angles)]).T
    G, W = X @ X.T, rng.standard_normal((2, width))
    outer = rng.choice([-1.0, 1.0], width) if coins else np.ones(width)
    values, slopes = phi(X @ W)
    share, rate = width**-0.5, pace / len(X)
    start, K = share * (values @ outer), G * (slopes @ slopes.T) / width
    e = linear = np.array(misfit)
    drift = gap = 0.0
    for _ in range(steps):
        W = W - rate * share * (X.T @ (slopes * e[:, None])) * outer
        values, slopes = phi(X @ W)
        e = share * (values @ outer) - start + misfit
        linear = linear - rate * (K @ linear)
        drift = max(drift, float(np.linalg.norm(G * (slopes @ slopes.T) / width - K)))
        gap = max(gap, float(np.linalg.norm(e - linear)))
    return {
        hidden_width: width, s.kinked: kinked, s.odd: odd, s.coins: coins,
        s.tangent_drift: drift, s.linear_gap: gap,
    }  # fmt: skip


def _odd(partial: Mapping[str, Any]) -> Choice:
    return choice(0) if partial["kinked"] else choice(1, 0)


growing_width = Experiment(
    id="growing_width",
    title="Two-layer networks of growing width under gradient descent, beside the linear model",
    axes=(
        Axis("kinked", choice(0, 1), 0, "1: phi = relu"),
        Axis("odd", depending(_odd), 1, "1: phi = tanh; 0: softplus, or relu"),
        Axis("coins", choice(0, 1), 1, "signs of the a_r: coins, or all 1"),
        Axis("angles", vector(3, reals(0, 3)), [0.0, 1.0, 2.25], "angles of the inputs"),
        Axis("misfit", vector(3, reals(-2, 2)), [1.0, -1.0, 0.5], "e_0"),
        Axis("pace", reals(0.25, 1), 1.0, "step size times the number of samples"),
        Axis("steps", integers(2, 8), 4, "number of steps"),
        Axis("width", integers(32, 4096), 128, "h"),
    ),
    emits=frozenset({hidden_width, s.kinked, s.odd, s.coins, s.tangent_drift, s.linear_gap}),
    engine=widened,
    randomness=("rng",),
)

"""Three-layer tanh networks in the parametrisations between muP and the NTK's, a few full steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from harness import lazy_training as s
from harness.symbols import width as hidden_width
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import choice, integers, matrix, reals, vector


def features_learned(
    abc_exponent: float,
    inputs: Sequence[Sequence[float]],
    misfit: Sequence[float],
    pace: float,
    steps: int,
    width: int,
    rng: np.random.Generator,
) -> dict[Any, Any]:
    """f = h^(r-1) w.tanh(B tanh(A x)), B = W / sqrt(h), all entries of A, W and w N(0, 1).

    Gradient descent on all three with the step size ``pace`` h^(1 - 2r) and the mean over the
    samples of 1/2 e^2; the targets lie ``misfit`` below the outputs at the start.
    """
    X, rate = np.array(inputs), pace * width ** (1 - 2 * abc_exponent) / len(inputs)
    share: float = width ** (abc_exponent - 1)
    A = rng.standard_normal((width, X.shape[1]))
    B = first = rng.standard_normal((width, width)) / np.sqrt(width)
    w = rng.standard_normal(width)
    inner = np.tanh(X @ A.T)
    before = after = inner @ B.T
    outer = np.tanh(after)
    start = f = share * (outer @ w)
    for _ in range(steps):
        e = f - start + misfit
        above = share * np.outer(e, w) * (1 - outer * outer)
        below = above @ B * (1 - inner * inner)
        w = w - rate * share * (e @ outer)
        # the gradient in W has the factor 1 / sqrt(h), and so has B
        B = B - rate / width * (above.T @ inner)
        A = A - rate * (below.T @ X)
        inner = np.tanh(X @ A.T)
        after = inner @ B.T
        outer = np.tanh(after)
        f = share * (outer @ w)
    return {
        s.abc_exponent: abc_exponent, hidden_width: width,
        s.hidden_change: float(np.sqrt(np.mean((after - before) ** 2))),
        s.output_change: float(np.linalg.norm(f - start)),
        s.matrix_change: float(np.linalg.norm(B - first)),
    }  # fmt: skip


abc_steps = Experiment(
    id="abc_steps",
    title="Tanh networks with two hidden layers between muP and the NTK parametrisation",
    axes=(
        Axis("abc_exponent", choice(0, 0.25, 0.5), 0, "r"),
        Axis("inputs", matrix(3, 2, reals(-1, 1)), [[1.0, 0.5], [-0.5, 1.0], [0.25, -1.0]]),
        Axis("misfit", vector(3, reals(-2, 2)), [-1.0, 1.0, -0.5], "e_0"),
        Axis("pace", reals(0.25, 1), 0.5, "step size over h^(1 - 2r)"),
        Axis("steps", integers(2, 5), 3, "number of steps"),
        Axis("width", integers(8, 256), 32, "h"),
    ),
    emits=frozenset(
        {hidden_width, s.abc_exponent, s.hidden_change, s.output_change, s.matrix_change}
    ),
    engine=features_learned,
    randomness=("rng",),
)

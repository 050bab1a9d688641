"""One random bias-free ReLU network at one input: its output and its tangent kernel there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from harness import neural_kernels as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import Choice, choice, depending, integers

INPUT = np.array([1.0, 1.0])
"""|x|^2 = d, so that K(x, x) is 2 (L + 1) and E f^2 is 2 in the limit."""


def network(hidden: int, width: int, rng: np.random.Generator) -> dict[Any, Any]:
    """Layers z_l = relu(sqrt(2 / h_{l-1}) W_l z_{l-1}), and f = sqrt(2 / h_L) w.z_L."""
    z, weights, masks, norms = INPUT, [], [], []
    for _ in range(hidden):
        W = math.sqrt(2 / len(z)) * rng.standard_normal((width, len(z)))
        norms.append(2 / len(z) * (z @ z))
        z = W @ z
        weights.append(W)
        masks.append(z > 0)
        z = z * masks[-1]
    last = math.sqrt(2 / len(z)) * rng.standard_normal(len(z))
    output, tangent, slope = float(last @ z), 2 / len(z) * float(z @ z), last
    for W, mask, norm in zip(reversed(weights), reversed(masks), reversed(norms), strict=True):
        slope = slope * mask
        # the layer's weights are scaled by sqrt(2 / h), and the norm holds that factor squared
        tangent += float(norm * (slope @ slope))
        slope = W.T @ slope
    return {
        s.hidden: hidden, s.width: width, s.tangent_share: tangent / (2 * (hidden + 1)),
        s.output_squared: output**2 / 2,
        s.output_fourth: 3 * (z @ z / len(z)) ** 2,
    }  # fmt: skip


def _widths(partial: Mapping[str, Any]) -> Choice:
    """Not so narrow for their depth that few rare networks carry the mean of f^4."""
    return choice(*(one for one in (1, 4, 8, 16, 32, 64) if one >= 4 * partial["hidden"] ** 2 - 3))


random_relu_network = Experiment(
    id="random_relu_network",
    title="A random bias-free ReLU network of equal widths at one input",
    axes=(
        Axis("hidden", integers(1, 3), 1, "number of hidden layers L"),
        Axis("width", depending(_widths), 16, "neurons of each"),
    ),
    emits=frozenset({s.hidden, s.width, s.tangent_share, s.output_squared, s.output_fourth}),
    engine=network,
    randomness=("rng",),
)

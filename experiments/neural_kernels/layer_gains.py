"""How much one layer of a random ReLU network stretches what reaches it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from harness import neural_kernels as s
from harness.symbols import width as hidden_width
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import integers


def stretched(width: int, hidden: int, rng: np.random.Generator) -> dict[Any, Any]:
    """The gain of the last of ``hidden`` layers; a layer with no active neuron is drawn again."""
    z, gain = np.ones(2), 0.0
    for _ in range(hidden):
        after = np.zeros(width)
        while not after.any():
            W = rng.standard_normal((width, len(z))) / math.sqrt(width)
            after = np.maximum(W @ z, 0)
        gain = float(width * (after @ after) / (z @ z))
        z = after
    return {s.hidden: hidden, hidden_width: width, s.layer_gain: gain}


layer_gains = Experiment(
    id="layer_gains",
    title="Gain of one layer of a random ReLU network, no layer of which is dead",
    axes=(
        Axis("width", integers(1, 4), 3, "h: neurons of each layer"),
        Axis("hidden", integers(1, 4), 2, "L: the layer looked at"),
    ),
    emits=frozenset({s.hidden, hidden_width, s.layer_gain}),
    engine=stretched,
    randomness=("rng",),
)

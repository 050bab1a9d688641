"""Two-layer linear network under gradient flow from Gaussian weights: the declaration.

The model of `two_layer_flow`, with independent N(0, h^(-2a)) entries of W1 and W2. The flow sees the
hidden layer only through the inner products of the n + frozen + m vectors of weights that meet in it:
from width n + frozen + m on they are drawn themselves (Bartlett), and the width costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from experiments.two_layer.domains import Usual
from experiments.two_layer_flow import two_layer_flow
from harness import symbols
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import (
    Depending,
    Domain,
    Partial,
    choice,
    depending,
    integers,
    matrix,
    reals,
    vector,
)

TOLERANCES = (1e-6, 1e-8)
"""Chance outweighs the integrator's error by far; what is left of it is part of each number."""


def gaussian(rows: int, width: int, rng: Any) -> Any:
    """rows x min(rows, width) matrix with the inner products of a standard Gaussian rows x width one."""
    import numpy as np

    if width <= rows:
        return rng.standard_normal((rows, width))
    lower = np.tril(rng.standard_normal((rows, rows)), -1)
    return lower + np.diag(np.sqrt(rng.chisquare(width - np.arange(rows))))


def flow(
    rank: int, frozen: int, outputs: int, width: int, init_exponent: float, x: Any, Y: Any,
    periods: float, rng: Any,
) -> dict[str, Any]:  # fmt: skip
    """Draw the weights and integrate; a period is 1 / (2 mu h^(1 - 2a))."""
    import numpy as np

    from experiments.flow.two_layer import run

    weights = gaussian(rank + frozen + outputs, width, rng) * float(width) ** -init_exponent
    split = rank + frozen
    time = periods / (2 * min(x) ** 2 * width ** (1 - 2 * init_exponent))
    first, second = weights[:split], weights[split:].T
    found = run(np.array(x), np.array(Y), first, second, time, TOLERANCES)
    return {name: value for name, value in found.items() if name != "width"}


def _known(configuration: Mapping[str, Any]) -> dict[str, float]:
    names = ("outputs", "width", "init_exponent")
    found = {name: float(configuration[name]) for name in names}
    return {**found, "features": float(configuration["rank"] + configuration["frozen"])}


def _width(before: Partial) -> Domain:
    """Around where Theorem 2 begins to speak for delta = 1/10 and a = 1/2."""
    size = before["rank"] + before["frozen"] + before["outputs"]
    begin = math.ceil(32 * before["outputs"] * (math.sqrt(size) + 2.5) ** 2)
    return integers(begin, 64 * begin, log=True)


wide_flow = Experiment(
    id="wide_flow",
    title="Two-layer linear network, gradient flow from Gaussian weights of any width",
    axes=(
        Axis("rank", integers(1, 3), 2, "samples n, all singular values of X positive"),
        Axis(
            "frozen", Usual(integers(1, 8), integers(2, 4)), 2, "rows of W1 that no sample reaches"
        ),
        Axis("outputs", integers(1, 3), 2, "outputs m"),
        Axis("width", Usual(integers(1, 2**30), Depending(_width)), None, "hidden width h"),
        Axis("init_exponent", choice(0.5, 0.4375), 0.5, "a: entries have variance h^(-2a)"),
        Axis("x", depending(lambda at: vector(at["rank"], reals(0.9, 1.1))), None, "diagonal of X"),
        Axis(
            "Y",
            depending(lambda at: matrix(at["rank"], at["outputs"], reals(-1, 1))),
            None,
            "n x m",
        ),
        Axis("periods", reals(1, 8), 4.0, "how long the flow runs, in 1 / (2 mu h^(1 - 2a))"),
    ),
    emits=two_layer_flow.emits | {symbols.features, symbols.init_exponent},
    engine=flow,
    randomness=("init",),
    known=_known,
    share=0.1,
)

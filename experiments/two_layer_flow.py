"""Two-layer linear network under gradient flow: the declaration.

L(W1, W2) = 1/2 |Y - X W1 W2|_F^2 (a sum, no 1/N), W1' = -dL/dW1, W2' = -dL/dW2, from the given
weights until ``time``. The data matrix is [diag(x), 0]: the first rows of W1 are trained, and
``frozen`` more rows belong to inputs that no sample has. Y and W1, W2 are arbitrary matrices.
"""

from __future__ import annotations

from typing import Any

from experiments.two_layer.domains import Usual
from harness import symbols
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import (
    Depending,
    Domain,
    Partial,
    depending,
    integers,
    matrix,
    reals,
    vector,
)

ENTRY = reals(-1.5, 1.5)


def _targets(before: Partial) -> Domain:
    return matrix(before["rank"], before["outputs"], reals(-3, 3))


def _first(before: Partial) -> Domain:
    return matrix(before["rank"] + before["frozen"], before["width"], ENTRY)


def _second(before: Partial) -> Domain:
    return matrix(before["width"], before["outputs"], ENTRY)


def _time(before: Partial) -> Domain:
    """Up to a few times what the fastest mode needs, so that the loss stays above rounding."""
    weights = sum(entry**2 for layer in ("W1", "W2") for row in before[layer] for entry in row)
    longest = 6 / (max(before["x"]) ** 2 * max(weights, 1.0))
    return reals(longest / 200, longest, log=True)


def flow(
    rank: int, frozen: int, outputs: int, width: int, x: Any, Y: Any, W1: Any, W2: Any, time: float
) -> dict[str, Any]:
    """Integrate the flow; see flow/two_layer.py for what is measured."""
    import numpy as np

    from experiments.flow.two_layer import run

    data, targets, first, second = (np.array(one, dtype=float) for one in (x, Y, W1, W2))
    return dict(run(data, targets, first, second, time))


two_layer_flow = Experiment(
    id="two_layer_flow",
    title="Two-layer linear network, gradient flow",
    axes=(
        Axis("rank", integers(1, 3), None, "samples n, all singular values of X positive"),
        Axis("frozen", integers(0, 2), None, "rows of W1 that no sample reaches"),
        Axis("outputs", integers(1, 3), None, "outputs m"),
        Axis("width", integers(1, 8), None, "hidden width h"),
        Axis("x", depending(lambda at: vector(at["rank"], reals(0.5, 2))), None, "diagonal of X"),
        Axis("Y", depending(_targets), None, "n x m"),
        Axis("W1", depending(_first), None, "(n + frozen) x h"),
        Axis("W2", depending(_second), None, "h x m"),
        Axis("time", Usual(reals(0, 100), Depending(_time)), None, "how long the flow runs"),
    ),
    emits=frozenset(
        {
            symbols.inputs, symbols.outputs, symbols.width, symbols.K, symbols.mu, symbols.norm_Y,
            symbols.smin_Y, symbols.smin_target, symbols.distance, symbols.residual, symbols.loss,
            symbols.lam1_D, symbols.lamn_D, symbols.lam1_mD, symbols.lamm_mD,
            symbols.coupling,
            symbols.flow_time, symbols.flow_loss, symbols.flow_frozen,
        }
    ),
    engine=flow,
)  # fmt: skip

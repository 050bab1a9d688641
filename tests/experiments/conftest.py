"""Shared helpers: complete configurations, groups run with given step sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer_linear import two_layer_linear
from harness.running.protocol import Measured, StepSize, Trace

STEP = frozenset(one.name for one in two_layer_linear.emits if one.scope.varies)
RUN = frozenset(one.name for one in two_layer_linear.emits if one.scope == "run")

Configure = Callable[..., dict[str, Any]]
Train = Callable[..., Trace]


@pytest.fixture(scope="session")
def configure() -> Configure:
    """A complete configuration from some of its axes."""

    def complete(**axes: Any) -> dict[str, Any]:
        seed = axes.pop("seed", 0)
        return {**two_layer_linear.complete(axes), "seed": seed}

    return complete


@pytest.fixture(scope="session")
def train() -> Train:
    """Run a group at constant step sizes (one number, or one a configuration)."""

    def run(
        configurations: Sequence[dict[str, Any]],
        step: float | Sequence[float],
        horizon: int,
        wanted: frozenset[str] = STEP | RUN,
        engine: TwoLayerLinear | None = None,
    ) -> Trace:
        engine = engine or TwoLayerLinear({})
        sizes = np.broadcast_to(np.asarray(step, dtype=float), (len(configurations),))

        def constant(_: int, __: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
            return sizes

        rule: StepSize = constant
        return engine.run(engine.initial(configurations, wanted), rule, horizon, wanted)

    return run


@pytest.fixture(scope="session")
def stable() -> Callable[[dict[str, Any], float], float]:
    """A share of the inverse smoothness at the initial state, as a step size."""

    def size(configuration: dict[str, Any], share: float) -> float:
        wanted = frozenset({"K", "smax_W1", "smax_W2", "product_grad"})
        found = TwoLayerLinear({}).initial([configuration], wanted).measured
        K, s1, s2, slope = (
            float(found[name].value[0, 0]) for name in ("K", "smax_W1", "smax_W2", "product_grad")
        )
        return share / (K * (s1**2 + s2**2) + slope)

    return size


@pytest.fixture(scope="session")
def start() -> Callable[..., tuple[Any, dict[str, Measured]]]:
    """The initial snapshot and what was measured there."""

    def begin(*configurations: dict[str, Any]) -> tuple[Any, dict[str, Measured]]:
        found = TwoLayerLinear({}).initial(configurations, STEP | RUN)
        return found.state.snapshot, dict(found.measured)

    return begin

"""A way to run experiments that train modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
import torch

from harness.running.engines import engine_of
from harness.running.protocol import Trace
from harness.vocabulary.experiment import Experiment

Run = Callable[..., Trace]


@pytest.fixture
def train() -> Run:
    """Runs configurations of an experiment at given step sizes and returns the trace."""

    def call(
        experiment: Experiment,
        configurations: Sequence[Mapping[str, Any]],
        sizes: float | Sequence[float] = 0.05,
        horizon: int = 6,
        wanted: Sequence[str] = ("training_loss", "grad_norm", "movement", "eta"),
    ) -> Trace:
        engine = engine_of(experiment)
        steps = np.broadcast_to(np.asarray(sizes, dtype=np.float64), (len(configurations),))
        start = engine.initial(configurations, frozenset(wanted))
        return engine.run(start, lambda t, at: steps, horizon, frozenset(wanted))

    return call


@pytest.fixture(autouse=True)
def _nothing_global() -> Any:
    """No test may move a global generator."""
    state = torch.random.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    yield
    assert torch.equal(state[0], torch.random.get_rng_state())
    np.testing.assert_array_equal(state[1], np.random.get_state()[1])  # noqa: NPY002

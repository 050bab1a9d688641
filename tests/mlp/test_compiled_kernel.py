"""The compiled kernel of two-layer ReLU networks against numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.mlp.engine import LEAN, Perceptrons
from experiments.mlp.fast import runs
from experiments.mlp.network import Stack
from experiments.mlp.setup import problem
from experiments.multilayer import mlp
from harness.running.protocol import ConstantSteps, Trace

SHAPES = [(3, 1, 1, 1), (7, 4, 5, 10), (12, 5, 2, 40), (1, 7, 3, 16)]
"""Samples, inputs, outputs, width: remainders of three rows and of sixteen units."""


def members(shape: tuple[int, ...], count: int = 5, **axes: Any) -> list[dict[str, Any]]:
    sizes = dict(zip(("samples", "features", "outputs", "width"), shape, strict=True))
    return [{**mlp.complete({**sizes, "noise": 1.0, **axes}), "seed": s} for s in range(count)]


def trained(ones: list[dict[str, Any]], lanes: int, sizes: Any = 0.05, horizon: int = 40) -> Trace:
    engine = Perceptrons(lanes=lanes)
    steps = ConstantSteps(np.broadcast_to(np.asarray(sizes, dtype=np.float64), len(ones)))
    return engine.run(engine.initial(ones, LEAN), steps, horizon, LEAN)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("parametrization", ["standard", "ntk"])
def test_it_computes_what_numpy_computes(shape: tuple[int, ...], parametrization: str) -> None:
    ones = members(shape, parametrization=parametrization)
    assert runs(problem(ones[0]))
    plain, fast = trained(ones, 0), trained(ones, 1)
    assert plain.measured.keys() == fast.measured.keys()
    for name, one in plain.measured.items():
        for part in ("value", "error"):
            np.testing.assert_allclose(
                getattr(fast.measured[name], part), getattr(one, part), rtol=1e-12, atol=1e-14
            )
    np.testing.assert_array_equal(plain.finite, fast.finite)
    assert any(not np.array_equal(plain.measured[n].value, fast.measured[n].value) for n in LEAN)


def test_a_row_does_not_depend_on_batch_or_threads() -> None:
    ones = members((7, 4, 5, 33))
    whole, threads = trained(ones, 1), trained(ones, 2)
    alone = trained(ones[3:4], 1)
    for name in LEAN:
        np.testing.assert_array_equal(threads.measured[name].value, whole.measured[name].value)
        np.testing.assert_array_equal(alone.measured[name].value[0], whole.measured[name].value[3])


def test_a_diverging_row_ends() -> None:
    ones = members((7, 4, 5, 33), 2)
    both = [trained(ones, lanes, (1e6, 0.05), 60) for lanes in (0, 1)]
    assert both[0].finite.tolist() == both[1].finite.tolist()
    assert both[1].finite[0] < 20
    assert both[1].finite[1] == 61


@pytest.mark.parametrize("axes", [{"activation": "tanh"}, {"depth": 3}])
def test_it_leaves_other_networks_to_numpy(axes: dict[str, Any]) -> None:
    ones = members((4, 2, 2, 3), 2, **axes)
    assert not runs(problem(ones[0]))
    for name, one in trained(ones, 0).measured.items():
        np.testing.assert_array_equal(trained(ones, 1).measured[name].value, one.value)


@pytest.mark.parametrize(("lanes", "passes"), [(0, 7), (1, 0)])
def test_only_the_passes_that_are_read_are_made(
    monkeypatch: pytest.MonkeyPatch, lanes: int, passes: int
) -> None:
    made: list[int] = []
    honest = Stack.forward
    monkeypatch.setattr(Stack, "forward", lambda stack: (made.append(1), honest(stack))[1])
    ones, names = members((4, 2, 2, 3), 2), frozenset({"training_loss"})
    engine = Perceptrons(lanes=lanes)
    start = engine.initial(ones, names)
    assert len(made) == 1
    engine.run(start, ConstantSteps(np.full(len(ones), 0.01)), 6, names)
    assert len(made) == 1 + passes

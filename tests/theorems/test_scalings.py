"""The declared degrees against the experiment: a run in other units, in exact powers of two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer_linear import two_layer_linear
from harness.vocabulary.scaling import Scaling
from theorems.convergence.scalings import DATA, DEGREES, SAMPLES, WEIGHTS, WEIGHTS_OVER_DATA

rng = np.random.default_rng(3)
X, THETA = rng.standard_normal((3, 3)), rng.standard_normal((3, 2))
Y, W1, W2 = X @ THETA, rng.standard_normal((3, 4)), rng.standard_normal((4, 2))
ETA, STEPS = 2.0**-6, 3
MEASURED = frozenset(one.name for one in two_layer_linear.emits if one.scope != "configuration")

Run = dict[str, Any]


def run(X: Any, Y: Any, W1: Any, W2: Any, eta: float) -> Run:
    given = {name: part.tolist() for name, part in zip(("X", "Y", "W1", "W2"), (X, Y, W1, W2))}  # noqa: B905
    configuration = two_layer_linear.complete({"data": "given", "init": "given", **given})
    engine = TwoLayerLinear({})
    start = engine.initial([{**configuration, "seed": 0}], MEASURED)
    trace = engine.run(start, lambda *_: np.array([eta]), STEPS, MEASURED)
    return {
        **{name: trace.measured[name].value for name in MEASURED},
        **{name: np.array(value) for name, value in two_layer_linear.known(configuration).items()},
    }


def degree(scaling: Scaling, name: str) -> float:
    return float(next((d for one, d in scaling.degrees.items() if one.name == name), 0))


BASE = run(X, Y, W1, W2, ETA)
DOUBLED = [
    (DATA, run(2 * X, 2 * Y, W1, W2, ETA / 4)),
    (WEIGHTS, run(X, 4 * Y, 2 * W1, 2 * W2, ETA / 4)),
    (WEIGHTS_OVER_DATA, run(X / 2, 2 * Y, 2 * W1, 2 * W2, ETA)),
]


@pytest.mark.parametrize("name", sorted(BASE))
@pytest.mark.parametrize(
    ("scaling", "other"), DOUBLED, ids=[scaling.name for scaling, _ in DOUBLED]
)
def test_every_emitted_symbol_scales_by_its_degree(scaling: Scaling, other: Run, name: str) -> None:
    expected = BASE[name] * 2.0 ** degree(scaling, name)
    assert np.array_equal(other[name], expected, equal_nan=True), (other[name], BASE[name])


@pytest.mark.parametrize("name", sorted(BASE))
def test_every_emitted_symbol_scales_with_copies_of_the_samples(name: str) -> None:
    """The reduction of the data goes through an SVD of another shape, so up to rounding only."""
    tall = np.concatenate([X, X[:1]])
    targets = np.concatenate([Y, Y[:1]])
    once = run(tall, targets, W1, W2, ETA)
    copied = run(np.tile(tall, (4, 1)), np.tile(targets, (4, 1)), W1, W2, ETA / 4)
    expected = once[name] * 4 ** degree(SAMPLES, name)
    np.testing.assert_allclose(copied[name], expected, rtol=1e-11, atol=1e-13)


def test_the_table_names_every_symbol_that_has_units() -> None:
    """A symbol left out would count as a pure number."""
    pure = {"inputs", "features", "outputs", "width", "squared", "iid_init", "samples"}
    assert {one.name for one in DEGREES} | pure == {one.name for one in two_layer_linear.emits}

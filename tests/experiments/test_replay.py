"""A configuration alone gives the bits that it gives inside any group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.two_layer.engine import TwoLayerLinear

SHAPES = [(1, 1, 1), (3, 2, 4), (2, 5, 1), (5, 1, 40), (8, 8, 9), (7, 3, 10)]


@pytest.mark.parametrize("loss", ["squared", "logcosh"])
@pytest.mark.parametrize("shape", SHAPES)
def test_alone_equals_inside_a_group(
    configure: Any, train: Any, shape: tuple[int, int, int], loss: str
) -> None:
    features, outputs, width = shape
    laws = ["gaussian", "imbalanced", "spectral", "zero_output", "balanced"]
    group = [
        configure(
            samples=12, features=features, outputs=outputs, width=width, loss=loss,
            init=laws[seed % len(laws)], seed=seed,
        )
        for seed in range(17)
    ]  # fmt: skip
    engine = TwoLayerLinear({})
    assert len({engine.key(one) for one in group}) == 1
    # some rows converge, one diverges, one needs spectral norms for its rounding bound
    steps = [0.02 * (1 + seed % 5) for seed in range(17)]
    steps[3] = 50.0
    together = train(group, steps, 25)
    for row in (0, 3, 8, 16):
        alone = train([group[row]], steps[row], 25)
        assert alone.finite[0] == together.finite[row]
        assert alone.resolved[0] == together.resolved[row]
        for name, one in alone.measured.items():
            other = together.measured[name]
            for mine, theirs in (
                (one.value, other.value), (one.error, other.error), (one.drift, other.drift),
            ):  # fmt: skip
                assert np.array_equal(mine[0], theirs[row], equal_nan=True), (row, name)


def test_what_is_wanted_does_not_change_what_is_measured(configure: Any, train: Any) -> None:
    group = [configure(seed=seed) for seed in range(4)]
    whole = train(group, 0.05, 10)
    for name in ("loss", "tau_min", "drift", "smoothness", "eta"):
        single = train(group, 0.05, 10, frozenset({name}))
        assert set(single.measured) == {name}
        assert np.array_equal(
            single.measured[name].value, whole.measured[name].value, equal_nan=True
        )


def test_single_precision_steps_stay_in_single_precision(configure: Any, start: Any) -> None:
    snapshot, _ = start(configure(dtype="float32"), configure(dtype="float32", seed=1))
    W1, W2 = snapshot.advanced(np.array([0.1, 0.2]))
    for part in (snapshot.W1, snapshot.batch.X, W1, W2):
        assert np.array_equal(part, part.astype(np.float32))

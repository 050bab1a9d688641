"""Whole runs: adaptive steps, divergence, the rounding floor, width 10^6, the autograd oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.two_layer.engine import TwoLayerLinear

ORACLE = [
    {"data": "gaussian", "width": 3},
    {"data": "gaussian", "width": 40, "noise": 1.0},
    {"data": "gaussian", "samples": 2, "features": 6, "outputs": 3, "width": 12},
    {"data": "rank_deficient", "samples": 9, "features": 5, "outputs": 3, "width": 2},
    {"data": "conditioned", "condition": 100.0, "init": "balanced_margin"},
    {"data": "duplicates", "init": "zero_output"},
    {"data": "breast_cancer", "width": 6, "scale": 0.1},
    {"data": "given", "X": [[2, 1], [1, 3]], "Y": [[1], [2]], "width": 2},
    {"loss": "logcosh", "features": 4, "outputs": 3, "ratio": 20.0, "width": 30},
    {"loss": "logcosh", "features": 2, "outputs": 3, "ratio": 3.0, "init": "spectral"},
    {"data": "gaussian", "width": 5, "dtype": "float32"},
]


@pytest.mark.parametrize("case", ORACLE)
def test_agreement_with_plain_autograd(
    configure: Any, train: Any, stable: Any, case: dict[str, Any]
) -> None:
    configuration = configure(seed=3, **case)
    eta = stable(configuration, 0.5)
    trace = train([configuration], eta, 30, frozenset({"loss"}))
    loss = trace.measured["loss"]
    reference, bound = TwoLayerLinear({}).oracle(configuration, [eta] * 30)
    gap = np.abs(reference - loss.value[0])
    assert (gap <= bound + loss.drift[0]).all()
    limit = 1e-2 if configuration["dtype"] == "float32" else 1e-9
    assert (bound <= limit * loss.value[0, 0]).all()
    assert loss.value[0, -1] < loss.value[0, 0]


def test_the_step_size_may_follow_what_is_measured(configure: Any) -> None:
    group = [configure(seed=seed) for seed in range(3)]
    engine, wanted = TwoLayerLinear({}), frozenset({"loss", "eta", "smax_W1", "smoothness"})
    seen: list[tuple[int, frozenset[str]]] = []

    def rule(t: int, measured: Any) -> Any:
        seen.append((t, frozenset(measured)))
        assert measured["loss"].value.shape == (3, 1)
        return 0.1 / (1 + measured["loss"].value[:, 0])

    trace = engine.run(engine.initial(group, wanted), rule, 6, wanted)
    assert [t for t, _ in seen] == list(range(6))
    assert seen[0][1] == {"loss", "smax_W1"}
    expected = 0.1 / (1 + trace.measured["loss"].value[:, :-1])
    assert np.array_equal(trace.step_sizes, expected)
    assert np.array_equal(trace.measured["eta"].value[:, :-1], expected)
    assert np.isnan(trace.measured["eta"].value[:, -1]).all()
    assert np.isnan(trace.measured["smoothness"].value[:, -1]).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("loss", ["squared", "logcosh"])
def test_a_diverging_row_ends_alone(configure: Any, train: Any, loss: str) -> None:
    group = [configure(seed=seed, loss=loss) for seed in range(3)]
    trace = train(group, [0.02, 5.0, 0.02], 60)
    assert list(trace.finite[[0, 2]]) == [61, 61]
    end = int(trace.finite[1])
    assert 2 <= end < 60
    values = trace.measured["loss"].value
    assert np.isfinite(values[1, :end]).all()
    assert np.isnan(values[1, end:]).all()
    assert values[1, end - 1] > 1e10 * values[1, 0]
    assert np.array_equal(values[0], train([group[0]], 0.02, 60).measured["loss"].value[0])
    assert trace.resolved[1] <= end


@pytest.mark.filterwarnings("error")
def test_a_nonfinite_step_size_ends_the_row(configure: Any, train: Any) -> None:
    trace = train([configure(seed=0), configure(seed=1)], [np.nan, 0.02], 5)
    assert list(trace.finite) == [1, 6]


def test_the_rounding_floor_ends_what_is_resolved(configure: Any, train: Any) -> None:
    configuration = configure(data="orthogonal", width=30, scale=0.3)
    trace = train([configuration], 0.1, 600)
    loss, end = trace.measured["loss"].value[0], int(trace.resolved[0])
    assert 20 < end < 400
    assert trace.finite[0] == 601
    # beyond the floor the recorded loss is noise around its true value below 1e-28
    assert loss[end - 1] > 1e-22
    assert loss[-1] < 1e-28
    assert trace.measured["loss"].error[0, end - 1] * 2**20 < loss[end - 1]


def test_a_network_at_its_minimum_is_never_resolved(configure: Any, train: Any) -> None:
    configuration = configure(data="given", X=[[1]], Y=[[1]], init="given", W1=[[1]], W2=[[1]])
    trace = train([configuration], 0.1, 5)
    assert trace.resolved[0] == 0
    assert trace.finite[0] == 6


def test_width_one_million_is_reduced(configure: Any, train: Any) -> None:
    configuration = configure(features=4, outputs=3, width=1_000_000, scale=1e-3, init="gaussian")
    trace = train([configuration], 0.01, 20)
    measured = trace.measured
    assert measured["smax_W1"].value[0, 0] == pytest.approx(1, rel=0.02)
    assert measured["lamn_D"].value[0, 0] > 0.9
    assert measured["lamm_mD"].value[0, 0] > 0.9


@pytest.mark.parametrize("init", ["balanced_margin", "spectral", "zero_output", "orthogonal"])
def test_other_laws_at_great_width(configure: Any, train: Any, init: str) -> None:
    trace = train([configure(features=2, outputs=3, width=200_000, init=init, scale=0.01)], 0.01, 2)
    assert trace.finite[0] == 3

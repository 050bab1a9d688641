"""The declaration: light to import, every draw valid and canonical, n != m mostly."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer_linear import two_layer_linear


def drawn(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    found: dict[str, Any] = {}
    for axis in two_layer_linear.axes:
        value = axis.domain.draw(rng, found)
        if value is not None:
            assert axis.domain.refuse(value, found) is None
            found[axis.name] = value
    return {**two_layer_linear.complete(found), "seed": seed}


DRAWS = [drawn(seed) for seed in range(600)]


def test_importing_the_declaration_loads_no_array_library() -> None:
    code = (
        "import sys, experiments.two_layer_linear\n"
        "print(sorted({'numpy', 'torch', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_completing_twice_changes_nothing() -> None:
    for configuration in DRAWS:
        assert two_layer_linear.complete(dict(configuration)) == configuration


def test_shares_of_the_draws() -> None:
    def share(test: Any) -> float:
        return float(np.mean([test(one) for one in DRAWS]))

    assert share(lambda c: c["features"] != c["outputs"]) > 0.7
    assert 0.1 < share(lambda c: c["features"] > c["samples"]) < 0.5
    assert share(lambda c: c["features"] < c["samples"]) > 0.3
    assert 0.55 < share(lambda c: c["width"] >= c["features"] + c["outputs"]) < 0.95
    assert share(lambda c: c["data"] == "digits") < 0.03
    assert {c["init"] for c in DRAWS} == set(two_layer_linear.axis("init").domain.allowed.weights)  # type: ignore[attr-defined]
    assert share(lambda c: c["init"] == "narrow") > 0.02


def test_narrow_draws_are_narrow() -> None:
    narrow = [one for one in DRAWS if one["init"] == "narrow"]
    assert all(one["width"] < min(one["features"], one["outputs"]) for one in narrow)


def test_known_symbols() -> None:
    configuration = two_layer_linear.complete({"features": 3, "outputs": 2, "width": 7})
    assert two_layer_linear.known(configuration) == {
        "samples": 8.0, "features": 3.0, "outputs": 2.0, "width": 7.0, "squared": 1.0,
        "iid_init": 1.0,
    }  # fmt: skip


def test_logcosh_has_no_data_matrix() -> None:
    configuration = two_layer_linear.complete({"loss": "logcosh", "data": "digits", "features": 4})
    assert configuration["data"] == "orthogonal"
    assert configuration["samples"] == configuration["features"] == 4


@pytest.mark.parametrize("name", ["data", "init", "width", "ratio", "dtype", "X", "loss", "file"])
def test_nonsense_is_refused(name: str) -> None:
    domain = two_layer_linear.axis(name).domain
    partial = two_layer_linear.complete({})
    assert domain.refuse({"no": "sense"}, partial)


@given(st.data())
def test_hypothesis_draws_run(data: st.DataObject) -> None:
    found: dict[str, Any] = {}
    for axis in two_layer_linear.axes:
        value = data.draw(axis.domain.strategy(found), label=axis.name)
        if value is not None:
            assert axis.domain.refuse(value, found) is None
            found[axis.name] = value
    configuration = two_layer_linear.complete(found)
    if configuration["data"] == "given":
        start = TwoLayerLinear({}).initial([configuration], frozenset({"loss", "K"}))
        assert start.measured["loss"].value[0, 0] >= 0
        assert start.measured["K"].value[0, 0] > 0

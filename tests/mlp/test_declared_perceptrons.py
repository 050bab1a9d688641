"""Multilayer perceptrons under the harness: verdicts, the oracle, bad input, what they fit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.mlp.engine import Perceptrons
from experiments.mlp.network import Stack
from experiments.multilayer import mlp
from harness.discovery import finder
from harness.errors import UsageError
from harness.running import oracle

THEOREMS = '''"""|J'R|^2 <= lambda_max(J J') |R|^2, attained by one sample and one output."""
from harness import Claim, Theorem, Verdict
from harness.symbols import grad_norm, misfit, ntk_max

sandwich = Theorem(
    title="The gradient is at most the kernel allows",
    claims=[
        Claim("above", grad_norm**2 <= 1.001 * ntk_max * misfit**2),
        Claim("half", grad_norm**2 <= ntk_max * misfit**2 / 2, expected=Verdict.VIOLATED,
              because="one sample and one output attain the bound"),
    ],
)
'''


def test_a_true_claim_is_not_refuted_and_its_false_neighbour_is(
    cli: Any, few: Any, table: Any, write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oracle, "ONE_IN", 1)
    few(30)
    found = cli("check", write(THEOREMS), "--out", tmp_path / "out")
    assert found.code == 0, found.out + found.err
    rows = table(tmp_path / "out" / "checks.csv")
    assert {row["experiment"] for row in rows} == {"mlp"}
    verdicts = {
        name: [row["verdict"] for row in rows if row["claim"] == name] for name in ("above", "half")
    }
    assert set(verdicts["above"]) == {"held"}
    assert verdicts["half"].count("violated") > 3


@pytest.mark.parametrize("factor", [0.99, 2.0])
def test_the_oracle_sees_a_wrong_gradient(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    one = {**mlp.complete({"activation": "tanh", "depth": 3}), "seed": 0}
    sizes = [0.05] * 5

    def apart() -> bool:
        engine, wanted = Perceptrons(), frozenset({"training_loss"})
        run = engine.run(engine.initial([one], wanted), lambda *_: np.array([0.05]), 5, wanted)
        reference, error = engine.oracle(one, sizes)
        loss = run.measured["training_loss"]
        return bool((abs(reference - loss.value[0]) > error + loss.drift[0]).any())

    assert not apart()
    right = Stack.gradients

    def wrong(self: Stack) -> list[Any]:
        slopes = right(self)
        return [slopes[0] * factor, *slopes[1:]]

    monkeypatch.setattr(Stack, "gradients", wrong)
    assert apart()


@pytest.mark.parametrize(
    ("axes", "sentence"),
    [
        ({"data": "given", "Y": [[1]]}, "data=given needs the matrix X"),
        ({"data": "given", "X": [[1], [2]], "Y": [[1]]}, "one each per sample"),
        (
            {"data": "given", "X": [[1], [2, 3]], "Y": [[1], [1]]},
            "X must have rows of equal length",
        ),
        ({"init": "given"}, "init=given needs W"),
        ({"init": "given", "W": [[[1]]]}, "at least two matrices"),
        ({"init": "given", "W": 3}, "at least two matrices"),
        ({"init": "given", "W": [[[1, 2]], [[1]]]}, "layer 2 takes 1 value"),
        ({"init": "given", "W": [[[1]], [["x"]]]}, "layer 2 must hold finite numbers"),
        ({"init": "given", "W": [[[1]], [[1, 1]]]}, "W takes 1 feature"),
    ],
)
def test_bad_configurations_are_one_sentence(axes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        mlp.complete(axes)


@pytest.mark.parametrize(
    ("axis", "value"),
    [("depth", 1), ("width", 0), ("activation", "gelu"), ("scale", 0), ("samples", 2.5), ("W", [])],
)
def test_values_outside_an_axis_are_refused(axis: str, value: Any) -> None:
    assert mlp.axis(axis).domain.refuse(value, {}) is not None


def test_every_draw_is_valid_and_complete() -> None:
    kinds = set()
    for seed in range(200):
        rng, found = np.random.default_rng(seed), dict[str, Any]()
        for axis in mlp.axes:
            value = axis.domain.draw(rng, found)
            if value is not None:
                assert axis.domain.refuse(value, found) is None
                found[axis.name] = value
        full = mlp.complete(found)
        assert mlp.complete(dict(full)) == full
        kinds |= {full["data"], full["activation"], full["depth"]}
    assert kinds >= {"sphere", "gaussian", "given", "relu", "tanh", "erf", "linear", 2, 3, 4}


def test_inputs_on_the_sphere_have_norm_one() -> None:
    engine, wanted = Perceptrons(), frozenset({"smax_data"})
    one = {**mlp.complete({"data": "sphere", "samples": 1, "features": 5}), "seed": 3}
    assert engine.initial([one], wanted).measured["smax_data"].value[0, 0] == pytest.approx(1)


def test_no_theorem_on_linear_networks_fits() -> None:
    emitted = {one.name for one in mlp.emits}
    linear = [one for one in finder.installed().theorems if one.id.startswith("xu")]
    assert linear
    assert not [one.ref for one in linear if one.symbols <= emitted]


def test_the_declaration_loads_no_array_library() -> None:
    code = (
        "import sys, experiments.multilayer\n"
        "print(sorted({'numpy', 'torch', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert "mlp" in {one.id for one in finder.installed().experiments}

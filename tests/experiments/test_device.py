"""The same experiment on another device: torch's CPU stands in for a GPU, tensors all the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from experiments.two_layer import device
from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer_linear import EMITS, two_layer_linear
from harness.running.protocol import ConstantSteps, Start, Trace

WANTED = frozenset(one.name for one in EMITS if one.scope != "configuration")
STEPS = 40
CASES: tuple[dict[str, Any], ...] = (
    {"features": 3, "outputs": 2, "width": 4},
    {"features": 2, "outputs": 3, "width": 40, "init": "imbalanced"},
    {"features": 3, "outputs": 3, "width": 2, "init": "narrow", "data": "conditioned"},
    {"features": 1, "outputs": 1, "width": 1, "samples": 1},
    {"features": 3, "outputs": 2, "width": 6, "loss": "logcosh"},
    {"data": "given", "X": [[2, 1], [0, 3]], "Y": [[1, 0], [2, 1]], "width": 3},
)
"""Diagonal and other X, both losses, one of everything."""


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Devices asked for; each is torch's CPU."""
    asked: list[str] = []

    def cpu(name: str) -> torch.device:
        asked.append(name)
        return original("cpu")

    original = torch.device
    monkeypatch.setattr(device, "available", lambda name: name == "cuda")
    monkeypatch.setattr(device, "torch_device", cpu)
    return asked


def ran(
    where: str, case: dict[str, Any], size: float, wanted: frozenset[str]
) -> tuple[Start, Trace]:
    engine = TwoLayerLinear()
    group = [
        {**two_layer_linear.complete({**case, "device": where}), "seed": seed} for seed in range(5)
    ]
    start = engine.initial(group, wanted)
    return start, engine.run(start, ConstantSteps(np.full(5, size)), STEPS, wanted)


@pytest.mark.parametrize("wanted", [WANTED, frozenset({"loss"})], ids=["all", "loss"])
@pytest.mark.parametrize("case", CASES)
def test_tensors_give_numpys_numbers_within_the_stated_bounds(
    stand_in: list[str], case: dict[str, Any], wanted: frozenset[str]
) -> None:
    first, usual = ran("cpu", case, 0.01, wanted)
    assert stand_in == []
    moved, there = ran("cuda", case, 0.01, wanted)
    assert stand_in == ["cuda"]
    assert isinstance(moved.state.snapshot.W1, torch.Tensor)
    assert moved.state.snapshot.P.dtype is torch.float64
    assert (there.finite == usual.finite).all()
    for one, other in ((first.measured, moved.measured), (usual.measured, there.measured)):
        assert one.keys() == other.keys()
        for name, here in one.items():
            away = other[name]
            assert type(away.value) is np.ndarray
            # both are within their bound of the exact run
            unknown = np.isnan(here.value)
            assert (unknown == np.isnan(away.value)).all()
            apart = np.abs(here.value - away.value)
            assert (unknown | (apart <= here.drift + away.drift)).all(), name
            # and the bounds are as narrow as on the CPU
            wide = np.where(np.isfinite(here.drift), 1.001 * here.drift + 1e-290, np.inf)
            assert (away.drift <= wide).all(), name


def test_a_diverging_run_ends_at_the_same_state(stand_in: list[str]) -> None:
    usual, there = (ran(where, CASES[0], 50.0, WANTED)[1] for where in ("cpu", "cuda"))
    assert (usual.finite < STEPS).all()
    assert (there.finite == usual.finite).all()


def test_the_state_moves_by_the_gradient_that_autograd_finds(stand_in: list[str]) -> None:
    start, _ = ran("cuda", CASES[1], 0.01, WANTED)
    state = start.state.snapshot
    W1, W2 = (one.clone().requires_grad_() for one in (state.W1, state.W2))
    ((state.batch.Y - state.batch.X @ W1 @ W2) ** 2).sum().div(2).backward()
    new = state.advanced(np.full(5, 0.25))
    for one, weights in zip(new, (W1, W2), strict=True):
        assert weights.grad is not None
        assert torch.allclose(one, weights.detach() - 0.25 * weights.grad, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("ref", ["xu23_thm32_linear_rate@2", "xu23_thm31_spectral@1"])
def test_verdicts_are_those_of_the_cpu(
    stand_in: list[str], cli: Any, few: Any, table: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, ref: str,
) -> None:  # fmt: skip
    few(4)
    # the oracle is asked about every run
    monkeypatch.setattr("harness.running.oracle.ONE_IN", 1)
    rows = {}
    for where in ("cpu", "cuda"):
        out = tmp_path / where
        words = ("--experiment", "two_layer_linear", "--device", where, "--quiet")
        cli("check", ref, *words, "--out", out)
        rows[where] = table(out / "checks.csv")
    assert "cuda" in stand_in
    assert {row["device"] for row in rows["cuda"]} == {"cuda"}
    assert len(rows["cpu"]) == len(rows["cuda"]) > 20
    for one, other in zip(rows["cpu"], rows["cuda"], strict=True):
        assert json.loads(one["config"]) == {**json.loads(other["config"]), "device": "cpu"}
        assert (one["claim"], one["verdict"]) == (other["claim"], other["verdict"])
        assert '"device":"cuda"' in other["reproduce"]
        assert one["fingerprint"] != other["fingerprint"]
    again = cli("check", ref, "--device", "cuda", "--out", tmp_path / "cpu")
    # what one device finished is not taken for another's
    assert "reused" not in again.out
    one = rows["cpu"][0]["config"]
    given = cli("check", ref, "--config", one, "--device", "cuda", "--out", tmp_path / "one")
    assert given.code in (0, 1, 3)
    assert {row["device"] for row in table(tmp_path / "one" / "checks.csv")} == {"cuda"}


def test_a_search_runs_there(stand_in: list[str], cli: Any, table: Any, tmp_path: Path) -> None:
    words = ("xu23_thm31_spectral@2", "--claim", "least-eigenvalue", "--device", "cuda")
    found = cli("stress", *words, "--budget", 20, "--out", tmp_path, "--quiet")
    assert found.code == 0
    assert {row["device"] for row in table(tmp_path / "checks.csv")} == {"cuda"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "xu23_drift", "--device", "cuda"), "torch finds no such device here"),
        (("stress", "xu23_drift", "--device", "cuda"), "torch finds no such device here"),
        (("check", "xu23_drift", "--device", "tpu"), "device=\"tpu\": must be one of cpu, cuda"),
        (("check", "xu23_drift", "--config", '{"device":"cuda"}'), "torch finds no such device"),
        (("check", "xu23_drift", "--set", "device=cuda"), "torch finds no such device"),
    ],
)  # fmt: skip
def test_a_device_that_is_not_there_is_one_sentence(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr(device, "available", lambda name: False)
    done = cli(*words, "--out", tmp_path / "out")
    assert done.code == 2
    assert said in done.sentence
    assert not list((tmp_path / "out").glob("*"))


def test_single_precision_stays_on_the_cpu(stand_in: list[str], cli: Any, tmp_path: Path) -> None:
    words = ("check", "xu23_drift", "--device", "cuda", "--set", "dtype=float32")
    done = cli(*words, "--out", tmp_path)
    assert done.code == 2
    assert "float64 steps only" in done.sentence


@pytest.mark.parametrize("command", ["check", "stress"])
def test_an_experiment_without_a_choice_says_so(
    cli: Any, write: Any, tmp_path: Path, command: str
) -> None:
    done = cli(command, write(), "--device", "cuda", "--out", tmp_path / "out")
    assert done.code == 2
    assert "experiment halving runs on the CPU only" in done.sentence
    assert not list((tmp_path / "out").glob("*"))


def test_what_is_available_is_asked_without_starting_it() -> None:
    assert device.available("cuda") == torch.cuda.is_available()
    assert not device.available("tpu")
    assert not torch.cuda.is_initialized()

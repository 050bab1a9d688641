"""The recorded torch loop: not refuted as it stands, found out when it is spoiled."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
import torch

SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "trace_torch.py"
THEOREMS = ("xu25_thm31_local_descent_pl", "xu25_thm31_local_rate")


@pytest.fixture
def verdicts(cli: Any, tmp_path: Path, table: Any) -> Any:
    """Trains, records and checks; exit code and verdict of each claim."""

    def run(**spoiled: float) -> tuple[int, dict[str, str]]:
        train = runpy.run_path(str(SCRIPT))["train"]
        train(tmp_path / "run.csv", **spoiled)
        found = cli("check", *THEOREMS, "--traces", tmp_path / "run.csv", "--out", tmp_path / "out")
        rows = table(tmp_path / "out" / "checks.csv")
        return found.code, {row["claim"]: row["verdict"] for row in rows}

    return run


def test_the_loop_as_it_stands_is_not_refuted(verdicts: Any) -> None:
    assert verdicts() == (0, dict.fromkeys(("descent", "pl", "one-step"), "held"))


def test_the_loop_leaves_the_global_generator_alone(verdicts: Any) -> None:
    before = torch.random.get_rng_state()
    verdicts(steps=2)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_step_longer_than_recorded_is_violated(verdicts: Any) -> None:
    code, found = verdicts(steps=4, stride=100)
    assert code == 1
    assert found["descent"] == "violated"


def test_a_mean_instead_of_a_sum_is_violated(verdicts: Any) -> None:
    code, found = verdicts(share=1 / 20)
    assert code == 1
    assert (found["pl"], found["one-step"]) == ("violated", "violated")


def test_the_loop_runs_from_the_shell(shell: Any, tmp_path: Path) -> None:
    assert shell(SCRIPT, "run.csv").code == 0
    assert len((tmp_path / "run.csv").read_text().splitlines()) == 61

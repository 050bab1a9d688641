"""Parts of the benchmark run at any size and hand over rows that can be merged."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

KEYS = {"cell", "ours", "theirs", "baseline", "unit", "ratio", "goal"}
SMALL: dict[str, dict[str, Any]] = {
    "kernels": {
        "LINEAR": ((6, 3, 2),),
        "DEEP": ((3, 5, 2, 4),),
        "WIDE": ((3, 5, 2, 4),),
        "LEAST": 6,
    },
    "modules": {"SIZES": ((1, 3),), "CONFIGURATIONS": 2, "SAMPLES": 5},
    "bounds": {"ROWS": 100, "POINTS": 2},
    "mlp": {"CELLS": (("relu", 2, 3), ("tanh", 3, 2)), "SHAPE": (4, 2, 2)},
}


def _loaded(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    # a script finds what lies beside it
    monkeypatch.syspath_prepend(root / "benchmarks")
    path = root / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"part_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    part = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(part)
    return part


def test_a_ratio_above_one_is_better(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = _loaded(root, "parts", monkeypatch).compared
    pairs = [(2.0, 8.0), (4.0, 4.0), (3.0, 6.0)]
    spent, done = (compared("c", pairs, "b", "u", None, rates=rates) for rates in (False, True))
    assert (spent["ours"], spent["theirs"]) == (done["ours"], done["theirs"]) == (3, 6)
    assert (spent["ratio"], done["ratio"]) == (2, 0.5)


def test_seconds_of_one_call(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds, now = _loaded(root, "parts", monkeypatch).seconds, [0.0]

    def call() -> None:
        now[0] += 0.25

    assert seconds(call, clock=lambda: now[0]) == 0.25
    assert now == [0.25]
    assert seconds(call, least=1.0, clock=lambda: now[0]) == 0.25
    # 1 + 2 + 4 calls more
    assert now == [2.0]


@pytest.mark.parametrize("name", sorted(SMALL))
def test_a_part(
    name: str,
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    part = _loaded(root, name, monkeypatch)
    for constant, value in SMALL[name].items():
        monkeypatch.setattr(part, constant, value)
    assert part.main(["--quick", "--json", str(tmp_path / "part.json")]) == 0
    rows = json.loads((tmp_path / "part.json").read_text(encoding="utf-8"))
    shown = capsys.readouterr().out
    assert rows
    for row in rows:
        assert row.keys() >= KEYS
        assert min(row["ours"], row["theirs"], row["ratio"]) > 0
        assert row["cell"] in shown
        assert row.get("difference", 0.0) <= 1e-13

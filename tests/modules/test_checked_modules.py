"""Modules under the whole harness: verdicts, controls, replay."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

FALSE = """

without_curvature = Theorem(
    title="Descent as if the loss were flat",
    claims=[Claim("descent", training_loss.next <= training_loss - eta * grad_norm**2)],
    step=Step(limit=2 / K, fractions=(0.5,)),
)
"""


def test_a_false_claim_is_violated_and_its_row_replays(
    cli: Any, few: Any, table: Any, root: Path, write: Any, tmp_path: Path
) -> None:
    few(12)
    text = (root / "examples" / "train_a_network.py").read_text(encoding="utf-8")
    path = write(text + FALSE, "flat.py")
    found = cli("check", path, "--out", tmp_path / "out")
    assert found.code == 1, found.out + found.err
    rows = table(tmp_path / "out" / "checks.csv")
    verdicts = {
        name: {row["verdict"] for row in rows if row["theorem"] == name}
        for name in ("descent", "without_curvature")
    }
    assert verdicts == {"descent": {"held"}, "without_curvature": {"violated"}}
    row = next(row for row in rows if row["theorem"] == "without_curvature")
    assert json.loads(row["notes"]) == {"assumed_error": 2.0**-44}
    words = shlex.split(row["reproduce"])[1:]
    again = cli(*words, "--out", tmp_path / "again")
    assert again.code == 1, again.err
    (alone,) = table(tmp_path / "again" / "checks.csv")
    for column in ("verdict", "value", "bound", "margin", "step", "step_size"):
        assert alone[column] == row[column]


def test_the_control_of_the_example_is_violated(
    cli: Any, few: Any, table: Any, root: Path, tmp_path: Path
) -> None:
    few(8)
    found = cli("controls", root / "examples" / "train_a_network.py", "--out", tmp_path / "out")
    assert found.code == 0, found.out + found.err
    rows = table(tmp_path / "out" / "controls.csv")
    assert any("no curvature" in " ".join(row.values()) for row in rows)

"""The table and the picture of the kernel's drift, at a small size."""

from __future__ import annotations

import csv
import runpy
import sys
from pathlib import Path
from unittest.mock import MagicMock

import numpy as np
import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ntk_drift.py"


def test_smooth_kernels_drift_less_with_width_than_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    example = runpy.run_path(str(EXAMPLE))
    # the functions look their sizes up in the module they were run in
    sizes = example["curves"].__globals__
    monkeypatch.setitem(sizes, "WIDTHS", (64, 512, 4096))
    rows = list(example["curves"]())
    slopes = {row[0]: row[4] for row in rows}
    assert slopes["tanh"] == pytest.approx(-1, abs=0.2)
    assert slopes["softplus"] == pytest.approx(-1, abs=0.2)
    assert slopes["softplus, equal signs"] == pytest.approx(-0.5, abs=0.05)
    assert -0.8 < slopes["relu"] < -0.4
    assert [row[1] for row in rows] == [64, 512, 4096] * 4
    ends = [np.log(row[2]) for row in rows if row[0] == "relu"]
    assert slopes["relu"] == pytest.approx((ends[2] - ends[0]) / np.log(64))


def test_the_table_is_written_and_the_picture_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, picture = tmp_path / "drift.csv", tmp_path / "drift.png"
    matplotlib = MagicMock()
    figure, axes = MagicMock(), MagicMock()
    matplotlib.pyplot.subplots.return_value = figure, axes
    monkeypatch.setitem(sys.modules, "matplotlib", matplotlib)
    example = runpy.run_path(str(EXAMPLE))
    sizes = example["curves"].__globals__
    monkeypatch.setitem(sizes, "WIDTHS", (8, 16))
    monkeypatch.setitem(sizes, "STARTS", 2)
    rows = list(example["curves"]())
    example["draw"](rows, str(picture))
    # four networks, and the two slopes of the theory beside them
    assert [one.args[0] for one in axes.plot.call_args_list] == [(8, 16)] * 6
    lines = [one.args[1] for one in axes.plot.call_args_list[4:]]
    assert [high / low for high, low in lines] == pytest.approx([2, 2**0.5])
    assert axes.plot.call_args_list[1].args[1] == [row[2] for row in rows[2:4]]
    assert figure.savefig.call_args.args == (str(picture),)
    example["write"](rows, str(table))
    with table.open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert len(found) == 8
    assert found[3]["network"] == "softplus"
    assert float(found[3]["drift"]) == rows[3][2]

"""The scripts of published figures at tiny sizes: every curve is written, and every bound holds."""

from __future__ import annotations

import importlib
import importlib.util
import math
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FIGURES = Path(__file__).resolve().parents[2] / "examples" / "figures"
TINY: dict[str, dict[str, Any]] = {
    "xu23_figure1": {"repetitions": 2, "steps": 6, "sigmas": (2.0,), "size": 3, "width": 60},
    "xu23_figure2": {"repetitions": 2, "steps": 6, "size": 3, "width": 4},
    "xu25_figure1": {
        "repetitions": 2, "steps": 4, "widths": (200,), "noises": (1.0,), "size": 2,
    },
}  # fmt: skip


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports a script as `python examples/figures/NAME.py` does: its own folder comes first."""
    monkeypatch.syspath_prepend(str(FIGURES))

    def load(name: str) -> Any:
        return importlib.import_module(name)

    yield load
    for name in ("curves", *TINY):
        sys.modules.pop(name, None)


def numbers(rows: list[dict[str, str]], column: str) -> list[float]:
    return [float(row[column]) if row[column] else math.nan for row in rows]


@pytest.mark.parametrize("name", TINY)
def test_the_figure_is_written_and_no_curve_crosses_its_bound(
    script: Any, table: Any, tmp_path: Path, name: str
) -> None:
    curves = script(name).figure(tmp_path / "out", **TINY[name])
    rows = table(tmp_path / "out" / f"{name}.csv")
    steps = TINY[name]["steps"]
    assert len(rows) == len(curves) * (steps + 1)
    guaranteed = 0
    for index, one in enumerate(curves):
        part = rows[index * (steps + 1) : (index + 1) * (steps + 1)]
        assert {(row["panel"], row["series"]) for row in part} == {(one.panel, one.series)}
        loss, bound = numbers(part, "mean_log10_loss"), numbers(part, "mean_log10_bound")
        assert loss == pytest.approx(np.log10(one.loss).mean(axis=0).tolist(), rel=1e-12)
        assert all(a > b for a, b in pairwise(loss))
        if math.isfinite(bound[0]):
            guaranteed += 1
            assert bound[0] == pytest.approx(loss[0], abs=1e-9)
            assert all(a <= b for a, b in zip(loss[1:], bound[1:], strict=True))
            assert bound[-1] < bound[0]
        assert numbers(part, "mean_log10_step")[:-1] == pytest.approx(
            np.log10(one.step).mean(axis=0).tolist()
        )
    plotted = importlib.util.find_spec("matplotlib") is not None
    assert (tmp_path / "out" / f"{name}.png").exists() == plotted
    assert guaranteed == len(curves) - 2 * (name == "xu23_figure2")


def test_the_laws_of_the_first_figure(script: Any) -> None:
    one = script("xu23_figure1").problem(1, 2.0, size=4, width=2000)
    np.testing.assert_allclose(one["X"] @ one["X"].T, np.eye(4), atol=1e-12)
    # r^2 - 1/r^2 is sigma: |W1|^2 and |W2|^2 are r^2 and 1/r^2 times the number of entries
    first, second = ((one[name] ** 2).mean() for name in ("W1", "W2"))
    assert first - second == pytest.approx(2.0, rel=0.05)
    assert first * second == pytest.approx(1.0, rel=0.05)


def test_the_weights_of_the_second_figure_are_balanced(script: Any) -> None:
    figure = script("xu23_figure2")
    one = figure.problem(1, size=5, width=7, noise=0.04)
    D = one["W1"].T @ one["W1"] - one["W2"] @ one["W2"].T
    assert np.abs(D).max() < 1e-14
    E = one["Y"] - one["W1"] @ one["W2"]
    assert 0 < np.linalg.norm(E) < 0.3
    assert figure.du(one, 3) == pytest.approx(figure.du(one, 0) / 4)


def test_steps_of_no_theorem_are_those_of_gradient_descent(script: Any) -> None:
    plain = script("curves").plain
    one = {
        name: np.array([[value]])
        for name, value in zip(("X", "Y", "W1", "W2"), (2.0, 5.0, 1.0, 2.0), strict=True)
    }
    # E = 5 - 4 = 1: W1 + eta 2 2 = 1.4, W2 + eta 2 1 = 2.2 at eta = 0.1
    found = plain("p", "s", [one], 1, lambda problem, t: 0.1)
    assert found.loss[0].tolist() == pytest.approx([0.5, (5 - 2 * 1.4 * 2.2) ** 2 / 2])


def test_a_bound_that_says_nothing_is_refused(script: Any) -> None:
    figure, ref = script("xu23_figure1"), "xu23_thm32_linear_rate@2"
    problems = [figure.problem(1, 2.0, size=3, width=60)]
    rest = "p", "s", ref, "geometric", problems, 2
    with pytest.raises(SystemExit, match=f"{ref} does not speak: .*step"):
        sys.modules["curves"].curve(*rest, 1e-2, figure.CONSTANTS)

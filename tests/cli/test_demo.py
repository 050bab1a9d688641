"""The demonstration: its exact script, and what it promises."""

from __future__ import annotations

import contextlib
import dataclasses
import io
from pathlib import Path
from typing import Any

import pytest

from experiments.attention.declaration import icl_linear_attention
from experiments.attention.demo import attention
from experiments.attention.exact import exact
from harness.cli.demo import as_promised, chosen
from harness.cli.main import main
from harness.discovery import finder
from harness.options import Options
from harness.running.configuration import completed
from harness.running.jobs import run_task
from harness.running.task import Task
from harness.session import check

PRINTED = "xu23_thm31_spectral@1"


def configured(**given: Any) -> dict[str, Any]:
    base = {
        "dimension": 2,
        "prompt_length": 1,
        "init": "given",
        "parameters": {"c1": 0.5, "c2": 2.0},
    }
    return completed(icl_linear_attention, finder.theorem(PRINTED), {**base, **given})


LAYERS = [
    ({"U": [[0, 0], [0, 1]], "u": 0.25, "parameters": {"c1": 0.99, "c2": 1.5}}, True),  # |U| > |u|
    ({"U": [[0.25, 0], [0, 0.25]], "u": 1.0}, False),  # |U| < |u|
    ({"U": [[0.25, 0], [0, 0.25]], "u": 0.875, "prompt_length": 1}, False),
    (
        {
            "U": [[0.5, 0], [0, 0.5]],
            "u": 1.4375,
            "prompt_length": 8,
            "spectrum": [1, 0.875],
            "parameters": {"c1": 0.99, "c2": 1.5},
        },
        True,
    ),
]


@pytest.mark.parametrize(("given", "violated"), LAYERS)
def test_the_exact_script_agrees_with_the_judge(given: dict[str, Any], violated: bool) -> None:
    configuration = configured(**given)
    theorem = finder.theorem(PRINTED)
    rows = run_task(Task(theorem, icl_linear_attention, (configuration,)), finder.theorem)
    (row,) = (one for one in rows if one.claim == "least-eigenvalue")
    told = io.StringIO()
    with contextlib.redirect_stdout(told), pytest.raises(SystemExit) as ended:
        exec(compile(exact(configuration), "exact", "exec"), {})
    assert (ended.value.code in (0, None, False)) == violated
    assert (str(row.finding.verdict) == "violated") == violated
    bound = float(told.getvalue().split()[-1])
    if violated:
        assert bound == pytest.approx(row.finding.bound, rel=1e-14)
    lines = [one for one in exact(configuration).split('"""')[2].splitlines() if one]
    assert len(lines) == 10


def test_the_promise_is_kept_and_swapped_readings_do_not_keep_it() -> None:
    pair = attention.pairs[0]
    demo = dataclasses.replace(attention, pairs=(pair,))
    options = Options(experiment=icl_linear_attention.id, fixed=demo.fixed)
    report = check(*pair, options=options)
    assert as_promised(demo, report)
    assert not as_promised(dataclasses.replace(demo, pairs=(pair[::-1],)), report)
    assert not as_promised(dataclasses.replace(demo, pairs=((pair[0], pair[0]),)), report)


def test_an_unknown_demo_is_refused_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "transformer", "--out", str(tmp_path / "out")]) == 2
    assert "there is no demo “transformer”; there is attention." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert chosen("attention")[1] is attention

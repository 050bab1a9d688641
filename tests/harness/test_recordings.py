"""What a recorded number may have been, and the engine's own runs judged once more as recorded."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness import Claim, Theorem, Verdict, check
from harness import symbol as declared
from harness.discovery import finder
from harness.options import Options
from harness.running.engines import engine_of
from harness.running.measure import finished_run
from harness.running.task import Task
from harness.symbols import loss
from harness.vocabulary.symbol import Scope
from tests.cli.recorded import quadratic, text

kept = declared("kept", "a quantity that does not change", "run")
x = declared("x", "a quantity of the state")
RISES, CAPPED, FALLS = "rises", "capped", "falls"
LAWS = {
    law: Theorem(title=law, id=law, claims=[Claim(law, statement)])
    for law, statement in {RISES: x.next >= x, CAPPED: x <= kept, FALLS: loss.next <= loss}.items()
}


@pytest.fixture
def verdict(write: Any) -> Any:
    """The verdict on one recorded run."""

    def judged(law: str, content: str, **more: Any) -> Verdict:
        options = Options(traces=write(content, "run.csv"), **more)
        (row,) = check(LAWS[law], options=options).rows
        return row.finding.verdict

    return judged


FULL = "0.30000000000000004"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # half a unit is 0.05 on either side: 0.5 and 0.4 may have been the same number
        ("0.5 0.4", Verdict.UNDECIDED),
        ("0.5 0.3", Verdict.VIOLATED),
        ("0.50 0.48", Verdict.VIOLATED),
        ("5e-1 4e-1", Verdict.UNDECIDED),
        ("5.0e-1 4.7e-1", Verdict.VIOLATED),
        ("5 4", Verdict.UNDECIDED),
        ("5000 4000", Verdict.VIOLATED),
        # beside a number in full 0.3 is 0.3, and equal to that number but for rounding
        (f"{FULL} 0.3", Verdict.HELD),
        (f"{FULL} 0.3 0.2999999999", Verdict.VIOLATED),
        ("0.1 0.12 0.11999", Verdict.UNDECIDED),
        # fixed-point writing cuts small numbers off, however many digits large ones have
        ("0.123456789012345 0.000000000000002 0.000000000000001", Verdict.VIOLATED),
        ("0.000000000000002 0.000000000000001 0.123456789012345", Verdict.UNDECIDED),
        ("0.000000000000004 0.000000000000001 0.123456789012345", Verdict.VIOLATED),
    ],
)
def test_half_a_unit_of_the_last_place_is_allowed_for(
    verdict: Any, cells: str, expected: Verdict
) -> None:
    assert verdict(RISES, "x\n" + "\n".join(cells.split())) is expected


@pytest.mark.parametrize(
    ("factor", "expected"), [(1 - 2.0**-42, Verdict.VIOLATED), (1 - 2.0**-44, Verdict.HELD)]
)
def test_a_relative_error_of_two_to_minus_44_is_assumed(
    verdict: Any, factor: float, expected: Verdict
) -> None:
    """Nearer than that the two sides count as equal."""
    content = f"x\n{1 / 3!r}\n{factor / 3!r}\n"
    assert verdict(RISES, content) is expected
    assert verdict(RISES, content, trace_error=1e-9) is Verdict.UNDECIDED
    assert verdict(RISES, content, trace_error=1e-17) is Verdict.VIOLATED


def test_a_column_of_errors_is_added(verdict: Any) -> None:
    rows = [("x", "x_error"), (1 / 3, 0), (0.3, 0.02)]
    assert verdict(RISES, "\n".join(f"{a},{b}" for a, b in rows)) is Verdict.VIOLATED
    rows[2] = (0.3, 0.04)
    assert verdict(RISES, "\n".join(f"{a},{b}" for a, b in rows)) is Verdict.UNDECIDED
    rows[2] = (0.3, "")  # type: ignore[assignment]
    assert verdict(RISES, "\n".join(f"{a},{b}" for a, b in rows)) is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("cells", "constant", "expected"),
    [
        # a whole number is exact, so is a constant in a file written in full, or one given
        ("3 3", "3", Verdict.HELD),
        ("2.9 2.9", "3.0", Verdict.UNDECIDED),
        (f"2.99999 {FULL}", "3.0", Verdict.HELD),
        (f"3.00001 {FULL}", "3.0", Verdict.VIOLATED),
        ("3.00001 0.30000", "3.0", Verdict.UNDECIDED),
    ],
)
def test_constants_are_as_exact_as_their_file(
    verdict: Any, cells: str, constant: str, expected: Verdict
) -> None:
    lines = [f"{cell},{constant}" for cell in cells.split()]
    if cells == "3 3":
        lines = ["2.50,3", "2.50,3"]
    assert verdict(CAPPED, "x,kept\n" + "\n".join(lines)) is expected


def test_a_given_constant_is_exact(verdict: Any) -> None:
    assert verdict(CAPPED, "x\n2.9\n2.9\n", fixed={"kept": 2.96}) is Verdict.HELD
    assert verdict(CAPPED, "x\n2.9\n2.9\n", fixed={"kept": 2.94}) is Verdict.UNDECIDED
    assert verdict(CAPPED, "x\n2.9\n2.9\n", fixed={"kept": 2.84}) is Verdict.VIOLATED


def test_single_precision_is_noticed(write: Any, root: Path) -> None:
    rows = [
        {name: float(np.float32(value)) for name, value in row.items() if name != "t"}
        for row in quadratic(steps=3)
    ]
    for row in rows:
        row["eta"] = 0.3
    path = write(text(rows), "run.csv")
    descent = str(root / "examples" / "descent.py")
    report = check(descent, options=Options(traces=path))
    (remark,) = report.remarks
    assert "holds float32 numbers only: a relative error of 1e-05 is assumed" in remark
    assert json.loads(report.rows[0].notes) == {"trace_error": 1e-5}
    exact = check(descent, options=Options(traces=path, trace_error=1e-7))
    assert not exact.remarks
    assert json.loads(exact.rows[0].notes) == {"trace_error": 1e-7}
    assert json.loads(exact.rows[0].configuration)["trace_error"] == 1e-7


def test_the_loss_loses_digits_to_the_largest_one_before(verdict: Any) -> None:
    """At 1e-8 of the first loss, 2^-44 of a residual is 2^-44 * 1e4 of the loss, 5.7e-10.

    Both losses have that error; the two alone in a file have the usual one.
    """
    start = "0.12345678901234567"
    for rise, expected in ((1.3e-9, Verdict.VIOLATED), (1e-9, Verdict.UNDECIDED)):
        low = 1e-8 * float(start)
        content = f"loss\n{start}\n{low!r}\n{low * (1 + rise)!r}\n"
        assert verdict(FALLS, content) is expected
        assert verdict(FALLS, f"loss\n{low!r}\n{low * (1 + rise)!r}\n") is Verdict.VIOLATED


REFS = ("xu23_thm32_linear_rate@1", "xu25_thm31_local_rate@1", "xu23_drift@1")


@pytest.mark.parametrize("ref", REFS)
def test_runs_of_the_engine_get_the_same_verdict_when_recorded(
    ref: str, few: Any, tmp_path: Path
) -> None:
    """Except that a hypothesis which hangs on the last digits is not seen to be met."""
    few(12)
    theorem = finder.theorem(ref)
    experiment = next(one for one in finder.experiments() if one.id == "two_layer_linear")
    half = {"fraction": 0.5, "of": ref}
    fixed = {} if ref.startswith("xu23_thm32") else {"step_size": half, "noise": 1.0}
    direct = check(theorem, options=Options(experiment=experiment.id, fixed=fixed))
    seen: list[Verdict] = []
    alike = 0
    # boundary cases sit exactly at hypotheses, which recorded digits cannot tell
    drawn = [row for row in direct.rows if direct.origin(row) != "boundary"]
    for text_ in dict.fromkeys(row.configuration for row in drawn):
        configuration = json.loads(text_)
        path = tmp_path / "run.csv"
        record(path, theorem, experiment, configuration)
        given = {"parameters": configuration["parameters"]} if theorem.parameters else {}
        again = check(theorem, options=Options(traces=path, fixed=given))
        first = {row.claim: row.finding for row in direct.rows if row.configuration == text_}
        assert len(again.rows) == len(first)
        for row in again.rows:
            one, two = first[row.claim], row.finding
            assert two.verdict in (one.verdict, Verdict.VOID), (row.claim, configuration)
            alike += two.verdict is one.verdict
            seen.append(one.verdict)
            if two.verdict is not one.verdict:
                continue
            if row.quantity.startswith(("loss", "drift")) and not math.isnan(one.value):
                assert two.value == pytest.approx(one.value, rel=1e-6)
    assert alike >= 0.7 * len(seen)
    assert Verdict.HELD in seen
    assert ref != REFS[0] or {Verdict.VIOLATED, Verdict.VOID, Verdict.VACUOUS} <= {*seen}


def record(path: Path, theorem: Theorem, experiment: Any, configuration: dict[str, Any]) -> None:
    """What the engine measured, one row a state; read once is written once."""
    task = Task(theorem, experiment, (configuration,))
    run = finished_run(task, engine_of(experiment), finder.theorem)
    known = experiment.known(configuration)
    names = {one.name: one for one in theorem.needs if one.name != "t"}
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for step in range(run.states):
            cells = []
            for name, quantity in names.items():
                if quantity.scope is Scope.CONFIGURATION:
                    cells.append(known[name])
                    continue
                measured = run.trace.measured.get(name) or run.start.measured[name]
                values = measured.value[0]
                value = float(values[step]) if step < len(values) else math.nan
                cells.append("" if math.isnan(value) else value)
            writer.writerow(cells)

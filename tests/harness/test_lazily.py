"""Rows from enclosures are those from measurements at every step, to the byte."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer_linear import two_layer_linear
from harness import Claim, Prod, Root, Theorem, Unknown
from harness.discovery import finder
from harness.expressions.evaluator import Evaluator
from harness.judging import doubt
from harness.judging.row import Row
from harness.running import view
from harness.running.block import rows_of
from harness.running.configuration import completed
from harness.running.jobs import run_task
from harness.running.lazily import decided_run
from harness.running.task import Run, Task
from harness.sampling.plan import Profile, planned, tasks
from harness.storing.table import COLUMNS, record
from harness.symbols import loss, smax_W, smax_W1, smax_W2, tau_min
from harness.vocabulary.verdict import Verdict

FLAGSHIP = "xu23_thm31_spectral@2"
TIGHT = {"c1": 0.99, "c2": 1.01}


class Always(TwoLayerLinear):
    """Encloses however short and small the runs are."""

    worthwhile = (1, 1)


class Never(TwoLayerLinear):
    """Measures at every step."""

    enclosable = frozenset()


def differing(one: Sequence[Row], other: Sequence[Row]) -> list[str]:
    """Claims of rows that differ in any field but that of the measured steps."""
    pairs = zip(one, other, strict=True)
    alike = [(a._replace(exact_steps=""), b) for a, b in pairs]
    return [a.claim for a, b in alike if repr(a) != repr(b._replace(exact_steps=""))]


def both(task: Task) -> tuple[list[Row], list[Row]]:
    """Rows by enclosures, and rows by measurements."""
    return rows_of(task, Always(), finder.theorem), rows_of(task, Never(), finder.theorem)


def flagship(count: int, **axes: Any) -> Task:
    theorem = finder.theorem(FLAGSHIP)
    given = [
        {
            "samples": 30, "features": 6, "outputs": 3, "width": 24, "steps": 150, "seed": seed,
            "init": ("gaussian", "orthogonal", "balanced")[seed % 3], "parameters": TIGHT,
            "step_size": {"fraction": (1.0, 0.5, 0.01)[seed // 3 % 3], "of": FLAGSHIP}, **axes,
        }
        for seed in range(count)
    ]  # fmt: skip
    configurations = tuple(completed(two_layer_linear, theorem, one) for one in given)
    return Task(theorem, two_layer_linear, configurations)


@pytest.mark.parametrize(
    "ref",
    [
        "xu23_thm31_spectral@1", "xu23_lem31_onestep",
        "xu25_thm31_local_descent_pl", "xu25_thm31_local_rate", "xu25_thm32_linear_rate@2",
    ],
)  # fmt: skip
def test_rows_do_not_tell_how_they_were_recorded(ref: str) -> None:
    theorem, profile = finder.theorem(ref), Profile("test", 16, 0, 0.9)
    plan = planned(theorem, two_layer_linear, profile, 3, {})
    for task in tasks(theorem, two_layer_linear, plan.configurations, profile):
        if "rule" in str(task.configurations[0]["step_size"]):
            continue  # the next step reads what would be enclosed, so that nothing is
        lazy, exact = both(task)
        assert differing(lazy, exact) == []
        assert not any(row.exact_steps for row in exact)


def test_long_runs_near_their_bounds() -> None:
    lazy, exact = both(flagship(27))
    assert differing(lazy, exact) == []
    shares = [np.divide(*map(int, row.exact_steps.split("/"))) for row in lazy if row.exact_steps]
    assert len(shares) > 80
    assert np.mean(shares) < 0.1


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("step_size", [0.4, 3.0, 1e3])
def test_runs_that_oscillate_or_diverge(step_size: float, dtype: str) -> None:
    lazy, exact = both(flagship(6, step_size=step_size, dtype=dtype, scale=1.5, steps=60))
    assert differing(lazy, exact) == []


def test_violated_rows_are_measured_throughout() -> None:
    theorem = Theorem(
        title="T", claims=(Claim("shrinks", smax_W1 <= smax_W1.at(0)), Claim("stays", tau_min > 0))
    )
    task = dataclasses.replace(flagship(3, steps=20, step_size=0.05), theorem=theorem)
    lazy, exact = both(task)
    assert differing(lazy, exact) == []
    verdicts = {(row.finding.verdict, bool(row.exact_steps)) for row in lazy}
    assert {verdict for verdict, _ in verdicts} >= {Verdict.VIOLATED, Verdict.HELD}
    assert (Verdict.VIOLATED, True) not in verdicts


def test_steps_ahead_equalities_and_trivial_values() -> None:
    claims = (
        Claim("ahead", smax_W1.next <= 2 * smax_W1, trivial=3 * smax_W2.at(0)),
        Claim("slow", tau_min.next >= tau_min / 2, trivial=tau_min / 4),
        Claim("nothing", tau_min >= 0, trivial=0),
    )
    task = flagship(9, steps=40, step_size=0.05)
    lazy, exact = both(dataclasses.replace(task, theorem=Theorem(title="T", claims=claims)))
    assert differing(lazy, exact) == []
    assert any(row.exact_steps for row in lazy)


def test_products_and_roots_along_the_run_are_measured() -> None:
    root = Root("r", Unknown("x") - smax_W1, Unknown("x"))
    for bound in (Prod(1 + smax_W1) * loss.at(0), loss.at(0) * (1 + root)):
        theorem = Theorem(title="T", claims=(Claim("along", loss <= bound),))
        task = dataclasses.replace(flagship(1, steps=10, step_size=0.01), theorem=theorem)
        assert decided_run(task, Always(), finder.theorem).trace.enclosed is None


def test_a_row_alone_is_the_same_row() -> None:
    task = flagship(9, steps=60)
    block = rows_of(task, Always(), finder.theorem)
    for index, one in enumerate(task.configurations):
        alone = rows_of(dataclasses.replace(task, configurations=(one,)), Always(), finder.theorem)
        assert repr(alone) == repr(block[4 * index : 4 * index + 4])


def test_rounds_share_what_does_not_vary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Step limits and initial bounds are worked out once, however many rounds there are."""
    made: list[Run] = []
    right = view._constants

    def counted(run: Run) -> Evaluator:
        made.append(run)
        return right(run)

    monkeypatch.setattr(view, "_constants", counted)
    task = dataclasses.replace(flagship(6, steps=60), theorem=turning())
    lazy = rows_of(task, Always(), finder.theorem)
    assert len(made) == 1
    assert any(int(row.exact_steps.split("/")[0]) > 2 for row in lazy if row.exact_steps)


def turning() -> Theorem:
    """Claims that may be tightest, or prove the most, in the midst of a run."""
    claims = (
        Claim("factor", smax_W1 <= 100, trivial=1000),
        Claim("product", smax_W <= 1000),
        Claim("both", tau_min >= -1, trivial=-2),
    )
    return Theorem(title="T", claims=claims)


@pytest.mark.parametrize(
    ("name", "axes"), [("_beaten", {}), ("_outdone", {"step_size": 0.4, "scale": 1.5, "steps": 60})]
)
def test_steps_that_might_be_the_tightest_have_to_be_measured(
    name: str, axes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison notices when they are not."""
    task = dataclasses.replace(flagship(9, **axes), theorem=turning())
    assert differing(*both(task)) == []
    monkeypatch.setattr(doubt, name, lambda *sides: np.ones_like(sides[-1]))
    assert differing(*both(task))


def test_short_runs_are_measured_throughout_and_long_ones_say_what_was() -> None:
    wide = {"features": 12, "outputs": 4, "width": 32}
    short, long = (
        run_task(flagship(1, steps=steps, **wide), finder.theorem) for steps in (50, 220)
    )
    assert {row.exact_steps for row in short} == {""}
    (told,) = {row.exact_steps for row in long}
    measured, states = map(int, told.split("/"))
    assert states == 221
    assert 2 <= measured < 221
    assert COLUMNS.index("exact_steps") == 41
    assert record(long[0], "")["exact_steps"] == told

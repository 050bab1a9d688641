"""Violations certified along whole runs, and how far they persist."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness import Claim, Eq, Hypothesis, Theorem, Verdict, check
from harness.discovery import finder
from harness.judging.row import Row
from harness.options import Options
from harness.reporting.violations import point
from harness.storing.table import COLUMNS
from harness.symbols import eta, loss, smax_W1
from harness.vocabulary.operators import Prod, Sum

ONE_EACH = {
    "data": "given", "X": [[1]], "Y": [[2]], "init": "given", "W1": [[1]], "W2": [[1]],
    "step_size": 0.125, "steps": 4,
}  # fmt: skip
"""W = w1 w2 = 1 against 2: both weights equal at all times, w' = w + (2 - w^2) w / 8."""


def judged(statement: Any, *hypotheses: Hypothesis, **changes: Any) -> Row:
    theorem = Theorem(
        title="Test", id="test", claims=[Claim("c", statement)], hypotheses=hypotheses
    )
    (row,) = check(theorem, options=Options(configuration={**ONE_EACH, **changes})).rows
    return row


def flagship(ref: str, claim: str) -> Row:
    record = finder.theorem(ref)
    witness = record.claim(claim).witness
    assert witness is not None
    rows = check(record, options=Options(configuration=witness)).rows
    return next(row for row in rows if row.claim == claim)


@pytest.mark.parametrize("claim", ["one-step", "product", "geometric"])
def test_the_printed_rate_is_certified_to_be_false(claim: str) -> None:
    found = flagship("xu23_thm32_linear_rate@1", claim).finding
    assert (found.verdict, found.certified, found.rule) == (Verdict.VIOLATED, "violated", "ball")
    assert 2.0**-20 <= found.persists <= 2.0**-8


def test_the_printed_spectral_bound_persists_only_as_far_as_its_step_limit() -> None:
    """At the largest step allowed, any change of the weights that lowers the limit breaks it."""
    found = flagship("xu23_thm31_spectral@1", "least-eigenvalue").finding
    assert (found.certified, found.rule) == ("violated", "ball")
    assert 0 < found.persists < 2.0**-40


@pytest.mark.parametrize(
    ("ceiling", "radius"),
    # violated while (2 - w1 w2)^2 / 2 > ceiling: (1 + r)^2 < 2 - sqrt(2 ceiling)
    [(0.32, 2.0**-4), (0.4999999, 2.0**-25), (0.42, 2.0**-5)],
)
def test_the_radius_is_the_largest_power_of_two(ceiling: float, radius: float) -> None:
    assert math.sqrt(2 - math.sqrt(2 * ceiling)) - 1 < 2 * radius
    found = judged(loss <= ceiling, steps=1).finding
    assert (found.verdict, found.step) == (Verdict.VIOLATED, 0)
    assert found.persists == radius


def test_a_hypothesis_that_is_an_equality_holds_for_no_neighbour() -> None:
    balanced = Hypothesis("start", "W1 starts at 1", Eq(smax_W1.at(0), 1))
    found = judged(loss <= 0.3 * loss.at(0), balanced).finding
    assert (found.verdict, found.certified, found.persists) == (Verdict.VIOLATED, "violated", 0.0)
    met = judged(loss <= 0.3 * loss.at(0), Hypothesis("start", "", smax_W1.at(0) <= 1.5)).finding
    assert met.persists > 0


def test_a_radius_that_a_hypothesis_limits() -> None:
    """The claim alone persists to 1/16; sigma_max(W1) <= 1.001 does not."""
    near = Hypothesis("near", "", smax_W1 <= 1.001)
    assert judged(loss <= 0.32, near, steps=1).finding.persists == 2.0**-10


def test_weights_of_the_current_state_where_a_claim_speaks_of_one_step() -> None:
    """Violated at step 3 alone, which intervals reach by the recorded states."""
    late = Hypothesis("late", "", smax_W1 >= 1.3)
    found = judged(loss.next >= loss, late).finding
    assert (found.verdict, found.certified) == (Verdict.VIOLATED, "violated")
    assert found.step is not None
    assert found.step >= 2
    assert 0 < found.persists < 1


def test_sums_over_steps_are_certified() -> None:
    """The loss falls by about eta |grad|^2, and eta (1 + 1 + 1 + 1) = 1/2."""
    found = judged(Sum(eta) <= 0.499).finding
    assert (found.verdict, found.rule, found.step) == (Verdict.VIOLATED, "ball", 4)
    # nothing depends on the weights
    assert found.persists == 1.0
    equal = judged(Sum(eta) <= 0.5).finding
    assert equal.verdict is Verdict.HELD


def test_the_first_step_size_is_the_one_of_step_0() -> None:
    """A rule that changes the step: eta[0] is not the present one."""
    greedy = {"rule": "greedy", "of": "xu25_eq104@1"}
    found = judged(eta <= eta.at(0), steps=12, step_size=greedy).finding
    assert (found.verdict, found.certified) == (Verdict.VIOLATED, "violated")
    assert found.step == 11
    assert found.value > found.bound


def test_what_lies_too_far_from_the_start_is_not_asked() -> None:
    far = judged(Prod(1 + eta) <= 1e4, steps=200, step_size=0.125).finding
    assert (far.verdict, far.certified, far.step) == (Verdict.VIOLATED, "violated", 200)
    assert math.isnan(far.persists)
    beyond = judged(Prod(1 + eta) <= 1e4, steps=201, step_size=0.125).finding
    assert (beyond.verdict, beyond.certified, beyond.rule) == (Verdict.VIOLATED, "", "margin")


def test_an_engine_without_a_radius_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments.two_layer import engine

    def enclose(self: Any, configuration: Any, sizes: Any, begin: int, wanted: Any) -> Any:
        return enclosed(configuration, sizes, begin, wanted)

    from experiments.two_layer.enclosure import enclosed

    monkeypatch.setattr(engine.TwoLayerLinear, "enclose", enclose)
    found = judged(loss <= 0.32, steps=1).finding
    assert (found.certified, math.isnan(found.persists)) == ("violated", True)


def test_held_rows_have_no_radius(tmp_path: Path, table: Callable[..., Any]) -> None:
    row = judged(loss <= 1, steps=1)
    assert row.finding.verdict is Verdict.HELD
    assert math.isnan(row.finding.persists)
    assert COLUMNS.index("persists") > COLUMNS.index("notes")


def test_the_radius_is_written_and_told(table: Callable[..., Any]) -> None:
    theorem = Theorem(title="Test", id="test", claims=[Claim("c", loss <= 0.32)])
    report = check(theorem, options=Options(configuration={**ONE_EACH, "steps": 1}))
    assert [row["persists"] for row in table(report.to_csv())] == ["0.0625"]
    assert "    persists for all weights within 2^-4 of these" in point("worst", report.rows[0])
    unmoved = judged(loss <= 0.3, Hypothesis("start", "", Eq(smax_W1, 1)), steps=1)
    assert "    not shown to persist under any change of the weights" in point("worst", unmoved)

"""Verdicts on planted runs: rounding, NaN, hypotheses that fail on the way, worthless bounds."""

from __future__ import annotations

import math
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
import sympy

from harness import (
    Claim,
    Eq,
    Experiment,
    Hypothesis,
    Prod,
    Theorem,
    Verdict,
    check,
    symbol,
)
from harness.judging.row import Finding
from harness.options import Options
from harness.running.protocol import Measured, Start, Trace
from harness.vocabulary.verdict import over_rows

a = symbol("a", "one side")
b = symbol("b", "the other side")
rate = symbol("rate", "a rate")

Judge = Callable[..., Finding]
nan, inf = math.nan, math.inf
HELD, VIOLATED, UNDECIDED = Verdict.HELD, Verdict.VIOLATED, Verdict.UNDECIDED
VOID, VACUOUS, BROKEN = Verdict.VOID, Verdict.VACUOUS, Verdict.BROKEN


class Planted:
    """An engine that measures what a test planted."""

    values: Mapping[str, Sequence[float]]
    error: float
    finite: int | None

    def __init__(self, measures: object) -> None:
        pass

    def key(self, configuration: object) -> str:
        return ""

    def _measured(self, stop: int) -> dict[str, Measured]:
        found = {}
        for name, numbers in self.values.items():
            value = np.array([numbers[:stop]], dtype=np.float64)
            error = np.nan_to_num(np.abs(value), posinf=0.0) * self.error
            found[name] = Measured(value, error, error)
        return found

    def initial(self, configurations: Sequence[object], wanted: frozenset[str]) -> Start:
        return Start(None, self._measured(1))

    def run(self, start: Start, step_size: object, horizon: int, wanted: frozenset[str]) -> Trace:
        states = horizon + 1
        count = np.array([states if self.finite is None else self.finite])
        return Trace(
            measured=self._measured(states),
            step_sizes=np.full((1, horizon), 0.5),
            finite=count,
            resolved=np.array([states]),
            notes=({},),
        )


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judge:
    """The finding of a claim on planted values, one number a state."""
    module = types.ModuleType("planted_engine")
    module.__dict__["Planted"] = Planted
    monkeypatch.setitem(sys.modules, "planted_engine", module)

    def call(
        claim: Any, *conditions: Any, error: float = 0.0, finite: int | None = None, **values: Any
    ) -> Finding:
        states = len(next(iter(values.values())))
        monkeypatch.setattr(Planted, "values", values, raising=False)
        monkeypatch.setattr(Planted, "error", error, raising=False)
        monkeypatch.setattr(Planted, "finite", finite, raising=False)
        planted = Experiment(
            id="planted", title="", axes=(), emits=frozenset({a, b, rate}),
            engine="planted_engine:Planted", trajectory=True,
        )  # fmt: skip
        theorem = Theorem(
            title="T",
            claims=[claim if isinstance(claim, Claim) else Claim("c", claim)],
            hypotheses=[Hypothesis(f"h{i}", "", one) for i, one in enumerate(conditions)],
        )
        options = Options(configuration={"steps": states - 1})
        report = check(theorem, experiments=[planted], options=options)
        (row,) = report.rows
        return row.finding

    return call


ROUNDING = 2.0**-50


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_a_violation_of_1e_12_and_an_equality_are_told_apart(judged: Judge, size: float) -> None:
    found = judged(a <= b, a=[size * (1 + 1e-12)] * 2, b=[size] * 2, error=ROUNDING)
    assert found.verdict is VIOLATED
    assert found.margin < 0
    assert found.ratio > 1
    same = judged(a <= b, a=[size] * 2, b=[size] * 2, error=ROUNDING)
    assert (same.verdict, same.certified, same.margin, same.ratio) == (HELD, "equality", 0, 1)
    below = judged(a <= b, a=[size * (1 - 1e-12)] * 2, b=[size] * 2, error=ROUNDING)
    assert (below.verdict, below.certified, below.rule) == (HELD, "", "margin")


@pytest.mark.parametrize(
    ("claim", "value", "verdict"),
    [
        (a <= b, 1.0, HELD), (a >= b, 1.0, HELD), (Eq(a, b), 1.0, HELD),
        (a < b, 1.0, UNDECIDED), (a > b, 1.0, UNDECIDED),
        (a < b, 0.9, HELD), (a > b, 1.1, HELD),
        (a <= b, 1.1, VIOLATED), (a >= b, 0.9, VIOLATED),
        (Eq(a, b), 1.1, VIOLATED), (Eq(a, b), 0.9, VIOLATED),
    ],
    ids=str,
)  # fmt: skip
def test_every_sense_has_its_own_answer(
    judged: Judge, claim: Any, value: float, verdict: Verdict
) -> None:
    found = judged(claim, a=[value] * 2, b=[1.0] * 2, error=ROUNDING)
    assert found.verdict is verdict
    if claim.rel_op != "==":
        assert (found.ratio <= 1) is (verdict is not VIOLATED)


def test_equality_without_rounding_contradicts_a_strict_comparison(judged: Judge) -> None:
    for claim in (a < b, a > b):
        assert judged(claim, a=[1.0] * 2, b=[1.0] * 2).verdict is VIOLATED


def test_an_enclosure_too_wide_to_call_equal_is_undecided(judged: Judge) -> None:
    for claim in (a <= b, a >= b, Eq(a, b)):
        assert judged(claim, a=[1.0] * 2, b=[1.0] * 2, error=1e-11).verdict is UNDECIDED


@pytest.mark.parametrize("claim", [a <= b, a >= b, a < b, a > b, Eq(a, b)], ids=str)
@pytest.mark.parametrize(("left", "right"), [(nan, 1.0), (1.0, nan), (nan, nan)], ids=str)
def test_nan_on_either_side_is_never_held(
    judged: Judge, claim: Any, left: float, right: float
) -> None:
    assert judged(claim, a=[left] * 2, b=[right] * 2).verdict is BROKEN


@pytest.mark.parametrize(
    ("claim", "left", "right"),
    [(a >= b, inf, 1.0), (a <= b, -inf, 1.0), (a <= b, inf, inf), (Eq(a, b), inf, inf)],
    ids=str,
)
def test_an_infinite_value_is_never_held(
    judged: Judge, claim: Any, left: float, right: float
) -> None:
    assert judged(claim, a=[left] * 2, b=[right] * 2).verdict is BROKEN


def test_an_enclosure_without_an_upper_end_is_a_matter_of_rounding(judged: Judge) -> None:
    # e^a lies between e^699 and what is beyond every double
    for bound, verdict in ((1.0, HELD), (1e305, UNDECIDED)):
        found = judged(sympy.exp(a) >= b, a=[710.0] * 2, b=[bound] * 2, error=0.015)
        assert found.verdict is verdict
        assert 1e303 < found.value < inf


def test_an_overflowing_enclosure_is_no_equality(judged: Judge) -> None:
    found = judged(a * a <= b * b, a=[1e200] * 2, b=[1.1e200] * 2)
    assert found.verdict is not HELD


def test_a_violation_before_the_first_nan_counts(judged: Judge) -> None:
    assert judged(a <= b, a=[0, 2, nan], b=[1, 1, 1]).verdict is VIOLATED
    assert judged(a <= b, a=[0, 2, nan], b=[1, 1, 1]).step == 1
    assert judged(a <= b, a=[0, 0, nan], b=[1, 1, 1]).verdict is BROKEN


def test_a_diverging_run_is_judged_up_to_its_first_non_finite_state(judged: Judge) -> None:
    values: dict[str, Any] = {"a": [0, 2, inf, nan], "b": [1, 1, 1, 1]}
    assert judged(a <= b, finite=2, **values).verdict is VIOLATED
    held = judged(a <= 3 * b, finite=2, **values)
    assert (held.verdict, held.judged) == (HELD, 2)
    assert judged(a <= b, finite=0, **values).verdict is BROKEN


def test_void_names_the_hypotheses_that_are_not_met(judged: Judge) -> None:
    found = judged(a <= b, rate >= 1, rate >= 0, rate >= 2, a=[9] * 2, b=[1] * 2, rate=[0.5] * 2)
    assert found.verdict is VOID
    assert found.hypotheses_broken == ("h0", "h2")


def test_nothing_is_claimed_where_a_hypothesis_is_not_a_number(judged: Judge) -> None:
    for value in (0.0, 9.0):
        found = judged(a <= b, rate <= 1, a=[value] * 2, b=[1.0] * 2, rate=[nan] * 2)
        assert found.verdict in (VOID, UNDECIDED)


def test_a_violation_where_a_hypothesis_is_in_doubt_is_undecided(judged: Judge) -> None:
    found = judged(a <= b, rate <= 1, a=[2.0] * 2, b=[1.0] * 2, rate=[1.0] * 2, error=ROUNDING)
    assert found.verdict is UNDECIDED


def test_a_one_step_claim_speaks_again_once_its_hypothesis_holds_again(judged: Judge) -> None:
    planted: dict[str, Any] = {"a": [0, 0, 0, 2], "b": [1, 1, 1, 1], "rate": [0, 5, 5, 0]}
    found = judged(a <= b, rate <= 1, **planted)
    assert (found.verdict, found.step) == (VIOLATED, 3)
    silent = judged(a <= b, rate <= 1, a=[0, 2, 2, 0], b=[1] * 4, rate=[0, 5, 5, 0])
    assert (silent.verdict, silent.judged) == (HELD, 2)


def test_a_trajectory_claim_falls_silent_after_a_hypothesis_fails(judged: Judge) -> None:
    planted: dict[str, Any] = {"a": [1, 0, 0, 2], "b": [1, 1, 1, 1], "rate": [0, 0, 5, 0]}
    found = judged(a <= a.at(0), rate <= 1, **planted)
    assert (found.verdict, found.judged) == (HELD, 2)
    early = judged(a <= a.at(0), rate <= 1, a=[1, 2, 0, 2], b=[1] * 4, rate=[0, 0, 5, 0])
    assert (early.verdict, early.step) == (VIOLATED, 1)


def test_a_claim_is_judged_from_its_start(judged: Judge) -> None:
    planted: dict[str, Any] = {"a": [2, 0, 0], "b": [1, 1, 1]}
    assert judged(Claim("c", a <= b), **planted).verdict is VIOLATED
    assert judged(Claim("c", a <= b, start=1), **planted).verdict is HELD


def test_the_last_state_has_no_successor_to_be_judged(judged: Judge) -> None:
    found = judged(a.next <= a, a=[3, 2, 1], b=[0, 0, 0])
    assert (found.verdict, found.judged) == (HELD, 2)


def test_a_row_is_reported_at_its_smallest_relative_margin(judged: Judge) -> None:
    found = judged(a <= b, a=[1, 90, 3], b=[2, 100, 4])
    assert (found.step, found.value, found.bound, found.margin) == (1, 90, 100, 10)
    assert found.ratio == pytest.approx(0.9)
    other = judged(a >= b, a=[2, 100, 4], b=[1, 90, 3])
    assert (other.step, other.ratio) == (1, pytest.approx(0.9))


def test_a_bound_no_better_than_trivial_is_vacuous_and_hides_no_violation(judged: Judge) -> None:
    claim = Claim("c", a <= b, trivial=rate)
    assert judged(claim, a=[0, 0], b=[2, 2], rate=[1, 1]).verdict is VACUOUS
    assert judged(claim, a=[0, 0], b=[2, 0.5], rate=[1, 1]).verdict is HELD
    assert judged(claim, a=[3, 0], b=[2, 2], rate=[1, 1]).verdict is VIOLATED
    lower = Claim("c", a >= b, trivial=rate)
    assert judged(lower, a=[3, 3], b=[1, 1], rate=[2, 2]).verdict is VACUOUS
    assert judged(lower, a=[3, 3], b=[2.5, 2.5], rate=[2, 2]).verdict is HELD


def test_a_rate_is_tested_once_its_bound_fell_to_a_seventh(judged: Judge) -> None:
    """e^-2 = 0.1353: 0.5^2 is not enough, 0.5^3 is."""
    claim = Claim("c", a <= Prod(rate) * b, trivial=b, rate=True)
    for states, verdict in ((3, VACUOUS), (4, HELD)):
        planted = {"a": [0.0] * states, "b": [1.0] * states, "rate": [0.5] * states}
        assert judged(claim, **planted).verdict is verdict
    high: dict[str, Any] = {"a": [0, 0.9, 0], "b": [1.0] * 3, "rate": [0.5] * 3}
    assert judged(claim, **high).verdict is VIOLATED


def test_progress_compares_what_is_guaranteed_with_what_was_measured(judged: Judge) -> None:
    """From 8, the bound promises a fall by 1 and a fall by 4 was seen: a quarter."""
    found = judged(Claim("c", a.next <= a - 1, trivial=a), a=[8, 4], b=[0, 0])
    assert found.progress == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([HELD, VIOLATED, UNDECIDED], VIOLATED),
        ([HELD, UNDECIDED, VOID], UNDECIDED),
        ([VOID, HELD, VACUOUS], HELD),
        ([BROKEN, HELD], HELD),
        ([BROKEN, VIOLATED], VIOLATED),
        ([VOID, VACUOUS], Verdict.UNTESTED),
        ([BROKEN], Verdict.UNTESTED),
        ([], Verdict.UNTESTED),
    ],
)
def test_a_claim_is_judged_by_its_most_telling_row(rows: list[Verdict], verdict: Verdict) -> None:
    assert over_rows(rows) is verdict
    assert over_rows(reversed(rows)) is verdict


@pytest.mark.parametrize(
    ("bound", "verdict"),
    [
        (sympy.Rational(2, 3), HELD), (sympy.Rational(1, 3), VIOLATED), (sympy.pi, HELD),
        (sympy.Integer(2**60), HELD), (1, HELD), (0.25, VIOLATED),
    ],
    ids=str,
)  # fmt: skip
def test_a_bound_may_be_a_constant_of_any_kind(judged: Judge, bound: Any, verdict: Verdict) -> None:
    assert judged(a <= bound, a=[0.5] * 2, b=[0.0] * 2).verdict is verdict

"""Engines that hand over NaN, infinity, or arrays of the wrong shape or kind never hold."""

from __future__ import annotations

import dataclasses
import math
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import Axis, Claim, Experiment, Hypothesis, Prod, Theorem, check, choice, symbol
from harness.options import Options
from harness.report import Report
from harness.running.protocol import Measured, Start, Trace

a = symbol("a", "the quantity")
b = symbol("b", "its bound")
r = symbol("r", "a rate")
k = symbol("k", "a constant", "run")
nan, inf = math.nan, math.inf
STEPS = 3
FLAT: dict[str, list[float]] = {"a": [0.0] * 4, "b": [1.0] * 4, "r": [0.5] * 4}

Change = Callable[[Trace], Trace]


def sure(values: Any) -> Measured:
    """A measurement without rounding."""
    return Measured(values, np.zeros(np.shape(values)), np.zeros(np.shape(values)))


class Planted:
    """An engine that hands over what a test planted."""

    values: Mapping[str, Sequence[float]] = FLAT
    change: Change
    start: Any = None

    def __init__(self, measures: object) -> None:
        pass

    def key(self, configuration: object) -> str:
        return ""

    def initial(self, configurations: Sequence[object], wanted: frozenset[str]) -> Start:
        first = {name: sure(np.array([numbers[:1]])) for name, numbers in self.values.items()}
        constant = sure(np.ones((1, 1)) if self.start is None else self.start)
        return Start(None, {**first, "k": constant})

    def run(self, start: Start, step_size: object, horizon: int, wanted: frozenset[str]) -> Trace:
        trace = Trace(
            measured={name: sure(np.array([one])) for name, one in self.values.items()},
            step_sizes=np.full((1, horizon), 0.5),
            finite=np.array([horizon + 1]),
            resolved=np.array([horizon + 1]),
        )
        return type(self).change(trace)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Report]:
    """The report on one planted run."""
    module = types.ModuleType("planted_nonsense")
    module.__dict__["Planted"] = Planted
    monkeypatch.setitem(sys.modules, "planted_nonsense", module)
    planted = Experiment(
        id="planted", title="", axes=(Axis("n", choice(1), 1),), emits=frozenset({a, b, r, k}),
        engine="planted_nonsense:Planted", trajectory=True,
    )  # fmt: skip

    def call(
        claim: Any = a <= b, condition: Any = None, change: Change | None = None,
        start: Any = None, **values: Any,
    ) -> Report:  # fmt: skip
        monkeypatch.setattr(Planted, "values", {**FLAT, **values})
        monkeypatch.setattr(
            Planted, "change", staticmethod(change or (lambda trace: trace)), raising=False
        )
        monkeypatch.setattr(Planted, "start", start)
        hypotheses = [] if condition is None else [Hypothesis("h", "it holds", condition)]
        theorem = Theorem(title="T", claims=[Claim("c", claim)], hypotheses=hypotheses)
        options = Options(configuration={"n": 1, "steps": STEPS})
        return check(theorem, experiments=[planted], options=options)

    return call


def verdict(report: Report) -> str:
    (row,) = report.rows
    assert (report.exit_code == 0) is (row.finding.verdict == "held")
    return str(row.finding.verdict)


def test_the_honest_run_holds(ran: Any) -> None:
    for claim in (a <= b, a <= k, a.next <= a + b, a <= Prod(r) * b.at(0)):
        assert verdict(ran(claim)) == "held"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"a": [nan, 0, 0, 0]}, "broken"),
        ({"a": [nan] * 4}, "broken"),
        ({"a": [0, 0, 0, nan]}, "broken"),
        ({"a": [0, -inf, 0, 0]}, "broken"),
        ({"a": [0, inf, 0, 0]}, "broken"),
        ({"a": [0, 2, nan, 0]}, "violated"),
        ({"a": [0, nan, 2, 0]}, "broken"),
        ({"b": [1, 1, nan, 1]}, "broken"),
        ({"b": [1, inf, 1, 1]}, "broken"),
        ({"a": [2, 0, 0, 0], "b": [1, 1, nan, 1]}, "violated"),
    ],
    ids=str,
)
def test_a_run_is_judged_up_to_its_first_odd_number(ran: Any, values: Any, expected: str) -> None:
    assert verdict(ran(**values)) == expected


def test_nonsense_that_a_claim_reaches_through_time_is_broken(ran: Any) -> None:
    assert verdict(ran(a.next <= a + b, a=[0, 0, nan, 0])) == "broken"
    assert verdict(ran(a <= Prod(r) * b.at(0), r=[0.5, nan, 0.5, 0.5])) == "broken"
    assert verdict(ran(a <= Prod(r) * b.at(0), r=[inf, 0.5, 0.5, 0.5])) == "broken"
    assert verdict(ran(a <= b.at(0), b=[nan, 1, 1, 1])) == "broken"
    assert verdict(ran(a <= k, start=np.full((1, 1), nan))) == "broken"
    assert verdict(ran(a <= k, start=np.full((1, 1), inf))) == "broken"


def test_a_step_whose_hypothesis_is_no_number_is_not_judged(ran: Any) -> None:
    for one in ([nan] * 4, [inf] * 4):
        report = ran(a <= b, r <= 1, r=one)
        assert verdict(report) == "void"
        assert report.rows[0].finding.hypotheses_broken == ("h",)
    partly = ran(a <= b, r <= 1, r=[0.5, nan, 0.5, 0.5]).rows[0].finding
    assert (partly.verdict, partly.judged) == ("held", 3)
    hidden = ran(a <= b, r <= 1, r=[0.5, nan, 0.5, 0.5], a=[0, 9, 0, 0])
    assert hidden.rows[0].finding.judged == 3


def measuring(array: Any) -> Change:
    return lambda trace: dataclasses.replace(trace, measured={**trace.measured, "a": sure(array)})


def rounding(number: float) -> Change:
    bound = np.full((1, STEPS + 1), number)
    wrong = Measured(np.zeros((1, STEPS + 1)), bound, bound)
    return lambda trace: dataclasses.replace(trace, measured={**trace.measured, "a": wrong})


def leaving(**parts: Any) -> Change:
    return lambda trace: dataclasses.replace(trace, **parts)


def stop(trace: Trace) -> Trace:
    raise SystemExit(0)


WRONG: dict[str, Change] = {
    "one column": measuring(np.zeros((1, 1))),
    "a column short": measuring(np.zeros((1, STEPS))),
    "a column long": measuring(np.zeros((1, STEPS + 2))),
    "transposed": measuring(np.zeros((STEPS + 1, 1))),
    "flat": measuring(np.zeros(STEPS + 1)),
    "scalar": measuring(np.array(0.0)),
    "three axes": measuring(np.zeros((1, STEPS + 1, 1))),
    "no rows": measuring(np.zeros((0, STEPS + 1))),
    "two rows": measuring(np.zeros((2, STEPS + 1))),
    "complex": measuring(np.zeros((1, STEPS + 1), dtype=complex)),
    "objects": measuring(np.full((1, STEPS + 1), None)),
    "text": measuring(np.full((1, STEPS + 1), "0.5")),
    "masked": measuring(np.ma.masked_all((1, STEPS + 1))),
    "lists": measuring([[0.0] * (STEPS + 1)]),
    "none": measuring(None),
    "no quantity": lambda trace: dataclasses.replace(trace, measured={"b": trace.measured["b"]}),
    "no measurements": leaving(measured=None),
    "negative rounding": rounding(-0.1),
    "rounding nan": rounding(nan),
    "no finite state": leaving(finite=np.array([0])),
    "finite as flags": leaving(finite=np.array([True])),
    "finite as floats": leaving(finite=np.array([4.0])),
    "finite as a number": leaving(finite=np.array(4)),
    "resolved missing": leaving(resolved=None),
    "step sizes nan": leaving(step_sizes=np.full((1, STEPS), nan)),
    "step sizes short": leaving(step_sizes=np.full((1, STEPS - 1), 0.5)),
    "step sizes missing": leaving(step_sizes=np.zeros((1, 0))),
    "exit": stop,
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
def test_what_an_engine_must_not_hand_over_is_broken(ran: Any, change: Change) -> None:
    report = ran(change=change)
    assert verdict(report) == "broken"
    assert report.rows[0].finding.reason


def test_unbounded_rounding_leaves_a_run_undecided(ran: Any) -> None:
    assert verdict(ran(change=rounding(inf))) == "undecided"


@pytest.mark.parametrize("start", [np.ones((1, 2)), np.ones(1), np.ones((0, 1)), None], ids=repr)
def test_a_start_of_the_wrong_shape_is_broken(ran: Any, start: Any) -> None:
    report = ran(a <= k, start=start if start is not None else [[1.0]])
    assert verdict(report) == "broken"


ODD = st.sampled_from([nan, inf, -inf])
PLAIN = st.sampled_from([0.0, 0.5, 2.0])


def test_wherever_an_odd_number_stands_only_what_came_before_counts(ran: Any, effort: int) -> None:
    """Reference: the first odd state, and whether a state before it is above 1."""

    @settings(max_examples=60 * effort, deadline=None, derandomize=True, database=None)
    @given(st.lists(PLAIN | ODD, min_size=STEPS + 1, max_size=STEPS + 1))
    def judged(values: list[float]) -> None:
        odd = next((i for i, one in enumerate(values) if not math.isfinite(one)), len(values))
        if any(one > 1 for one in values[:odd]):
            expected = "violated"
        else:
            expected = "broken" if odd < len(values) else "held"
        assert verdict(ran(a=values)) == expected

    judged()

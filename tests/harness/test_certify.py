"""What balls are asked about: the right step sizes, and what happens when they contradict."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from experiments.two_layer.quantities import QUANTITIES
from harness import Claim, Hypothesis, Step, Theorem, check
from harness.judging.row import Finding
from harness.options import Options
from harness.symbols import eta, grad_norm, loss, t
from harness.vocabulary.verdict import Verdict

GIVEN: dict[str, Any] = {
    "data": "given", "X": [[1]], "Y": [[4]], "init": "given", "W1": [[2]], "W2": [[1]],
}  # fmt: skip


def judged(theorem: Theorem, **more: Any) -> Finding:
    report = check(theorem, options=Options(configuration={**GIVEN, **more}))
    (row,) = report.rows
    return row.finding


@pytest.mark.parametrize(
    ("claim", "verdict"), [(eta <= eta.at(0), "violated"), (eta > eta.at(0), "held")]
)
def test_the_first_step_size_of_a_growing_rule_is_the_first(claim: Any, verdict: str) -> None:
    growing = Theorem(
        title="The step never grows",
        id="growing",
        claims=[Claim("step", claim, start=1)],
        step=Step(rules={"growing": (t + 1) / 100}),
    )
    found = judged(growing, steps=4, step_size={"rule": "growing", "of": "growing@1"})
    assert found.verdict == verdict
    assert found.certified == ("violated" if verdict == "violated" else "")


def mismeasured(patch: pytest.MonkeyPatch, name: str, factor: float) -> None:
    """The engine measures the quantity wrongly; its enclosure does not."""
    honest = QUANTITIES[name]

    def wrong(state: Any) -> Any:
        found = honest(state)
        return dataclasses.replace(found, value=factor * found.value)

    patch.setitem(QUANTITIES, name, wrong)


def test_a_violation_that_its_enclosure_denies_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    # n = m = h = 1: |grad L|^2 = E^2 (w1^2 + w2^2) = 20, and L = 2
    theorem = Theorem(title="T", claims=[Claim("c", grad_norm**2 <= 11 * loss)])
    assert judged(theorem, step_size=0.0).verdict is Verdict.HELD
    mismeasured(monkeypatch, "grad_norm", 2.0)
    found = judged(theorem, step_size=0.0)
    assert found.verdict is Verdict.BROKEN
    assert "one of the two is wrong" in found.reason


def test_a_hypothesis_that_its_enclosure_denies_breaks_a_violation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = Hypothesis("small", "the gradient is small", grad_norm <= 1)
    theorem = Theorem(title="T", claims=[Claim("c", loss <= 1)], hypotheses=[small])
    assert judged(theorem, step_size=0.0).verdict is Verdict.VOID
    mismeasured(monkeypatch, "grad_norm", 0.1)
    found = judged(theorem, step_size=0.0)
    assert found.verdict is Verdict.BROKEN
    assert "a hypothesis was measured to hold" in found.reason


def test_a_violation_that_its_enclosure_confirms_is_certified() -> None:
    found = judged(Theorem(title="T", claims=[Claim("c", loss <= 1)]), step_size=0.0)
    assert (found.verdict, found.certified, found.rule) == (Verdict.VIOLATED, "violated", "ball")


def test_balls_on_the_bound_do_not_undo_a_certain_violation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theorem = Theorem(title="T", claims=[Claim("c", grad_norm**2 <= 10 * loss)])
    assert judged(theorem, step_size=0.0).certified == "equality"
    mismeasured(monkeypatch, "grad_norm", 1 + 1e-12)
    assert judged(theorem, step_size=0.0).verdict is Verdict.VIOLATED

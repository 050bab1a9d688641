"""Ball arithmetic along a run whose step changes: a step read at step 0 is the first one."""

from __future__ import annotations

from harness import Claim, Step, Theorem, Verdict, check
from harness.session import Options
from harness.symbols import eta, loss, t
from harness.vocabulary.symbol import Named

CONFIGURATION = {
    "data": "given", "X": [[1]], "Y": [[2]], "init": "given", "W1": [[1]], "W2": [[1]],
    "steps": 3, "step_size": {"rule": "fading", "of": "mine@1"},
}  # fmt: skip


def found(bound: float, first: Named) -> tuple[Verdict, int | None, str]:
    """Of first * L(0) <= bound * L(0), with steps 0.01, 0.0025, ...; L(0) = 1/2."""
    theorem = Theorem(
        title="M",
        id="mine",
        claims=[Claim("c", first * loss.at(0) <= bound * loss.at(0), start=1)],
        step=Step(rules={"fading": 1 / (100 * (1 + t) ** 2)}),
    )
    report = check(theorem, options=Options(configuration=CONFIGURATION))
    (row,) = report.rows
    return row.finding.verdict, row.finding.step, row.finding.certified


def test_the_first_step_is_the_first_step_at_every_later_one() -> None:
    assert found(0.005, eta.at(0)) == (Verdict.VIOLATED, 1, "violated")


def test_the_present_step_is_its_own() -> None:
    assert found(0.005, eta)[0] is Verdict.HELD
    assert found(0.002, eta) == (Verdict.VIOLATED, 1, "violated")

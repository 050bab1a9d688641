"""A row's figures do not depend on what stood beside it in its block."""

from __future__ import annotations

from typing import Any

from harness import Claim, Definition, Theorem, experiment, reals, symbol
from harness.discovery import finder
from harness.running.jobs import run_task
from harness.running.task import Task
from harness.vocabulary.verdict import Verdict

shared = symbol("shared_part", "what both sides are made of", "run")
low = symbol("low_part", "of the smaller side", "run")
high = symbol("high_part", "of the larger side", "run")
left = Definition("left", shared + low)
right = Definition("right", shared + high)


@experiment(emits=[shared, low, high], x=reals(0, 10), blur=reals(0, 10))
def blurred(x: float, blur: float) -> dict[Any, Any]:
    """The shared part is known up to ``blur`` only."""
    return {shared: (x, blur), low: (x / 3, 1e-3), high: (x / 3 + 0.7, 1e-3)}


theorem = Theorem(title="T", claims=(Claim("ordered", left <= right),))


def test_narrowing_one_row_leaves_its_neighbours_as_they_are() -> None:
    sharp = [{"x": 0.1 * k, "blur": 1e-3 * k} for k in range(1, 30)]
    vague = {"x": 1.7, "blur": 9.0}
    block = run_task(Task(theorem, blurred, (*sharp, vague)), finder.theorem)
    alone = [run_task(Task(theorem, blurred, (one,)), finder.theorem)[0] for one in sharp]
    assert [repr(row) for row in block[:-1]] == [repr(row) for row in alone]
    # the vague row is settled only because what both sides share cancels
    assert block[-1].finding.verdict is Verdict.HELD

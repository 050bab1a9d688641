"""Hypotheses that are never met are named; those met on some runs are counted."""

from __future__ import annotations

from typing import Any

from harness import Claim, Hypothesis, Theorem, Verdict, check, experiment, integers, symbol
from harness.judging.row import Row
from harness.report import Report
from harness.session import Options
from harness.transcription.alive import Share, idle, shares

n = symbol("n", "size", "configuration")
x = symbol("x", "the size again", "run")


@experiment(emits=[n, x], n=integers(1, 1000))
def sizes(n: int) -> dict[Any, Any]:
    if n == 13:
        raise RuntimeError("no value")
    return {x: float(n)}


SMALL = Hypothesis("small", "x <= 400", x <= 400)
LARGE = Hypothesis("large", "x >= 401", x >= 401)
HUGE = Hypothesis("huge", "x > 5000", x > 5000)


def report(*hypotheses: Hypothesis, **options: Any) -> Report:
    claims = [Claim("c", x <= 2 * n), Claim("d", x <= 3 * n, trivial=3 * n)]
    theorem = Theorem(title="T", id="t", claims=claims, hypotheses=hypotheses)
    return check(theorem, experiments=[sizes], options=Options(experiment="sizes", **options))


def sound(found: Report) -> list[Row]:
    """The rows of runs that gave a value: 13 gives none."""
    return [row for row in found.rows if row.finding.verdict is not Verdict.BROKEN]


def judged(found: Report) -> int:
    """How many runs gave a value; every run has two claims."""
    return len(sound(found)) // 2


def test_a_hypothesis_that_is_never_met_is_named_alone() -> None:
    found = report(SMALL, HUGE)
    runs = judged(found)
    assert idle(found) == [f"t@1: never met in {runs} runs: huge"]


def test_hypotheses_never_met_together_are_named_together() -> None:
    found = report(SMALL, LARGE)
    assert idle(found) == [f"t@1: never met together in {judged(found)} runs: small, large"] or (
        idle(found) == [f"t@1: never met together in {judged(found)} runs: large, small"]
    )


def test_a_theorem_that_spoke_is_not_named_even_where_all_it_said_was_vacuous() -> None:
    assert idle(report(SMALL)) == []
    assert idle(report()) == []


def test_shares_count_the_runs_on_which_each_was_met() -> None:
    found = report(SMALL)
    values = [row.finding for row in sound(found) if row.claim == "c"]
    void = sum(bool(one.hypotheses_broken) for one in values)
    assert 0 < void < len(values)
    assert shares(found) == [Share("t", 1, "small", len(values) - void, len(values))]
    assert shares(report()) == []


def test_broken_runs_say_nothing() -> None:
    broken = report(HUGE, configuration={"n": 13})
    assert (idle(broken), shares(broken)) == ([], [])
    one = report(HUGE, configuration={"n": 14})
    assert idle(one) == ["t@1: never met in 1 run: huge"]
    assert shares(one) == [Share("t", 1, "huge", 0, 1)]


def test_the_closing_lines_of_a_check_name_it(cli: Any, write: Any, tmp_path: Any) -> None:
    path = write(
        "from harness import Claim, Hypothesis, Theorem, experiment, integers, symbol\n"
        "n = symbol('n', 'size', 'configuration')\n"
        "x = symbol('x', 'same', 'run')\n"
        "@experiment(emits=[n, x], n=integers(1, 3))\n"
        "def same(n):\n    return {x: n}\n"
        "mine = Theorem(title='M', claims=[Claim('c', x <= 2 * n)],\n"
        "    hypotheses=[Hypothesis('huge', 'x > 9', x > 9)])\n",
        "mine.py",
    )
    found = cli("check", path, "--out", tmp_path / "out")
    assert found.code == 3
    assert "mine@1: never met in 3 runs: huge" in found.out

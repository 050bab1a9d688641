"""A search for a violation of a claim about chance: explored, frozen, confirmed on fresh runs."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from harness import Claim, Probability, Theorem, Verdict, experiment, integers, stress, symbol
from harness.searching.explore import EXPLORATION

n = symbol("n", "which coin", "configuration")
fails = symbol("fails", "1 when the coin fails", "run")


def coins(worst: float) -> Any:
    """A coin that fails with probability 0.2, but the thirteenth one with another."""

    @experiment(emits=[n, fails], n=integers(1, 40))
    def coin(n: int, rng: Any) -> dict[Any, Any]:
        return {fails: int(rng.random() < (worst if n == 13 else 0.2))}

    return coin


def law(delta: float) -> Theorem:
    return Theorem(
        title="L", id="law", claims=[Claim("c", fails <= 0, kind=Probability(delta, "rng"))]
    )


def test_the_false_configuration_is_found_and_confirmed() -> None:
    found = stress(law(0.2), "c", coins(0.9), seed=1, budget=200)
    row = found.confirmation
    assert row is not None
    assert row.finding.verdict is Verdict.VIOLATED
    assert '"n":13' in row.configuration
    assert found.code == 1
    assert found.tried == len(found.discovered) > 5
    assert {one.origin for one in found.discovered} == {"discovery"}
    assert {one.finding.verdict for one in found.discovered} == {Verdict.UNDECIDED}
    assert {one.samples_planned for one in found.discovered} == {EXPLORATION}


def test_a_true_claim_is_supported_on_fresh_runs_only() -> None:
    found = stress(law(0.5), "c", coins(0.2), seed=1, budget=50)
    assert found.confirmation is not None
    assert found.confirmation.finding.verdict is Verdict.HELD
    assert found.code == 0
    explored = {one.configuration for one in found.discovered}
    assert found.confirmation.configuration not in explored


def test_a_search_is_the_same_again() -> None:
    first, second = (stress(law(0.2), "c", coins(0.3), seed=4, budget=30) for _ in range(2))
    assert [repr(row) for row in first.rows] == [repr(row) for row in second.rows]


FILE = """
from harness import Claim, Hypothesis, Probability, Theorem, Verdict, experiment, integers, symbol
n = symbol("n", "which coin", "configuration")
fails = symbol("fails", "1 when the coin fails", "run")


@experiment(emits=[n, fails], n=integers(1, 9))
def coin(n, rng):
    if n == BREAKS:
        raise RuntimeError("no such coin")
    return {fails: int(rng.random() < 0.2)}


mine = Theorem(title="M", hypotheses=[HYPOTHESIS], claims=[
    Claim("true", fails <= 0, kind=Probability(0.5, "rng")),
    Claim("false", fails <= 0, kind=Probability(0.05, "rng"), expected=Verdict.VIOLATED,
          because="the coin fails more often"),
    Claim("sure", fails <= 1),
])
"""


@pytest.fixture
def stressed(cli: Any, write: Any, table: Any, tmp_path: Path) -> Any:
    def call(hypothesis: str = "", breaks: int = 0) -> tuple[int, str, list[dict[str, str]]]:
        text = FILE.replace("HYPOTHESIS", hypothesis).replace("BREAKS", str(breaks))
        path = write(text, "mine.py")
        found = cli("stress", path, "--budget", 12, "--out", tmp_path / "out")
        return found.code, found.out, table(tmp_path / "out" / "checks.csv")

    return call


def test_only_confirmations_have_a_verdict(
    stressed: Any, cli: Any, table: Any, tmp_path: Path
) -> None:
    code, told, rows = stressed()
    assert code == 0
    assert "corrected over 2 chance claims" in told
    chance = [row for row in rows if row["kind"] == "probability"]
    assert {row["origin"] for row in chance} == {"discovery", "confirmation"}
    assert {r["verdict"] for r in chance if r["origin"] == "discovery"} == {"undecided"}
    assert {r["p_value"] for r in chance if r["origin"] == "discovery"} == {""}
    confirmed = {r["claim"]: r for r in chance if r["origin"] == "confirmation"}
    verdicts = {claim: row["verdict"] for claim, row in confirmed.items()}
    assert verdicts == {"true": "held", "false": "violated"}
    (summary,) = (r for r in table(tmp_path / "out" / "summary.csv") if r["claim"] == "false")
    assert (summary["verdict"], summary["checks"]) == ("violated", "1")
    # each row of either kind comes again from its own command
    looked = next(r for r in chance if r["origin"] == "discovery" and r["claim"] == "true")
    for row in (confirmed["true"], looked):
        cli(*shlex.split(row["reproduce"])[1:], "--out", tmp_path / "again", "--quiet")
        same = {r["claim"]: r for r in table(tmp_path / "again" / "checks.csv")}[row["claim"]]
        for name in ("value", "samples", "fingerprint", "bound"):
            assert same[name] == row[name]
    sure = next(row for row in rows if row["claim"] == "sure")
    cli(*shlex.split(sure["reproduce"])[1:], "--out", tmp_path / "again", "--quiet")
    same = {r["claim"]: r for r in table(tmp_path / "again" / "checks.csv")}["sure"]
    assert (same["verdict"], same["fingerprint"]) == (sure["verdict"], sure["fingerprint"])


def test_where_no_hypothesis_is_met_nothing_was_tested(stressed: Any) -> None:
    code, _, rows = stressed('Hypothesis("no", "fails is negative", fails < 0)')
    assert code == 1  # the claim known to be false was not refuted
    assert "confirmation" not in {row["origin"] for row in rows}


def test_a_broken_configuration_fails_the_search(stressed: Any) -> None:
    code, _, rows = stressed(breaks=1)
    assert code == 1
    assert "broken" in {row["verdict"] for row in rows}

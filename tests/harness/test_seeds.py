"""The dice of a claim about chance: fixed by the campaign, never met twice, the same everywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness import UsageError
from harness.running.seeds import MAX_REPLICATES_A_ROW, derived, replicates


def seeds(configuration: dict[str, Any], count: int = 5, *label: str) -> list[int]:
    label = label or ("statement", "experiment")
    return [one["seed"] for one in replicates(configuration, count, 0, *label)]


def test_no_two_replicates_of_a_row_share_a_seed() -> None:
    """32 bits of a hash would collide once in twenty thousand with probability 5 %."""
    found = seeds({"seed": 7}, MAX_REPLICATES_A_ROW)
    assert len(set(found)) == MAX_REPLICATES_A_ROW
    assert all(0 <= one < 2**63 for one in (min(found), max(found)))


def test_a_search_cannot_roll_the_dice_again() -> None:
    base = seeds({"seed": 7, "epsilon": 0.5, "n": 4})
    assert seeds({"seed": 7, "epsilon": 0.5000001, "n": 4}) == base
    assert seeds({"seed": 7, "n": 5, "parameters": {"c": 0.1}}) == base


def test_campaign_statement_and_experiment_have_dice_of_their_own() -> None:
    rolls = [
        seeds({"seed": 7}),
        seeds({"seed": 8}),
        seeds({"seed": 7}, 5, "other statement", "experiment"),
        seeds({"seed": 7}, 5, "statement", "other experiment"),
        seeds({"seed": 7}, 5, "statementexperiment", ""),
        [one["seed"] for one in replicates({"seed": 7}, 5, 5, "statement", "experiment")],
    ]
    assert len({one for roll in rolls for one in roll}) == 30


def test_more_replicates_continue_the_same_dice() -> None:
    assert seeds({"seed": 7}, 9)[:5] == seeds({"seed": 7}, 5)


def test_replicates_beyond_a_million_are_refused() -> None:
    with pytest.raises(UsageError, match="one row has at most 1048576"):
        replicates({"seed": 7}, MAX_REPLICATES_A_ROW, 1, "statement")


def test_derived_seeds_differ_and_fit_any_library() -> None:
    found = {derived(seed, part, k) for seed in (0, 1) for part in "ab" for k in range(500)}
    assert len(found) == 2000
    assert max(found) < 2**63


DICE = """
from harness import Claim, Probability, Theorem, experiment, reals, symbol
from sympy import Rational
x = symbol("x", "a uniform number", "run")


@experiment(emits=[x], a=reals(0, 1))
def dice(a, rng):
    return {x: float(rng.random())}


mine = Theorem(title="M", claims=[
    Claim("half", x <= Rational(1, 2), kind=Probability(Rational(3, 5), "rng"), WITNESS)])
"""


def test_every_configuration_of_a_campaign_meets_the_same_dice(
    cli: Any, few: Any, write: Any, table: Any, tmp_path: Path
) -> None:
    few(3, chance_configurations=3)
    path = write(DICE.replace("WITNESS", ""), "dice.py")
    shares = []
    for seed in (5, 6):
        assert cli("check", path, "--seed", seed, "--out", tmp_path / str(seed)).code in (0, 3)
        rows = table(tmp_path / str(seed) / "checks.csv")
        assert len({row["config"] for row in rows}) == 3
        assert {json.loads(row["config"])["seed"] for row in rows} == {seed}
        shares.append({row["value"] for row in rows})
    assert [len(one) for one in shares] == [1, 1]
    assert shares[0] != shares[1]


def test_a_witness_names_no_seed_of_its_own(
    cli: Any, few: Any, write: Any, table: Any, tmp_path: Path
) -> None:
    few(1)
    path = write(DICE.replace("WITNESS", 'witness={"a": 0.25, "seed": 99}'), "dice.py")
    cli("check", path, "--seed", 5, "--out", tmp_path / "out")
    rows = table(tmp_path / "out" / "checks.csv")
    assert {json.loads(row["config"])["seed"] for row in rows} == {5}
    assert "witness" in {row["origin"] for row in rows}


def test_what_was_planned_is_registered_before(
    cli: Any, few: Any, write: Any, tmp_path: Path
) -> None:
    few(1, chance_configurations=2)
    kept = []
    for index, text in enumerate((DICE, DICE.replace("reals(0, 1)", "reals(0, 2)"))):
        path = write(text.replace("WITNESS", ""), "dice.py")
        for _ in range(2):
            cli("check", path, "--out", tmp_path / str(index), "--quiet")
            kept.append(json.loads((tmp_path / str(index) / "run.json").read_text()))
    first, again, wider, _ = kept
    assert first["spaces"] == again["spaces"] != wider["spaces"]
    (planned,) = first["budget"].values()
    assert list(first["budget"]) == ["dice@1 half on dice"]
    assert len(planned) == 2
    assert min(planned) >= 10

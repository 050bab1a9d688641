"""The scoreboard: what is found is said so, what is missed or falsely accused is, too."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

PAIR = '''
from fractions import Fraction
from harness import Claim, Hypothesis, Theorem, Verdict, experiment, reals, symbol

square = symbol("square", "x^2", "run")

@experiment(emits=[square], x=reals(-2, 2))
def number(x):
    return {square: Fraction(x) ** 2}

false = Theorem(title="Small squares", claims=[
    Claim("small", square <= FALSE, expected=Verdict.VIOLATED, because="2^2 = 4")])
true = Theorem(title="Squares", hypotheses=[Hypothesis("far", "x is far out", square >= FAR)],
               claims=[Claim("bounded", square <= TRUE)])
'''


def pair(false: str = "1", true: str = "4", far: str = "0") -> str:
    return PAIR.replace("FALSE", false).replace("TRUE", true).replace("FAR", far)


@pytest.fixture
def board(shell: Any, root: Path, tmp_path: Path) -> Any:
    """Runs the scoreboard on pairs given as text; further words are options."""

    def run(pairs: dict[str, str], *options: str) -> Any:
        folder = tmp_path / "pairs"
        folder.mkdir(exist_ok=True)
        for name, text in pairs.items():
            (folder / f"{name}.py").write_text(text)
        limits = ["--seeds", "1", "--budget", "60", "--pairs", str(folder), "--out", "out"]
        return shell(root / "benchmarks" / "falsify.py", *limits, *options, path=[root])

    return run


def line(done: Any, name: str) -> list[str]:
    """The columns of a pair's line before the configuration: found, ..., certain, quiet."""
    (found,) = (one for one in done.out.splitlines() if one.startswith(f"{name} "))
    return [word for word in found.split()[2:] if word]


def test_a_false_claim_is_found_and_its_neighbour_stays_quiet(board: Any, tmp_path: Path) -> None:
    done = board({"a": pair()}, "--seeds", "2")
    assert done.code == 0, done.out + done.err
    found, evaluations, _, certain, quiet, *_ = line(done, "a")
    assert (found, certain, quiet) == ("2/2", "2/2", "2/2")
    assert 1 <= int(evaluations) <= 60
    assert "x=2  violated" in done.out
    assert "found 2/2, certain 2/2, quiet 2/2" in done.out
    with (tmp_path / "out" / "falsification.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["seed"], row["theorem"], row["violated"]) for row in rows] == [
        ("0", "false", "True"), ("0", "true", "False"),
        ("1", "false", "True"), ("1", "true", "False"),
    ]  # fmt: skip
    assert {row["complexity"] for row in rows if row["violated"] == "True"} == {"3.0"}
    assert all(row["met"] == row["tried"] for row in rows if row["theorem"] == "true")


def test_what_is_not_found_is_not_called_found(board: Any) -> None:
    done = board({"a": pair(false="4")})
    assert done.code == 1
    assert line(done, "a") == ["0/1", "-", "-", "0/1", "1/1", "-"]
    assert "a, seed 0: false small is false and was not refuted (" in done.out


def test_an_accused_neighbour_is_not_quiet(board: Any) -> None:
    done = board({"a": pair(true="3")})
    assert done.code == 1
    found, _, _, _, quiet, *_ = line(done, "a")
    assert (found, quiet) == ("1/1", "0/1")
    assert "a, seed 0: true bounded is true and was called violated at x=" in done.out


def test_a_neighbour_that_is_never_asked_is_not_quiet(board: Any) -> None:
    done = board({"a": pair(far="5")})
    assert done.code == 1
    assert line(done, "a")[4] == "0/1"
    assert "a, seed 0: true bounded was never put to the test (" in done.out


def test_a_neighbour_that_breaks_is_not_quiet(board: Any) -> None:
    breaking = pair().replace("return {", "if x > 1: raise ValueError('no')\n    return {")
    done = board({"a": breaking.replace("square <= 1", "square <= 0")})
    assert done.code == 1
    assert (line(done, "a")[0], line(done, "a")[4]) == ("1/1", "0/1")
    assert "true bounded broke on " in done.out


def test_a_pair_that_does_not_load_spoils_no_other(board: Any) -> None:
    done = board({"a": pair(), "b": "import nothing_of_that_name"})
    assert done.code == 1
    assert line(done, "a")[0] == "1/1"
    assert line(done, "b")[0] == "0/1"
    assert "b, seed 0: no result: exit code 2: " in done.out
    assert "nothing_of_that_name" in done.out


def test_finished_searches_are_kept_until_the_pair_changes(board: Any, tmp_path: Path) -> None:
    table = tmp_path / "out" / "falsification.csv"
    board({"a": pair(), "b": pair()})
    first = table.read_text()
    board({"b": pair(true="5")})
    second = table.read_text()

    def of(text: str, name: str) -> list[str]:
        return [one for one in text.splitlines() if one.startswith(f"{name},")]

    # the seconds are measured anew by a new search only
    assert of(first, "a") == of(second, "a")
    assert of(first, "b") != of(second, "b")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--seeds", "0"], "--seeds 0: must be positive"),
        (["--jobs", "-1"], "--jobs -1: must be positive"),
        (["--only", "zz"], "--only zz: no pair of that name"),
    ],
)
def test_bad_input_is_refused(board: Any, options: list[str], told: str) -> None:
    done = board({"a": pair()}, *options)
    assert (done.code, done.out) == (2, "")
    assert told in done.err

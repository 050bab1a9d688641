"""The scoreboard: what is found is said so, what is missed or falsely accused is, too."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

PAIR = """
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
"""


def pair(false: str = "1", true: str = "4", far: str = "0") -> str:
    return PAIR.replace("FALSE", false).replace("TRUE", true).replace("FAR", far)


ROOT = Path(__file__).resolve().parents[2]
BREAKING = pair(false="0").replace("return {", "if x > 1: raise ValueError('no')\n    return {")
PAIRS = {
    "good": pair(),
    "unfound": pair(false="4"),
    "accused": pair(true="3"),
    "unasked": pair(far="5"),
    "broken": BREAKING,
    "unloadable": "import nothing_of_that_name",
}

Done = subprocess.CompletedProcess[str]


def run(folder: Path, pairs: dict[str, str], *options: str) -> Done:
    """The scoreboard on pairs given as text, with one seed and few evaluations."""
    (folder / "pairs").mkdir(exist_ok=True)
    for name, text in pairs.items():
        (folder / "pairs" / f"{name}.py").write_text(text)
    script = [sys.executable, str(ROOT / "benchmarks" / "falsify.py"), "--seeds", "1"]
    limits = ["--budget", "60", "--pairs", "pairs", "--out", "out"]
    return subprocess.run(
        [*script, *limits, *options], capture_output=True, text=True, check=False, cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("board")


@pytest.fixture(scope="module")
def board(folder: Path) -> Done:
    return run(folder, PAIRS)


def line(done: Done, name: str) -> list[str]:
    """The columns of a pair's line: found, evaluations, seconds, certain, quiet, configuration."""
    (found,) = (one for one in done.stdout.splitlines() if one.startswith(f"{name} "))
    return found.split()[2:]


def test_a_false_claim_is_found_and_its_neighbour_stays_quiet(board: Done, folder: Path) -> None:
    found, evaluations, _, certain, quiet, *shown = line(board, "good")
    assert (found, certain, quiet) == ("1/1", "1/1", "1/1")
    assert 1 <= int(evaluations) <= 60
    assert shown == ["x=2", "violated"]
    with (folder / "out" / "falsification.csv").open(newline="") as file:
        false, true = (row for row in csv.DictReader(file) if row["pair"] == "good")
    assert (false["theorem"], false["violated"], false["complexity"]) == ("false", "True", "3.0")
    assert (true["theorem"], true["violated"], true["complexity"]) == ("true", "False", "")
    # what is missing to the budget of 60 went into gradients
    assert 0 < int(true["met"]) <= int(true["tried"])
    assert 50 <= int(true["tried"]) <= 60


@pytest.mark.parametrize(
    ("name", "found", "quiet", "complaint"),
    [
        ("unfound", "0/1", "1/1", "false small is false and was not refuted ("),
        ("accused", "1/1", "0/1", "true bounded is true and was called violated at x="),
        ("unasked", "1/1", "0/1", "true bounded was never put to the test ("),
        ("broken", "1/1", "0/1", "true bounded broke on "),
        ("unloadable", "0/1", "0/1", "no result: exit code 2: "),
    ],
)
def test_what_goes_wrong_is_said(
    board: Done, name: str, found: str, quiet: str, complaint: str
) -> None:
    assert board.returncode == 1
    columns = line(board, name)
    assert (columns[0], columns[4]) == (found, quiet)
    assert f"{name}, seed 0: {complaint}" in board.stdout


def test_the_totals_count_pairs(board: Done) -> None:
    assert "found 4/6, certain 4/6, quiet 2/6;" in board.stdout


def test_finished_searches_are_kept_until_the_pair_changes(board: Done, folder: Path) -> None:
    def of(name: str) -> list[str]:
        table = (folder / "out" / "falsification.csv").read_text()
        return [one for one in table.splitlines() if one.startswith(f"{name},")]

    good, accused = of("good"), of("accused")
    again = run(folder, {"accused": pair(true="5")}, "--only", "good", "accused")
    # the seconds are measured anew by a new search only
    assert (of("good"), of("accused") == accused) == (good, False)
    assert again.returncode == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--seeds", "0"], "--seeds 0: must be positive"),
        (["--jobs", "-1"], "--jobs -1: must be positive"),
        (["--only", "zz"], "--only zz: no pair of that name"),
    ],
)
def test_bad_input_is_refused(tmp_path: Path, options: list[str], told: str) -> None:
    done = run(tmp_path, {"good": pair()}, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert not (tmp_path / "out").exists()

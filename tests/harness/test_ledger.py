"""The ledger: evidence over nights, fresh dice each, whole after kill -9, other files refused."""

from __future__ import annotations

import csv
import fcntl
import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from harness.judging.nights import Key, Process, enter
from harness.judging.row import Finding, Row
from harness.judging.statistics import LEVEL
from harness.storing.ledger import COLUMNS, read_ledger
from harness.vocabulary.verdict import Verdict

COIN = """
import time
from harness import Claim, Expectation, Probability, Theorem, experiment, integers, symbol
n = symbol("n", "which coin", "configuration")
fails = symbol("fails", "1 when the coin fails", "run")


@experiment(emits=[n, fails], n=integers(1, 1000))
def coin(n, rng):
    PAUSE
    return {fails: int(rng.random() < 0.1)}


mine = Theorem(title="M", claims=[
    Claim("rare", fails <= 0, kind=Probability(DELTA, "rng")),
    Claim("mean", fails <= 0.2, kind=Expectation("rng", upper=1, resolution=0.8)),
    Claim("sure", fails <= 1),
])
"""


def coin(delta: float = 0.15, pause: str = "pass") -> str:
    return COIN.replace("DELTA", str(delta)).replace("PAUSE", pause)


@pytest.fixture
def night(cli: Any, few: Any, tmp_path: Path, table: Any) -> Any:
    """One run with the ledger; exit code, output, and rows by origin."""

    def run(path: Path, *words: object) -> tuple[int, str, dict[str, list[dict[str, str]]]]:
        few(2, chance_configurations=2)
        ledger = tmp_path / "ledger.csv"
        found = cli("check", path, "--ledger", ledger, "--out", tmp_path / "out", *words)
        rows: dict[str, list[dict[str, str]]] = {}
        for row in table(tmp_path / "out" / "checks.csv"):
            rows.setdefault(row["origin"], []).append(row)
        return found.code, found.out + found.err, rows

    return run


def lines(tmp_path: Path) -> list[dict[str, str]]:
    with (tmp_path / "ledger.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_nights_add_up_with_dice_of_their_own(night: Any, write: Any, tmp_path: Path) -> None:
    path = write(coin(), "mine.py")
    seen: list[str] = []
    runs = failures = 0
    for count in (1, 2, 3):
        _, told, rows = night(path)
        evidence = [row for row in rows["evidence"] if row["claim"] == "rare"]
        seen += [json.dumps(json.loads(row["config"])["seed"]) for row in evidence]
        runs += sum(int(row["samples"]) for row in evidence)
        failures += sum(round(float(row["value"]) * int(row["samples"])) for row in evidence)
        line = {one["claim"]: one for one in lines(tmp_path)}["rare"]
        assert (line["nights"], line["runs"]) == (str(count), str(runs))
        assert line["failures"] == str(failures)
        assert f"{count} night" in told
        verdicts = {row["claim"]: row["verdict"] for row in rows["ledger"]}
        assert verdicts["rare"] == line["verdict"]
        assert {row["verdict"] for row in rows["evidence"]} == {"undecided"}
        assert {row["claim"] for row in rows["draw"]} == {"sure"}
        assert {row["verdict"] for row in rows["draw"]} == {"held"}
    assert len(set(seen)) == len(seen) == 6
    # the wealth of a bet at 1.35 delta, from the counts alone
    wealth = float(line["wealth_against"][1:-1].split()[0])
    expected = failures * math.log(1.35) + (runs - failures) * math.log(
        (1 - 1.35 * 0.15) / (1 - 0.15)
    )
    assert wealth == pytest.approx(expected, rel=1e-9)
    assert verdicts == {"rare": "held", "mean": "held"}


def test_a_false_claim_is_violated_and_stays_so(night: Any, write: Any, tmp_path: Path) -> None:
    path = write(coin(0.03), "mine.py")
    for _ in range(2):
        code, told, rows = night(path)
        verdicts = {row["claim"]: row["verdict"] for row in rows["ledger"]}
        assert verdicts["rare"] == "violated"
        assert code == 1
        assert "violated at 2.22" in told


def test_a_changed_statement_starts_again_and_old_lines_stay(
    night: Any, write: Any, tmp_path: Path
) -> None:
    night(write(coin(), "mine.py"))
    before = lines(tmp_path)
    night(write(coin(0.16), "mine.py"))
    after = lines(tmp_path)
    assert after[:2] == before
    assert [one["order"] for one in after] == ["1", "2", "3", "4"]
    assert {one["first_night"] for one in after[2:]} == {"2"}
    assert {one["nights"] for one in after} == {"1"}


def test_the_levels_sum_to_the_level_however_many_enter() -> None:
    key = Key("t", 1, "c", "e", "probability", "s")
    shares = [Process(key, order, 1).level for order in range(1, 100_001)]
    assert sum(shares) < LEVEL
    assert sum(shares) > 0.99999 * LEVEL
    assert shares == sorted(shares, reverse=True)


def evidence(log_wealth: float, support: float = 0.0) -> Row:
    finding = Finding(
        Verdict.UNDECIDED, value=0.1, bound=0.1, samples=10, failures=1,
        against=(log_wealth,), support=((support,),),
    )  # fmt: skip
    return Row(
        theorem="t", version=1, reading="", claim="c", experiment="e", expected=Verdict.HELD,
        kind="probability", quantity="x", sense="<=", fingerprint="f", configuration="{}",
        finding=finding,
    )  # fmt: skip


def test_a_later_statement_needs_more_evidence_and_a_refuted_one_stays_refuted() -> None:
    keys = [Key("t", 1, name, "e", "probability", "s") for name in "ab"]
    needed = [math.log(math.pi**2 * k**2 / (6 * LEVEL)) for k in (1, 2)]
    assert needed[1] - needed[0] == pytest.approx(math.log(4))
    first = enter((), 1, [(key, [evidence(needed[0] + 1e-6)]) for key in keys])
    assert [one.verdict for one in first] == [Verdict.VIOLATED, Verdict.UNDECIDED]
    later = enter(first, 2, [(key, [evidence(-50.0, 100.0)]) for key in keys])
    assert [one.verdict for one in later] == [Verdict.VIOLATED, Verdict.HELD]
    assert [one.nights for one in later] == [2, 2]


def test_the_pace_says_what_is_missing() -> None:
    key = Key("t", 1, "c", "e", "probability", "s")
    (process,) = enter((), 1, [(key, [evidence(-1.0, math.log(10.0))])])
    assert "1 more night at this pace until held" in process.told()
    (process,) = enter((), 1, [(key, [evidence(math.log(10.0), -1.0)])])
    assert "2 more nights at this pace until violated" in process.told()
    (process,) = enter((), 1, [(key, [evidence(-1.0, -1.0)])])
    assert "no pace towards either side yet" in process.told()


HEADER = ",".join(COLUMNS)


def damaged(text: str) -> list[tuple[str, str]]:
    line = text.splitlines()[1]
    cells = next(csv.reader([line]))

    def with_cell(name: str, value: str) -> str:
        changed = list(cells)
        changed[COLUMNS.index(name)] = value
        return f"{HEADER}\n{','.join(changed)}\n"

    return [
        ("", "is not a ledger"),
        ("a,b\n1,2\n", "is not a ledger"),
        (text[: len(text) // 2], "is not a ledger"),
        (f"{HEADER}\n{line[: len(line) // 2]}\n", "line 2 is damaged"),
        (f"{HEADER}\n{line}\n{line}\n", "line 3 is damaged"),
        (with_cell("schema", "2"), "line 2 is damaged"),
        (with_cell("runs", "many"), "line 2 is damaged"),
        (with_cell("runs", "0"), "impossible counts"),
        (with_cell("failures", "999999"), "impossible counts"),
        (with_cell("nights", "2"), "impossible counts"),
        (with_cell("order", "2"), "out of order"),
        (with_cell("verdict", "held"), "does not follow"),
        (with_cell("wealth_against", "[0.0 nan]"), "no number"),
        (with_cell("wealth_against", "[]"), "no number"),
        (with_cell("wealth_against", "0.5"), "without brackets"),
        (with_cell("wealth_against", "[500.0]"), "does not follow"),
    ]


def test_a_damaged_or_foreign_file_is_refused_and_left_alone(
    cli: Any, night: Any, write: Any, tmp_path: Path
) -> None:
    path = write(coin(0.101), "mine.py")
    night(path)
    ledger = tmp_path / "ledger.csv"
    for text, expected in damaged(ledger.read_text()):
        ledger.write_text(text)
        out = tmp_path / "fresh"
        found = cli("check", path, "--ledger", ledger, "--out", out)
        assert (found.code, found.out) == (2, ""), expected
        assert expected in found.sentence
        assert "nothing was written" in found.sentence
        assert ledger.read_text() == text
        assert not list(out.iterdir())
    ledger.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read as text" in cli("check", path, "--ledger", ledger).sentence
    absent = tmp_path / "nowhere" / "ledger.csv"
    assert "no such folder" in cli("check", path, "--ledger", absent).sentence


def test_a_ledger_in_use_is_refused(cli: Any, night: Any, write: Any, tmp_path: Path) -> None:
    path = write(coin(), "mine.py")
    night(path)
    before = (tmp_path / "ledger.csv").read_bytes()
    with (tmp_path / "ledger.csv").open("r+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        found = cli("check", path, "--ledger", tmp_path / "ledger.csv", "--out", tmp_path / "two")
    assert found.code == 2
    assert "in use by another run" in found.sentence
    assert (tmp_path / "ledger.csv").read_bytes() == before


def test_a_killed_night_is_made_again_as_it_was(write: Any, tmp_path: Path) -> None:
    path = write(coin(pause="time.sleep(0.0005)"), "mine.py")
    ledger, other = tmp_path / "killed.csv", tmp_path / "whole.csv"

    def command(file: Path, out: str) -> list[str]:
        words = ["check", str(path), "--ledger", str(file), "--out", str(tmp_path / out)]
        return [sys.executable, "-m", "harness", *words]

    where = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(command(ledger, "killed"), stdout=subprocess.DEVNULL, cwd=where)
    while not ledger.exists():
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert read_ledger(ledger).night == 1
    for file, out in ((ledger, "killed"), (other, "whole")):
        subprocess.run(command(file, out), cwd=where, capture_output=True, check=False)
    assert ledger.read_bytes() == other.read_bytes()
    assert read_ledger(ledger).night == 2

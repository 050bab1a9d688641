"""Recorded violations run again: FIXED, STILL or ERROR, and what is no record at all."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cli, Write

FALSE = '''"""The square of a whole number is small."""
from harness import Claim, Hypothesis, Theorem, Verdict, experiment, integers, symbol

n = symbol("n", "a number", "configuration")
square = symbol("square", "its square", "run")


@experiment(emits=[n, square], n=integers(1, 9))
def numbers(n):
    return {square: n * n}


small = Theorem(
    title="Small squares",
    hypotheses=[Hypothesis("from two", "n is at least 2", n >= 2)],
    claims=[Claim("small", square <= 20)],
)
'''

CHANCE = '''"""A fair coin seldom shows heads."""
from harness import Claim, Probability, Theorem, experiment, integers, symbol

n = symbol("n", "coins", "configuration")
heads = symbol("heads", "how many heads", "run")


@experiment(emits=[n, heads], n=integers(1, 1))
def coin(n, rng):
    return {heads: int(rng.integers(0, 2, n).sum())}


seldom = Theorem(title="Seldom", claims=[Claim("tails", heads <= 0, Probability(0.1, "rng"))])
'''


def refuted(cli: Cli, write: Write, folder: Path, *numbers: int) -> tuple[Path, Path]:
    """The theorem's file, and a folder of results with a violation for each of these numbers."""
    file = write(FALSE, "squares.py")
    out = folder / "out"
    texts = []
    for number in numbers:
        assert cli("check", file, "--config", f'{{"n": {number}}}', "--out", out).code == 1
        texts.append((out / "violations.csv").read_text(encoding="utf-8"))
    head = texts[0].splitlines()[0]
    rows = [line for text in texts for line in text.splitlines()[1:]]
    (out / "violations.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file, out


def lines(cli: Cli, *words: object) -> tuple[int, list[str]]:
    done = cli("replay", *words)
    assert not done.err
    return done.code, done.out.splitlines()


def test_unchanged_it_stands_as_recorded(cli: Cli, write: Write, tmp_path: Path) -> None:
    _, out = refuted(cli, write, tmp_path, 5, 7)
    code, (first, second, total) = lines(cli, out)
    assert code == 1
    said = "STILL  squares@1 small on numbers: square = 25.0 against <= 20.0 at step 0, certified violated, as recorded"
    assert first == f"{said}  ({out / 'violations.csv'}, row 1)"
    assert "square = 49.0 against <= 20.0" in second
    assert total == "2 recorded violations: 2 STILL, 0 FIXED, 0 ERROR"
    record = out / "counterexamples" / "squares@1-small.json"
    for path in (record, record.parent):
        code, (only, _) = lines(cli, path)
        assert (code, only.endswith(f"as recorded  ({record})")) == (1, True)


def test_several_jobs_say_the_same(cli: Cli, write: Write, tmp_path: Path) -> None:
    _, out = refuted(cli, write, tmp_path, 5, 6, 7)
    assert lines(cli, out) == lines(cli, out, "--jobs", 2)


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("<= 20", "<= 30", 0, "FIXED  squares@1 small on numbers: the claim holds there: square = 25.0 against <= 30.0"),
        ("<= 20", "<= 22", 1, "square = 25.0 against <= 22.0 at step 0, certified violated, where 25.0 against 20.0 at step 0 was recorded"),
        ("n * n", "n * n + 1", 1, "square = 26.0 against <= 20.0 at step 0, certified violated, where 25.0 against 20.0"),
        ("n >= 2", "n >= 6", 0, "FIXED  squares@1 small on numbers: the hypotheses no longer include it (not met: from two)"),
        ('square <= 20)', 'square <= 30, trivial=29)', 0, "the claim holds there: square = 25.0 against <= 30.0 at step 0; vacuous: the bound is no better"),
        ('"small", ', '"tiny", ', 3, "ERROR  squares@1 small on numbers: squares@1 has no claim “small”"),
        ("def numbers", "def digits", 3, "ERROR  squares@1 small on numbers: there is no experiment “numbers”"),
        ("claims=", "version=2, claims=", 3, "has no theorem “squares@1”"),
        ("integers(1, 9)", "integers(6, 9)", 3, "ERROR  squares@1 small on numbers: n=5: must lie in 6..9"),
        ("n * n", "n / 0", 3, "broken: ZeroDivisionError"),
        ("n * n", "(20.0, 1.0)", 3, "ERROR  squares@1 small on numbers: undecided: rounding"),
        ("title=", "titel=", 3, "TypeError"),
    ],
)  # fmt: skip
def test_what_becomes_of_it(
    old: str, new: str, code: int, said: str, cli: Cli, write: Write, tmp_path: Path
) -> None:
    _, out = refuted(cli, write, tmp_path, 5)
    assert old in FALSE
    write(FALSE.replace(old, new), "squares.py")
    found, (line, total) = lines(cli, out)
    assert found == code
    assert said in line
    fate = line.partition(" ")[0]
    assert f"1 {fate}" in total


def test_one_that_stands_outweighs_an_error(cli: Cli, write: Write, tmp_path: Path) -> None:
    _, out = refuted(cli, write, tmp_path, 5, 7)
    write(FALSE.replace("integers(1, 9)", "integers(6, 9)"), "squares.py")
    code, (_, _, total) = lines(cli, out)
    assert (code, total) == (1, "2 recorded violations: 1 STILL, 0 FIXED, 1 ERROR")
    assert lines(cli, out, "--row", 1)[0] == 3
    assert lines(cli, out, "--row", 2)[1][1] == "1 recorded violations: 1 STILL, 0 FIXED, 0 ERROR"
    assert cli("replay", out, "--quiet").out == ""


def test_a_file_that_is_gone_is_an_error(cli: Cli, write: Write, tmp_path: Path) -> None:
    file, out = refuted(cli, write, tmp_path, 5)
    file.unlink()
    code, (line, _) = lines(cli, out)
    assert code == 3
    assert "squares.py: cannot be read (No such file or directory)" in line


def test_no_violation_is_nothing_to_replay(cli: Cli, write: Write, tmp_path: Path) -> None:
    file = write(FALSE, "squares.py")
    cli("check", file, "--config", '{"n": 3}', "--out", tmp_path / "out")
    expected = (0, ["0 recorded violations: 0 STILL, 0 FIXED, 0 ERROR"])
    assert lines(cli, tmp_path / "out") == expected
    assert lines(cli, tmp_path / "out" / "checks.csv") == expected


def test_chance_meets_the_recorded_dice_until_the_statement_changes(
    cli: Cli, write: Write, tmp_path: Path
) -> None:
    file = write(CHANCE, "coins.py")
    out = tmp_path / "out"
    assert cli("check", file, "--out", out).code == 1
    assert (
        "coins@1 tails: no script: its runs have seeds of their own"
        in cli("check", file, "--out", out).out
    )
    with (out / "violations.csv").open(encoding="utf-8", newline="") as stream:
        (row, *_) = csv.DictReader(stream)
    code, (line, *_) = lines(cli, out, "--row", 1)
    assert code == 1
    assert f"on the recorded dice, {row['samples']} runs, as recorded" in line
    record = out / "counterexamples" / "coins@1-tails.json"
    assert json.loads(record.read_text(encoding="utf-8"))["replicates"] == int(row["samples"])
    assert lines(cli, record)[1][0].startswith("STILL")
    write(CHANCE.replace("Probability(0.1", "Probability(0.9"), "coins.py")
    changed = lines(cli, record)[1][0]
    assert changed.startswith("FIXED")
    assert f"on fresh dice, {row['samples']} runs" in changed


def test_a_single_run_says_nothing_of_chance(cli: Cli, write: Write, tmp_path: Path) -> None:
    _, out = refuted(cli, write, tmp_path, 5)
    changed = FALSE.replace("square <= 20", 'square <= 20, Probability(0.1, "rng")')
    changed = changed.replace("def numbers(n)", "def numbers(n, rng)")
    write(changed.replace("import Claim", "import Probability, Claim"), "squares.py")
    code, (line, _) = lines(cli, out)
    assert code == 3
    assert "the claim is about chance now, and was recorded from a single run" in line


def test_recorded_runs_are_left_to_check(cli: Cli, write: Write, tmp_path: Path) -> None:
    _, out = refuted(cli, write, tmp_path, 5)
    path = out / "violations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",numbers,", ",traces,"))
    code, (line, _) = lines(cli, out)
    assert (code, "a recorded run; judge it again with check --traces" in line) == (3, True)


def edited(path: Path, **cells: str | None) -> None:
    """The first row with these cells; a column of None is left out."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[0] |= {name: text for name, text in cells.items() if text is not None}
    dropped = {name for name, text in cells.items() if text is None}
    buffer = io.StringIO()
    columns = [name for name in rows[0] if name not in dropped]
    writer = csv.DictWriter(buffer, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"schema": "9"}, "row 1: has schema '9'; '1' is what can be read"),
        ({"config": None}, "lacks the columns config of a violations.csv"),
        ({"config": "{"}, "row 1: is damaged"),
        ({"config": "[1]"}, "config is no JSON object"),
        ({"version": "one"}, "row 1: is damaged"),
        ({"step": "x"}, "row 1: is damaged"),
        ({"value": "much"}, "row 1: is damaged"),
        ({"reproduce": "rm -r"}, "reproduce is no command of Boundcheck"),
        ({"reproduce": "boundcheck check 'x"}, "row 1: is damaged"),
        ({"reproduce": "boundcheck check x --replicates"}, "row 1: is damaged"),
        ({"reproduce": "boundcheck check x --replicates -2"}, "-2 replicates"),
    ],
)
def test_a_damaged_table_is_one_sentence(
    cells: dict[str, str | None], said: str, cli: Cli, write: Write, tmp_path: Path
) -> None:
    _, out = refuted(cli, write, tmp_path, 5)
    edited(out / "violations.csv", **cells)
    done = cli("replay", out)
    assert (done.code, done.out) == (2, "")
    assert said in done.sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "boundcheck-violation-2"}, "has schema 'boundcheck-violation-2'"),
        ({"schema": None}, "is no record of a violation"),
        ({"claim": None}, "lacks 'claim'"),
        ({"claim": 3}, "claim is 3"),
        ({"configuration": [5]}, "configuration is [5]"),
        ({"value": {"repr": "1.0"}}, "lacks 'hex'"),
        ({"value": {"hex": "one"}}, "is damaged"),
        ({"step": "0"}, "step is '0'"),
        ({"replicates": True}, "replicates is True"),
        ({"replicates": -1}, "-1 replicates"),
    ],
)
def test_a_damaged_record_is_one_sentence(
    change: dict[str, Any], said: str, cli: Cli, write: Write, tmp_path: Path
) -> None:
    _, out = refuted(cli, write, tmp_path, 5)
    path = out / "counterexamples" / "squares@1-small.json"
    record = {**json.loads(path.read_text(encoding="utf-8")), **change}
    kept = {name: one for name, one in record.items() if one is not None or name == "step"}
    path.write_text(json.dumps(kept), encoding="utf-8")
    done = cli("replay", path)
    assert (done.code, done.out) == (2, "")
    assert said in done.sentence


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", b"{", "not JSON (line 1"),
        ("a.json", b"[]", "is no record of a violation"),
        ("a.json", b"\xff", "cannot be read (not UTF-8)"),
        ("a.csv", b"", "lacks the columns schema, theorem"),
        ("a.csv", b'schema\n"', "is not a CSV file"),
        ("a.csv", b"x,y\n1,2\n", "lacks the columns schema"),
    ],
)
def test_other_files_are_refused(
    name: str, content: bytes, said: str, cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    done = cli("replay", tmp_path / name)
    assert (done.code, done.out) == (2, "")
    assert said in done.sentence


def test_bad_options_are_one_sentence(cli: Cli, write: Write, tmp_path: Path) -> None:
    _, out = refuted(cli, write, tmp_path, 5)
    (tmp_path / "empty").mkdir()
    path = out / "violations.csv"
    path.write_text(path.read_text(encoding="utf-8") + "1,2\n", encoding="utf-8")
    for words, said in (
        ((tmp_path / "none",), "cannot be read (No such file or directory)"),
        ((tmp_path / "empty",), "holds neither a violations.csv nor JSON records"),
        ((out,), "row 2: has 2 cells for"),
        ((out / "counterexamples", "--row", 2), "--row 2: there are 1 recorded violations"),
        ((out / "counterexamples", "--row", 0), "--row 0: must be at least 1"),
        ((out / "counterexamples", "--jobs", 0), "--jobs 0: must be at least 1"),
        ((), "the following arguments are required: PATH"),
    ):
        done = cli("replay", *words)
        assert (done.code, done.out) == (2, "")
        assert said in done.sentence

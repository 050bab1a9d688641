"""``boundcheck chain``: table, file, exit codes, and bad input."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

FILE = '''"""A proof in three links."""
from harness import Claim, Link, Theorem, Verdict, experiment, integers, symbol

n = symbol("n", "size", "configuration")
x = symbol("x", "the size again", "run")


@experiment(emits=[n, x], n=integers(1, 40))
def sizes(n):
    return {x: (float(n), 0.0)}


mine = Theorem(
    title="Sizes are small",
    claims=[Claim("c", x <= 20, expected=Verdict.VIOLATED, because="n may be 40")],
    chain=[
        Link("start", "x is n", x <= n, "(1)"),
        Link("leap", "no size exceeds 30", x <= 30),
        Link("end", "hence", x <= 20),
    ],
)
'''


def test_the_links_are_shown_in_order_and_the_first_false_one_named(
    cli: Any, write: Any, tmp_path: Path
) -> None:
    found = cli("chain", write(FILE, "mine.py"), "--out", tmp_path / "out")
    assert found.code == 0
    places = [found.out.index(f" {name} ") for name in ("start", "leap", "end")]
    assert places == sorted(places)
    assert "first false link: leap (no size exceeds 30)" in found.out
    assert "x = 31.0 against <= 30.0" in found.out


def test_chain_csv_has_a_row_a_link_that_comes_again(
    cli: Any, write: Any, tmp_path: Path, table: Any
) -> None:
    cli("chain", write(FILE, "mine.py"), "--out", tmp_path / "out", "--quiet")
    rows = table(tmp_path / "out" / "chain.csv")
    assert [(row["link"], row["position"]) for row in rows] == [
        ("start", "1"), ("leap", "2"), ("end", "3"),
    ]  # fmt: skip
    assert [row["first_false"] for row in rows] == ["no", "yes", "no"]
    assert [row["verdict"] for row in rows] == ["held", "violated", "violated"]
    assert (rows[0]["slack_least"], rows[0]["reproduce"], rows[0]["value"]) == ("1.0", "", "")
    words = shlex.split(rows[1]["reproduce"])
    again = cli(*words[1:], "--out", tmp_path / "again", "--quiet")
    assert (again.code, again.out) == (0, "")
    (leap,) = (row for row in table(tmp_path / "again" / "chain.csv") if row["link"] == "leap")
    assert (leap["value"], leap["bound"]) == (rows[1]["value"], rows[1]["bound"])
    assert not (tmp_path / "out" / "checks.csv").exists()


def test_a_false_link_of_a_theorem_that_is_to_hold_fails(
    cli: Any, write: Any, tmp_path: Path
) -> None:
    held = FILE.replace('x <= 20, expected=Verdict.VIOLATED, because="n may be 40"', "x <= 40")
    assert cli("chain", write(held, "mine.py"), "--out", tmp_path / "out").code == 1


def test_seed_and_jobs_are_those_of_a_check(cli: Any, write: Any, tmp_path: Path) -> None:
    path, texts = write(FILE, "mine.py"), []
    for index, words in enumerate((("--seed", 1), ("--seed", 1, "--jobs", 2), ("--seed", 2))):
        cli("chain", path, *words, "--out", tmp_path / str(index), "--quiet")
        texts.append((tmp_path / str(index) / "chain.csv").read_bytes())
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("xu23_drift",), "gives no chain"),
        (("nowhere",), "matches no theorem"),
        (("xu25_eq104", "--seed", -1), "--seed -1"),
        (("xu25_eq104", "--jobs", 0), "--jobs 0"),
        (("xu25_eq104", "--experiment", "none"), "no experiment “none”"),
        (("xu25_eq104", "--config", "{"), "--config: not JSON"),
        (("xu25_eq104", "--config", '{"no": 1}'), "no axis “no”"),
        (("xu25_eq104", "--profile", "lavish"), "invalid choice"),
        ((), "required"),
    ],
)
def test_bad_input_is_one_sentence(
    cli: Any, tmp_path: Path, words: tuple[object, ...], told: str
) -> None:
    found = cli("chain", *words, "--out", tmp_path / "out")
    assert found.code == 2
    assert told in found.sentence
    assert not (tmp_path / "out" / "chain.csv").exists()

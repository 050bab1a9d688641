"""What the exit code says of the claims, and that labels change nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

HEAD = """
from harness import Claim, Hypothesis, Theorem, Verdict, experiment, integers, symbol
n = symbol("n", "size", "configuration")
x = symbol("x", "measured", "run")

@experiment(emits=[n, x], n=integers(1, 4))
def measured(n):
    if n == BREAKS_AT:
        raise RuntimeError("no value at 4")
    return {x: (float(n), 0.0)}
"""

KNOWN_FALSE = ', expected=Verdict.VIOLATED, because="on purpose"'


def theorem(claim: str, *, declared: str = "", hypotheses: str = "", breaks_at: int = 0) -> str:
    head = HEAD.replace("BREAKS_AT", str(breaks_at))
    return (
        f"{head}\nmine = Theorem(title='M', hypotheses=[{hypotheses}], "
        f"claims=[Claim('c', {claim}{declared})])\n"
    )


NEVER_MET = 'Hypothesis("huge", "n exceeds 99", n > 99)'


@pytest.mark.parametrize(
    ("text", "code", "verdict"),
    [
        (theorem("x <= n + 1"), 0, "held"),
        (theorem("x <= n - 1"), 1, "violated"),
        (theorem("x <= 3"), 1, "violated"),
        (theorem("x <= n - 1", declared=KNOWN_FALSE), 0, "violated"),
        (theorem("x <= n + 1", declared=KNOWN_FALSE), 1, "held"),
        (theorem("x <= n - 1", declared=KNOWN_FALSE, hypotheses=NEVER_MET), 1, "untested"),
        (theorem("x <= n + 1", hypotheses=NEVER_MET), 3, "untested"),
        (
            theorem("x <= n", declared=", expected=Verdict.VOID", hypotheses=NEVER_MET),
            0,
            "untested",
        ),
        (theorem("x <= n + 1", declared=", trivial=n"), 3, "untested"),
        (theorem("x <= n").replace("0.0", "0.5"), 3, "undecided"),
        (theorem("x <= n + 1", breaks_at=4), 1, "held"),
        (theorem("x <= n - 1", declared=KNOWN_FALSE, breaks_at=4), 1, "violated"),
    ],
)
def test_the_exit_code_follows_from_verdict_and_declaration(
    cli: Any, write: Any, tmp_path: Path, table: Any, text: str, code: int, verdict: str
) -> None:
    path = write(text, "mine.py")
    found = cli("check", path, "--out", tmp_path / "out")
    assert found.code == code
    (summary,) = table(tmp_path / "out" / "summary.csv")
    assert summary["verdict"] == verdict


def test_an_exception_breaks_only_the_row_that_raises(
    cli: Any, write: Any, tmp_path: Path, table: Any
) -> None:
    path = write(theorem("x <= n + 1", breaks_at=4), "mine.py")
    assert cli("check", path, "--out", tmp_path).code == 1
    rows = {row["config"]: row for row in table(tmp_path / "checks.csv")}
    assert {c: row["verdict"] for c, row in rows.items()} == {
        '{"n":1}': "held", '{"n":2}': "held", '{"n":3}': "held", '{"n":4}': "broken",
    }  # fmt: skip
    assert rows['{"n":4}']["reason"] == "RuntimeError: no value at 4"


def test_the_expectation_changes_the_exit_code_and_no_figure(
    cli: Any, write: Any, tmp_path: Path, table: Any
) -> None:
    outcomes = []
    for declared in ("", KNOWN_FALSE):
        path = write(theorem("x <= 3", declared=declared), "mine.py")
        out = tmp_path / f"out{len(outcomes)}"
        code = cli("check", path, "--out", out).code
        rows = table(out / "checks.csv")
        labels = {row.pop("expected") for row in rows}
        outcomes.append((code, labels, rows))
    (surprised, held, figures), (declared_so, violated, same) = outcomes
    assert (surprised, declared_so) == (1, 0)
    assert (held, violated) == ({"held"}, {"violated"})
    assert figures == same


def test_the_summary_as_json_agrees_with_the_file(
    cli: Any, write: Any, tmp_path: Path, table: Any
) -> None:
    import json

    found = cli("check", write(), "--out", tmp_path / "out", "--json", "--quiet")
    told = {one["claim"]: one for one in json.loads(found.out)}
    kept = {one["claim"]: one for one in table(tmp_path / "out" / "summary.csv")}
    assert found.err == ""
    assert told.keys() == kept.keys() == {"half", "below", "tiny", "shrunk"}
    for claim, one in told.items():
        assert one["verdict"] == kept[claim]["verdict"]
        assert one["counts"].get("void", 0) == int(kept[claim]["void"])
        assert one["tightest_ratio"] == float(kept[claim]["tightest_ratio"] or "nan")
        assert one["as_declared"] is True


def test_a_quiet_run_says_nothing(cli: Any, write: Any, tmp_path: Path) -> None:
    found = cli("check", write(), "--out", tmp_path / "out", "--quiet")
    assert (found.code, found.out, found.err) == (0, "", "")

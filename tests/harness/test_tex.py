"""The appendix: balanced LaTeX, escaped, with the numbers of summary.csv and no stronger words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from harness.judging.row import Finding, Row
from harness.report import Report
from harness.reporting.tex import as_tex, escaped
from harness.vocabulary.verdict import Verdict
from tests.cli.recorded import quadratic, text

MANIFEST = {"plan": "0a1b", "seed": 7, "profile": "quick", "versions": {"boundcheck": "9.8"}}
ODD = "50%_of #1 & {2}$ ~^\\<x>"


def row(verdict: Verdict, claim: str = "c", **more: Any) -> Row:
    finding = Finding(
        verdict, step=3, value=1.5, bound=2.5, ratio=0.6, progress=0.25,
        hypotheses_broken=(ODD,) if verdict is Verdict.VOID else (),
    )  # fmt: skip
    common: dict[str, Any] = {
        "theorem": "a_law", "version": 2, "reading": "", "experiment": "e", "kind": "",
        "expected": Verdict.HELD, "quantity": "x_1", "sense": "<=", "fingerprint": "feed",
        "configuration": '{"n":1}',
    }  # fmt: skip
    return Row(claim=claim, finding=finding, **{**common, **more})


def written(*rows: Row) -> str:
    return as_tex(Report(rows, frozenset(), {}, statements={"a_law@2": "beef"}), MANIFEST)


def cells(tex: str) -> dict[str, list[str]]:
    """The table's rows by claim."""
    body = tex.partition(r"\midrule")[2].partition(r"\bottomrule")[0]
    lines = [line.removesuffix(r" \\") for line in body.splitlines() if " & " in line]
    return {line.split(" & ")[0]: line.split(" & ")[1:] for line in lines}


def assert_compiles(tex: str) -> None:
    """Environments and braces balance, and no special character stands bare."""
    opened = re.findall(r"\\begin\{(\w+)\}", tex)
    assert sorted(opened) == sorted(re.findall(r"\\end\{(\w+)\}", tex)) == ["table", "tabular"]
    plain = tex
    for command in (r"\textbackslash", r"\\", r"\{", r"\}"):
        plain = plain.replace(command, "\0\0" if command in (r"\{", r"\}") else "")
    depth = 0
    for sign in plain:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    for sign in "_%#~^":
        assert not re.search(rf"(?<!\\){re.escape(sign)}", tex), sign
    outside = re.sub(r"\\begin\{tabular\}.*\\end\{tabular\}", "", tex, flags=re.S)
    assert not re.search(r"(?<!\\)&", outside)
    assert "<" not in tex
    rows = [line for line in tex.splitlines() if line.endswith(r"\\")]
    counts = {len(re.findall(r"(?<!\\)&", line)) for line in rows} - {0}
    columns = re.search(r"\\begin\{tabular\}\{(\w+)\}", tex)
    assert columns is not None
    assert counts == {len(columns.group(1)) - 1}


def test_every_special_character_is_escaped() -> None:
    assert escaped("a_b%c&d#e") == r"a\_b\%c\&d\#e"
    assert escaped("{$}") == r"\{\$\}"
    assert escaped("\\~^<>|") == (
        r"\textbackslash{}\textasciitilde{}\textasciicircum{}\textless{}\textgreater{}\textbar{}"
    )


@pytest.mark.parametrize("name", ["plain", ODD])
def test_whatever_the_names_it_is_balanced(name: str) -> None:
    verdicts = [one for one in Verdict if one is not Verdict.UNTESTED]
    rows = [row(v, name, theorem=name, quantity=name, configuration=json.dumps({name: 1}))
            for v in verdicts]  # fmt: skip
    assert_compiles(written(*rows))
    assert_compiles(written(*(row(v, claim=f"{name}{i}") for i, v in enumerate(verdicts))))


def test_each_verdict_is_counted_in_its_own_column() -> None:
    verdicts = {
        Verdict.HELD: 5, Verdict.VIOLATED: 1, Verdict.UNDECIDED: 2, Verdict.VOID: 3,
        Verdict.VACUOUS: 4, Verdict.BROKEN: 6,
    }  # fmt: skip
    tex = written(*(row(verdict) for verdict, count in verdicts.items() for _ in range(count)))
    head = re.search(r"^claim & .*$", tex, re.M)
    assert head is not None
    names = head.group().removesuffix(r" \\").split(" & ")[1:]
    found = dict(zip(names, cells(tex)["c"], strict=True))
    assert found == {
        "rows": "21", **{str(verdict): str(count) for verdict, count in verdicts.items()},
        "tightest": "0.6", "sharpening": "4",
    }  # fmt: skip


def sentence(tex: str) -> str:
    (line,) = (line for line in tex.splitlines() if line.startswith(r"\texttt{a\_law@2}"))
    return line


def test_words_claim_no_more_than_the_rows() -> None:
    held = sentence(written(row(Verdict.HELD), row(Verdict.VOID)))
    assert "c was not refuted on 1, void outside its hypotheses on 1" in held
    assert "a factor 4" in held
    for verdict, words in (
        (Verdict.UNDECIDED, "undecided on 1"),
        (Verdict.VACUOUS, "not put to the test by any row"),
        (Verdict.BROKEN, "not put to the test by any row, broken on 1"),
        (Verdict.VIOLATED, "violated on 1, namely at step 3"),
    ):
        told = sentence(written(row(verdict)))
        assert f"c was {words}" in told
        assert "not refuted" not in told
        assert "held" not in told.lower()
        assert "sharpening" not in told
    for verdict in Verdict:
        assert not re.search("verified|proved|proven", written(row(verdict)), re.I)


def test_a_violation_is_located() -> None:
    told = sentence(written(row(Verdict.VIOLATED), row(Verdict.HELD)))
    assert r"at step 3, \texttt{x\_1} $=$ 1.5 against \texttt{\textless{}=} 2.5" in told
    assert r'\texttt{\{"n":1\}}' in told
    assert r"row \texttt{feed}" in told
    long = row(Verdict.VIOLATED, configuration=json.dumps({"W": list(range(100))}))
    assert "99" not in sentence(written(long))
    assert r"row \texttt{feed}" in sentence(written(long))


def test_a_claim_known_to_be_false_is_called_so() -> None:
    told = sentence(written(row(Verdict.VIOLATED, expected=Verdict.VIOLATED)))
    assert "as it was known to be false" in told
    assert "though it was known to be false" in sentence(
        written(row(Verdict.HELD, expected=Verdict.VIOLATED))
    )


def test_the_opening_says_what_was_run() -> None:
    two = (row(Verdict.HELD), row(Verdict.HELD, configuration='{"n":2}'))
    opening = written(*two).splitlines()[0]
    assert "Boundcheck 9.8 on 2 configurations (profile quick, seed 7)" in opening
    assert r"plan \texttt{0a1b}" in opening
    assert r"(statement \texttt{beef})" in sentence(written(*two))


def test_the_numbers_are_those_of_the_summary(
    cli: Any, few: Any, write: Any, tmp_path: Path, table: Any
) -> None:
    few(30)
    found = cli("check", write(), "--out", tmp_path / "out", "--tex")
    assert found.code == 0
    assert_compiles(found.out)
    told = cells(found.out)
    kept = {one["claim"]: one for one in table(tmp_path / "out" / "summary.csv")}
    assert told.keys() == kept.keys()
    counted = ("checks", "held", "violated", "undecided", "void", "vacuous", "broken")
    figures = ("tightest_ratio", "smallest_sharpening_caught")
    for claim, one in kept.items():
        rounded = [f"{float(one[name]):.4g}" if one[name] else "--" for name in figures]
        assert told[claim] == [one[name] for name in counted] + rounded
    assert int(kept["tiny"]["violated"]) > 0
    assert (
        f"tiny was violated on {kept['tiny']['violated']}, as it was known to be false" in found.out
    )
    plan = json.loads((tmp_path / "out" / "run.json").read_text())["plan"]
    assert rf"\texttt{{{plan}}}" in found.out


def test_an_assumption_is_named(cli: Any, write: Any, tmp_path: Path, root: Path) -> None:
    path = write(text(quadratic(), ["eta", "loss", "grad_norm"]), "run.csv")
    words = ("--traces", path, "--assume", "short step", "--tex", "--out", tmp_path / "out")
    found = cli("check", root / "examples" / "descent.py", *words)
    assert "on 1 recorded run, plan" in found.out
    assert "under the assumption short step" in found.out
    assert_compiles(found.out)
    undecided = cli("check", root / "examples" / "descent.py", "--traces", path, "--tex",
                    "--out", tmp_path / "out")  # fmt: skip
    assert "descent was undecided on 1" in undecided.out
    assert "assumption" not in undecided.out

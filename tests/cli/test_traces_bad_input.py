"""Recorded runs that cannot be used: one clear sentence, exit code 2, nothing written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.cli.recorded import quadratic, text

HEAD = "eta,loss,grad_norm,smoothness\n"
GOOD = HEAD + "0.3,2.0,1.0,1.1\n0.3,1.0,0.5,1.1\n"


@pytest.fixture
def refused(cli: Any, tmp_path: Path, root: Path) -> Callable[..., str]:
    """Checks the descent lemma on a file that must be refused; returns the sentence."""

    def call(content: str | bytes | None, *words: object, name: str = "run.csv") -> str:
        file, out = tmp_path / name, tmp_path / "out"
        if content is not None:
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        chosen = () if "xu25_thm31_local_rate" in words else (root / "examples" / "descent.py",)
        found = cli("check", *chosen, "--traces", file, "--out", out, *words)
        assert (found.code, found.out) == (2, "")
        assert not list(out.glob("*")) if out.exists() else True
        return str(found.sentence)

    return call


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "run.csv: cannot be read (No such file"),
        ("", "is empty; the first line names the columns"),
        ("\n\n", "is empty; the first line names the columns"),
        (HEAD, "has a header and no rows"),
        (GOOD + "0.3,abc,0.5,1.1\n", "line 4, column loss: “abc” is not a number"),
        (GOOD + '0.3,"1,5",0.5,1.1\n', "line 4, column loss: “1,5” is not a number"),
        (GOOD + "0.3,1_0,0.5,1.1\n", "line 4, column loss: “1_0” is not a number"),
        (GOOD + "0.3,1.0,0.5\n", "line 4: has 3 cells, the header 4"),
        (GOOD + "0.3,1.0,0.5,1,1\n", "line 4: has 5 cells, the header 4"),
        ("eta,loss,loss\n1,2,3\n", "the column “loss” stands twice"),
        (b"eta,loss\n\xff\xfe,1\n", "is not UTF-8 (byte 9)"),
        (GOOD[: GOOD.index("0.3,1.0")], "a single row holds no step"),
        ("eta;loss;grad_norm\n1;2;3\n2;3;4\n", "no claim can be judged"),
        (
            HEAD.replace("grad_norm", "Grad-Norm") + "1,2,3,4\n",
            "Grad-Norm (did you mean grad_norm?)",
        ),
    ],
)
def test_a_file_that_is_no_table_of_numbers_is_explained(
    refused: Any, content: str | bytes | None, expected: str
) -> None:
    assert expected in refused(content)


@pytest.mark.parametrize("column", ["t", "step"])
@pytest.mark.parametrize(
    ("counted", "line"), [("0 2 3", 3), ("1 2 3", 2), ("0 1 1", 4), ("0 1 x", 4), ("0 1.5 2", 3)]
)
def test_rows_must_count_without_gaps(refused: Any, column: str, counted: str, line: int) -> None:
    rows = zip(counted.split(), quadratic(steps=2), strict=True)
    sentence = refused(text([{**row, "t": index, "step": index} for index, row in rows],
                            [column, "eta", "loss", "grad_norm", "smoothness"]))  # fmt: skip
    assert f"line {line}, column {column}" in sentence


def test_each_run_counts_its_own_rows(refused: Any) -> None:
    rows = [{"run": name, **row} for name in "ab" for row in quadratic(steps=2)]
    rows[4]["t"] = 2
    assert "line 6, column t: row 1 of run b must say 1, not “2”" in refused(text(rows))
    rows[4]["run"] = ""
    assert "line 6, column run: this row belongs to no run" in refused(text(rows))


def test_a_claim_out_of_reach_says_what_it_needs_and_in_which_units(refused: Any) -> None:
    sentence = refused("eta,grad_norm\n0.1,1\n0.1,1\n")
    assert "no claim can be judged" in sentence
    assert (
        "lacks loss (excess loss L - L*: a sum over samples, with the 1/2, without 1/N)" in sentence
    )


def test_what_does_not_change_during_a_run_must_not_change(refused: Any) -> None:
    names = ("K", "mu", "smax_W1", "smax_W2", "smax_W", "tau_min", "eta", "loss")
    rows = [dict.fromkeys(names, 1.0) for _ in range(3)]
    rows[2]["K"] = 2.0
    sentence = refused(text(rows), "xu25_thm31_local_rate")
    assert (
        "line 4, column K: must be the same in every row of a run, and is 2.0 after 1.0" in sentence
    )
    for value, expected in (("", "is empty in the whole run"), ("inf", "is not a finite number")):
        for row in rows:
            row["K"] = value
        assert expected in refused(text(rows), "xu25_thm31_local_rate")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--set", "inputs=3"), "no theorem chosen reads a symbol inputs"),
        (("--set", "Smoothness=3"), "did you mean smoothness?"),
        (("--set", "loss=3"), "has a column loss already"),
        (("--set", "parameters=3"), "parameters: must be an object"),
        (("--set", 'parameters={"c1":0.5}'), "has no parameter “c1”"),
        (("--assume", "short step"), "so it cannot be assumed"),
        (("--assume", "short stop"), "there is no such hypothesis; there are short step"),
        (("--trace-error", "-1"), "must be a number from 0 to below 1"),
        (("--trace-error", "nan"), "must be a number from 0 to below 1"),
        (("--trace-error", "much"), "--trace-error"),
        (("--data", "mine.csv"), "--traces goes without --data"),
        (("--seed", "0"), "--traces goes without --seed"),
        (("--config", "{}"), "--traces goes without --config"),
        (("--experiment", "two_layer_linear"), "without another --experiment"),
        (("--json", "--tex"), "not allowed with"),
    ],
)
def test_an_option_that_does_not_fit_is_refused(refused: Any, words: Any, expected: str) -> None:
    assert expected in refused(GOOD, *words)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("loss=3", "changes during a run and must be a column"),
        ("eta=fast", "must be a finite number"),
        ("eta=NaN", "must be a finite number"),
    ],
)
def test_a_symbol_that_cannot_be_given_is_refused(
    refused: Any, setting: str, expected: str
) -> None:
    assert expected in refused("grad_norm,smoothness\n1,1\n1,1\n", "--set", setting)


@pytest.mark.parametrize("words", [("--assume", "short step"), ("--trace-error", "1e-5")])
def test_options_of_recorded_runs_need_some(
    cli: Any, root: Path, tmp_path: Path, words: Any
) -> None:
    found = cli("check", root / "examples" / "descent.py", "--out", tmp_path / "out", *words)
    assert found.code == 2
    assert "go with --traces FILE" in found.sentence


def test_a_row_without_its_file_is_refused(cli: Any, root: Path, tmp_path: Path) -> None:
    words = ("--experiment", "traces", "--config", '{"run":"a"}', "--out", tmp_path / "out")
    found = cli("check", root / "examples" / "descent.py", *words)
    assert found.code == 2
    assert "a recorded run needs its file" in found.sentence


def test_parquet_without_its_library_is_explained(
    refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    sentence = refused(b"PAR1", name="absent.parquet")
    assert "pip install 'boundcheck[parquet]'" in sentence


def test_parquet_is_read_through_its_library(
    cli: Any, root: Path, tmp_path: Path, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = quadratic()
    names = list(rows[0])
    columns = [SimpleNamespace(to_pylist=lambda n=n: [r[n] for r in rows]) for n in names]
    read = SimpleNamespace(
        read_table=lambda _: SimpleNamespace(columns=columns, column_names=names)
    )
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", read)
    for name, content in (("run.parquet", "PAR1"), ("run.csv", text(rows))):
        (tmp_path / name).write_text(content)
        words = ("--traces", tmp_path / name, "--out", tmp_path / f"out-{name}")
        assert cli("check", root / "examples" / "descent.py", *words).code == 0
    found = [table(tmp_path / f"out-run.{kind}" / "checks.csv")[0] for kind in ("parquet", "csv")]
    assert found[0]["verdict"] == "held"
    assert found[0]["value"] == found[1]["value"]


def test_a_file_that_is_no_parquet_is_explained(
    refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_table(_: object) -> None:
        raise ValueError("no footer")

    monkeypatch.setitem(sys.modules, "pyarrow.parquet", SimpleNamespace(read_table=read_table))
    assert "is not Parquet (no footer)." in refused(b"odd", name="odd.parquet")

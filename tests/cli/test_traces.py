"""Recorded runs: verdicts known in closed form, what is missing, and every row again."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from harness import Verdict, check
from harness.options import Options
from tests.cli.recorded import quadratic, text

SHORT = "short step"
CHANCE = """
from harness import Claim, Probability, Theorem, symbol
from harness.symbols import loss
from sympy import Rational
mine = Theorem(title="M", claims=[
    Claim("falls", loss.next <= loss),
    Claim("rare", loss <= 1, kind=Probability(Rational(1, 10), "init")),
])
"""
KNOWN_FALSE = """
from harness import Claim, Theorem, Verdict
from harness.symbols import loss
mine = Theorem(title="M", claims=[Claim("rises", loss.next <= loss, expected=Verdict.VIOLATED,
                                        because="steps may be too long", witness={"steps": 3})])
"""


@pytest.fixture
def judged(cli: Any, write: Any, tmp_path: Path, root: Path, table: Any) -> Any:
    """Checks the descent lemma on a recorded run; returns what was said and the rows."""

    def run(recorded: str, *words: object, theorem: object = None) -> tuple[Any, Any]:
        file = write(recorded, "run.csv")
        chosen = theorem or root / "examples" / "descent.py"
        found = cli("check", chosen, "--traces", file, "--out", tmp_path / "out", *words)
        return found, table(tmp_path / "out" / "checks.csv")

    return run


def test_the_descent_lemma_on_a_quadratic_is_what_algebra_says(judged: Any, tmp_path: Path) -> None:
    eta, k = 0.3, 1.1
    found, (row,) = judged(text(quadratic(eta=eta, k=k)))
    assert (found.code, row["verdict"], row["experiment"]) == (0, "held", "traces")
    assert (row["origin"], row["steps_judged"], row["assumed"]) == ("given", "5", "")
    loss = k * 1.7**2 / 2 * (1 - eta * k) ** (2 * int(row["step"]))
    assert float(row["value"]) == pytest.approx(loss * (1 - eta * k) ** 2, rel=1e-12)
    assert float(row["bound"]) == pytest.approx(loss * (1 - eta * k), rel=1e-12)
    assert float(row["ratio"]) == pytest.approx(1 - eta * k, rel=1e-12)
    assert float(row["step_size"]) == eta
    config = json.loads(row["config"])
    assert config.keys() == {"file", "sha256"}
    assert config["file"] == str(tmp_path / "run.csv")
    assert "  loss: excess loss L - L*: a sum over samples, with the 1/2, without 1/N" in found.out
    assert found.err == ""


def test_a_step_longer_than_recorded_is_found(judged: Any) -> None:
    found, (row,) = judged(text(quadratic(eta=0.03, taken=3.0)))
    assert (found.code, row["verdict"]) == (1, "violated")
    falls = 2 * (int(row["step"]) + 1)
    assert float(row["value"]) == pytest.approx(1.1 * 1.7**2 / 2 * (1 - 3.3) ** falls, rel=1e-9)


def test_a_loss_divided_by_the_samples_is_found(judged: Any) -> None:
    rows = [{**row, "loss": row["loss"] / 20} for row in quadratic()]
    found, (row,) = judged(text(rows))
    assert (found.code, row["verdict"]) == (1, "violated")


def test_beyond_the_hypothesis_the_row_is_void(judged: Any) -> None:
    found, (row,) = judged(text(quadratic(eta=1.0, k=1.1)))
    assert (found.code, row["verdict"], row["hypotheses_broken"]) == (3, "void", SHORT)


def test_the_last_state_needs_no_step_and_a_constant_may_be_given(judged: Any) -> None:
    rows = quadratic()
    _, (whole,) = judged(text(rows))
    rows[-1] = {**rows[-1], "eta": "", "smoothness": ""}
    _, (open_end,) = judged(text(rows))
    _, (given,) = judged(text(rows, ["loss", "grad_norm", "smoothness"]), "--set", "eta=0.3")
    figures = ("verdict", "step", "value", "bound", "steps_judged", "step_size")
    for row in (open_end, given):
        assert [row[name] for name in figures] == [whole[name] for name in figures]
    assert json.loads(given["config"])["eta"] == 0.3


def test_each_run_of_a_file_is_a_row_even_interleaved(judged: Any) -> None:
    good = [{"run": "plain", **row} for row in quadratic(steps=3)]
    bad = [{"run": "7", **row} for row in quadratic(steps=5, eta=0.03, taken=3.0)]
    mixed = [row for pair in zip(good, bad, strict=False) for row in pair] + bad[4:]
    _, rows = judged(text(mixed))
    found = {
        json.loads(row["config"])["run"]: (row["verdict"], row["steps_judged"]) for row in rows
    }
    assert found == {"plain": ("held", "3"), "7": ("violated", "5")}


def test_rows_come_again_from_their_command_unless_the_file_has_changed(
    judged: Any, cli: Any, tmp_path: Path, table: Any
) -> None:
    lines = [{"run": name, **row} for name, k in (("a", 1.1), ("b", 0.9)) for row in quadratic(k=k)]
    words = ("--assume", SHORT, "--trace-error", "1e-9", "--set", "eta=0.3")
    _, rows = judged(text(lines, ["run", "loss", "grad_norm"]), *words)
    assert [row["verdict"] for row in rows] == ["held", "held"]
    assert len({row["fingerprint"] for row in rows}) == 2
    for row in rows:
        again = shlex.split(row["reproduce"])[1:]
        assert cli(*again, "--out", tmp_path / "again").code == 0
        (same,) = table(tmp_path / "again" / "checks.csv")
        assert same == row
    other = json.dumps({**json.loads(rows[0]["config"]), "run": "c"})
    assert "has no run “c”" in cli(*again[:-1], other, "--out", tmp_path / "c").sentence
    with (tmp_path / "run.csv").open("a") as file:
        file.write("b,1e-9,1e-5\n")
    changed = cli(*again, "--out", tmp_path / "changed")
    assert changed.code == 2
    assert "has changed since" in changed.sentence


def test_the_store_keeps_what_was_judged(judged: Any) -> None:
    first, rows = judged(text(quadratic()))
    second, same = judged(text(quadratic()))
    assert "reused" not in first.out
    assert "reused 1" in second.out
    assert rows == same


def test_a_hypothesis_out_of_sight_leaves_rows_undecided_unless_assumed(judged: Any) -> None:
    columns = ["eta", "loss", "grad_norm"]
    found, (row,) = judged(text(quadratic(), columns))
    assert (found.code, row["verdict"], row["assumed"]) == (3, "undecided", "")
    reason = f"hypothesis “{SHORT}” cannot be checked from this trace (needs smoothness)"
    assert row["reason"] == reason
    assert f"“{SHORT}”, so its rows stay undecided" in found.err
    assert "upper bound of |Hessian of L|_2 between this iterate and the next" in found.err
    assert "held" not in found.out.partition("tightest:")[0].replace("held  void", "")
    found, (row,) = judged(text(quadratic(), columns), "--assume", SHORT)
    assert (found.code, row["verdict"], row["assumed"]) == (0, "held", SHORT)
    assert row["reason"] == f"assumed: {SHORT}"
    outside = text(quadratic(eta=0.03, taken=3.0), columns)
    _, (row,) = judged(outside)
    assert (row["verdict"], row["reason"]) == ("undecided", f"outside the bound; {reason}")
    found, (row,) = judged(outside, "--assume", SHORT)
    assert (found.code, row["verdict"]) == (1, "violated")


def test_what_a_trace_lacks_is_said_and_the_rest_is_judged(judged: Any) -> None:
    columns = ["eta", "loss", "product_grad", "K"]
    rows = [{**row, "product_grad": 1.0, "K": 2} for row in quadratic()]
    found, judged_rows = judged(text(rows, columns), theorem="xu23_thm32_linear_rate@2")
    assert {row["claim"] for row in judged_rows} == {"rate-ordered"}
    assert {row["verdict"] for row in judged_rows} == {"undecided"}
    assert "ignored columns: product_grad, K" in found.err
    (line,) = (line for line in found.err.splitlines() if "not run" in line)
    assert "xu23_thm32_linear_rate@2 one-step, product, geometric" in line
    assert "lam1_D (lambda_1(D), D = W1' W1 - W2 W2')" in line


def test_columns_that_nothing_reads_are_named_with_what_they_may_mean(judged: Any) -> None:
    rows = [{**row, "note": "warm-up, then", "Smooth-ness": 1} for row in quadratic()]
    found, _ = judged(text(rows))
    assert found.err == "boundcheck: ignored columns: note, Smooth-ness\n"
    rows = [{**row, "Smoothness": 1.1} for row in quadratic()]
    found, _ = judged(text(rows, ["loss", "grad_norm", "eta", "Smoothness"]))
    assert "ignored columns: Smoothness (did you mean smoothness?)" in found.err


def test_missing_numbers_never_count_as_held(judged: Any) -> None:
    rows = quadratic(steps=6)
    for gap in ("", "nan", "inf"):
        rows[4] = {**rows[4], "loss": gap}
        _, (row,) = judged(text(rows))
        assert (row["verdict"], row["steps_judged"]) == ("undecided", "3")
        assert "line 6, column loss" in row["reason"]
    found, (row,) = judged(text([{**rows[0], "grad_norm": "nan"}, *rows[1:]]))
    assert (found.code, row["verdict"]) == (1, "broken")
    assert "line 2, column grad_norm" in row["reason"]
    late = quadratic(steps=6, eta=0.03, taken=3.0)
    late[5] = {**late[5], "loss": "inf"}
    found, (row,) = judged(text(late))
    assert (found.code, row["verdict"]) == (1, "violated")
    assert int(row["step"]) < 4


def test_a_run_trained_to_its_rounding_floor_is_judged_above_it(judged: Any) -> None:
    rows = quadratic(steps=60, eta=0.5, k=1.1)
    noisy = [{**row, "loss": row["loss"] + 1e-30} for row in rows]
    found, (row,) = judged(text(noisy))
    assert (found.code, row["verdict"]) == (0, "held")
    assert 15 < int(row["steps_judged"]) < 30


def test_claims_about_chance_are_not_judged_on_a_single_draw(judged: Any, write: Any) -> None:
    found, (row,) = judged(text(quadratic()), theorem=write(CHANCE, "chance.py"))
    assert (row["claim"], row["verdict"], row["samples"]) == ("falls", "held", "")
    assert "rare: a claim about chance" in found.err


def test_a_run_need_not_refute_a_claim_known_to_be_false(judged: Any, write: Any) -> None:
    theorem = write(KNOWN_FALSE, "false.py")
    for taken, verdict in ((0.3, "held"), (3.0, "violated")):
        found, (row,) = judged(text(quadratic(taken=taken)), theorem=theorem)
        assert (found.code, row["verdict"], row["expected"]) == (0, verdict, "violated")
    rows = quadratic()
    found, (row,) = judged(text([*rows[:3], {**rows[3], "loss": ""}]), theorem=theorem)
    assert (found.code, row["verdict"]) == (3, "undecided")


def test_the_python_entry_gives_the_same_rows(judged: Any, tmp_path: Path, root: Path) -> None:
    judged(text(quadratic()))
    options = Options(traces=tmp_path / "run.csv")
    report = check(str(root / "examples" / "descent.py"), options=options)
    assert report.to_csv() == (tmp_path / "out" / "checks.csv").read_text(encoding="utf-8")
    assert [row.finding.verdict for row in report.rows] == [Verdict.HELD]
    assert len(report.legend) == 4


def test_the_manifest_names_the_file(judged: Any, tmp_path: Path) -> None:
    judged(text(quadratic(), ["eta", "loss", "grad_norm"]), "--assume", SHORT)
    found = json.loads((tmp_path / "out" / "run.json").read_text())
    assert (found["traces"], found["assume"]) == (str(tmp_path / "run.csv"), [SHORT])

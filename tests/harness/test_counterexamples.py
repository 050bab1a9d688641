"""Scripts that show a violation with mpmath alone."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sympy

from harness import Claim, Definition, Eq, Hypothesis, Prod, Root, Sum, Theorem, Unknown, check
from harness.discovery import finder
from harness.judging.row import Row
from harness.options import Options
from harness.symbols import K, drift, eta, inputs, loss, smoothness, t, width
from harness.vocabulary.operators import expm1

SIDES = re.compile(
    r"^CLAIM .*, step (\d+): (\S+) (\S+) (\S+) is (True|False), difference (\S+)$", re.M
)
ONE_EACH = {
    "data": "given", "X": [[1]], "Y": [[2]], "init": "given", "W1": [[1]], "W2": [[1]],
    "step_size": 0.125, "steps": 3,
}  # fmt: skip


def ran(script: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(script)], capture_output=True, text=True, timeout=60,
        cwd=script.parent,
    )  # fmt: skip
    assert not done.stderr
    return done.returncode, done.stdout


def witnessed(ref: str, claim: str, folder: Path) -> tuple[Row, Path]:
    theorem = finder.theorem(ref)
    witness = theorem.claim(claim).witness
    report = check(theorem, options=Options(configuration=witness, out=folder))
    row = next(row for row in report.violations if row.claim == claim)
    (script,) = (one for one in report.scripts if one.name == f"{ref}-{claim}.py")
    assert script.parent == folder / "counterexamples"
    return row, script


@pytest.mark.parametrize(
    ("ref", "claim"),
    [
        ("xu23_thm31_spectral@1", "least-eigenvalue"),
        ("xu23_thm32_linear_rate@1", "one-step"),
        ("xu23_thm32_linear_rate@1", "product"),
        ("xu23_thm32_linear_rate@1", "geometric"),
        ("xu25_thm32_linear_rate@1", "local-pl"),
        ("xu25_eq104@1", "rate-ordered"),
    ],
)
def test_the_printed_flagship_in_plain_mpmath(ref: str, claim: str, tmp_path: Path) -> None:
    row, script = witnessed(ref, claim, tmp_path)
    text = script.read_text(encoding="utf-8")
    assert not re.search(r"^\s*(import|from)\s+(?!sys|fractions|functools|mpmath)", text, re.M)
    assert len(text.splitlines()) <= 150
    code, said = ran(script)
    assert code == 0, said
    (found,) = SIDES.findall(said)
    step, left, sense, right, met, difference = found
    assert (int(step), sense, met) == (row.finding.step, row.sense, "False")
    assert float(left) == pytest.approx(row.finding.value, rel=1e-9)
    assert float(right) == pytest.approx(row.finding.bound, rel=1e-9)
    assert float(difference) == pytest.approx(row.finding.value - row.finding.bound, rel=1e-9)
    hypotheses = [line for line in said.splitlines() if not line.startswith(("CLAIM", " "))]
    assert len(hypotheses) == len(finder.theorem(ref).hypotheses)
    assert all("is True" in line for line in hypotheses)


def test_sides_that_are_fractions_are_printed_as_such(tmp_path: Path) -> None:
    # X = I, Y = (0, 1)', W1 = (0, 1)', W2 = 1: alpha0 = 2 and c1 = 3/4 promise 3/2 where there is 1
    shrunk = {
        "data": "given", "X": [[1, 0], [0, 1]], "Y": [[0], [1]], "init": "given",
        "W1": [[0], [1]], "W2": [[1]], "parameters": {"c1": 0.75, "c2": 1.01},
    }  # fmt: skip
    report = check("xu23_thm31_spectral@1", options=Options(configuration=shrunk, out=tmp_path))
    (script,) = report.scripts
    code, said = ran(script)
    assert code == 0
    assert said.endswith("    in fractions, as 40 digits tell: 1 >= 3/2\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # already fitted: 0 <= 0
        ('Y = matrix([["4"], ["1"]])', 'Y = matrix([["4"], ["0"]])'),
        # a step beyond the limit
        ("step_sizes = [number(", "step_sizes = [1000 * number("),
        # balanced, and both directions learn: the claim holds
        ('W1 = matrix([["2", "0"], ["0", "0"]])', 'W1 = matrix([["9", "0"], ["0", "9"]])'),
    ],
)
def test_a_script_whose_numbers_were_changed_fails(old: str, new: str, tmp_path: Path) -> None:
    _, script = witnessed("xu23_thm32_linear_rate@1", "product", tmp_path)
    text = script.read_text(encoding="utf-8")
    assert old in text
    script.write_text(text.replace(old, new), encoding="utf-8")
    code, said = ran(script)
    assert code == 1
    assert "CLAIM" in said


def scripted(folder: Path, statement: Any, *hypotheses: Hypothesis, **changes: Any) -> list[Path]:
    theorem = Theorem(
        title="Test", id="test", claims=[Claim("c", statement)], hypotheses=hypotheses
    )
    report = check(theorem, options=Options(configuration={**ONE_EACH, **changes}, out=folder))
    (row,) = report.rows
    assert row.finding.verdict == "violated", row.finding
    for script in report.scripts:
        code, said = ran(script)
        assert code == 0, said
        (found,) = SIDES.findall(said)
        assert int(found[0]) == row.finding.step
        assert float(found[1]) == pytest.approx(row.finding.value, rel=1e-9)
        assert float(found[3]) == pytest.approx(row.finding.bound, rel=1e-9)
    return list(report.scripts)


x = Unknown("x")
HALF = sympy.Rational(1, 2)
NAMES = [
    Definition(name, loss * number)
    for name, number in zip(
        ("product", "norm", "lambda", "max", "f", "W1", "loss-rate"), range(2, 9), strict=True
    )
]


@pytest.mark.parametrize(
    "statement",
    [
        Sum(eta * loss) >= 1,
        Prod(1 + eta) <= 1 + HALF * Sum(eta),
        loss.next >= loss - sympy.Rational(1, 1000),
        sum(NAMES, loss) <= 1 + sympy.Min(inputs, width) ** 3,
        sympy.Abs(loss - 3) ** sympy.Rational(1, 3) / sympy.sqrt(K + 1) <= sympy.Float(0.3),
        sympy.exp(-loss) + sympy.log(loss + 1) + expm1(loss) + sympy.tanh(loss) <= sympy.pi / 3,
        sympy.sinh(loss) / sympy.cosh(eta) >= K**t,
        loss <= Root("least", x**3 + x - K, x) / 2,
        loss <= Root("ends", x - K, x, high=HALF) / 3,
        loss <= Root("first", (x - K / 8) * (x - 1) * (x - 2), x, HALF / 9, 9, smallest=True),
        Eq(loss, loss.at(0) * (1 - eta) ** t),
        drift.next >= 1,
    ],
    ids=str,
)
def test_every_expression_can_be_written(statement: Any, tmp_path: Path) -> None:
    assert len(scripted(tmp_path, statement)) == 1


def test_hypotheses_are_asked_at_every_step_that_leads_there(tmp_path: Path) -> None:
    (script,) = scripted(
        tmp_path,
        loss <= Prod(1 - 4 * eta) * loss.at(0),
        Hypothesis("short", "", sympy.And(eta > 0, eta <= 1)),
        Hypothesis("bounded", "", loss <= loss.at(0)),
    )
    text = script.read_text(encoding="utf-8")
    (step,) = re.findall(r"\[(\d+)\]\)\nsys.exit", text)
    assert text.count(f"range({step})") == 2
    assert f"range({int(step) + 1})" in text


def test_rows_without_a_script_say_why(cli: Any, tmp_path: Path) -> None:
    assert scripted(tmp_path, loss <= smoothness / 100) == []
    left = {one.name for one in (tmp_path / "counterexamples").iterdir()}
    assert left == {"test@1-c.json", "test@1-c.tex", "test_test__v1__c.py"}
    file = tmp_path / "mine.py"
    file.write_text(
        '"""A loss is never above a hundredth of its smoothness."""\n'
        "from harness import Claim, Theorem\n"
        "from harness.symbols import loss, smoothness\n"
        'small = Theorem(title="Small", claims=[Claim("c", loss <= smoothness / 100)])\n'
    )
    done = cli("check", file, "--config", json.dumps(ONE_EACH), "--out", tmp_path / "out")
    assert "mine@1 c: no script: two_layer_linear cannot write this run out" in done.out


def test_a_script_of_an_earlier_run_does_not_outlive_its_violation(tmp_path: Path) -> None:
    (script,) = scripted(tmp_path, loss <= sympy.Rational(1, 10))
    other = script.with_name("other@1-c.py")
    other.write_text("")
    theorem = Theorem(title="Test", id="test", claims=[Claim("c", loss <= 1)])
    report = check(theorem, options=Options(configuration=ONE_EACH, out=tmp_path))
    assert (report.scripts, script.exists(), other.exists()) == ((), False, True)


def test_the_command_line_says_where_they_are(cli: Any, tmp_path: Path) -> None:
    config = '{"W1":[[2,0],[0,0]],"W2":[[2],[0]],"X":[[1,0],[0,1]],"Y":[[4],[1]],"data":"given","init":"given","parameters":{"c1":0.99,"c2":1.01}}'
    done = cli("check", "xu23_thm31_spectral@1", "--config", config, "--out", tmp_path)
    name = "xu23_thm31_spectral@1-least-eigenvalue.py"
    assert f"counterexamples to run alone, in {tmp_path}/counterexamples: {name}" in done.out
    assert ran(tmp_path / "counterexamples" / name)[0] == 0


def test_stress_writes_them_too(cli: Any, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        '"""A loss is never above 1/1000."""\n'
        "from harness import Claim, Theorem\n"
        "from harness.symbols import loss\n"
        'small = Theorem(title="Small", claims=[Claim("c", loss <= 0.001)])\n'
    )
    done = cli("stress", file, "--budget", 20, "--out", tmp_path / "out")
    assert done.code == 1
    script = tmp_path / "out" / "counterexamples" / "mine@1-c.py"
    worst = script.with_name("mine@1-c.worst.py")
    assert f"script: {script}\n" in done.out
    assert f"script: {worst}\n" in done.out
    assert "by relative margin: -" in done.out
    assert ran(worst)[0] == 0
    assert ran(script)[0] == 0


def test_the_shortest_of_several_is_kept(tmp_path: Path) -> None:
    theorem = finder.theorem("xu23_thm32_linear_rate@1")
    only = dataclasses.replace(theorem, claims=(theorem.claim("one-step"),))
    report = check(only, options=Options(out=tmp_path))
    (script,) = report.scripts
    assert 'Y = matrix([["4"], ["1"]])' in script.read_text(encoding="utf-8")

"""The pytest plugin: a theorem in a test module is one item a claim."""

from __future__ import annotations

import importlib
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from _pytest.pytester import SysModulesSnapshot

# pytester forgets at its teardown what was imported meanwhile, and these load once per process only
for name in ("numpy.fft", "scipy.special", "sklearn.datasets", "torch", "flint"):
    importlib.import_module(name)

Run = Callable[..., pytest.RunResult]

HEAD = """
from harness import Claim, Hypothesis, Step, Theorem, Verdict, experiment, integers, symbol

n = symbol("n", "size", "configuration")
x = symbol("x", "measured", "run")


@experiment(emits=[n, x], n=integers(1, 30))
def measured(n):
    return {x: (float(n), 0.0)}
"""
HIGH = HEAD.replace("integers(1, 30)", "integers(19, 30)")
TRUE = 'law = Theorem(title="L", claims=[Claim("up", x >= n), Claim("down", x <= n)])\n'
FALSE = 'wrong = Theorem(title="W", claims=[Claim("fine", x <= n), Claim("low", x <= 20)])\n'
KNOWN = """
known = Theorem(title="K", claims=[
    Claim("low", x <= 20, expected=Verdict.VIOLATED, because="n may exceed 20")])
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs pytest, in this process to save time, on a module test_laws.py.

    pytester would forget what was imported meanwhile, but compiled modules load only once.
    """
    monkeypatch.setattr(
        "_pytest.pytester.SysModulesSnapshot",
        lambda preserve: SysModulesSnapshot(lambda name: name != "test_laws"),
    )

    def call(text: str, *words: str) -> pytest.RunResult:
        pytester.makepyfile(test_laws=text)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *words)

    return call


def test_a_theorem_is_one_item_a_claim(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_laws=HEAD + TRUE)
    found = pytester.runpytest_subprocess("-v")
    found.assert_outcomes(passed=2)
    found.stdout.fnmatch_lines(
        ["test_laws.py::law@1::up PASSED*", "test_laws.py::law@1::down PASSED*"]
    )


def test_an_installed_theorem_is_imported_in_one_line(run: Run) -> None:
    found = run("from harness.catalogue import xu23_thm32_linear_rate\n", "--collect-only", "-q")
    found.stdout.fnmatch_lines(["test_laws.py::xu23_thm32_linear_rate@2::one-step"])


def test_an_alias_is_not_collected_twice(run: Run) -> None:
    found = run(HEAD + TRUE + "again = law\nother = law\n", "--collect-only", "-q")
    assert [line for line in found.outlines if "::" in line] == [
        "test_laws.py::law@1::up", "test_laws.py::law@1::down",
    ]  # fmt: skip


def test_one_claim_can_be_selected(run: Run) -> None:
    run(HEAD + TRUE, "test_laws.py::law@1::down").assert_outcomes(passed=1)
    run(HEAD + TRUE, "-k", "up").assert_outcomes(passed=1, deselected=1)


def test_a_violated_claim_fails_and_the_section_names_its_points(run: Run) -> None:
    found = run(HIGH + FALSE)
    found.assert_outcomes(passed=1, failed=1)
    assert found.ret == 1
    lines = found.outlines
    start = next(i for i, line in enumerate(lines) if "did not behave as declared" in line)
    section = "\n".join(lines[start:])
    assert "test_laws.py::wrong@1::low" in section
    assert "wrong@1 low: violated, expected held" in section
    assert "simplest: x = 21.0 against <= 20.0" in section
    assert "worst: x = 30.0 against <= 20.0" in section
    assert section.count("boundcheck check test_laws.py::wrong@1 --experiment measured") == 2


def test_the_printed_command_reproduces_the_point(
    run: Run, pytester: pytest.Pytester, cli: Any, tmp_path: Path, table: Any
) -> None:
    found = run(HIGH + FALSE)
    line = next(line for line in found.outlines if '"n":30' in line)
    words = shlex.split(line)
    assert words[0] == "boundcheck"
    again = cli(*words[1:], "--out", tmp_path / "again", "--quiet")
    assert again.code == 1
    rows = {row["claim"]: row for row in table(tmp_path / "again" / "checks.csv")}
    assert (rows["low"]["verdict"], rows["low"]["value"]) == ("violated", "30.0")
    assert rows["low"]["theorem"] == "wrong"


def test_a_local_theorem_with_its_own_step_limit_reproduces_by_its_command(
    run: Run, cli: Any, tmp_path: Path
) -> None:
    found = run(
        "from harness import Claim, Hypothesis, Step, Theorem\n"
        "from harness.symbols import loss, smoothness, grad_norm, K\n"
        "rising = Theorem(title='R', step=Step(limit=1 / K, fractions=(1e-3,)),\n"
        "                 claims=[Claim('c', loss.next >= loss + 1)])\n"
    )
    found.assert_outcomes(failed=1)
    line = next(line for line in found.outlines if line.strip().startswith("boundcheck check"))
    again = cli(*shlex.split(line)[1:], "--out", tmp_path / "again", "--quiet")
    assert (again.code, again.err) == (1, "")


def test_a_known_false_claim_passes_when_it_is_violated(run: Run) -> None:
    run(HEAD + KNOWN).assert_outcomes(passed=1)
    run(HEAD + KNOWN.replace("x <= 20", "x <= 90")).assert_outcomes(failed=1)


def test_an_untested_claim_fails(run: Run) -> None:
    text = (
        'never = Theorem(title="N", hypotheses=[Hypothesis("huge", "huge", n >= 99)], '
        'claims=[Claim("c", x <= n)])\n'
    )
    found = run(HEAD + text)
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(["*never@1 c: untested, expected held*"])


def test_all_rows_are_written_where_asked(run: Run, pytester: pytest.Pytester, table: Any) -> None:
    run(HEAD + FALSE, "--bound-csv", "rows.csv")
    rows = table(pytester.path / "rows.csv")
    assert {row["claim"] for row in rows} == {"fine", "low"}
    assert len(rows) == 2 * len({row["config"] for row in rows})
    for row in rows:
        outside = row["claim"] == "low" and float(row["value"]) > 20
        assert row["verdict"] == ("violated" if outside else "held")


def test_without_theorems_the_file_is_a_header(
    run: Run, pytester: pytest.Pytester, table: Any
) -> None:
    run("def test_nothing():\n    pass\n", "--bound-csv", "rows.csv").assert_outcomes(passed=1)
    text = (pytester.path / "rows.csv").read_text()
    assert text.startswith("schema,theorem,version,claim,")
    assert text.count("\n") == 1


SPREAD = HEAD.replace("integers(1, 30)", "integers(1, 10**6)") + TRUE


def test_seed_and_profile_are_honoured(run: Run, pytester: pytest.Pytester, table: Any) -> None:
    drawn = {}
    for name, words in {
        "usual": (), "same": (), "seeded": ("--bound-seed", "1"),
        "large": ("--bound-profile", "standard"),
    }.items():  # fmt: skip
        run(SPREAD, "--bound-csv", "rows.csv", *words).assert_outcomes(passed=2)
        rows = table(pytester.path / "rows.csv")
        drawn[name] = [row["config"] for row in rows if row["claim"] == "up"]
    assert drawn["usual"] == drawn["same"]
    assert not set(drawn["usual"]) & set(drawn["seeded"])
    assert len(drawn["usual"]) <= 80 < 900 < len(drawn["large"])
    assert drawn["large"][: len(drawn["usual"])] == drawn["usual"]


def test_an_unknown_profile_is_a_usage_error(run: Run) -> None:
    assert run(HEAD + TRUE, "--bound-profile", "lavish").ret == pytest.ExitCode.USAGE_ERROR
    assert run(HEAD + TRUE, "--bound-engine", "slow").ret == pytest.ExitCode.USAGE_ERROR


def test_junit_carries_the_figures(run: Run, pytester: pytest.Pytester) -> None:
    run(HEAD + FALSE, "--junitxml", "report.xml")
    cases = ElementTree.parse(pytester.path / "report.xml").getroot().iter("testcase")
    figures = {
        case.get("name"): {one.get("name"): one.get("value") for one in case.iter("property")}
        for case in cases
    }
    assert figures["fine"]["verdict"] == "held"
    assert figures["fine"]["tightest_ratio"] == "1.0"
    assert figures["low"]["verdict"] == "violated"
    assert int(figures["low"]["violated"] or 0) > 0
    assert figures["low"]["checks"] == figures["fine"]["checks"]


def test_an_unrelated_project_loads_nothing_heavy(pytester: pytest.Pytester) -> None:
    text = (
        "import sys\n\n\ndef test_light():\n"
        "    heavy = {'torch', 'sympy', 'numpy', 'scipy', 'rich'}\n"
        "    assert not heavy & sys.modules.keys()\n"
    )
    pytester.makepyfile(text)
    pytester.runpytest_subprocess("-p", "no:hypothesispytest").assert_outcomes(passed=1)
    found = pytester.runpytest_subprocess("--help")
    found.stdout.fnmatch_lines(["*--bound-profile=*", "*--bound-seed=*", "*--bound-csv=*"])

"""Statements of the catalogue that are known to be false leave scripts that stand alone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness import check
from harness.discovery import finder
from harness.options import Options

FALSE = [
    ("even23_flow_init@1", "scale"),
    ("even23_flow_init@1", "dual"),
    ("mvm23_thm1@1", "rate"),
    ("opt_ridge_each_draw@1", "each"),
]


@pytest.mark.parametrize(("ref", "claim"), FALSE)
def test_the_witness_of_a_false_statement_is_a_script_of_its_own(
    ref: str, claim: str, tmp_path: Path
) -> None:
    theorem = finder.theorem(ref)
    witness = theorem.claim(claim).witness or {}
    report = check(theorem, options=Options(configuration=witness, out=tmp_path / "out"))
    (script,) = [one for one in report.scripts if one.name == f"{ref}-{claim}.py"]
    text = script.read_text(encoding="utf-8")
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", text, re.M))
    assert not imported & {"harness", "experiments", "theorems"}
    folder = tmp_path / "empty"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-I", str(script)], capture_output=True, text=True, timeout=60, cwd=folder
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"CLAIM {claim}" in done.stdout

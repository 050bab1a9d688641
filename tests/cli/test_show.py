"""Every statement can be shown to a person, to TeX and to a machine."""

from __future__ import annotations

import json

import pytest

from harness.cli.main import main
from harness.discovery import finder

REFS = [header.ref for header in finder.installed().theorems]


@pytest.mark.parametrize("ref", REFS)
def test_a_statement_is_shown_whole(ref: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", ref]) == 0
    text = capsys.readouterr().out
    theorem = finder.theorem(ref)
    for part in (theorem.title, theorem.source, *(c.id for c in theorem.claims)):
        assert part in text
    for hypothesis in theorem.hypotheses:
        assert hypothesis.sentence in text


@pytest.mark.parametrize("ref", REFS)
def test_latex_names_every_definition_and_claim(
    ref: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", ref, "--latex"]) == 0
    text = capsys.readouterr().out
    theorem = finder.theorem(ref)
    displays = len(theorem.definitions) + len(theorem.claims)
    assert text.count(r"\[") == text.count(r"\]") >= displays
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("ref", REFS)
def test_json_and_bibtex(ref: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", ref, "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert f"{record['id']}@{record['version']}" == ref
    assert main(["show", ref, "--bibtex"]) == 0
    entry = capsys.readouterr().out
    assert entry.startswith("@")
    assert finder.theorem(ref).source.partition(",")[0] in entry

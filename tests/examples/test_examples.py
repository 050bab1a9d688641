"""Every example with a theorem runs as it stands."""

from __future__ import annotations

import io
import tokenize
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
# those that record or draw state no theorem
FILES = [
    path
    for path in sorted(EXAMPLES.glob("*.py"))
    if not path.stem.startswith(("trace_", "double_descent", "ntk_drift"))
]
LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENCODING, tokenize.ENDMARKER,
}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_behaves_as_it_declares(cli: Any, few: Any, tmp_path: Path, path: Path) -> None:
    few(40, chance_configurations=1, power=0.5)
    found = cli("check", path, "--out", tmp_path / "out")
    assert found.code == 0, found.out + found.err


def lines_of_code(text: str) -> int:
    lines: set[int] = set()
    previous = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        prose = token.type == tokenize.STRING and previous in (tokenize.NEWLINE, tokenize.ENCODING)
        if token.type not in LAYOUT and not prose:
            lines |= set(range(token.start[0], token.end[0] + 1))
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            previous = token.type
    return len(lines)


def test_a_line_of_code_is_neither_prose_nor_blank() -> None:
    assert lines_of_code('"""Prose\nof two lines."""\n\n# comment\nx = (1,\n     2)\n') == 2


def test_the_first_theorem_takes_fifteen_lines() -> None:
    assert lines_of_code((EXAMPLES / "descent.py").read_text(encoding="utf-8")) <= 15


def test_a_new_theorem_file_runs_at_once(
    cli: Any, few: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli("new", "my_law").code == 0
    few(6)
    assert cli("check", "my_law.py").code == 0
    again = cli("new", "my_law")
    assert again.code == 2
    assert "is there already" in again.sentence

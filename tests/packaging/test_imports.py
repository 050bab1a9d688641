"""Which way the arrows run: the import contracts are kept, and would notice a breach."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    code = (
        f"import sys\nsys.path.insert(0, {str(folder)!r})\n"
        "from importlinter.cli import lint_imports\n"
        "raise SystemExit(lint_imports(no_cache=True))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def copy(tmp_path: Path, root: Path) -> Path:
    for name in ("theorems", "experiments", "harness"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(root / name, tmp_path / name, ignore=ignored)
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_are_kept(copy: Path) -> None:
    found = lint_imports(copy)
    assert found.returncode == 0, found.stdout
    assert "0 broken" in found.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("harness/judging/row.py", "import theorems", "the framework never imports content"),
        (
            "theorems/convergence/xu23_drift.py",
            "import experiments.data",
            "theorems and experiments meet in symbols only",
        ),
        (
            "harness/vocabulary/kinds.py",
            "import harness.judging.row",
            "the vocabulary stands at the bottom",
        ),
    ],
)
def test_a_planted_import_breaks_its_contract(
    copy: Path, module: str, line: str, contract: str
) -> None:
    path = copy / module
    path.write_text(f"{path.read_text()}\n{line}  # planted\n")
    found = lint_imports(copy)
    assert found.returncode == 1
    assert f"{contract} BROKEN" in found.stdout

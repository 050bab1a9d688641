"""What a wheel holds."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

COPIED = ("theorems", "experiments", "harness", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, root: Path) -> zipfile.ZipFile:
    """The wheel, built from a copy by the build backend itself."""
    from hatchling import build

    copy = tmp_path_factory.mktemp("source")
    for name in COPIED:
        if (root / name).is_dir():
            shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(root / name, copy / name)
    (copy / "tests").mkdir()
    (copy / "tests" / "test_nothing.py").write_text("")
    out = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        return zipfile.ZipFile(out / build.build_wheel(str(out)))


def test_its_top_level_is_exactly_the_three_packages(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    (info,) = (top for top in tops if top.endswith(".dist-info"))
    assert info.startswith("boundcheck-")
    assert tops - {info} == {"theorems", "experiments", "harness"}


def test_it_holds_every_module_and_the_bibliography(wheel: zipfile.ZipFile, root: Path) -> None:
    names = set(wheel.namelist())
    for package in ("theorems", "experiments", "harness"):
        for path in (root / package).rglob("*"):
            if path.suffix in (".py", ".bib", ".typed"):
                assert path.relative_to(root).as_posix() in names


def test_its_entry_points_are_the_documented_ones(wheel: zipfile.ZipFile) -> None:
    (name,) = (one for one in wheel.namelist() if one.endswith("entry_points.txt"))
    text = wheel.read(name).decode()
    for line in (
        "boundcheck = harness.cli.main:main", "[pytest11]", "boundcheck = harness.plugin",
        "[boundcheck.theorems]", "boundcheck = theorems",
        "[boundcheck.experiments]", "boundcheck = experiments",
    ):  # fmt: skip
        assert line in text.splitlines()


def test_its_pieces_run_without_the_repository(
    wheel: zipfile.ZipFile, shell: Any, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    wheel.extractall(site)
    code = (
        "import harness, pathlib\n"
        f"assert pathlib.Path(harness.__file__).is_relative_to({str(site)!r})\n"
        "from harness.cli.main import main\n"
        "raise SystemExit(main(['list']))"
    )
    found = shell("-c", code, path=[site])
    assert found.code == 0, found.err
    assert "xu23_drift@1" in found.out

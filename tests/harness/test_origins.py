"""Which files a store's keys depend on: all that an experiment may run, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.catalogue import two_layer_linear
from harness.discovery import finder
from harness.session import experiments_for
from harness.storing.origins import files_behind


def written(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        file = folder.joinpath(*name.split("__")).with_suffix(".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def names(path: Path, folder: Path) -> list[str]:
    return [str(file.relative_to(folder)) for file in files_behind(path)]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for part in ("lab", "lab/inner"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "__init__.py").write_text("")
    return tmp_path


def test_imports_are_followed_wherever_they_stand(package: Path) -> None:
    written(
        package,
        lab__declared='engine = "lab.inner.engine:Engine"\nimport json, other\n',
        lab__inner__engine="def run():\n    from lab import late\n    from . import near\n",
        lab__inner__near="from ..shared import x\n",
        lab__late="import lab.declared\n",
        lab__shared="x = 1\n",
        lab__unused="x = 2\n",
        other="x = 3\n",
    )
    assert names(package / "lab" / "declared.py", package) == [
        "lab/__init__.py", "lab/declared.py", "lab/inner/__init__.py", "lab/inner/engine.py",
        "lab/inner/near.py", "lab/late.py", "lab/shared.py",
    ]  # fmt: skip


def test_a_loose_file_has_its_neighbours(tmp_path: Path) -> None:
    written(
        tmp_path, mine="import helper\nimport numpy\n", helper="import deeper\n", deeper="", far=""
    )
    assert names(tmp_path / "mine.py", tmp_path) == ["deeper.py", "helper.py", "mine.py"]


def test_what_cannot_be_parsed_is_a_file_all_the_same(tmp_path: Path) -> None:
    written(tmp_path, mine="import broken\n", broken="def\n")
    assert names(tmp_path / "mine.py", tmp_path) == ["broken.py", "mine.py"]


def test_the_shipped_network_rests_on_its_engine_and_not_on_other_experiments() -> None:
    found = {file.name for file in files_behind(Path(two_layer_linear.path))}
    assert {"two_layer_linear.py", "engine.py", "setup.py", "lanes.py", "data.py"} <= found
    assert "learnability.py" not in found


def test_a_flow_rests_on_the_integrator() -> None:
    (experiment,) = experiments_for(finder.theorem("mvm23_thm1"), (), "two_layer_flow")
    assert "integrate.py" in {file.name for file in files_behind(Path(experiment.path))}

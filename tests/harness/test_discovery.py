"""Headers read ahead agree with the records built later, and nothing heavy is imported for them."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from harness import UsageError
from harness.cli.listing import fitting
from harness.discovery import finder
from harness.discovery.headers import SYMBOLS_MODULES, theorem_headers
from harness.discovery.loading import load_file
from harness.session import experiments_for

HEADERS = {header.ref: header for header in finder.installed().theorems}


def spelled_out(names: Iterable[str]) -> set[str]:
    """The names of symbols; a list or dictionary of them goes by a name of its own."""
    found = set(names)
    for home in map(importlib.import_module, SYMBOLS_MODULES):
        for name in found & vars(home).keys():
            family = getattr(home, name)
            members = family.values() if isinstance(family, dict) else family
            if isinstance(family, dict | list | tuple):
                found |= {one.name for one in members}
    return found


@pytest.mark.parametrize("ref", HEADERS)
def test_a_header_agrees_with_the_record_it_announces(ref: str) -> None:
    header, record = HEADERS[ref], finder.theorem(ref)
    assert (header.id, header.version, header.topic) == (record.id, record.version, record.topic)
    assert (header.title, header.source) == (record.title, record.source)
    assert (header.provenance, header.reading) == (record.provenance, record.reading)
    assert [(one.id, one.kind) for one in header.claims] == [
        (one.id, one.kind.name) for one in record.claims
    ]
    assert {one.name for one in record.needs} <= spelled_out(header.symbols) | {"t"}
    assert Path(header.path) == Path(record.path)


def test_every_installed_record_has_been_announced() -> None:
    from harness.discovery.loading import load_module

    modules = {(header.module, header.topic) for header in HEADERS.values()}
    built = {one.ref for module in modules for one in load_module(*module).theorems}
    assert built == set(HEADERS)
    assert not finder.installed().broken


def test_installed_experiments_emit_what_their_headers_announce() -> None:
    built = {one.id: one for one in finder.experiments()}
    assert {one.id for one in finder.installed().experiments} == set(built)
    for header in finder.installed().experiments:
        assert {one.name for one in built[header.id].emits} <= spelled_out(header.symbols)


@pytest.mark.parametrize("ref", HEADERS)
def test_the_experiments_listed_are_those_a_check_runs(ref: str) -> None:
    run = [one.id for one in experiments_for(finder.theorem(ref), (), None)]
    listed = fitting(HEADERS[ref], finder.installed())
    assert sorted(listed) == sorted(run)


def test_every_installed_experiment_is_loaded_once_from_its_own_file() -> None:
    paths = {one.id: one.path for one in finder.installed().experiments}
    assert [(one.id, one.path) for one in finder.experiments()] == [*paths.items()]


def test_what_is_not_judged_and_names_of_functions_own_are_no_needs(write: Any) -> None:
    path = write(
        "from harness import Claim, Control, Rate, Theorem\n"
        "from harness import symbols as s\n"
        "from harness.symbols import drift, eta, loss, mu, width\n"
        "(a, b), c = (mu, drift), s.samples\n"
        "def twice(width):\n"
        "    grad_norm = 2 * width\n"
        "    return grad_norm + sum(eta for eta in (1, 2))\n"
        "half = (lambda drift: drift / 2)(1)\n"
        "mine = Theorem(title='M', rate=Rate(eta), claims=[Claim('c', loss <= a * twice(half))],\n"
        "    controls=[Control('d', 'c', {loss: s.distance})])\n",
        "mine.py",
    )
    (header,) = theorem_headers(path, "mine", "")
    (record,) = load_file(path).theorems
    assert header.symbols == {one.name for one in record.needs} == {"loss", "mu"}


def test_kinds_are_read_by_keyword_and_by_position(write: Any) -> None:
    path = write(
        "from harness import Claim, Expectation, Probability, Theorem\n"
        "from harness.symbols import loss, mu\n"
        "mine = Theorem(title='M', claims=[\n"
        "    Claim('p', loss <= 1, Probability(mu, 'init')),\n"
        "    Claim('e', loss <= 1, kind=Expectation('init')),\n"
        "    Claim('d', loss <= 1),\n"
        "])\n",
        "mine.py",
    )
    (header,) = theorem_headers(path, "mine", "")
    assert [one.kind for one in header.claims] == ["probability", "expectation", "deterministic"]
    (record,) = load_file(path).theorems
    assert [one.kind.name for one in record.claims] == [one.kind for one in header.claims]
    assert header.symbols == {"loss", "mu"}


def test_one_title_gives_the_id_of_the_file_and_several_those_of_the_variables(write: Any) -> None:
    head = "from harness import Claim, Theorem\nfrom harness.symbols import loss, mu\n"
    versions = write(
        f"{head}first = Theorem(title='M', claims=[Claim('c', loss <= mu)])\n"
        "second = first.revised(2, 'corrected', {mu: 2 * mu})\n",
        "law.py",
    )
    assert [one.ref for one in load_file(versions).theorems] == ["law@1", "law@2"]
    assert [one.ref for one in theorem_headers(versions, "law", "")] == ["law@1", "law@2"]
    assert [one.ref for one in load_file(versions, "law@2").theorems] == ["law@2"]
    assert [one.ref for one in load_file(versions, "first").theorems] == ["first@1"]
    several = write(
        f"{head}one = Theorem(title='A', claims=[Claim('c', loss <= mu)])\n"
        "two = Theorem(title='B', claims=[Claim('c', loss <= mu)])\n",
        "laws.py",
    )
    assert [one.ref for one in load_file(several).theorems] == ["one@1", "two@1"]
    assert [one.ref for one in theorem_headers(several, "laws", "")] == ["one@1", "two@1"]


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("xu23_drift", {"xu23_drift@1"}),
        ("xu23_thm32_linear_rate", {"xu23_thm32_linear_rate@1", "xu23_thm32_linear_rate@2"}),
        ("xu23_thm32_linear_rate@2", {"xu23_thm32_linear_rate@2"}),
        ("convergence/xu23_dr*", {"xu23_drift@1"}),
        ("*_thm32_linear_rate@1", {"xu23_thm32_linear_rate@1", "xu25_thm32_linear_rate@1"}),
    ],
)
def test_selectors_are_ids_versions_topics_and_globs(selector: str, found: set[str]) -> None:
    assert {one.ref for one in finder.matching(selector)} == found


def test_an_id_without_version_is_the_latest_statement() -> None:
    assert finder.theorem("xu23_thm32_linear_rate").version == 2
    with pytest.raises(UsageError, match="did you mean xu23_drift"):
        finder.theorem("xu23_drifft")


def test_the_catalogue_gives_records_by_name() -> None:
    from harness import catalogue

    assert catalogue.xu23_drift is finder.theorem("xu23_drift")
    assert catalogue.two_layer_linear.id == "two_layer_linear"
    assert {"xu23_drift", "two_layer_linear"} <= set(dir(catalogue))
    with pytest.raises(AttributeError):
        _ = catalogue.nothing_of_that_name


LISTING = """
import sys
from harness.cli.main import main
assert main(["list"]) == 0
print("heavy:", sorted({"torch", "sympy", "numpy", "scipy"} & sys.modules.keys()))
"""


def test_listing_imports_neither_torch_nor_sympy_nor_numpy(shell: Any) -> None:
    found = shell("-c", LISTING)
    assert found.code == 0, found.err
    assert found.out.splitlines()[-1] == "heavy: []"
    assert "xu23_thm32_linear_rate@2" in found.out


def test_importing_harness_costs_nothing(shell: Any) -> None:
    heavy = "{'torch', 'sympy', 'numpy', 'scipy', 'hypothesis', 'pytest', 'rich'}"
    found = shell("-c", f"import sys, harness; print(sorted({heavy} & sys.modules.keys()))")
    assert (found.code, found.out.strip()) == (0, "[]")


def test_writing_a_theorem_does_not_need_torch(shell: Any) -> None:
    found = shell(
        "-c",
        "import sys\nfrom harness.catalogue import xu23_thm32_linear_rate as one\n"
        "print(one.ref, 'torch' in sys.modules)",
    )
    assert found.out.strip() == "xu23_thm32_linear_rate@2 False"


@pytest.fixture
def third_party(tmp_path: Path) -> Path:
    """An installed distribution: one good theorem, others that do not parse or import."""
    site = tmp_path / "site"
    info = site / "acme_bounds-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-bounds\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[boundcheck.theorems]\nacme = acme_laws\ngone = acme_gone\n\n"
        "[boundcheck.experiments]\nacme = acme_labs\n"
    )
    head = "from harness import Claim, Theorem\nfrom harness.symbols import grad_norm\n"
    body = "{} = Theorem(title='{}', claims=[Claim('c', grad_norm >= -1)])\n"
    for package, files in {
        "acme_laws/growth": {
            "acme_good.py": head + body.format("acme_good", "Good"),
            "acme_parses_not.py": "def broken(:\n",
            "acme_imports_not.py": head + "import acme_missing\n" + body.format("b", "Bad"),
        },
        "acme_labs": {"lab.py": "from harness import Experiment\nlab = Experiment(id=unknown)\n"},
    }.items():
        folder = site / package
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text)
    return site


def test_a_broken_third_party_package_is_a_line_of_the_list(shell: Any, third_party: Path) -> None:
    found = shell("-m", "harness", "list", path=[third_party])
    assert found.code == 0, found.err
    lines = [line for line in found.out.splitlines() if line.startswith("broken:")]
    assert len(lines) == 2
    assert any("acme_laws.growth.acme_parses_not: does not parse" in line for line in lines)
    assert any("acme_gone" in line for line in lines)
    assert "acme_good@1" in found.out


def test_a_broken_third_party_package_is_a_broken_row_and_the_rest_is_checked(
    shell: Any, third_party: Path, tmp_path: Path, table: Any
) -> None:
    words = ("-m", "harness", "check", "growth/*", "--config", '{"steps":1}')
    found = shell(*words, "--out", tmp_path / "out", path=[third_party])
    assert found.code == 1, found.err
    assert "Traceback" not in found.err
    rows = table(tmp_path / "out" / "checks.csv")
    broken = {row["theorem"]: row["reason"] for row in rows if row["verdict"] == "broken"}
    assert broken.keys() == {
        "acme_gone", "acme_labs.lab", "acme_laws.growth.acme_parses_not",
        "acme_laws.growth.acme_imports_not",
    }  # fmt: skip
    assert "acme_missing" in broken["acme_laws.growth.acme_imports_not"]
    assert {row["theorem"] for row in rows if row["verdict"] == "held"} == {"acme_good"}


def test_a_broken_third_party_package_does_not_disturb_other_checks(
    shell: Any, third_party: Path, tmp_path: Path, table: Any
) -> None:
    words = ("-m", "harness", "check", "acme_good", "--config", '{"steps":1}')
    found = shell(*words, "--out", tmp_path / "out", path=[third_party])
    assert found.code == 0, found.err
    named = shell("-m", "harness", "check", "acme_imports_not", path=[third_party])
    assert named.code == 2
    assert "acme_missing" in named.sentence


def test_nothing_shipped_is_broken_and_what_is_cannot_go_unseen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from harness.options import Options
    from harness.session import selected

    theorems, _ = finder.select([])
    finder.experiments()
    assert not finder.installed().broken
    assert len(theorems) == len(finder.installed().theorems)
    gone = finder.Broken("acme_gone", "ImportError: no acme")
    monkeypatch.setattr(finder.installed(), "broken", [gone])
    monkeypatch.setattr(finder, "select", lambda selectors: ([], []))
    assert [row.theorem for row in selected((), (), Options()).broken] == ["acme_gone"]

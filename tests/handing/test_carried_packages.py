"""Functions whose helpers live in other modules of their package, as scripts that stand alone."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from experiments.classical.heavy_ball import ball
from harness.handing.carried import Carried, NotCarriedError, carried


def executed(found: Carried) -> dict[str, Any]:
    world: dict[str, Any] = {}
    exec("\n".join([*found.imports, found.text]), world)
    return world


def package(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch, **modules: str) -> Any:
    home = folder / name
    home.mkdir()
    (home / "__init__.py").write_text("")
    for module, text in modules.items():
        (home / f"{module}.py").write_text(text)
    monkeypatch.syspath_prepend(folder)
    return importlib.import_module(f"{name}.main").f


def test_a_shipped_function_runs_on_its_own() -> None:
    found = carried(ball)
    assert not any("experiments" in line or "harness" in line for line in found.imports)
    given = ("bends", 1.0, 5.0, [1.0, 0.0, 1.0], [1.0, 2.0], 3.3, 7)
    expected = {one.name: value for one, value in ball(*given).items()}
    assert executed(found)["ball"](*given) == expected


def test_helpers_come_before_their_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    f = package(
        tmp_path, "three_modules", monkeypatch,
        main="from three_modules.middle import g, C\ndef f(x):\n    return g(x) + C\n",
        middle="from three_modules.low import B\nC = B + 1\ndef g(x):\n    return B * x\n",
        low="import math\nB = math.sqrt(4)\n",
    )  # fmt: skip
    found = carried(f)
    assert found.imports == ("import math",)
    assert executed(found)["f"](5) == f(5) == 13


def test_a_module_of_symbols_becomes_a_namespace_of_what_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    f = package(
        tmp_path, "of_symbols", monkeypatch,
        main="from harness import flows as s\nfrom of_symbols.low import g\n"
        "def f(x):\n    return {s.first_end: g(x), s.spread: x}\n",
        low="from harness import flows as s\ndef g(x):\n    return {s.mixed_end: x}\n",
    )  # fmt: skip
    found = carried(f)
    assert found.imports == ("from types import SimpleNamespace",)
    assert executed(found)["f"](5) == {"first_end": {"mixed_end": 5}, "spread": 5}


def test_imports_inside_a_function_are_carried_like_those_at_the_top(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    f = package(
        tmp_path, "inside", monkeypatch,
        main="def f(x):\n    import math\n\n    from inside.low import g\n\n"
        "    return g(x) + math.sqrt(4)\n",
        low="B = 3\ndef g(x):\n    return B * x\n",
    )  # fmt: skip
    found = carried(f)
    assert found.imports == ("import math",)
    assert "inside" not in found.text
    assert executed(found)["f"](5) == f(5) == 17


@pytest.mark.parametrize(
    ("main", "low", "told"),
    [
        ("from {0}.low import g\nB = 1\ndef f(x):\n    return g(x) + B\n",
         "B = 2\ndef g(x):\n    return B * x\n", "two things"),
        ("from {0}.low import g as h\ndef f(x):\n    return h(x)\n",
         "def g(x):\n    return x\n", "needs “g” of"),
        ("from {0}.low import g\ndef f(x):\n    return g(x)\n",
         "def g(x):\n    return open(x)\n", "opens a file"),
        ("from harness import judging as s\nfrom {0}.low import g\ndef f(x):\n"
         "    return s.binomial\n", "def g(x):\n    return x\n", "needs “binomial” of"),
    ],
)  # fmt: skip
def test_what_cannot_be_put_together_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, main: str, low: str, told: str
) -> None:
    name = f"two_modules_{tmp_path.name}"
    f = package(tmp_path, name, monkeypatch, main=main.format(name), low=low)
    with pytest.raises(NotCarriedError, match=told):
        carried(f)

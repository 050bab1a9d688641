"""The same bytes from the same seed, and every row again from its own command."""

from __future__ import annotations

import json
import random
import shlex
from pathlib import Path
from typing import Any

import pytest

FIGURES = (
    "theorem", "version", "claim", "experiment", "verdict", "kind", "quantity", "step", "value",
    "sense", "bound", "ratio", "margin", "certified", "hypotheses_broken", "width", "step_size",
    "init", "data", "seed", "dtype", "device", "samples", "confidence", "fingerprint", "config",
    "reproduce", "rule", "steps_judged", "progress", "p_value", "notes", "engine",
)  # fmt: skip

CHANCE = """
from harness import Claim, Expectation, Parameter, Probability, Theorem, experiment, integers, symbol
n = symbol("n", "draws", "configuration")
least = symbol("least", "least of n uniform numbers", "run")
delta = Parameter("delta", 0, 1, (0.25, 0.3))


@experiment(emits=[n, least], n=integers(1, 5))
def uniform(n, rng):
    return {least: float(rng.random(n).min())}


mine = Theorem(title="M", claims=[
    Claim("rare", least <= 1 - delta / 2, kind=Probability(delta, "rng")),
    Claim("often", least <= delta / 9, kind=Probability(delta, "rng")),
    Claim("mean", least <= 1 / n, kind=Expectation("rng")),
])
"""


@pytest.fixture
def again(cli: Any, tmp_path: Path, table: Any) -> Any:
    """Runs a row's own command; returns its row."""

    def call(row: dict[str, str]) -> dict[str, str]:
        words = shlex.split(row["reproduce"])
        assert words[:2] == ["boundcheck", "check"]
        out = tmp_path / "again"
        cli(*words[1:], "--out", out, "--quiet")
        (same,) = (one for one in table(out / "checks.csv") if one["claim"] == row["claim"])
        return dict(same)

    return call


def figures(row: dict[str, str]) -> dict[str, str]:
    return {name: row[name] for name in FIGURES}


@pytest.fixture
def catalogue(cli: Any, few: Any, tmp_path: Path) -> Any:
    """A small check; the bytes of its table."""

    def run(out: str, *words: object) -> bytes:
        few(3)
        cli("check", *words, "--out", tmp_path / out, "--quiet")
        return (tmp_path / out / "checks.csv").read_bytes()

    return run


def test_rows_of_shipped_theorems_come_again_to_the_last_digit(
    catalogue: Any, again: Any, table: Any
) -> None:
    rows = table(catalogue("first", "xu23_thm32_linear_rate@1").decode())
    adaptive = catalogue("second", "xu23_prop32_adaptive", "--set", "steps=2")
    rows += table(adaptive.decode())
    chosen = {}
    random.Random(1).shuffle(rows)
    for row in rows:
        step = json.loads(row["config"])["step_size"]
        kind = row["verdict"], isinstance(step, dict) and sorted(step)[-1]
        chosen.setdefault(kind, row)
    assert {verdict for verdict, _ in chosen} >= {"held", "violated", "void"}
    assert "rule" in {kind for _, kind in chosen}
    for row in chosen.values():
        assert figures(again(row)) == figures(row)


def test_neither_jobs_nor_order_changes_a_byte(catalogue: Any, root: Path, table: Any) -> None:
    descent, drift = root / "examples" / "descent.py", "xu23_drift@1"
    alone = catalogue("one", descent, drift)
    assert catalogue("two", descent, drift, "--jobs", 2) == alone
    turned = catalogue("turned", drift, descent)
    assert turned != alone
    assert sorted(turned.splitlines()) == sorted(alone.splitlines())


def test_another_seed_draws_other_configurations(cli: Any, write: Any, tmp_path: Path) -> None:
    path = write()
    texts = []
    for index, seed in enumerate((5, 5, 6)):
        cli("check", path, "--seed", seed, "--out", tmp_path / str(index), "--quiet")
        texts.append((tmp_path / str(index) / "checks.csv").read_bytes())
    assert texts[0] == texts[1] != texts[2]


def test_rows_of_chance_claims_come_again(
    cli: Any, few: Any, write: Any, tmp_path: Path, again: Any, table: Any
) -> None:
    few(1)
    cli("check", write(CHANCE, "chance.py"), "--out", tmp_path / "first", "--quiet")
    rows = table(tmp_path / "first" / "checks.csv")
    assert {row["claim"] for row in rows} == {"rare", "often", "mean"}
    assert {row["verdict"] for row in rows} >= {"held", "violated"}
    for row in rows:
        assert int(row["samples"]) >= 1000
        assert figures(again(row)) == figures(row)


def test_rows_of_a_file_with_several_theorems_and_experiments_come_again(
    cli: Any, write: Any, tmp_path: Path, again: Any, table: Any
) -> None:
    path = write(
        "from harness import Claim, Parameter, Theorem, experiment, integers, symbol\n"
        "n = symbol('n', 'size', 'configuration')\n"
        "a = symbol('a', 'half', 'run')\n"
        "b = symbol('b', 'third', 'run')\n"
        "c = Parameter('c', 0, 3, (1.0, 2.0))\n"
        "@experiment(emits=[n, a], n=integers(1, 3))\n"
        "def halves(n):\n    return {a: n / 2}\n"
        "@experiment(emits=[n, b], n=integers(1, 3))\n"
        "def thirds(n):\n    return {b: n / 3}\n"
        "first = Theorem(title='F', claims=[Claim('f', a <= c * n)])\n"
        "second = Theorem(title='S', claims=[Claim('s', b <= n)])\n",
        "two.py",
    )
    assert cli("check", path, "--out", tmp_path / "first").code == 0
    for row in table(tmp_path / "first" / "checks.csv"):
        assert figures(again(row)) == figures(row)


def test_a_row_on_a_table_of_the_user_comes_again(
    cli: Any, few: Any, write: Any, tmp_path: Path, root: Path, again: Any, table: Any
) -> None:
    draw = random.Random(3)
    lines = [",".join(f"{draw.gauss(0, 1):.6f}" for _ in range(5)) for _ in range(12)]
    data = write("a,b,c,y,z\n" + "\n".join(lines) + "\n", "table.csv")
    few(4)
    descent = root / "examples" / "descent.py"
    found = cli("check", descent, "--data", data, "--targets", 2, "--out", tmp_path / "first")
    assert found.code == 0
    rows = table(tmp_path / "first" / "checks.csv")
    assert {row["data"] for row in rows} == {"csv"}
    for row in rows:
        configuration = json.loads(row["config"])
        assert configuration["samples"] == 12
        assert (configuration["features"], configuration["outputs"]) == (3, 2)
    assert figures(again(rows[0])) == figures(rows[0])
    data.write_text(data.read_text() + "1,1,1,1,1\n")
    words = shlex.split(rows[0]["reproduce"])[1:]
    changed = cli(*words, "--out", tmp_path / "changed")
    assert changed.code == 2
    assert "has changed since" in changed.sentence

"""Shared by all tests: small budgets, theorem files, and the command line in and out of process."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.sampling.plan import PROFILES, Profile

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[1]

SMALL = '''"""Numbers that a function measures: one claim holds, one is known to be false."""
import numpy as np

from harness import Claim, Eq, Hypothesis, Theorem, Verdict, experiment, integers, symbol

n = symbol("n", "size", "configuration")
x = symbol("x", "half of the size", "run")
noise = symbol("noise", "a uniform number", "run")


@experiment(emits=[n, x, noise], n=integers(1, 40))
def halving(n, rng):
    return {x: n / 2, noise: rng.random()}


halves = Theorem(
    title="Halving",
    hypotheses=[Hypothesis("large", "n is at least 9", n >= 9)],
    claims=[
        Claim("half", Eq(x, n / 2)),
        Claim("below", x <= n, trivial=2 * n),
        Claim("tiny", x <= 6, expected=Verdict.VIOLATED, because="n may exceed 12",
              witness={"n": 14}),
        Claim("shrunk", x * noise <= x),
    ],
)
'''


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line on stderr; fails where there are several, or a traceback."""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("boundcheck: ")
        return lines[0]


Cli = Callable[..., Outcome]
Write = Callable[..., Path]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs ``main`` in this process."""

    def call(*words: object) -> Outcome:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return call


@pytest.fixture
def shell(tmp_path: Path) -> Cli:
    """Runs a Python process of its own in an empty folder; words starting with -c or -m."""

    def call(*words: object, path: Sequence[Path] = ()) -> Outcome:
        search = os.pathsep.join(str(one) for one in path)
        environment = {**os.environ, "PYTHONPATH": search} if search else dict(os.environ)
        environment.pop("PYTEST_ADDOPTS", None)
        done = subprocess.run(
            [sys.executable, *(str(word) for word in words)],
            capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=120,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file into the test's folder; the small theorem file unless told otherwise."""

    def put(text: str = SMALL, name: str = "small.py") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return put


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets how many configurations the quick profile draws."""

    def set_draws(draws: int, chance_configurations: int = 1, power: float = 0.5) -> None:
        profile = Profile("quick", draws, chance_configurations, power)
        monkeypatch.setitem(PROFILES, "quick", profile)

    return set_draws


@pytest.fixture
def table() -> Callable[[Path | str], list[dict[str, str]]]:
    """Rows of a CSV file or of its text."""

    def read(source: Path | str) -> list[dict[str, str]]:
        text = source if isinstance(source, str) else source.read_text(encoding="utf-8")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    return read


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colours asked for by the environment."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)

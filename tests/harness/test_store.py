"""Killed anywhere, continued by the same command; stale or damaged results are never used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from harness.storing.blocks import MAGIC

SLOW = """
import time
from harness import Claim, Theorem, experiment, reals, symbol
a = symbol("a", "length", "run")
b = symbol("b", "the same", "run")


@experiment(emits=[a, b], x=reals(0, 1))
def slow(x):
    time.sleep(0.02)
    return {a: x, b: x}


mine = Theorem(title="M", claims=[Claim("c", a <= 2 * b)])
"""
IN_SMALL_BLOCKS = (
    "import sys\nimport harness.sampling.plan as plan\nassert plan.BLOCK_SIZE\nplan.BLOCK_SIZE = 8\n"
    "from harness.cli.main import main\nsys.exit(main(sys.argv[1:]))\n"
)
"""The command line, committing eight configurations at a time."""


def command(path: Path, out: Path) -> list[str]:
    return [sys.executable, "-c", IN_SMALL_BLOCKS, "check", str(path), "--out", str(out)]


def finished_groups(out: Path) -> int:
    """Groups committed so far, read beside the running process."""
    store = out / "results.store"
    return store.read_bytes().count(MAGIC) if store.exists() else 0


def test_a_killed_run_continues_and_ends_with_the_same_bytes(write: Any, tmp_path: Path) -> None:
    path = write(SLOW, "slow.py")
    subprocess.run(command(path, tmp_path / "whole"), check=True, capture_output=True)
    expected = (tmp_path / "whole" / "checks.csv").read_bytes()
    out = tmp_path / "killed"
    for groups in (2, 6):
        process = subprocess.Popen(command(path, out), stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if finished_groups(out) >= groups:
                break
            time.sleep(0.01)
        assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert not (out / "checks.csv").exists()
    done = subprocess.run(command(path, out), check=True, capture_output=True, text=True)
    assert "reused" in done.stdout
    reused = int(done.stdout.partition("reused ")[2].split()[0])
    assert 0 < reused < 80
    assert (out / "checks.csv").read_bytes() == expected


def test_a_second_run_reuses_everything(cli: Any, write: Any, tmp_path: Path) -> None:
    path, out = write(), tmp_path / "out"
    assert "reused" not in cli("check", path, "--out", out).out
    rows = (out / "checks.csv").read_text().count("\n") - 1
    assert f"reused {rows // 4} configurations" in cli("check", path, "--out", out).out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x <= 6", "x <= 5"),
        ("n >= 9", "n >= 8"),
        ("trivial=2 * n", "trivial=3 * n"),
        ("expected=Verdict.VIOLATED, because=", "because="),
        ('Claim("shrunk", x * noise <= x)', 'Claim("shrunk", x * noise <= x, start=1)'),
        ('Claim("below", x <= n, trivial=2 * n)', 'Claim("below", x <= n, trivial=2*n, rate=True)'),
        ('Hypothesis("large"', 'Hypothesis("big"'),
        ("n / 2, noise", "n / 2.5, noise"),
    ],
)
def test_a_change_that_matters_is_run_again(
    cli: Any, write: Any, tmp_path: Path, old: str, new: str
) -> None:
    from harness.storing.store import sources

    text = write().read_text()
    assert old in text
    cli("check", write(text), "--out", tmp_path / "out", "--quiet")
    write(text.replace(old, new))
    # one process is one version of the code, unless told otherwise
    sources.cache_clear()
    assert "reused" not in cli("check", tmp_path / "small.py", "--out", tmp_path / "out").out
    cli("check", tmp_path / "small.py", "--out", tmp_path / "fresh", "--quiet")
    again, fresh = ((tmp_path / one / "checks.csv").read_bytes() for one in ("out", "fresh"))
    assert again == fresh

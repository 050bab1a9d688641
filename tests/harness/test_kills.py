"""A sweep killed at random moments, its workers with it, ends with the bytes of one left alone.

Six kills; a hundred with BOUNDCHECK_QUALITY=full.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

KILLS = 100 if os.environ.get("BOUNDCHECK_QUALITY") == "full" else 6
SWEEP = """
import time
from harness import Claim, Theorem, experiment, reals, symbol
a = symbol("a", "length", "run")
b = symbol("b", "another", "run")


@experiment(emits=[a, b], x=reals(0, 1))
def slow(x, rng):
    time.sleep(0.004)
    return {a: x, b: x * rng.random()}


mine = Theorem(title="M", claims=[Claim("c", b <= a), Claim("d", a <= 2 * b)])
"""
# One process plans once and is forked for every life of the sweep: a fresh interpreter takes
# seconds to start, and would be killed before it ever wrote anything.
NURSERY = """
import os, sys
import harness.cli.checking
from harness.cli.main import main
import harness.sampling.plan as plan
plan.BLOCK_SIZE = 4
plan.PROFILES["quick"] = plan.Profile("quick", 40, 1, 0.5)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        sys.stdout = open(os.devnull, "w")
        try:
            code = main(line.split())
        finally:
            os._exit(code)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class Nursery:
    """Runs the sweep in forked processes, and kills them with all their workers."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", NURSERY],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._tell, self._hear = self._process.stdin, self._process.stdout

    def run(self, *words: object, kill_after: float | None = None) -> int:
        """The exit code; -9 where it was killed."""
        print(*words, file=self._tell, flush=True)
        child = int(self._hear.readline())
        if kill_after is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(kill_after)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
        return int(self._hear.readline())

    def close(self) -> None:
        self._process.communicate(timeout=10)


@pytest.fixture(scope="module")
def nursery() -> Any:
    one = Nursery()
    yield one
    one.close()


@pytest.mark.parametrize("jobs", [1, 2])
def test_kills_at_random_moments_change_no_byte(
    nursery: Nursery, write: Any, tmp_path: Path, jobs: int
) -> None:
    path = write(SWEEP, "sweep.py")
    words = ("check", path, "--quiet", "--jobs", jobs)
    started = time.monotonic()
    whole = nursery.run(*words, "--out", tmp_path / "whole")
    seconds = time.monotonic() - started
    names = ("checks.csv", "violations.csv")
    expected = [(tmp_path / "whole" / name).read_bytes() for name in names]
    assert expected[0].count(b"\n") > 60
    rng, killed, out, lives = random.Random(jobs), 0, tmp_path / "out0", 0
    while killed < KILLS // 2:
        code = nursery.run(*words, "--out", out, kill_after=rng.uniform(0, seconds))
        lives += 1
        assert lives < 40 * KILLS
        if code == -signal.SIGKILL:
            killed += 1
            for name, text in zip(names, expected, strict=True):
                assert not (out / name).exists() or (out / name).read_bytes() == text
        else:
            assert code == whole
            assert [(out / name).read_bytes() for name in names] == expected
            out = tmp_path / f"out{lives}"
    assert nursery.run(*words, "--out", out) == whole
    assert [(out / name).read_bytes() for name in names] == expected

"""The benchmarks run, and refuse numbers that make no sense."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SMALL = ("--sizes", "3", "--bits", "64", "--width", "2", "--steps", "4", "--repeats", "1")


def test_a_small_table(shell: Any, root: Path) -> None:
    done = shell(root / "benchmarks" / "certificates.py", *SMALL, path=[root])
    assert done.code == 0, done.err
    head, *lines = done.out.splitlines()
    assert head.split() == ["certificate", "bits", "seconds", "lost"]
    assert [line.split("  ")[0] for line in lines] == [
        "eigenvalues, symmetric 3 x 3",
        "singular values 3 x 3",
        "one step, width 2",
        "4 steps, width 2",
    ]
    for line in lines:
        bits, seconds, lost = line.split()[-3:]
        assert (bits, float(seconds) > 0) == ("64", True)
        assert float(lost) < -40


@pytest.mark.parametrize(
    ("option", "value"), [("--sizes", "0"), ("--bits", "5"), ("--steps", "-1"), ("--width", "0")]
)
def test_numbers_that_make_no_sense(shell: Any, root: Path, option: str, value: str) -> None:
    done = shell(root / "benchmarks" / "certificates.py", option, value, path=[root])
    assert done.code == 2
    assert done.out == ""
    assert f"{option} {value}: must be at least" in done.err

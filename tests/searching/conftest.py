"""Small claims whose truth, and whose constants, are known in closed form."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from harness import Claim, Theorem, experiment, matrix, reals, symbol, vector
from harness.discovery import finder
from harness.vocabulary.experiment import Experiment

Case = tuple[Theorem, Experiment]

sums = symbol("sums", "sum of the entries", "run")
peak = symbol("peak", "largest entry", "run")
left_side = symbol("left_side", "a number", "run")
right_side = symbol("right_side", "the same number", "run")
least_part = symbol("least_part", "least eigenvalue of M'M + I", "run")


@experiment(emits=[sums, peak], x=vector(3, reals(-4, 4)))
def three_numbers(x: list[float]) -> dict[object, float]:
    return {sums: sum(x), peak: max(x)}


@experiment(emits=[left_side, right_side], a=reals(0.5, 3))
def twins(a: float) -> dict[object, float]:
    return {left_side: a, right_side: a}


@experiment(emits=[least_part], M=matrix(2, 2, reals(-1, 1)))
def shifted_gram(M: list[list[float]]) -> dict[object, tuple[float, float]]:
    gram = np.array(M).T @ np.array(M) + np.eye(2)
    return {least_part: (float(np.linalg.eigvalsh(gram)[0]), 1e-13)}


def _theorem(name: str, claim: Claim) -> Theorem:
    return dataclasses.replace(Theorem(title=name, claims=[claim]), id=name)


@pytest.fixture
def corner() -> Case:
    """sums <= 11 on [-4, 4]^3: violated near one corner, on 1/3072 of the box."""
    return _theorem("corner", Claim("sum", sums <= 11)), three_numbers


@pytest.fixture
def attained() -> Case:
    """The least eigenvalue of M'M + I is at least 1, with equality wherever M is singular."""
    return _theorem("attained", Claim("least", least_part >= 1)), shifted_gram


@pytest.fixture
def twice() -> Case:
    """a <= 2 a for positive a: the constant needed is 1/2, everywhere."""
    return _theorem("twice", Claim("twice", left_side <= 2 * right_side)), twins


@pytest.fixture
def admm(root: Path) -> Case:
    """The example, without its witness."""
    theorems, own = finder.select([str(root / "examples" / "admm_three_blocks.py")])
    claim = dataclasses.replace(theorems[0].claims[0], witness=None)
    return dataclasses.replace(theorems[0], claims=(claim,)), own[0]


Counting = Callable[[Experiment], tuple[Experiment, list[int]]]


@pytest.fixture
def counting() -> Counting:
    """The same experiment, and a list that grows by one with every configuration it runs."""

    def wrap(original: Experiment) -> tuple[Experiment, list[int]]:
        calls: list[int] = []
        inner = original.engine
        assert callable(inner)

        def engine(**axes: object) -> object:
            calls.append(1)
            return inner(**axes)

        return dataclasses.replace(original, engine=engine), calls

    return wrap

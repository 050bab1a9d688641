"""The step an experiment takes comes from the theorem file: change a formula there, it changes."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from harness.discovery import finder
from harness.options import Options
from harness.session import check
from harness.vocabulary.definition import Definition, closure
from harness.vocabulary.theorem import Theorem

CONFIGURATION: dict[str, Any] = {
    "features": 2, "outputs": 3, "width": 12, "init": "imbalanced", "imbalance": 3.0, "seed": 5,
    "steps": 2,
}  # fmt: skip


def definition(theorem: Theorem, name: str) -> Definition:
    return next(
        one for one in closure(*theorem.expressions())
        if isinstance(one, Definition) and one.name == name
    )  # fmt: skip


def step_taken(theorem: Theorem) -> float:
    report = check(theorem, options=Options(configuration=CONFIGURATION))
    (size,) = {row.step_size for row in report.rows}
    return size


@pytest.mark.parametrize("name", ["xu23_thm31_spectral", "xu23_thm32_linear_rate"])
def test_doubling_alpha0_changes_the_step_that_is_taken(name: str) -> None:
    theorem = finder.theorem(name)
    alpha0 = definition(theorem, "alpha0")
    doubled = Definition("alpha0", 2 * alpha0.expression, alpha0.text, alpha0.latex_name)
    before, after = step_taken(theorem), step_taken(theorem.replacing({alpha0: doubled}))
    # in the cubic for eta_max alpha0 multiplies the constant term and divides one of the others
    assert before < after <= 4 * before


def test_a_replacement_that_changes_nothing_takes_the_same_step() -> None:
    theorem = finder.theorem("xu23_thm31_spectral")
    alpha0 = definition(theorem, "alpha0")
    same = theorem.replacing({alpha0: Definition("alpha0", alpha0.expression, "renamed text")})
    assert step_taken(theorem) == step_taken(same)
    assert dataclasses.replace(same).fingerprint == theorem.fingerprint

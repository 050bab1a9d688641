"""Violations of function experiments: what balls confirm, deny, or cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from harness import (
    AlmostSurely,
    Claim,
    Hypothesis,
    Theorem,
    Verdict,
    experiment,
    reals,
    spectral_radius,
    symbol,
)
from harness.discovery import finder
from harness.judging.row import Finding
from harness.running.jobs import run_task
from harness.running.task import Task

v = symbol("v", "a value", "run")
w = symbol("w", "another value", "run")


def judged(
    function: Callable[[float], dict[Any, Any]], statement: Any, x: float, *hypotheses: Hypothesis
) -> Finding:
    declared = experiment(emits=[v, w], x=reals(-(10**9), 10**9))(function)
    theorem = Theorem(
        title="A value", provenance="derived", hypotheses=hypotheses, claims=[Claim("c", statement)]
    )
    (row,) = run_task(Task(theorem, declared, ({"x": x},)), finder.theorem)
    return row.finding


def test_a_violation_is_certified_by_the_functions_own_code() -> None:
    found = judged(lambda x: {v: np.exp(x) - 1}, v <= 0, 0.5)
    assert (found.verdict, found.certified, found.rule) == (Verdict.VIOLATED, "violated", "ball")


def test_rounding_that_looks_like_a_violation_is_held() -> None:
    def expanded(x: float) -> dict[Any, Any]:
        return {v: abs((x + 1) ** 3 - x**3 - 3 * x**2 - 3 * x - 1)}

    assert float(expanded(1e6 + 0.1)[v]) > 0
    # exactly zero for every x, and exactly so in balls wide enough for its digits
    assert judged(expanded, v <= 0, 1e6 + 0.1).verdict is Verdict.HELD


def test_a_violation_that_balls_cannot_see_is_undecided() -> None:
    def cancelled(x: float) -> dict[Any, Any]:
        return {v: np.sqrt(2 * x) ** 2 - 2 * x}

    assert float(cancelled(1.0)[v]) > 0
    found = judged(cancelled, v <= 0, 1.0)
    assert found.verdict is Verdict.UNDECIDED
    assert not found.certified
    assert "balls cannot tell" in found.reason


def test_a_branch_taken_by_rounding_decides_nothing() -> None:
    def branched(x: float) -> dict[Any, Any]:
        return {v: 1.0 if np.sqrt(2 * x) ** 2 > 2 * x else 0.0}

    assert branched(1.0)[v] == 1.0
    assert judged(branched, v <= 0.5, 1.0).verdict is Verdict.UNDECIDED


def test_rounded_constants_in_the_code_are_no_violation() -> None:
    assert 0.1 + 0.2 > 0.3
    found = judged(lambda x: {v: x + 0.1 + 0.2 - 0.3}, v <= 0, 0.0)
    assert found.verdict is Verdict.UNDECIDED


def test_hypotheses_are_asked_again() -> None:
    def edge(x: float) -> dict[Any, Any]:
        return {v: 1 + 0 * x, w: (x + 1) ** 2 - x**2 - 2 * x - 1}

    assert float(edge(1e8 + 0.1)[w]) != 0
    positive = Hypothesis("apart", "w is not zero", abs(w) > 0)
    found = judged(edge, v <= 0, 1e8 + 0.1, positive)
    assert found.verdict is Verdict.VOID
    assert found.hypotheses_broken == ("apart",)
    assert judged(edge, v <= 0, 1e8 + 0.1).verdict is Verdict.VIOLATED


@pytest.mark.parametrize(
    ("returned", "certified"),
    [
        (lambda x: Fraction(x) + 1, "violated"),
        (lambda x: int(x) + 1, "violated"),
        (lambda x: spectral_radius([[x, 1], [0, x]]), "violated"),
        (lambda x: (x + 1, 1e-3), "violated"),
        # on the author's word, or on none: floats are not certified
        (lambda x: (float(str(x)) + 1, 1e-3), ""),
        (lambda x: float(str(x)) + 1, ""),
        (lambda x: np.linalg.eigvals([[x, 1.0], [0.0, x]])[0].real, ""),
    ],
    ids=["fraction", "integer", "radius", "stated", "stated float", "float", "eigvals"],
)
def test_only_what_is_known_without_the_authors_word_certifies(
    returned: Callable[[float], Any], certified: str
) -> None:
    found = judged(lambda x: {v: returned(x)}, v <= 0, 2.0)
    assert (found.verdict, found.certified) == (Verdict.VIOLATED, certified)


def test_a_stated_error_widens_the_ball() -> None:
    assert judged(lambda x: {v: (x, 0.5)}, v <= 1.75, 2.0).verdict is Verdict.UNDECIDED
    assert judged(lambda x: {v: (x, 0.5)}, v <= 1.25, 2.0).certified == "violated"


def test_random_draws_are_taken_as_the_doubles_they_are() -> None:
    @experiment(emits=[v], x=reals(0, 1))
    def drawn(x: float, rng: np.random.Generator) -> dict[Any, Any]:
        A = rng.standard_normal((3, 3))
        return {v: np.linalg.svd(A + x, compute_uv=False)[0]}

    theorem = Theorem(
        title="A norm",
        provenance="derived",
        claims=[Claim("c", v <= 0, kind=AlmostSurely("rng"))],
    )
    task = Task(theorem, drawn, ({"x": 0.25, "seed": 3},))
    (row,) = run_task(task, finder.theorem)
    assert row.finding.certified == "violated"
    expected = np.random.default_rng(3).standard_normal((3, 3)) + 0.25
    assert row.finding.value == pytest.approx(np.linalg.svd(expected, compute_uv=False)[0])


def test_constants_too_wide_for_a_long_run_are_put_anywhere_within_their_rounding() -> None:
    def contracting(x: float) -> dict[Any, Any]:
        for _ in range(60):
            x = 10 * x - (29 / 3) * x
        return {v: x}

    # a ball for 29/3 grows twentyfold at each step, although x shrinks to a third
    assert judged(contracting, v >= 1, 0.25).certified == "violated"
    assert judged(contracting, v <= 1, 0.25).verdict is Verdict.HELD

    def cancelled(x: float) -> dict[Any, Any]:
        return {v: (x + 0.1 + 0.2 - 0.3) * 1e17}

    # outside by much, but only by what 0.1 was rounded from
    assert judged(cancelled, v <= 1, 0.0).verdict is Verdict.UNDECIDED

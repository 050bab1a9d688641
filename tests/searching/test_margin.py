"""Margins: positive outside the bound, increasing towards it, graded where nothing is said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from harness import Claim, Hypothesis, Theorem, experiment, integers, reals, symbol
from harness.discovery import finder
from harness.running.engines import engine_of
from harness.searching.evaluation import explored
from harness.searching.journal import Outcome
from harness.searching.margin import BROKEN, VACUOUS, VOID
from harness.vocabulary.experiment import Experiment

value = symbol("a_value", "a number", "run")
limit = symbol("a_limit", "another", "run")
room = symbol("a_room", "a third", "run")


@experiment(emits=[value, limit, room], v=reals(-9, 9), b=reals(-9, 9), r=reals(-9, 9))
def plain(v, b, r):
    return {value: v, limit: b, room: r}


@experiment(emits=[value], n=integers(0, 9))
def failing(n):
    if n == 3:
        raise ValueError("three")
    return {value: np.nan if n == 4 else n}


def _outcomes(
    theorem: Theorem, own: Experiment, given: Sequence[dict[str, float]]
) -> list[Outcome]:
    (claim,) = theorem.claims
    return explored(theorem, claim, own, engine_of(own), finder.theorem, given)


def _scores(claim: Claim, rows: Sequence[tuple[float, float, float]]) -> list[Outcome]:
    hypotheses = [Hypothesis("room", "r is at least 1", room >= 1)]
    theorem = Theorem(title="t", hypotheses=hypotheses, claims=[claim])
    return _outcomes(theorem, plain, [{"v": v, "b": b, "r": r} for v, b, r in rows])


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        (value <= limit, [(1e-6, 1, 2), (0.5, 1, 2), (0.999, 1, 2), (1.001, 1, 2), (5, 1, 2)]),
        (value <= limit, [(-3, 1, 2), (-1, 1, 2), (0.5, 1, 2), (1.5, 1, 2)]),
        # as far apart as a converging run goes, and on to sides of opposite signs
        (
            value <= limit,
            [
                (-1, 1, 2),
                (1e-300, 1, 2),
                (1e-40, 1, 2),
                (1e-20, 1, 2),
                (0.3, 1, 2),
                (4, 1, 2),
                (1e20, 1, 2),
                (1e40, 1, 2),
                (1e300, 1, 2),
                (1, -1, 2),
            ],
        ),
        (value <= limit, [(-1e40, -1, 2), (-1e20, -1, 2), (-1, -1e20, 2), (-1, -1e40, 2)]),
        (value >= limit, [(5, 1, 2), (1.001, 1, 2), (0.999, 1, 2), (1e-6, 1, 2), (-2, 1, 2)]),
        (value <= 0, [(-5, 0, 2), (-1e-9, 0, 2), (1e-9, 0, 2), (5, 0, 2)]),
    ],
)
def test_the_margin_increases_through_zero_at_the_bound(statement, rows) -> None:
    found = _scores(Claim("c", statement), rows)
    scores = [one.score for one in found]
    assert scores == sorted(scores)
    assert len(set(scores)) == len(scores)
    assert [one.score > 0 for one in found] == [one.suspect for one in found]
    assert not found[0].suspect
    assert found[-1].certain


def test_the_log_ratio_is_the_margin_of_positive_sides() -> None:
    (one,) = _scores(Claim("c", value <= limit), [(2, 5, 2)])
    assert one.score == pytest.approx(np.log(2 / 5))


def test_void_rows_lie_below_and_rise_towards_the_hypothesis() -> None:
    far, near, met = _scores(Claim("c", value <= limit), [(1, 2, 0.1), (9, 2, 0.9), (1, 2, 1)])
    assert far.score < near.score <= VOID < met.score
    assert (far.met, near.met, met.met) == (False, False, True)
    # far outside its bound, but the theorem says nothing there
    assert not near.suspect


def test_vacuous_rows_lie_between_void_and_alive_and_rise_towards_life() -> None:
    claim = Claim("c", value <= limit, trivial=2)
    idle, nearly, alive = _scores(claim, [(1, 8, 2), (1, 2.5, 2), (1, 1.9, 2)])
    assert VOID < idle.score < nearly.score <= VACUOUS < alive.score


def test_an_exception_or_a_nan_breaks_its_own_row_only() -> None:
    theorem = Theorem(title="t", claims=[Claim("c", value <= 9)])
    found = _outcomes(theorem, failing, [{"n": n} for n in range(6)])
    assert [one.broken for one in found] == [n in (3, 4) for n in range(6)]
    assert {found[3].score, found[4].score} == {BROKEN}
    assert all(one.score > VACUOUS for n, one in enumerate(found) if n not in (3, 4))


def test_a_cautious_margin_counts_what_is_certain_only() -> None:
    @experiment(emits=[value], v=reals(0, 9))
    def blurred(v):
        return {value: (v, 0.5)}

    theorem = Theorem(title="t", claims=[Claim("c", value <= 4)])
    (claim,) = theorem.claims
    engine = engine_of(blurred)
    given = [{"v": v} for v in (4.4, 4.6)]
    plain_ones = explored(theorem, claim, blurred, engine, finder.theorem, given)
    careful = explored(theorem, claim, blurred, engine, finder.theorem, given, cautious=True)
    assert [one.score > 0 for one in plain_ones] == [True, True]
    assert [one.score > 0 for one in careful] == [False, True]
    assert careful[1].score == pytest.approx(np.log(4.1 / 4))

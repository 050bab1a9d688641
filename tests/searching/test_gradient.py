"""Gradients of margins by duals: right, used where they help, and done without where they fail."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from harness import (
    Claim,
    Definition,
    Hypothesis,
    Theorem,
    experiment,
    integers,
    reals,
    symbol,
    vector,
)
from harness.discovery import finder
from harness.searching.coordinates import Coordinates, Point
from harness.searching.evaluation import DUALS_REFUSED, Arena
from harness.searching.methods import Pool, ascent
from harness.searching.race import race
from harness.searching.stress import stress
from harness.vocabulary.experiment import Experiment

size = symbol("size_g", "exp(-|x - c|^2)", "run")
room = symbol("room_g", "x_0 + 4", "run")
CENTRE = np.array([1.0, -2.0, 0.5])


def bump(x: Any) -> Any:
    return np.exp(-((np.array(x) - CENTRE) ** 2).sum())


@experiment(emits=[size, room], x=vector(3, reals(-4, 4)))
def smooth(x: Any) -> dict[object, Any]:
    return {size: (bump(x), 1e-13), room: x[0] + 4}


@experiment(emits=[size, room], x=vector(3, reals(-4, 4)))
def floats_only(x: Any) -> dict[object, Any]:
    return {size: bump([float(str(one)) for one in x]), room: float(str(x[0])) + 4}


@experiment(emits=[size, room], x=vector(3, reals(-4, 4)))
def backwards(x: Any) -> dict[object, Any]:
    """The right value with the wrong derivative, as a mistake in a dual's method would give."""
    flipped = [2 * getattr(one, "value", one) - one for one in x]
    return {size: bump(flipped), room: x[0] + 4}


@experiment(emits=[size, room], x=vector(3, reals(-4, 4)))
def endless(x: Any) -> dict[object, Any]:
    return {size: sum((x[0] for _ in range(30_000)), x[1]), room: x[0]}


doubled = Definition("doubled_g", 2 * size, "twice the size")
claim = Claim("small", doubled <= room / 4)


def theorem(*hypotheses: Hypothesis) -> Theorem:
    made = Theorem(title="gradient", claims=[claim], hypotheses=list(hypotheses))
    return dataclasses.replace(made, id="gradient")


def arena(own: Experiment, budget: int = 1000, *hypotheses: Hypothesis) -> Arena:
    return Arena(theorem(*hypotheses), claim, own, finder.theorem, budget)


def around(own: Experiment, x: list[float], width: float = 1e-6) -> list[Any]:
    points = [np.array(x), *(np.array(x) + width * row for row in np.eye(len(x)))]
    return [{"x": [float(one) for one in row], "parameters": {}} for row in points]


def test_the_gradient_of_a_margin_is_the_closed_form() -> None:
    x = [0.5, -1.0, 0.0]
    judge = arena(smooth)
    found = judge.predicted(around(smooth, x))
    assert found is not None
    # log(2 exp(-|x - c|^2)) - log((x_0 + 4) / 4)
    value = math.log(2 * bump(x)) - math.log(4.5 / 4)
    slope = -2 * (np.array(x) - CENTRE) - np.array([1 / 4.5, 0, 0])
    assert found[0] == pytest.approx(value, rel=1e-12)
    assert (found[1:] - found[0]) / 1e-6 == pytest.approx(slope, rel=1e-5)
    assert (judge.gradients, judge.tried, judge.left) == (1, 0, 999)


def test_where_a_hypothesis_fails_the_gradient_is_that_of_what_it_lacks() -> None:
    x = [0.5, -1.0, 0.0]
    judge = arena(smooth, 1000, Hypothesis("far", "x_0 is at least 3", room >= 7))
    found = judge.predicted(around(smooth, x))
    assert found is not None
    # the shortfall is log(7 / (x_0 + 4)) and shrinks as x_0 grows
    assert (found[1:] - found[0]) / 1e-6 == pytest.approx([1 / 4.5, 0, 0], rel=1e-3, abs=1e-4)


def test_predictions_agree_with_evaluations() -> None:
    judge = arena(smooth)
    points = around(smooth, [0.5, -1.0, 0.0], width=1e-4)
    found = judge.predicted(points)
    assert found is not None
    told = [one.score for one in judge.evaluate(points)]
    assert found == pytest.approx(told, abs=1e-7)
    assert abs(told[1] - told[0]) > 1e-5


@pytest.mark.parametrize("own", [floats_only, endless])
def test_a_function_that_refuses_is_not_asked_for_ever(own: Experiment) -> None:
    judge = arena(own)
    for _ in range(DUALS_REFUSED + 3):
        assert judge.predicted(around(own, [0.5, -1.0, 0.0])) is None
    assert judge.gradients == DUALS_REFUSED


def test_no_gradient_without_budget_time_or_neighbours() -> None:
    points = around(smooth, [0.5, -1.0, 0.0])
    assert arena(smooth, 0).predicted(points) is None
    late = Arena(theorem(), claim, smooth, finder.theorem, 10, deadline=0.0)
    assert late.predicted(points) is None
    judge = arena(smooth)
    assert judge.predicted([*points, None]) is None
    assert judge.gradients == 0


@experiment(emits=[size, room], n=integers(1, 4), a=reals(0, 1))
def counted(n: int, a: float) -> dict[object, Any]:
    return {size: n * a, room: a}


def test_a_neighbour_with_another_whole_number_is_no_direction() -> None:
    base = {"n": 2, "a": 0.5, "parameters": {}}
    assert arena(counted).predicted([base, {**base, "a": 0.6}]) is not None
    assert arena(counted).predicted([base, {**base, "n": 3}]) is None


def climbed(own: Experiment, budget: int) -> Arena:
    judge = arena(own, budget)
    race(judge, 0, {}, frozenset({"gradient"}))
    return judge


def first_steps(own: Experiment) -> tuple[list[float], int]:
    """The best margin after every batch of an ascent from one point, and the gradients it took."""
    judge = arena(own)
    coordinates = Coordinates(theorem(), own)
    pool = Pool()
    start = coordinates.decode(np.full(3, 0.45))
    (first,) = judge.evaluate([start.configuration])
    pool.note(start, first.score, spread=True)

    def predict(points: list[Point]) -> Any:
        return judge.predicted([one.configuration for one in points])

    method = ascent(coordinates, pool, predict, np.random.default_rng(0))
    points, best = next(method), [first.score]
    for _ in range(4):
        scores = [one.score for one in judge.evaluate([one.configuration for one in points])]
        best.append(max(best[-1], *scores))
        points = method.send(scores)
    return best, judge.gradients


def test_an_ascent_climbs_with_every_batch() -> None:
    best, gradients = first_steps(smooth)
    assert all(after > before for before, after in pairwise(best))
    assert gradients >= 4


def test_a_gradient_that_points_down_is_noticed_and_done_without() -> None:
    best, _ = first_steps(backwards)
    assert best[1] == best[0]
    assert best[-1] > best[0]


def test_duals_save_evaluations() -> None:
    exact, differences = climbed(smooth, 400), climbed(floats_only, 400)
    assert exact.violated
    assert differences.violated
    assert exact.gradients > 0
    found = stress(theorem(), "small", smooth, seed=1, budget=400)
    assert found.gradients > 0
    assert found.tried + found.gradients == sum(found.spent.values())


def test_gradients_repeat_themselves() -> None:
    first, again = (stress(theorem(), "small", smooth, seed=2, budget=300) for _ in range(2))
    assert first.gradients == again.gradients > 0
    assert first.spent == again.spent
    assert [repr(row) for row in first.violated] == [repr(row) for row in again.violated]

"""Spaces with structure: what they draw, what they refuse, what hypothesis makes of them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import find, given, settings

from harness import UsageError, depending, reals, separated, vector

THREE = separated(3, -1.0, 2.0, 0.5)


def test_draws_keep_their_distance_and_fill_the_space() -> None:
    rng = np.random.default_rng(0)
    drawn = [THREE.draw(rng, {}) for _ in range(4000)]
    assert all(THREE.refuse(one, {}) is None for one in drawn)
    assert json.loads(json.dumps(drawn)) == drawn
    # the i-th of k uniform numbers on the room of 2, moved up by i gaps
    means = np.mean(drawn, axis=0)
    expected = [-1 + 2 * (i + 1) / 4 + 0.5 * i for i in range(3)]
    assert np.abs(means - expected).max() < 0.05
    assert min(one[0] for one in drawn) < -0.98
    assert max(one[-1] for one in drawn) > 1.98


def test_points_without_any_room_left_stand_at_the_gaps() -> None:
    tight = separated(4, 0.0, 3.0, 1.0)
    assert tight.draw(np.random.default_rng(0), {}) == [0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ([0, 1], "list of 3"),
        ("abc", "list of 3"),
        ([0, 1, "2"], "list of 3"),
        ([0, 1, True], "list of 3"),
        ([0, 1, float("nan")], "must lie in"),
        ([-1.1, 0, 1], "must lie in"),
        ([0, 1, 2.1], "must lie in"),
        ([0, 0.4, 1], "increase by at least 0.5"),
        ([1, 0, 2], "increase by at least 0.5"),
    ],
)
def test_what_is_not_separated_is_refused(value: Any, why: str) -> None:
    told = THREE.refuse(value, {})
    assert told is not None
    assert why in told


def test_equality_of_gap_and_distance_is_allowed() -> None:
    assert THREE.refuse([0, 0.5, 1.0], {}) is None
    assert separated(4, 0, 1, 0.1).refuse([0.1, 0.2, 0.1 + 0.2, 0.4], {}) is None


@pytest.mark.parametrize(
    ("count", "low", "high", "gap"), [(3, 0, 1, 0.6), (0, 0, 1, 0.1), (2, 0, 1, 0), (1, 1, 0, 0.1)]
)
def test_a_space_without_room_is_refused(count: int, low: float, high: float, gap: float) -> None:
    with pytest.raises(UsageError, match="have no room"):
        separated(count, low, high, gap)


def test_hypothesis_keeps_the_distance_and_finds_the_simplest() -> None:
    @settings(max_examples=100, database=None)
    @given(THREE.strategy({}))
    def separated_lists(value: list[float]) -> None:
        assert THREE.refuse(value, {}) is None
        assert all(b - a >= 0.5 - 1e-12 for a, b in pairwise(value))

    separated_lists()
    assert find(THREE.strategy({}), lambda value: True) == [-1.0, -0.5, 0.0]


def test_a_space_may_depend_on_what_was_drawn_before() -> None:
    domain = depending(lambda before: vector(before["n"], reals(0, 1)))
    rng = np.random.default_rng(0)
    for n in (1, 4):
        assert len(domain.draw(rng, {"n": n})) == n
        assert domain.refuse([0.5] * n, {"n": n}) is None
        assert "shape" in str(domain.refuse([0.5] * (n + 1), {"n": n}))
    assert find(domain.strategy({"n": 2}), lambda value: True) == [0.0, 0.0]

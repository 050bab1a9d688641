"""What is simple, and which steps lead there."""

from __future__ import annotations

import pytest

from harness.searching.complexity import complexity, of_number, simpler
from harness.searching.local import changed, numbers
from harness.searching.moves import rounder, smaller


def test_numbers_are_ordered_as_a_reader_would() -> None:
    order = [0.0, 1.0, -1.0, 2.0, 5.0, 0.5, 0.25, 0.1, 1 / 3, 0.7231084]
    assert [of_number(x) for x in order] == sorted(of_number(x) for x in order)
    assert len({of_number(x) for x in order}) == len(order)


def test_fewer_entries_and_smaller_ones_are_simpler() -> None:
    assert complexity({"A": [[1, 1], [1, 1]]}) > complexity({"A": [[1, 1]]})
    assert complexity({"A": [2, 1]}) > complexity({"A": [1, 1]})


@pytest.mark.parametrize("number", [7, -3, 0.7231084, -2.5, 1 / 3, 1e-9, 12345.678, 0, 0.0])
def test_simpler_numbers_cost_less_and_keep_their_kind(number: float) -> None:
    found = simpler(number)
    assert all(of_number(float(one)) < of_number(float(number)) for one in found)
    assert all(isinstance(one, int) for one in found) or isinstance(number, float)
    assert bool(found) == (number != 0)


def test_a_decimal_is_offered_its_neighbours() -> None:
    assert {0.0, 1.0, 0.5, 0.7, 0.72} <= set(simpler(0.7231084))


def test_numbers_are_found_and_replaced_where_they_stand() -> None:
    configuration = {"A": [[1, 2.5]], "law": "x", "seed": 9, "step": {"fraction": 0.5}}
    paths = dict(numbers(configuration))
    assert paths == {("A", 0, 0): 1, ("A", 0, 1): 2.5, ("step", "fraction"): 0.5}
    moved = changed(configuration, {("A", 0, 1): 7, ("step", "fraction"): 1})
    assert moved == {"A": [[1, 7]], "law": "x", "seed": 9, "step": {"fraction": 1}}
    assert configuration["A"] == [[1, 2.5]]


def test_sizes_shrink_together_with_the_arrays_they_belong_to() -> None:
    configuration = {"n": 3, "x": [1, 2, 3], "M": [[1, 2], [3, 4], [5, 6]]}
    found = list(smaller(configuration, frozenset()))
    assert {"n": 2, "x": [1, 3], "M": [[1, 2], [5, 6]]} in found
    assert {"n": 3, "x": [1, 2, 3], "M": [[2], [4], [6]]} in found
    assert all(one["n"] == 3 for one in smaller(configuration, frozenset({"n"})))


def test_whole_arrays_are_rounded_and_made_symmetric() -> None:
    found = list(rounder({"M": [[1.2, 0.4], [0.6, 2.0]]}, frozenset()))
    assert {"M": [[1.0, 0.0], [1.0, 2.0]]} in found
    assert {"M": [[1.2, 0.4], [0.4, 2.0]]} in found
    assert list(rounder({"M": [[1.2, 0.4], [0.6, 2.0]]}, frozenset({"M"}))) == []

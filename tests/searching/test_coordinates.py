"""The box: every domain from a vector, the same each time, ends included."""

from __future__ import annotations

import numpy as np
import pytest

from harness import Claim, Theorem, choice, experiment, integers, reals, symbol, vector
from harness.discovery import finder
from harness.running.configuration import completed
from harness.searching.coordinates import Coordinates
from harness.session import experiments_for
from harness.vocabulary.space import Depending

some = symbol("some_value", "a number", "run")


@experiment(
    emits=[some],
    n=integers(2, 5),
    big=integers(1, 1000, log=True),
    x=reals(-2, 2),
    scale=reals(0.01, 100, log=True),
    law=choice("a", "b"),
    entries=Depending(lambda partial: vector(int(partial["n"]), reals(0, 1))),
)
def mixed(n, big, x, scale, law, entries):
    return {some: x}


@experiment(
    emits=[some], n=integers(1, 3), bits=Depending(lambda p: vector(p["n"], integers(0, 1)))
)
def strings(n, bits):
    return {some: n}


THEOREM = Theorem(title="any", claims=[Claim("any", some <= 9)])


def test_both_ends_of_every_domain_are_reached() -> None:
    box = Coordinates(THEOREM, mixed)
    low = box.decode(np.zeros(box.dimension)).configuration
    high = box.decode(np.ones(box.dimension)).configuration
    assert low is not None
    assert high is not None
    assert (low["n"], low["big"], low["x"], low["law"]) == (2, 1, -2.0, "a")
    assert (high["n"], high["big"], high["law"]) == (5, 1000, "b")
    assert low["scale"] == pytest.approx(0.01)
    assert high["scale"] == pytest.approx(100)
    assert high["x"] == pytest.approx(2)
    assert len(low["entries"]) == 2
    assert high["entries"] == pytest.approx([1.0] * 5)


def test_logarithmic_axes_have_the_geometric_mean_in_the_middle() -> None:
    box = Coordinates(THEOREM, mixed)
    middle = box.decode(np.full(box.dimension, 0.5)).configuration
    assert middle is not None
    assert middle["scale"] == pytest.approx(1.0)
    # the middle of 1..1001, the end of the last whole number
    assert middle["big"] == int(1001**0.5)


def test_levels_tell_whole_numbers_and_names_from_continua() -> None:
    box = Coordinates(THEOREM, mixed)
    point = box.decode(np.zeros(box.dimension))
    # n, big, x, scale, law, two entries; the three coordinates left over have no effect
    assert box.levels(point).tolist() == [4, 0, 0, 0, 2, 0, 0, 1, 1, 1]


def test_a_finite_space_is_enumerated_once_and_completely() -> None:
    points = Coordinates(THEOREM, strings).all(100)
    found = [point.configuration for point in points]
    # 2 + 4 + 8 strings of 0 and 1
    assert len(found) == 14
    assert len({str(one) for one in found}) == 14


def test_a_space_too_large_or_continuous_is_not_enumerated() -> None:
    assert Coordinates(THEOREM, strings).all(13) == []
    assert Coordinates(THEOREM, mixed).all(10**6) == []


@pytest.mark.parametrize("ref", ["xu23_thm31_spectral@2", "xu25_thm32_linear_rate@1"])
def test_every_point_of_the_networks_box_is_a_configuration_that_its_axes_accept(ref: str) -> None:
    theorem = finder.theorem(ref)
    network = experiments_for(theorem, (), None)[0]
    box = Coordinates(theorem, network)
    rng = np.random.default_rng(1)
    admissible = 0
    for seed in range(60):
        vector = rng.random(box.dimension)
        one = box.decode(vector, seed).configuration
        assert one == box.decode(vector, seed).configuration
        if one is not None:
            admissible += 1
            assert one["seed"] == seed
            assert completed(network, theorem, one) == one
    assert admissible >= 40


def test_pinned_axes_stay() -> None:
    box = Coordinates(THEOREM, mixed, {"n": 3, "law": "b"})
    found = box.decode(np.zeros(box.dimension)).configuration
    assert found is not None
    assert (found["n"], found["law"], len(found["entries"])) == (3, "b", 3)

"""States near the chord between two measured ones: distances and spectra, against geometry."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from experiments.two_layer.chord import Chord, Way

Array = Any


def way(states: Array, slips: float = 0.0) -> Way:
    """The path of one run through these states, (S, entries)."""
    changes = np.diff(states, axis=0, prepend=states[:1])[:, None]
    squares = (changes**2).sum(axis=2)
    inner = np.concatenate([squares[:1], (changes[1:] * changes[:-1]).sum(axis=2)])
    lengths = np.sqrt(squares) * (1 + 2.0**-40) + 2.0**-500
    alive = np.ones((1, len(states)), dtype=bool)
    return Way.of(lengths, squares, inner, np.full_like(lengths, slips), states.shape[1], alive)


def chord(path: Way, *measured: int) -> Chord:
    """The chord between the measured states, all others lie on none."""
    return Chord.of(path, np.isin(np.arange(path.length.shape[1]), measured)[None])


def distances(states: Array, found: Chord) -> Array:
    """How far the states are from the points of the chord they stand for."""
    first, last = states[found.begin[0]], states[found.end[0]]
    share = found.share[0][:, None]
    return np.linalg.norm(states - (1 - share) * first - share * last, axis=1)


@pytest.mark.parametrize("angle", [0.01, 0.5, np.pi])
def test_an_arc_strays_from_its_chord_by_its_sagitta(angle: float) -> None:
    """Half way 1 - cos(angle / 2), and no more than half again as much is told."""
    turns = np.linspace(-angle / 2, angle / 2, 201)
    states = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    found = chord(way(states), 0, 200)
    away = found.away[0]
    assert (away[1:-1] >= distances(states, found)[1:-1]).all()
    sagitta = 1 - np.cos(angle / 2)
    assert sagitta <= away[100] <= 1.6 * sagitta
    assert np.allclose(found.share[0, [50, 100, 150]], [0.25, 0.5, 0.75])
    assert away[1] < away[100] / 40


@pytest.mark.parametrize("kind", ["wandering", "back and forth", "at rest at times", "straight"])
def test_no_state_is_farther_than_told(kind: str) -> None:
    random = np.random.default_rng(3)
    steps = random.standard_normal((60, 5)) * random.exponential(size=(60, 1)) ** 3
    if kind == "back and forth":
        steps = steps[:1] * (-0.9) ** np.arange(60)[:, None]
    if kind == "at rest at times":
        steps[random.random(60) < 0.5] = 0
    if kind == "straight":
        steps = steps[:1] * random.random((60, 1))
    states = np.concatenate([np.zeros((1, 5)), np.cumsum(steps, axis=0)])
    found = chord(way(states), 0, 17, 18, 60)
    exact = distances(states, found)
    on_chords = found.begin[0] < found.end[0]
    assert (found.away[0] >= exact - 1e-14)[on_chords].all()
    assert np.isinf(found.away[0][~on_chords]).all()
    assert np.flatnonzero(~on_chords).tolist() == [0, 17, 18, 60]
    if kind == "straight":
        assert (found.away[0][on_chords] < 1e-4 * found.span[0][on_chords]).all()


def test_rounding_of_states_adds_what_the_ends_leave_of_it() -> None:
    """Every state off by at most r: linear from both ends, r (t (T - t) / T) twice."""
    line = np.linspace(0.0, 1.0, 11)[:, None]
    path = way(line)
    bare, off = (chord(one, 0, 10).away[0, 1:-1] for one in (path, way(line, slips=1e-3)))
    t = np.arange(1, 10)
    assert np.allclose(off - bare, 2e-3 * t * (10 - t) / 10, rtol=1e-2)


@pytest.mark.parametrize("bend", [0.2, -0.2])
def test_spectra_along_a_curve(bend: float) -> None:
    """Half way all singular values are larger, or smaller, than between the ends."""
    start, change = np.random.default_rng(5).standard_normal((2, 4, 6))
    t = np.linspace(0.0, 1.0, 101)[:, None, None]
    states = start * (1 + bend * t * (1 - t)) + 0.05 * t * change
    spectra = np.linalg.svd(states, compute_uv=False)[1:-1]
    found = chord(way(states.reshape(101, -1)), 0, 100)
    ends = np.linalg.svd(states, compute_uv=False)[None]

    def outside(one: Chord) -> tuple[bool, bool]:
        high, low = one.highest(ends[..., 0])[0, 1:-1], one.least(ends[..., -1])[0, 1:-1]
        return bool((high < spectra[:, 0]).any()), bool((low > spectra[:, -1]).any())

    assert outside(found) == (False, False)
    assert (found.least(ends[..., -1])[0, 1:-1] > 0).all()
    straight = replace(found, away=np.zeros_like(found.away))
    assert outside(straight) == (bend > 0, bend < 0)


def test_one_number_that_passes_zero_meets_both_bounds() -> None:
    """|1 - 2 q| is (1 - q) + q - q (1 - q) 2^2 to the square; from 1 to 3 the norm is linear."""
    line = np.linspace(1.0, -1.0, 41)[:, None]
    found = chord(way(line), 0, 40)
    share = np.arange(1, 40) / 40
    ones = np.ones((1, 41))
    assert np.allclose(found.least(ones)[0, 1:-1], np.abs(1 - 2 * share), atol=1e-5)
    assert (found.least(ones)[0, 1:-1] <= np.abs(line[1:-1, 0])).all()
    rising = np.linspace(1.0, 3.0, 41)
    norms = chord(way(rising[:, None]), 0, 40).highest(rising[None])[0, 1:-1]
    assert (norms >= rising[1:-1]).all()
    assert np.allclose(norms, rising[1:-1], rtol=1e-5)


def test_where_turns_are_not_known_nothing_is_told() -> None:
    alive = np.ones((1, 5), dtype=bool)
    with np.errstate(invalid="ignore"):
        found = chord(Way.straying(np.ones((5, 1)), alive), 0, 4)
    assert np.isinf(found.away).all()

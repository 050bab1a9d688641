"""Enclosed spectra hold what would have been measured; what is asked for is measured to the bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from experiments.two_layer import diary, lazy, transport
from experiments.two_layer.chord import Way
from experiments.two_layer.diary import Diary
from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer.transport import PATHS, Exact, transported, zero_by_rank
from harness.running.protocol import ConstantSteps, Trace

Axes = dict[str, Any]
NAMES = frozenset(PATHS)
OTHERS = frozenset({"loss", "grad_norm", "drift"})
HORIZON = 40

GROUPS: dict[str, Axes] = {
    "one weight each": {"samples": 4, "features": 1, "outputs": 1, "width": 1},
    "wide": {"samples": 12, "features": 5, "outputs": 2, "width": 30},
    "as wide as needed": {"samples": 9, "features": 3, "outputs": 4, "width": 7},
    "narrow": {"samples": 9, "features": 4, "outputs": 3, "width": 2},
    "between": {"samples": 9, "features": 5, "outputs": 2, "width": 3},
    "logcosh": {"samples": 6, "features": 3, "outputs": 2, "width": 8, "loss": "logcosh"},
    "single precision": {"samples": 8, "features": 4, "outputs": 2, "width": 9, "dtype": "float32"},
}
# converging, oscillating around the minimum, ever farther, and gone within a few steps
STEPS = (0.01, 0.1, 0.35, 0.6, 50.0, 0.02)
LAWS = ("gaussian", "imbalanced", "spectral", "balanced", "gaussian", "zero_output")


class Always(TwoLayerLinear):
    """Encloses however short and small the runs are."""

    worthwhile = (1, 1)


Pair = tuple[Trace, Trace]


@pytest.fixture
def both(configure: Any) -> Callable[[Axes], Pair]:
    """The trace with enclosures and the measured one."""

    def run(axes: Axes) -> Pair:
        group = [
            configure(**axes, init=law, seed=seed, ratio=7.0 if "loss" in axes else 1.0)
            for seed, law in enumerate(LAWS)
        ]
        wanted, steps = NAMES | OTHERS, ConstantSteps(np.array(STEPS))
        engine = Always()
        start = engine.initial(group, wanted)
        return (
            engine.run_lazily(start, steps, HORIZON, wanted),
            engine.run(start, steps, HORIZON, wanted),
        )

    return run


def escaped(found: Trace, exact: Trace) -> list[str]:
    """Quantities whose measurement, its bounds included, lies outside the enclosure somewhere."""
    assert found.enclosed is not None
    wrong = set()
    for name in found.enclosed.names:
        one, other, where = found.measured[name], exact.measured[name], found.enclosed.where
        for mine, theirs in ((one.error, other.error), (one.drift, other.drift)):
            with np.errstate(all="ignore"):
                inside = (one.value - mine <= other.value - theirs) & (
                    other.value + theirs <= one.value + mine
                )
            if not (inside | np.isinf(mine))[where].all():
                wrong.add(name)
    return sorted(wrong)


def unequal(found: Trace, exact: Trace) -> list[str]:
    """Quantities that differ in any bit where the trace claims to have measured them."""
    assert found.enclosed is not None
    wrong = []
    for name, one in found.measured.items():
        other, where = exact.measured[name], np.ones_like(exact.measured[name].value, dtype=bool)
        if name in found.enclosed.names:
            where = ~found.enclosed.where
        pairs = ((one.value, other.value), (one.error, other.error), (one.drift, other.drift))
        if not all(np.array_equal(a[where], b[where], equal_nan=True) for a, b in pairs):
            wrong.append(name)
    return wrong


@pytest.mark.parametrize("kind", GROUPS)
def test_what_is_enclosed_holds_what_is_measured(both: Any, kind: str) -> None:
    found, exact = both(GROUPS[kind])
    assert found.enclosed.where.any()
    assert escaped(found, exact) == unequal(found, exact) == []
    assert found.measured.keys() == exact.measured.keys()


@pytest.mark.parametrize("memory", [diary.MEMORY, 4_000])
def test_what_is_asked_for_is_measured_and_narrows_the_rest(
    both: Any, memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With little memory states are reached from kept ones several steps before."""
    monkeypatch.setattr(diary, "MEMORY", memory)
    found, exact = both(GROUPS["wide"])
    mask = np.random.default_rng(0).random(found.enclosed.where.shape) < 0.2
    refined = found.enclosed.measured(mask)
    assert not (refined.enclosed.where & mask).any()
    assert escaped(refined, exact) == unequal(refined, exact) == []
    still = refined.enclosed.where
    before, after = (one.measured["tau_min"].error[still] for one in (found, refined))
    assert (after <= before * (1 + 1e-12)).all()
    assert after.sum() < 0.7 * before.sum()
    whole = refined.enclosed.measured(np.ones_like(mask))
    assert not whole.enclosed.where.any()
    assert unequal(whole, exact) == []


@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_a_row_chooses_its_states_alone(configure: Any, kind: str) -> None:
    group = [configure(**GROUPS[kind], init=law, seed=seed) for seed, law in enumerate(LAWS)]
    engine = Always()

    def run(rows: list[int]) -> Trace:
        start = engine.initial([group[row] for row in rows], NAMES)
        sizes = ConstantSteps(np.array([STEPS[row] for row in rows]))
        return engine.run_lazily(start, sizes, HORIZON, NAMES)

    together = run(list(range(len(group))))
    for row in range(len(group)):
        alone = run([row])
        assert np.array_equal(alone.enclosed.where[0], together.enclosed.where[row])
        for name, one in alone.measured.items():
            other = together.measured[name]
            for mine, theirs in ((one.value, other.value), (one.drift, other.drift)):
                assert np.array_equal(mine[0], theirs[row], equal_nan=True), (row, name)


def test_where_steps_or_measures_read_spectra_nothing_is_enclosed(configure: Any) -> None:
    group, constant = [configure(seed=0)], ConstantSteps(np.array([0.01]))
    engine = Always()
    start = engine.initial(group, NAMES)
    adaptive = engine.run_lazily(start, lambda t, seen: 0.1 / seen["smax_W1"].value[:, 0], 5, NAMES)
    measuring = Always({"mine": lambda state: state.W1[:, 0, 0]})
    own = measuring.run_lazily(measuring.initial(group, NAMES), constant, 5, NAMES)
    short = TwoLayerLinear().run_lazily(start, constant, 5, NAMES)
    smooth = engine.run_lazily(start, constant, 5, frozenset({"smoothness", "smax_W1", "smax_W"}))
    assert adaptive.enclosed is own.enclosed is short.enclosed is None
    assert smooth.enclosed is not None
    assert smooth.enclosed.names == {"smax_W"}


Ways = dict[str, Way]


def halved(ways: Ways) -> Ways:
    return {
        path: Way(one.length / 2, one.turn, one.moment / 2, one.slip) for path, one in ways.items()
    }


def other_layer(ways: Ways) -> Ways:
    return ways | {"first": ways["second"], "second": ways["first"]}


def one_step_late(ways: Ways) -> Ways:
    return {
        path: Way(*(np.roll(getattr(one, part.name), 1, axis=1) for part in fields(Way)))
        for path, one in ways.items()
    }


@pytest.mark.parametrize("fault", [halved, other_layer, one_step_late])
def test_a_way_measured_wrongly_is_noticed(
    both: Any, fault: Callable[[Ways], Ways], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one weight a layer, the way and the change of the singular value are the same."""
    right = Diary.ways
    monkeypatch.setattr(Diary, "ways", lambda diary, alive: fault(right(diary, alive)))
    assert {"smax_W1", "smax_W2"} & set(escaped(*both(GROUPS["one weight each"])))


def test_turns_forgotten_are_noticed(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that oscillate do not lie on the chord between the first and the last of them."""

    def straight(diary: Diary, alive: Any) -> Ways:
        ways = right(diary, alive)
        return {
            path: replace(one, turn=0 * one.turn, moment=0 * one.moment)
            for path, one in ways.items()
        }

    right = Diary.ways
    monkeypatch.setattr(Diary, "ways", straight)
    assert escaped(*both(GROUPS["wide"]))


def test_a_stale_measurement_is_noticed(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale(name: str, exact: Exact, path: Any, at: Any, _: Any) -> Any:
        ways = np.where(np.maximum.accumulate(at, axis=1), np.roll(path, -1, axis=1), path)
        return transported(name, exact, np.where(at, ways, path), at)

    monkeypatch.setattr(lazy, "transported", stale)
    assert escaped(*both(GROUPS["one weight each"]))


def test_both_neighbours_narrow_an_enclosure() -> None:
    path = np.array([[0.0, 1.0, 2.0, 4.0]])
    at = np.array([[True, False, True, False]])
    value = np.array([[3.0, np.nan, 4.0, np.nan]])
    blank = np.where(at, 0.25, np.nan)
    low, high = transported("smax_W1", Exact(value, blank, blank, blank), path, at)
    assert np.allclose(low, [[2.75, 2.75, 3.75, 1.75]], rtol=1e-11)
    assert np.allclose(high, [[3.25, 4.25, 4.25, 6.25]], rtol=1e-11)
    low, high = transported("lamn_W1W1", Exact(value**2, 0 * blank, blank, blank), path, at)
    assert np.allclose(low, [[9.0, 9.0, 16.0, 4.0]], rtol=1e-11)
    assert np.allclose(high, [[9.0, 16.0, 16.0, 36.0]], rtol=1e-11)


@pytest.mark.parametrize("kind", GROUPS)
def test_what_is_zero_by_rank_is_told_from_the_shapes(
    both: Any, start: Any, configure: Any, kind: str
) -> None:
    _, exact = both(GROUPS[kind])
    snapshot, _ = start(configure(**GROUPS[kind]))
    for name in NAMES:
        never = not np.nanmax(np.abs(exact.measured[name].value))
        assert zero_by_rank(name, snapshot.batch) == never, name


def test_every_enclosable_quantity_is_emitted_and_has_a_path() -> None:
    assert set(transport.PATHS.values()) == {"first", "second", "both", "product", "imbalance"}
    assert TwoLayerLinear.enclosable >= NAMES

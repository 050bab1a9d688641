"""Runs of which only the loss is read: to the last bit what the full recorder finds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer.tracking import Widening, carried_along, carried_on, widening
from experiments.two_layer_linear import two_layer_linear
from harness.running.protocol import ConstantSteps

LOSS = frozenset({"loss"})


def _configuration(**axes: Any) -> dict[str, Any]:
    fixed = {"samples": 12, "features": 4, "outputs": 3, "width": 9, "scale": 0.5}
    return {**two_layer_linear.complete({**fixed, **axes}), "seed": 3}


def _traces(members: list[dict[str, Any]], numbers: Any, full: frozenset[str]) -> list[Any]:
    steps = np.asarray(numbers, dtype=np.float64)
    engine = TwoLayerLinear()
    ways = [(ConstantSteps(steps), LOSS), (lambda t, measured: steps, full)]
    return [engine.run(engine.initial(members, LOSS), rule, 60, wanted) for rule, wanted in ways]


@pytest.mark.parametrize("loss", ["squared", "logcosh"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("size", [1e-4, 0.01, 10.0, -0.01])
def test_the_trace_is_that_of_the_full_recorder(loss: str, dtype: str, size: float) -> None:
    members = [_configuration(loss=loss, dtype=dtype, scale=scale) for scale in (0.1, 0.5, 2.0)]
    lean, full = _traces(members, [size, size / 2, size / 7], LOSS | {"residual", "eta"})
    for part in ("value", "error", "drift"):
        found, expected = (getattr(one.measured["loss"], part) for one in (lean, full))
        np.testing.assert_array_equal(found, expected)
    for part in ("step_sizes", "finite", "resolved"):
        np.testing.assert_array_equal(getattr(lean, part), getattr(full, part))
    assert lean.measured.keys() == {"loss"}


def test_short_steps_are_bounded_without_singular_values(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*words: Any) -> Any:
        raise AssertionError("a run of which only the loss is read asked for singular values")

    engine = TwoLayerLinear()
    start = engine.initial([_configuration()], LOSS)
    monkeypatch.setattr(np.linalg, "svd", refused)
    trace = engine.run(start, ConstantSteps(np.array([1e-4])), 50, LOSS)
    assert np.isfinite(trace.measured["loss"].drift).all()


def test_a_row_alone_is_the_row_in_its_group() -> None:
    members = [_configuration(seed=seed, scale=0.3) | {"seed": seed} for seed in range(7)]
    engine, size = TwoLayerLinear(), 1e-3
    group = engine.run(
        engine.initial(members, LOSS), ConstantSteps(np.full(7, size)), 80, LOSS
    ).measured["loss"]
    for row, one in enumerate(members):
        alone = engine.run(
            engine.initial([one], LOSS), ConstantSteps(np.array([size])), 80, LOSS
        ).measured["loss"]
        assert (alone.value[0] == group.value[row]).all()
        assert (alone.drift[0] == group.drift[row]).all()


def _lanes(members: list[dict[str, Any]], numbers: Any, threads: int) -> Any:
    engine = TwoLayerLinear(lanes=threads)
    steps = ConstantSteps(np.asarray(numbers, dtype=np.float64))
    return engine.run(engine.initial(members, LOSS), steps, 60, LOSS)


@pytest.mark.parametrize(("features", "outputs", "width"), [(1, 1, 1), (4, 3, 9), (9, 1, 40)])
@pytest.mark.parametrize("size", [1e-4, 5e-3])
def test_lanes_agree_with_numpy_within_both_bounds(
    features: int, outputs: int, width: int, size: float
) -> None:
    axes = {"features": features, "outputs": outputs, "width": width, "scale": 0.3}
    members = [_configuration(**axes) | {"seed": seed} for seed in range(6)]
    lanes = _lanes(members, [size] * 6, 1).measured["loss"]
    plain = TwoLayerLinear()
    numpy = plain.run(
        plain.initial(members, LOSS), ConstantSteps(np.full(6, size)), 60, LOSS
    ).measured["loss"]
    assert (np.abs(numpy.value - lanes.value) <= numpy.drift + lanes.drift).all()
    np.testing.assert_allclose(lanes.drift, numpy.drift, rtol=1e-6)
    np.testing.assert_allclose(lanes.error, numpy.error, rtol=1e-6)


def test_lanes_do_not_depend_on_batch_or_threads() -> None:
    members = [_configuration(scale=0.3) | {"seed": seed} for seed in range(11)]
    sizes = np.linspace(1e-4, 1e-3, 11)
    group = _lanes(members, sizes, 1)
    expected = group.measured["loss"].value
    reversed_ = _lanes(members[::-1], sizes[::-1], 2).measured["loss"].value
    assert (reversed_[::-1] == expected).all()
    assert (_lanes(members, sizes, 2).measured["loss"].value == expected).all()
    alone = _lanes(members[5:6], sizes[5:6], 1)
    assert (alone.measured["loss"].value[0] == group.measured["loss"].value[5]).all()


@pytest.mark.parametrize("states", [1, 500, 10**6])
@pytest.mark.parametrize("threads", [1, 2])
def test_parts_taken_through_the_bounds_change_no_bit(
    monkeypatch: pytest.MonkeyPatch, states: int, threads: int
) -> None:
    members = [_configuration(scale=0.3) | {"seed": seed} for seed in range(19)]
    sizes = np.linspace(1e-4, 1e-3, 19)
    sizes[7] = 40.0
    expected = _lanes(members, sizes, 1)
    monkeypatch.setattr("experiments.two_layer.fast.STATES", states)
    found = _lanes(members, sizes, threads)
    for part in ("value", "error", "drift"):
        mine, theirs = (getattr(one.measured["loss"], part) for one in (found, expected))
        np.testing.assert_array_equal(mine, theirs)
    np.testing.assert_array_equal(found.finite, expected.finite)


@pytest.mark.parametrize("count", [1, 3, 4, 5, 8, 19])
def test_the_compiled_loop_carries_rounding_as_numpy_does(count: int) -> None:
    rng, steps = np.random.default_rng(count), 40
    coefficients = [rng.standard_normal((steps, 2, count)) for _ in range(3)]
    rounding = rng.random((steps, count))
    rounding[9, -1], coefficients[2][5, 1, 0] = np.inf, np.nan
    run = Widening(*coefficients, np.zeros(count))
    with np.errstate(all="ignore"):
        plain, fast = (
            carried_along(run, rounding, np.full(count, 0.1), compiled)
            for compiled in (False, True)
        )
    np.testing.assert_array_equal(plain, fast)
    assert np.isinf(plain[6:, 0]).all()


def test_a_diverging_lane_ends_and_the_others_do_not_notice() -> None:
    members = [_configuration(scale=0.3) | {"seed": seed} for seed in range(5)]
    calm = _lanes(members, [1e-3] * 5, 1)
    wild = _lanes(members, [1e-3, 1e-3, 40.0, 1e-3, 1e-3], 1)
    assert wild.finite[2] < 61
    assert (wild.finite[[0, 1, 3, 4]] == 61).all()
    others = [0, 1, 3, 4]
    for part in ("value", "drift"):
        found, expected = (getattr(one.measured["loss"], part)[others] for one in (wild, calm))
        assert (found == expected).all()


@pytest.mark.parametrize(("outputs", "width"), [(1, 3), (1, 40), (2, 1), (3, 40)])
@pytest.mark.parametrize("cache", [1, 10**6])
def test_shapes_and_shares_of_the_cache_change_no_bit(
    monkeypatch: pytest.MonkeyPatch, outputs: int, width: int, cache: int
) -> None:
    monkeypatch.setattr("experiments.two_layer.stepping.CACHE", cache)
    members = [_configuration(outputs=outputs, width=width) | {"seed": seed} for seed in range(5)]
    lean, full = _traces(members, np.geomspace(1e-4, 1e-2, 5), LOSS | {"residual"})
    for part in ("value", "error", "drift"):
        found, expected = (getattr(one.measured["loss"], part) for one in (lean, full))
        np.testing.assert_array_equal(found, expected)


def test_a_diverging_row_ends_where_the_full_recorder_ends_it() -> None:
    members = [_configuration() | {"seed": seed} for seed in range(4)]
    lean, full = _traces(members, [1e-3, 1e90, 1e-3, 40.0], LOSS | {"residual"})
    assert (full.finite < 61).tolist() == [False, True, False, True]
    np.testing.assert_array_equal(lean.finite, full.finite)
    np.testing.assert_array_equal(lean.measured["loss"].value, full.measured["loss"].value)


@pytest.mark.parametrize(
    ("lanes", "sums", "columns"), [(2, 1, 1), (4, 8, 2), (8, 3, 3), (8, 24, 9)]
)
def test_neither_lanes_nor_strips_change_a_bit(
    monkeypatch: pytest.MonkeyPatch, lanes: int, sums: int, columns: int
) -> None:
    from experiments.two_layer import lanes as kernel

    for outputs in (1, 3, 8):
        members = [_configuration(outputs=outputs) | {"seed": seed} for seed in range(9)]
        expected = _lanes(members, [1e-3] * 9, 1).measured["loss"]
        with monkeypatch.context() as patch:
            patch.setattr(kernel, "kernel", kernel.kernel.__wrapped__)
            patch.setattr(kernel, "LANES", lanes)
            patch.setattr(kernel, "SUMS", sums)
            patch.setattr(kernel, "COLUMNS", columns)
            found = _lanes(members, [1e-3] * 9, 1).measured["loss"]
        for part in ("value", "error", "drift"):
            np.testing.assert_array_equal(getattr(found, part), getattr(expected, part))


@pytest.mark.parametrize("eta", [0.0, 0.02, 0.4, 3.0, -0.3])
@pytest.mark.parametrize("distance", [0.0, 1e-9, 0.5])
def test_the_widening_is_the_largest_factor_over_the_interval(eta: float, distance: float) -> None:
    start = TwoLayerLinear().initial([_configuration()], LOSS)
    state = start.state.snapshot
    K, e = float(state.batch.K_bound[0]), Fraction(distance)
    w1, w2 = (Fraction(float(np.linalg.norm(part))) for part in (state.W1, state.W2))
    size = Fraction(float(state.size[0]))
    low = Fraction(float(state.curvature[0])) + Fraction(K) * (size * e + e * e / 2)
    top = Fraction(K) * ((w1 + e) ** 2 + (w2 + e) ** 2) + low
    # |1 - eta h| is convex in h, hence largest at an end
    largest = max(abs(1 + Fraction(eta) * low), abs(1 - Fraction(eta) * top))
    away, still = np.array([distance]), np.zeros(1)
    found = carried_on(widening(state, np.array([eta])), away, still)[0]
    assert found >= largest * e * (1 - Fraction(1, 10**14))
    assert found == pytest.approx(float(max(largest, 1) * e), rel=1e-11)

"""Problems reduced together are, to the last bit, the problems reduced one by one."""

from __future__ import annotations

import dataclasses
import time
import warnings
from threading import get_ident
from typing import Any

import numpy as np
import pytest

from experiments.aligned import LINE, zeros
from experiments.threads import mapped, pipelined
from experiments.two_layer import setup
from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer.reduction import reduce_data, reduce_width
from experiments.two_layer_linear import two_layer_linear
from harness.discovery import finder
from harness.running import threads
from harness.running.configuration import completed
from harness.running.engines import engine_of
from harness.running.measure import finished_run
from harness.running.protocol import ConstantSteps
from harness.running.task import Task
from harness.running.workers import Workers

SHAPES = [(1, 1, 1), (3, 2, 4), (12, 4, 3), (4, 9, 2), (40, 7, 1), (30, 30, 5)]


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "_recent", setup._Recent())


@pytest.fixture(autouse=True)
def _small_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads and several stacks, however little there is to do."""
    monkeypatch.setattr(setup, "ENOUGH", 0)
    monkeypatch.setattr(setup, "TOGETHER", 200)


def same(one: Any, other: Any) -> bool:
    """Equal bit for bit, through every field."""
    parts = ([getattr(each, f.name) for f in dataclasses.fields(each)] for each in (one, other))
    return all(
        (mine is None and theirs is None)
        or np.asarray(mine).tobytes() == np.asarray(theirs).tobytes()
        for mine, theirs in zip(*parts, strict=True)
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rotate", [True, False])
def test_a_problem_of_a_stack_is_the_problem_alone(
    shape: tuple[int, int, int], rotate: bool
) -> None:
    samples, features, outputs = shape
    rng = np.random.default_rng(1)
    pairs = [
        (rng.standard_normal((samples, features)), rng.standard_normal((samples, outputs)))
        for _ in range(7)
    ]
    pairs[3][0][:, -1] = pairs[3][0][:, 0]  # one of another rank
    together = reduce_data(pairs, rotate, np.float64)
    for one, pair in zip(together, pairs, strict=True):
        assert same(one, *reduce_data([pair], rotate, np.float64))


@pytest.mark.parametrize(("inputs", "width", "outputs"), [(3, 40, 2), (1, 3, 1), (5, 12, 7)])
def test_layers_of_a_stack_are_the_layers_alone(inputs: int, width: int, outputs: int) -> None:
    rng = np.random.default_rng(2)
    layers = [
        (rng.standard_normal((inputs, width)), rng.standard_normal((width, outputs)))
        for _ in range(6)
    ]
    for found, pair in zip(reduce_width(layers), layers, strict=True):
        ((first, second),) = reduce_width([pair])
        assert (found[0] == first).all()
        assert (found[1] == second).all()
        # and the reduction is one: the same product from at most r + m hidden units
        np.testing.assert_allclose(first @ second, pair[0] @ pair[1], atol=1e-12)
        assert first.shape[1] == min(width, inputs + outputs)


def test_neither_threads_nor_the_block_change_a_bit(configure: Any) -> None:
    laws = ["gaussian", "imbalanced", "spectral", "low_rank", "balanced"]
    group = [
        configure(samples=20, width=(11, 30)[seed % 2], init=laws[seed % 5], seed=seed)
        for seed in range(13)
    ]
    names, sizes = frozenset({"loss", "tau_min", "mu"}), np.linspace(0.01, 0.1, 13)

    def trained(block: list[Any], steps: Any, threads: int | None) -> Any:
        setup.forget()
        engine = TwoLayerLinear()
        if threads is not None:
            engine.threads = threads
            engine.prepare(block)
        return engine.run(engine.initial(block, names), ConstantSteps(steps), 6, names).measured

    expected = trained(group, sizes, None)
    ways = [trained(group, sizes, 1), trained(group, sizes, 2), trained(group, sizes, 5)]
    ways.append(trained(group[::-1], sizes[::-1], 2))
    for at, found in enumerate(ways):
        for name, one in expected.items():
            for part in ("value", "error", "drift"):
                mine = getattr(found[name], part)[:: -1 if at == 3 else 1]
                assert mine.tobytes() == np.asarray(getattr(one, part)).tobytes()
    alone = trained([group[4]], sizes[4:5], 2)["tau_min"].value
    assert (alone[0] == expected["tau_min"].value[4]).all()


def test_a_block_larger_than_what_is_kept_is_reduced_once(
    configure: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    honest = setup.draw_data
    monkeypatch.setattr(setup, "draw_data", lambda one: (drawn.append(one["seed"]), honest(one))[1])
    monkeypatch.setattr(setup, "KEPT", 3)
    group = [configure(seed=seed) for seed in range(8)]
    engine = TwoLayerLinear()
    engine.prepare(group)
    assert len({engine.key(one) for one in group}) == 1
    engine.key(configure(seed=100))  # as a certificate or the oracle asks for one of its own
    engine.initial(group[1:], frozenset({"loss"}))
    assert sorted(drawn) == [*range(8), 100]
    engine.prepare(group[:2])
    assert len(setup._recent.problems) <= 8
    engine.key(configure(seed=101))
    assert len(setup._recent.problems) == 3


def test_pieces_come_in_order_under_the_error_state_of_the_caller() -> None:
    zero = np.zeros(1)

    def divided(number: int) -> float:
        return float((np.full(1, float(number)) / zero)[0])

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error")
        assert mapped(divided, [1, -1, 2], 3) == [np.inf, -np.inf, np.inf]
    with np.errstate(all="raise"), pytest.raises(FloatingPointError):
        mapped(divided, [1, 2], 2)
    assert mapped(lambda one: one * one, range(50), 4) == [one * one for one in range(50)]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_one_thread_draws_and_the_others_follow(threads: int) -> None:
    drawing: set[int] = set()
    waiting, most = set(), 0

    def drawn(one: int) -> int:
        nonlocal most
        drawing.add(get_ident())
        waiting.add(one)
        most = max(most, len(waiting))
        return one

    def slowly_squared(one: int) -> int:
        time.sleep(0.002)
        waiting.discard(one)
        if one == -1:
            raise ValueError("no root")
        return one * one

    found = pipelined(drawn, slowly_squared, range(60), threads)
    assert found == [one * one for one in range(60)]
    assert drawing == {get_ident()}
    # what is drawn and not yet used is bounded, however slow the others are
    assert most <= 2 * threads + 1
    with pytest.raises(ValueError, match="no root"):
        pipelined(drawn, slowly_squared, [3, -1, 2], threads)


def test_a_process_among_several_keeps_to_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert engine_of(two_layer_linear).threads == 3
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(100)), raising=False)
    assert threads.threads() == threads.MOST
    with Workers(lambda piece: engine_of(two_layer_linear).threads, 1) as workers:
        assert [result for _, result in workers.each([(0, 0)])] == [1]
    assert threads.threads() == threads.MOST


def test_a_task_is_prepared_as_a_whole(configure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    honest = setup.draw_data
    monkeypatch.setattr(setup, "draw_data", lambda one: (drawn.append(one["seed"]), honest(one))[1])
    monkeypatch.setattr(setup, "KEPT", 2)
    theorem = finder.theorem("xu23_prop31@1")
    group = [
        completed(two_layer_linear, theorem, {"seed": seed, "step_size": 0.01}) for seed in range(6)
    ]
    task = Task(theorem, two_layer_linear, tuple(group))
    finished_run(task, engine_of(two_layer_linear), finder.theorem)
    assert sorted(drawn) == [*range(6)]


def test_aligned_zeros_begin_at_a_cache_line() -> None:
    for shape in ((1,), (3, 5), (7, 2, 9), (4, 0), (100_003,)):
        found = zeros(*shape)
        assert found.shape == shape
        assert found.flags.c_contiguous
        assert found.size == 0 or found.ctypes.data % LINE == 0
        assert not found.any()
        assert found.dtype == np.float64

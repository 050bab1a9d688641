"""A step rule is asked once a step for all groups, and each group gets the sizes of its own rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from harness.running.lockstep import Runner, in_lockstep
from harness.running.protocol import Array, Measured, StepSize, Trace

GROUPS = [[0, 3], [4], [1, 2]]
START = np.array([1.0, 2.0, 3.0, 4.0, 5.0])


class Halving:
    """Takes x - size steps of its rows, some fewer than others, and keeps what it was told."""

    def __init__(self, rows: list[int], steps: int) -> None:
        self.rows, self.steps = rows, steps

    def __call__(self, size: StepSize) -> Trace:
        x = START[self.rows][:, None]
        told: list[Array] = []
        for step in range(self.steps):
            told.append(size(step, {"x": Measured(x, 0 * x, 0 * x)}))
            x = x - told[-1][:, None]
        sizes = np.array(told).T.reshape(len(self.rows), self.steps)
        return Trace({}, sizes, np.isfinite(x), np.isfinite(x))


class Rule:
    """A tenth of x, and how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, step: int, measured: Mapping[str, Measured]) -> Array:
        self.asked.append(step)
        assert list(measured) == ["x"]
        return measured["x"].value[:, 0] / 10


def test_every_group_gets_its_own_rows_and_the_rule_is_asked_once_a_step() -> None:
    rule, lengths = Rule(), [6, 2, 4]
    runners = [Halving(rows, steps) for rows, steps in zip(GROUPS, lengths, strict=True)]
    traces = in_lockstep(runners, GROUPS, rule)
    assert rule.asked == list(range(6))
    for rows, steps, trace in zip(GROUPS, lengths, traces, strict=True):
        x, expected = START[rows], []
        for _ in range(steps):
            expected.append(x / 10)
            x = x - expected[-1]
        assert (trace.step_sizes == np.array(expected).T).all()


def test_a_group_that_never_asks_holds_nobody_up() -> None:
    runners = [Halving(rows, steps) for rows, steps in zip(GROUPS, [0, 3, 3], strict=True)]
    first, *others = in_lockstep(runners, GROUPS, Rule())
    assert first.step_sizes.shape == (2, 0)
    assert [one.step_sizes.shape for one in others] == [(1, 3), (2, 3)]


def test_a_rule_that_fails_fails_the_run() -> None:
    def rule(step: int, measured: Mapping[str, Measured]) -> Array:
        raise ZeroDivisionError(f"step {step}")

    with pytest.raises(ZeroDivisionError, match="step 0"):
        in_lockstep([Halving(rows, 3) for rows in GROUPS], GROUPS, rule)


def test_a_group_that_fails_fails_the_run_once_the_others_are_done() -> None:
    def broken(size: StepSize) -> Trace:
        raise FloatingPointError("at the start")

    others: list[Runner] = [Halving(rows, 3) for rows in GROUPS[1:]]
    with pytest.raises(FloatingPointError, match="at the start"):
        in_lockstep([broken, *others], GROUPS, Rule())

"""Enclosures contain the measured values, are narrow, and start from the engine's own bits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq

from experiments.two_layer.enclosure import log_cosh
from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer_linear import two_layer_linear
from harness.expressions.balls import precision

STEP = frozenset(one.name for one in two_layer_linear.emits if one.scope.varies)
RUN = frozenset(one.name for one in two_layer_linear.emits if one.scope == "run")

CASES = [
    {"features": 3, "outputs": 2, "width": 4},
    {"features": 2, "outputs": 3, "width": 40, "init": "imbalanced"},
    {"features": 1, "outputs": 1, "width": 1},
    {"features": 3, "outputs": 2, "width": 1, "init": "narrow"},
    {"features": 2, "outputs": 3, "width": 9, "loss": "logcosh"},
    {"data": "given", "X": [[2, 1], [1, 3]], "Y": [[1], [2]], "width": 2},
    {"features": 2, "outputs": 1, "width": 3, "dtype": "float32"},
]
STEPS = [0.05, 0.1, 0.2, 0.15]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("step", [0, 3, 4])
def test_enclosures_contain_what_was_measured(
    configure: Any, case: dict[str, Any], step: int
) -> None:
    configuration = configure(seed=2, **case)
    engine = TwoLayerLinear({})
    start = engine.initial([configuration], STEP | RUN)
    trace = engine.run(start, lambda t, _: np.array([STEPS[t]]), 4, STEP | RUN)
    with precision(128):
        found = engine.enclose(configuration, STEPS, step, STEP | RUN)
    assert ("loss[t+1]" in found) == (step < 4)
    for name, ball in found.items():
        base = name.split("[")[0]
        quantity = trace.measured[base]
        at = 0 if base in RUN or name.endswith("[0]") else step + name.endswith("[t+1]")
        value, error = float(quantity.value[0, at]), float(quantity.error[0, at])
        assert abs(ball - value).lower() <= error, name
        if value > 1e-8:
            assert ball.rad() <= 1e-20 * value, name


def test_every_key_at_the_first_step(configure: Any) -> None:
    with precision(128):
        found = TwoLayerLinear({}).enclose(configure(), [0.1], 0, STEP | RUN)
    states = STEP - {"eta", "drift_step", "smoothness"}
    expected = STEP | RUN | {f"{name}[0]" for name in STEP} | {f"{name}[t+1]" for name in states}
    assert set(found) == expected
    assert all(found[f"{name}[0]"].overlaps(found[name]) for name in STEP)


def test_one_exact_step_of_a_rational_problem(configure: Any) -> None:
    configuration = configure(
        data="given", X=[[2]], Y=[[3]], init="given", W1=[[1, 0.5]], W2=[[0.25], [1]]
    )
    W1, W2 = [Fraction(1), Fraction(1, 2)], [Fraction(1, 4), Fraction(1)]
    eta = Fraction(0.1)
    gradient = 2 * (2 * sum(a * b for a, b in zip(W1, W2, strict=True)) - 3)
    new1 = [a - eta * gradient * b for a, b in zip(W1, W2, strict=True)]
    new2 = [b - eta * gradient * a for a, b in zip(W1, W2, strict=True)]
    residual = 3 - 2 * sum((a * b for a, b in zip(new1, new2, strict=True)), Fraction(0))
    loss = residual * residual / 2
    with precision(256):
        found = TwoLayerLinear({}).enclose(configuration, [0.1], 0, frozenset({"loss", "K"}))
        assert found["loss[t+1]"].contains(arb(fmpq(loss.numerator, loss.denominator)).mid())
        assert found["K"] == 4
    assert found["loss[t+1]"].rad() <= 1e-70


@pytest.mark.parametrize("value", ["1e-30", "1e-5", "0.5", "1", "3", "1e8", "-40"])
def test_log_cosh_in_balls(value: str) -> None:
    with precision(128):
        ball = log_cosh(arb(value))
    with precision(2000):
        reference = arb(value).cosh().log() if float(value) < 1e6 else arb(value) - arb(2).log()
    assert ball.overlaps(reference)
    assert ball.rad() <= abs(reference) * 1e-30
    with precision(128):
        assert log_cosh(arb(0, 1e-3)).contains(0)

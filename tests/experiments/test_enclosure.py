"""Enclosures contain the measured values, are narrow, and start from the engine's own bits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from flint import arb, fmpq

from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer.exact_state import log_cosh
from experiments.two_layer_linear import two_layer_linear
from harness.expressions.ball_algebra import Along, ball_at
from harness.expressions.balls import precision
from harness.expressions.evaluator import MissingSymbol

STEP = frozenset(one.name for one in two_layer_linear.emits if one.scope.varies)
RUN = frozenset(one.name for one in two_layer_linear.emits if one.scope == "run")
STATES = STEP - {"eta", "drift_step", "smoothness"}

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
RATIONAL = {
    "data": "given", "X": [[2, 1], [1, 3]], "Y": [[1], [2]],
    "init": "given", "W1": [[1, 0.5], [0, 0.25]], "W2": [[0.25], [1]],
}  # fmt: skip


def balls(found: Mapping[str, Any], step: int) -> Iterator[tuple[str, int, arb]]:
    """Every ball at this step and, of what a state has, at the next."""
    for name, value in found.items():
        if name in STATES | RUN or step < len(STEPS):
            yield name, step, ball_at(value, step)
        if name in STATES and step < len(STEPS):
            yield name, step + 1, ball_at(value, step + 1)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("begin", [0, 3, 4])
def test_enclosures_contain_what_was_measured(
    configure: Any, case: dict[str, Any], begin: int
) -> None:
    configuration = configure(seed=2, **case)
    engine = TwoLayerLinear({})
    start = engine.initial([configuration], STEP | RUN)
    trace = engine.run(start, lambda t, _: np.array([STEPS[t]]), 4, STEP | RUN)
    with precision(128):
        found = engine.enclose(configuration, STEPS, begin, STEP | RUN)
        assert found.keys() == STEP | RUN
        for name, step, ball in balls(found, begin):
            quantity = trace.measured[name]
            at = 0 if name in RUN else step
            value, error = float(quantity.value[0, at]), float(quantity.error[0, at])
            assert abs(ball - value).lower() <= error, name
            if value > 1e-8:
                assert ball.rad() <= 1e-20 * value, name


@pytest.mark.parametrize("case", CASES)
def test_a_run_from_the_start_stays_within_the_rounding_of_the_engine(
    configure: Any, case: dict[str, Any]
) -> None:
    configuration = configure(seed=2, **case)
    engine = TwoLayerLinear({})
    start = engine.initial([configuration], STEP | RUN)
    trace = engine.run(start, lambda t, _: np.array([STEPS[t]]), 4, STEP | RUN)
    with precision(128):
        found = engine.enclose(configuration, STEPS, 0, STEP)
        for name, step, ball in balls(found, 3):
            quantity = trace.measured[name]
            value, drift = float(quantity.value[0, step]), float(quantity.drift[0, step])
            assert abs(ball - value).lower() <= drift, name
            if 1e-8 < value < 1e3:
                assert ball.rad() <= 1e-20 * value, name


def test_states_that_the_run_does_not_have(configure: Any) -> None:
    with precision(128):
        found = TwoLayerLinear({}).enclose(configure(), STEPS, 2, frozenset({"loss", "eta"}))
        for name, step in (("loss", 1), ("loss", 5), ("eta", 4), ("eta", 1)):
            with pytest.raises(MissingSymbol):
                found[name][step]
        assert found["loss"][4] > 0


def rational_losses(
    steps: int, shift: Callable[[int], Fraction] = lambda _: Fraction(0)
) -> list[Fraction]:
    """The losses of RATIONAL along exact steps of 0.1, its six weights shifted one by one."""
    X, Y = [[2, 1], [1, 3]], [1, 2]
    numbers = [Fraction(x) for x in (1, 0.5, 0, 0.25, 0.25, 1)]
    a, b, c, d, p, q = (x + shift(i) for i, x in enumerate(numbers))
    W1, W2, eta, losses = [[a, b], [c, d]], [p, q], Fraction(0.1), []
    for _ in range(steps + 1):
        W = [row[0] * W2[0] + row[1] * W2[1] for row in W1]
        E = [Y[i] - X[i][0] * W[0] - X[i][1] * W[1] for i in range(2)]
        losses.append((E[0] ** 2 + E[1] ** 2) / 2)
        G = [-X[0][j] * E[0] - X[1][j] * E[1] for j in range(2)]
        W1, W2 = (
            [[W1[i][j] - eta * G[i] * W2[j] for j in range(2)] for i in range(2)],
            [W2[j] - eta * (W1[0][j] * G[0] + W1[1][j] * G[1]) for j in range(2)],
        )
    return losses


def exact_ball(number: Fraction) -> arb:
    return arb(fmpq(number.numerator, number.denominator))


def test_five_exact_steps_of_a_rational_problem(configure: Any) -> None:
    expected = rational_losses(5)
    with precision(256):
        found = TwoLayerLinear({}).enclose(configure(**RATIONAL), [0.1] * 5, 0, frozenset({"loss"}))
        narrow = [found["loss"][step] for step in range(6)]
    with precision(4096):
        for ball, number in zip(narrow, expected, strict=True):
            assert ball.overlaps(exact_ball(number))
            assert ball.rad() <= 1e-68 * ball


@pytest.mark.parametrize("power", [3, 20, 100])
def test_a_radius_covers_every_run_that_starts_within_it(configure: Any, power: int) -> None:
    radius = Fraction(1, 2**power)
    with precision(256):
        found = TwoLayerLinear({}).enclose(
            configure(**RATIONAL), [0.1] * 4, 0, frozenset({"loss"}), float(radius)
        )
        wide = [found["loss"][step] for step in range(5)]
    signs = np.random.default_rng(0).choice([-1, 1], size=(20, 6)).tolist()
    middle = rational_losses(4)
    with precision(4096):
        for row in signs:
            losses = rational_losses(4, lambda i, row=row: row[i] * radius)
            for ball, number in zip(wide, losses, strict=True):
                assert ball.contains(exact_ball(number).mid())
        for ball, number in zip(wide, middle, strict=True) if power > 3 else ():
            assert ball.rad() <= 100 * float(radius) * (1 + float(number))


def test_a_radius_at_a_later_state_leaves_out_what_depends_on_the_way_there(configure: Any) -> None:
    wanted = frozenset({"loss", "drift"})
    assert TwoLayerLinear({}).enclose(configure(), STEPS, 2, wanted, 1e-9).keys() == {"loss"}
    assert TwoLayerLinear({}).enclose(configure(), STEPS, 0, wanted, 1e-9).keys() == wanted


def test_two_hundred_steps_of_a_wide_network_against_mpmath(configure: Any) -> None:
    """Log cosh too, and a step beyond the edge of stability, where distances grow."""
    for case, eta, steps, width in (
        ({"features": 3, "outputs": 2, "width": 6}, 0.02, 200, 1e-25),
        (
            {"features": 2, "outputs": 2, "width": 3, "loss": "logcosh", "ratio": 4.0},
            0.05,
            60,
            1e-25,
        ),
        (RATIONAL, 0.16, 12, 1e-11),
    ):
        configuration = configure(**case, seed=3)
        with precision(128):
            found = TwoLayerLinear({}).enclose(configuration, [eta] * steps, 0, frozenset({"loss"}))
            ball = found["loss"][steps]
        reference = by_mpmath(configuration, eta, steps)
        with precision(512):
            assert ball.overlaps(arb(mpmath.nstr(reference, 100)))
        assert ball.rad() <= width * ball


def by_mpmath(configuration: dict[str, Any], eta: float, steps: int) -> Any:
    """The loss after plain gradient descent with 100 digits on the reduced doubles."""
    snapshot = TwoLayerLinear({}).initial([configuration], frozenset()).state.snapshot
    with mpmath.workdps(100):
        X, Y, W1, W2 = (
            mpmath.matrix(part[0].tolist())
            for part in (snapshot.batch.X, snapshot.batch.Y, snapshot.W1, snapshot.W2)
        )
        gap = mpmath.mpf(configuration["ratio"] if configuration["loss"] == "logcosh" else 1) - 1
        squared = configuration["loss"] == "squared"
        for _ in range(steps):
            E = Y - X * W1 * W2
            G = -X.T * E if squared else -(E + gap * E.apply(mpmath.tanh))
            W1, W2 = W1 - eta * G * W2.T, W2 - eta * W1.T * G
        E = Y - X * W1 * W2
        logs = mpmath.mpf(0) if squared else sum(mpmath.log(mpmath.cosh(r)) for r in E)
        return sum(r * r for r in E) / 2 + gap * logs


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


def test_a_value_along_a_run_is_worked_out_once() -> None:
    asked: list[int] = []
    along = Along(lambda step: asked.append(step) or arb(step))
    assert along[3] + along[3] == 6
    assert asked == [3]

"""Training of modules against torch.optim, closed forms, and itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from harness import UsageError, choice, integers, module_experiment, reals, symbol
from harness.modules.problem import made
from harness.running.engines import engine_of
from harness.symbols import training_loss
from tests.modules.networks import data, declared, half_squares, network

size = symbol("weight_size", "|theta|, all weights as one vector")
first = symbol("first_weight", "a number known at the start", "run")


def by_torch(configuration: dict[str, Any], optimizer: Any, steps: int) -> np.ndarray:
    """Losses of the plain loop with one of torch's own optimizers, all data in each step."""
    problem = made(network, data, half_squares, configuration)
    module = problem.module
    stepping = optimizer(module.parameters())
    losses = []
    for _ in range(steps + 1):
        stepping.zero_grad()
        loss = half_squares(module(problem.X), problem.Y)
        loss.backward()
        losses.append(loss.item())
        stepping.step()
    return np.array(losses)


@pytest.mark.parametrize(
    ("axes", "optimizer"),
    [
        ({}, lambda p: torch.optim.SGD(p, lr=0.05)),
        ({"momentum": 0.9}, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
        (
            {"momentum": 0.5, "weight_decay": 0.1},
            lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.5, weight_decay=0.1),
        ),
        ({"optimizer": "adam"}, lambda p: torch.optim.Adam(p, lr=0.05)),
        (
            {"optimizer": "adam", "beta1": 0.5, "beta2": 0.9, "epsilon": 0.01, "weight_decay": 0.2},
            lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.5, 0.9), eps=0.01, weight_decay=0.2),
        ),
    ],
)
def test_steps_are_those_of_torch_optim(train: Any, axes: dict[str, Any], optimizer: Any) -> None:
    experiment = declared(**{name: choice(value) for name, value in axes.items()})
    configuration = {"width": 4, "seed": 3, **axes}
    trace = train(experiment, [configuration], horizon=8)
    expected = by_torch(configuration, optimizer, 8)
    np.testing.assert_allclose(trace.measured["training_loss"].value[0], expected, rtol=1e-12)
    assert not np.allclose(
        expected, by_torch(configuration, lambda p: torch.optim.SGD(p, lr=0.01), 8)
    )


class Slope(torch.nn.Module):
    """x -> w x, from w = 3."""

    def __init__(self) -> None:
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor([3.0]))

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        return X * self.w


def points(rng: np.random.Generator) -> tuple[Any, Any]:
    return np.array([1.0, 2.0]), np.array([1.0, 4.0])


def test_one_weight_by_hand(train: Any) -> None:
    # L = ((w - 1)^2 + (2 w - 4)^2)/2, L' = 5 w - 9, least value 2/5 at w = 9/5
    experiment = module_experiment(
        Slope,
        points,
        half_squares,
        minimum=0.4,
        name="slope",
        measures={
            size: lambda at: at.weights["w"].norm(),
            first: lambda at: 2 * at.weights["w"][0],
        },
    )
    names = ("training_loss", "loss", "grad_norm", "movement", "eta", "weight_size", "first_weight")
    found = train(experiment, [{"seed": 0}], 0.1, 3, names).measured
    w = 1.8 + 1.2 * 0.5 ** np.arange(4)
    values = {name: one.value[0] for name, one in found.items()}
    np.testing.assert_allclose(values["weight_size"], w, rtol=1e-15)
    np.testing.assert_allclose(values["training_loss"], ((w - 1) ** 2 + (2 * w - 4) ** 2) / 2)
    np.testing.assert_allclose(values["loss"], values["training_loss"] - 0.4, rtol=1e-14)
    np.testing.assert_allclose(values["grad_norm"], np.abs(5 * w - 9), rtol=1e-14)
    np.testing.assert_allclose(values["movement"], 3 - w, rtol=1e-15)
    np.testing.assert_array_equal(values["eta"], [0.1, 0.1, 0.1, np.nan])
    assert values["first_weight"].tolist() == [6.0]
    assert found["first_weight"].error[0, 0] == 6 * 2.0**-44
    assert (found["loss"].error > found["training_loss"].error).all()


def test_a_row_alone_is_the_same_row_in_a_group(train: Any) -> None:
    experiment = declared(batch_size=integers(0, 6))
    configurations = [
        {"width": width, "seed": seed, "batch_size": size}
        for width, seed, size in ((3, 1, 0), (5, 2, 4), (3, 3, 1))
    ]
    sizes = (0.05, 0.01, 0.02)
    together = train(experiment, configurations, sizes)
    for at, one in enumerate(configurations):
        alone = train(experiment, [one], sizes[at])
        for name, measured in alone.measured.items():
            np.testing.assert_array_equal(together.measured[name].value[at], measured.value[0])
            np.testing.assert_array_equal(together.measured[name].error[at], measured.error[0])


def test_seeds_change_weights_data_and_batches(train: Any) -> None:
    one, other = (made(network, data, half_squares, {"width": 2, "seed": s}) for s in (1, 2))
    assert not torch.equal(one.X, other.X)
    assert not torch.equal(one.weights["0.weight"], other.weights["0.weight"])
    again = made(network, data, half_squares, {"width": 2, "seed": 1})
    assert torch.equal(one.X, again.X)
    assert torch.equal(one.weights["0.weight"], again.weights["0.weight"])
    assert one.weights["0.weight"].dtype == torch.float64


class Recording(torch.nn.Module):
    """Remembers the samples it was shown."""

    def __init__(self, shown: list[list[float]]) -> None:
        super().__init__()
        self.w, self.shown = torch.nn.Parameter(torch.ones(1)), shown

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        self.shown.append(X.tolist())
        return X * self.w


def test_an_epoch_shows_every_sample_once() -> None:
    shown: list[list[float]] = []

    def numbers(rng: np.random.Generator) -> tuple[Any, Any]:
        return np.arange(5.0), np.zeros(5)

    experiment = module_experiment(
        lambda: Recording(shown), numbers, half_squares, name="shown", batch_size=integers(1, 5)
    )
    engine = engine_of(experiment)
    start = engine.initial([{"seed": 4, "batch_size": 2}], frozenset())
    shown.clear()
    engine.run(start, lambda t, at: np.array([0.0]), 6, frozenset())
    batches = [one for one in shown if len(one) < 5]
    assert [len(one) for one in batches] == [2, 2, 1, 2, 2, 1]
    for epoch in (batches[:3], batches[3:]):
        assert sorted(one for batch in epoch for one in batch) == [0, 1, 2, 3, 4]
    assert batches[:3] != batches[3:]


def test_a_run_that_diverges_ends_and_its_neighbour_does_not_notice(train: Any) -> None:
    experiment = module_experiment(Slope, points, half_squares, name="slope")
    trace = train(experiment, [{"seed": 0}, {"seed": 0}], (1e200, 0.1), 4)
    assert trace.finite.tolist() == [1, 5]
    loss = trace.measured["training_loss"]
    assert np.isnan(loss.value[0, 1:]).all()
    assert np.isinf(loss.error[0, 1:]).all()
    alone = train(experiment, [{"seed": 0}], 0.1, 4).measured["training_loss"]
    np.testing.assert_array_equal(loss.value[1], alone.value[0])


def test_the_floor_ends_what_is_judged(train: Any) -> None:
    def exact(rng: np.random.Generator) -> tuple[Any, Any]:
        return np.array([1.0, 2.0]), np.array([1.0, 2.0])

    # the loss 5/2 (w - 1)^2 falls by a factor 4 a step: gone after about 2^-48
    known = module_experiment(Slope, exact, half_squares, minimum=0.0, name="slope")
    trace = train(known, [{"seed": 0}], 0.1, 60, ("loss",))
    assert trace.finite.tolist() == [61]
    assert 20 <= trace.resolved[0] <= 26
    # a least value of 2/5: it is the change of the loss that is lost
    unknown = module_experiment(Slope, points, half_squares, name="slope")
    trace = train(unknown, [{"seed": 0}], 0.1, 60)
    assert 12 <= trace.resolved[0] <= 22
    value, error = (
        trace.measured["training_loss"].value[0],
        trace.measured["training_loss"].error[0],
    )
    states = trace.resolved[0]
    assert (np.abs(np.diff(value[:states])) > error[1:states]).all()


def test_the_assumed_error_covers_float64_rounding(train: Any) -> None:
    from flint import arb, ctx

    # the same run of Slope with 200 bits, from the same step size as a double
    trace = train(
        module_experiment(Slope, points, half_squares, name="slope"), [{"seed": 0}], 0.1, 20
    )
    before, ctx.prec = ctx.prec, 200
    try:
        w, step = arb(3), arb(0.1)
        for value, error in zip(
            *(getattr(trace.measured["training_loss"], n)[0] for n in ("value", "error")),
            strict=True,
        ):
            exact = ((w - 1) ** 2 + (2 * w - 4) ** 2) / 2
            assert abs(float(exact - arb(float(value)))) <= error <= 1e-12
            w = w - step * (5 * w - 9)
    finally:
        ctx.prec = before


def test_batches_agree_with_runs_alone_and_say_so(train: Any) -> None:
    configurations = [{"width": 4, "seed": seed} for seed in range(5)]
    sizes = [0.01 * (1 + seed) for seed in range(5)]
    alone = train(declared(), configurations, sizes)
    together = train(declared(batched=True), configurations, sizes)
    for name in ("training_loss", "grad_norm", "movement"):
        a, b = alone.measured[name], together.measured[name]
        assert (np.abs(a.value - b.value) <= a.error + b.error).all()
    assert [note.get("batched") for note in together.notes] == [5] * 5
    assert not any("batched" in note for note in alone.notes)


class Hidden(torch.nn.Module):
    """Holds a number that torch does not know of, drawn where a module draws its weights."""

    def __init__(self) -> None:
        super().__init__()
        self.w, self.factor = torch.nn.Parameter(torch.ones(1)), float(torch.rand(1))

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        return X * self.w * self.factor


def test_modules_that_differ_in_more_than_weights_are_not_batched(train: Any) -> None:
    both = [
        train(
            module_experiment(Hidden, points, half_squares, name="hidden", batched=batched),
            [{"seed": seed} for seed in range(3)],
        )
        for batched in (True, False)
    ]
    np.testing.assert_array_equal(*(one.measured["training_loss"].value for one in both))
    assert not any("batched" in note for note in both[0].notes)


def test_batches_have_equal_axes() -> None:
    engine = engine_of(declared(batched=True, momentum=reals(0, 0.9)))
    base = {"width": 3, "momentum": 0.5, "seed": 1, "step_size": 0.1, "steps": 4}
    assert engine.key(base) == engine.key({**base, "seed": 2, "step_size": 0.2})
    assert engine.key(base) != engine.key({**base, "momentum": 0.25})
    assert engine.key(base) != engine.key({**base, "width": 4})


def test_a_measure_added_later(train: Any) -> None:
    experiment = declared().measuring(size, lambda at: (math.sqrt(at.step), 0.25))
    found = train(experiment, [{"width": 2, "seed": 0}], wanted=("weight_size",), horizon=4)
    np.testing.assert_allclose(found.measured["weight_size"].value[0], np.sqrt(np.arange(5)))
    assert (found.measured["weight_size"].error == 0.25).all()
    assert training_loss in experiment.emits


def test_a_measure_sees_gradient_and_differentiable_loss(train: Any) -> None:
    def gap(at: Any) -> float:
        weights = {name: one.requires_grad_() for name, one in at.weights.items()}
        found = torch.autograd.grad(at.loss(weights), list(weights.values()))
        own = list(at.gradient.values())
        assert torch.equal(at.outputs().detach(), at.outputs(at.X).detach())
        return max(float((a - b).abs().max()) for a, b in zip(found, own, strict=True))

    experiment = declared(measures={size: gap})
    found = train(experiment, [{"width": 3, "seed": 1}], wanted=("weight_size",))
    assert (found.measured["weight_size"].value <= 1e-14).all()


def test_class_labels_stay_whole_numbers(train: Any) -> None:
    def labelled(rng: np.random.Generator) -> tuple[Any, Any]:
        return rng.normal(size=(6, 2)).astype(np.float32), rng.integers(0, 3, size=6)

    both = [
        train(
            module_experiment(
                lambda: torch.nn.Linear(2, 3),
                labelled,
                torch.nn.functional.cross_entropy,
                name="classifier",
                batched=batched,
            ),
            [{"seed": seed} for seed in range(3)],
            0.5,
        )
        for batched in (False, True)
    ]
    value = both[0].measured["training_loss"].value
    np.testing.assert_allclose(value, both[1].measured["training_loss"].value, rtol=1e-14)
    assert both[1].notes[0]["batched"] == 3
    problem = made(
        lambda: torch.nn.Linear(2, 3), labelled, torch.nn.functional.cross_entropy, {"seed": 1}
    )
    assert (problem.X.dtype, problem.Y.dtype) == (torch.float64, torch.int64)
    scores = problem.X @ problem.weights["weight"].T + problem.weights["bias"]
    logs = scores - torch.logsumexp(scores, dim=1, keepdim=True)
    expected = -sum(float(logs[i, problem.Y[i]]) for i in range(6)) / 6
    assert value[1, 0] == pytest.approx(expected, rel=1e-13)


def test_a_loss_below_its_stated_minimum(train: Any) -> None:
    wrong = module_experiment(Slope, points, half_squares, minimum=1.0, name="slope")
    with pytest.raises(UsageError, match=r"the loss 0\.\d+ is below its stated minimum"):
        train(wrong, [{"seed": 0}], 0.1, 5, ("loss",))


def test_frozen_weights_and_buffers_stay(train: Any) -> None:
    class Partly(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = torch.nn.Parameter(torch.rand(1))
            self.c = torch.nn.Parameter(torch.rand(1), requires_grad=False)
            self.register_buffer("b", torch.rand(1))

        def forward(self, X: torch.Tensor) -> torch.Tensor:
            return X * self.w + self.b * self.c

    configurations = [{"seed": seed} for seed in range(3)]
    traces = [
        train(
            module_experiment(Partly, points, half_squares, name="partly", batched=batched),
            configurations,
            0.1,
        )
        for batched in (False, True)
    ]
    loss = traces[0].measured["training_loss"].value
    np.testing.assert_allclose(traces[1].measured["training_loss"].value, loss, rtol=1e-13)
    assert traces[1].notes[0]["batched"] == 3
    for row, one in enumerate(configurations):
        problem = made(Partly, points, half_squares, one)
        assert list(problem.weights) == ["w"]
        w, shift = problem.weights["w"].item(), (problem.fixed["b"] * problem.fixed["c"]).item()
        for value in loss[row]:
            gaps = [w + shift - 1, 2 * w + shift - 4]
            assert value == pytest.approx(sum(gap**2 for gap in gaps) / 2, rel=1e-12)
            w -= 0.1 * (gaps[0] + 2 * gaps[1])

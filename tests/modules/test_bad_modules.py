"""What cannot be trained, replayed or declared is refused in one sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from harness import UsageError, choice, integers, module_experiment, reals, symbol
from harness.modules.optimizers import Rule
from harness.modules.problem import made
from harness.symbols import drift_step, grad_norm
from tests.modules.networks import data, declared, half_squares, network

width = symbol("width_of_net", "hidden width", "configuration")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"depth": integers(1, 2)}, "takes the axis “depth”"),
        ({"measures": {drift_step: float}}, "drift_step has scope transition"),
        ({"measures": {grad_norm: float}}, "grad_norm is measured already"),
        ({"emits": [width]}, "width_of_net is not an axis"),
        ({"relative_error": 0.0}, "relative_error=0.0"),
        ({"relative_error": float("nan")}, "relative_error=nan"),
    ],
)
def test_declarations(change: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as refused:
        declared(**change)
    assert says in str(refused.value)


def test_declarations_without_a_name_or_an_axis() -> None:
    with pytest.raises(UsageError, match="is no name"):
        module_experiment(lambda: None, data, half_squares)
    with pytest.raises(UsageError, match="module takes “width”, which is no axis"):
        module_experiment(network, data, half_squares)
    with pytest.raises(UsageError, match="data takes “n”, which is no axis"):
        module_experiment(network, lambda n: n, half_squares, width=integers(1, 2))


def test_an_axis_without_a_value() -> None:
    with pytest.raises(UsageError, match="the axis width needs a value"):
        declared(momentum=choice(0.5)).complete({"momentum": 0.5})


@pytest.mark.parametrize(
    ("axes", "says"),
    [
        ({"optimizer": "sgd"}, "optimizer=sgd: must be gd or adam"),
        ({"optimizer": "adam", "momentum": 0.5}, "momentum=0.5: adam has beta1"),
        ({"momentum": 1.0}, "momentum=1.0: must lie in"),
        ({"beta2": -0.1}, "beta2=-0.1: must lie in"),
        ({"weight_decay": -1.0}, "weight_decay=-1.0: must be finite"),
        ({"epsilon": float("inf")}, "epsilon=inf: must be finite"),
        ({"batch_size": -1}, "batch_size=-1: must be finite"),
    ],
)
def test_rules_out_of_range(axes: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as refused:
        Rule.of(axes)
    assert says in str(refused.value)


def linear(*more: torch.nn.Module) -> torch.nn.Module:
    return torch.nn.Sequential(torch.nn.Linear(2, 1), *more)


def frozen() -> torch.nn.Module:
    return linear().requires_grad_(False)


@pytest.mark.parametrize(
    ("module", "says"),
    [
        (lambda: "no module", "the module is a str"),
        (frozen, "no trainable parameters"),
        (lambda: linear(torch.nn.Dropout(0.5)), "draws random numbers"),
        (lambda: linear(torch.nn.BatchNorm1d(1)), "changes its “1.running_mean”"),
    ],
)
def test_modules(module: Any, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        made(module, data, half_squares, {"seed": 0})
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("X", "Y", "says"),
    [
        (np.float64(1.0), np.ones((1, 1)), "X has shape ()"),
        (np.ones((0, 2)), np.ones((0, 1)), "X has shape (0, 2)"),
        (np.ones((2, 2)), np.ones((3, 1)), "2 input(s) but 3 target(s)"),
    ],
)
def test_data(X: Any, Y: Any, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        made(linear, lambda: (X, Y), half_squares, {"seed": 0})
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "criterion",
    [
        lambda f, y: (f - y) ** 2,
        lambda f, y: 1.0,
        lambda f, y: (f - y).float().sum(),
    ],
    ids=["one a sample", "a float", "float32"],
)
def test_criteria(criterion: Any) -> None:
    with pytest.raises(UsageError, match="must return one float64 number"):
        made(linear, data, criterion, {"seed": 0})


def test_a_bad_configuration_is_one_broken_row(train: Any) -> None:
    with pytest.raises(UsageError, match="must lie in"):
        train(declared(momentum=reals(0, 2)), [{"width": 2, "seed": 0, "momentum": 1.5}])

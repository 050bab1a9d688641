"""One configuration's module, data and loss, made from its own seed without a trace elsewhere."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.func import functional_call

from harness.errors import UsageError
from harness.running.seeds import derived

Weights = Mapping[str, Tensor]
Criterion = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Problem:
    """What is trained: ``weights`` are the trainable parameters at the start, ``fixed`` the rest."""

    module: torch.nn.Module
    criterion: Criterion
    X: Tensor
    Y: Tensor
    weights: Weights
    fixed: Weights

    def value(self, weights: Weights, fixed: Weights, X: Tensor, Y: Tensor) -> Tensor:
        """The loss of these weights on these samples, differentiable."""
        outputs = functional_call(self.module, {**fixed, **weights}, (X,))
        found: Tensor = self.criterion(outputs, Y)
        return found

    def trained(self, X: Tensor, Y: Tensor) -> Tensor:
        """The loss of the weights that the module holds."""
        found: Tensor = self.criterion(self.module(X), Y)
        return found


@dataclass(frozen=True)
class State:
    """What a measure sees: one configuration at one step, all tensors float64 and detached."""

    problem: Problem
    configuration: Mapping[str, Any]
    step: int
    weights: Weights
    gradient: Weights
    """Of the loss on all data, by the names of the weights."""

    @property
    def X(self) -> Tensor:
        return self.problem.X

    @property
    def Y(self) -> Tensor:
        return self.problem.Y

    @property
    def initial(self) -> Weights:
        """The weights at step 0."""
        return self.problem.weights

    def outputs(self, X: Tensor | None = None, weights: Weights | None = None) -> Tensor:
        """What the module makes of the data; differentiable in weights that are given."""
        used = {**self.problem.fixed, **(weights or self.weights)}
        found: Tensor = functional_call(self.problem.module, used, (self.X if X is None else X,))
        return found

    def loss(self, weights: Weights | None = None) -> Tensor:
        """The loss on all data; differentiable in weights that are given."""
        return self.problem.value(weights or self.weights, self.problem.fixed, self.X, self.Y)


def made(
    module: Callable[..., Any],
    data: Callable[..., tuple[Any, Any]],
    criterion: Criterion,
    configuration: Mapping[str, Any],
) -> Problem:
    """The problem of a configuration; UsageError for what cannot be trained and replayed."""
    seed = int(configuration["seed"])
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(derived(seed, "module"))
        network = module(**_arguments(module, configuration))
        if not isinstance(network, torch.nn.Module):
            raise UsageError(f"the module is a {type(network).__name__}, not a torch.nn.Module.")
        network = network.to(torch.float64)
        rng = np.random.default_rng(derived(seed, "data"))
        X, Y = data(**_arguments(data, {**configuration, "rng": rng}))
        weights, fixed = _parts(network)
        problem = Problem(network, criterion, _tensor(X, "X"), _tensor(Y, "Y"), weights, fixed)
        _refuse(problem)
    return problem


def _arguments(function: Callable[..., Any], values: Mapping[str, Any]) -> dict[str, Any]:
    names = inspect.signature(function).parameters
    return {name: values[name] for name in names if name in values}


def _parts(network: torch.nn.Module) -> tuple[Weights, Weights]:
    named = dict(network.named_parameters())
    weights = {name: one.detach().clone() for name, one in named.items() if one.requires_grad}
    fixed = {name: one.detach().clone() for name, one in named.items() if not one.requires_grad}
    fixed |= {name: one.detach().clone() for name, one in network.named_buffers()}
    if not weights:
        raise UsageError("the module has no trainable parameters.")
    return weights, fixed


def _tensor(given: Any, name: str) -> Tensor:
    found = torch.as_tensor(given).detach().clone()
    if found.ndim == 0 or len(found) == 0:
        raise UsageError(f"{name} has shape {tuple(found.shape)}: must hold one sample a row.")
    return found.to(torch.float64) if found.is_floating_point() else found


def _refuse(problem: Problem) -> None:
    """UsageError where calling the module draws numbers or changes it, or gives no real loss."""
    if len(problem.X) != len(problem.Y):
        raise UsageError(f"{len(problem.X)} input(s) but {len(problem.Y)} target(s).")
    before = torch.random.get_rng_state()
    fixed = {name: one.clone() for name, one in problem.fixed.items()}
    found = problem.value(problem.weights, fixed, problem.X, problem.Y)
    if not torch.equal(before, torch.random.get_rng_state()):
        raise UsageError("the module draws random numbers when it is called (dropout?): no replay.")
    changed = [name for name, one in fixed.items() if not torch.equal(one, problem.fixed[name])]
    if changed:
        raise UsageError(
            f"the module changes its “{changed[0]}” when it is called (batch normalisation?): its loss "
            "is no function of the weights."
        )
    if not isinstance(found, Tensor) or found.ndim or found.dtype != torch.float64:
        raise UsageError("the criterion must return one float64 number, a tensor without axes.")

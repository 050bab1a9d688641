"""Configurations that are trained together; a stack of one is the plain autograd loop.

All weights of a configuration are one row of a matrix (c, P), so that a step and a norm are one
operation each; the module of a stack of one has its parameters in that row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.func import grad_and_value, vmap

from harness.modules.optimizers import Memory, Rule
from harness.modules.problem import Problem, State, Weights
from harness.running.seeds import derived

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Stack:
    """The weights of c configurations, and their losses and gradients on all data."""

    def __init__(
        self, problems: Sequence[Problem], configurations: Sequence[Mapping[str, Any]]
    ) -> None:
        self.problems, self.configurations = tuple(problems), tuple(configurations)
        self.step = 0
        self.alive = np.ones(len(problems), dtype=bool)
        first = problems[0]
        self._shapes = {name: one.shape for name, one in first.weights.items()}
        self._rule = Rule.of(configurations[0])
        self._start = torch.stack([_flat(list(one.weights.values())) for one in problems])
        self._weights = self._start.clone()
        self._fixed = {
            name: torch.stack([one.fixed[name] for one in problems]) for name in first.fixed
        }
        self._X, self._Y = (torch.stack([getattr(one, name) for one in problems]) for name in "XY")
        self._memory = Memory(self._rule)
        self._seen: tuple[Tensor, Tensor] | None = None
        self._parameters: list[torch.nn.Parameter] = []
        if len(problems) == 1:
            named = dict(first.module.named_parameters())
            self._parameters = [named[name] for name in self._shapes]
            for parameter, row in zip(
                self._parameters, self._parts(self._weights[0]).values(), strict=True
            ):
                parameter.data = row

    def __len__(self) -> int:
        return len(self.problems)

    def loss(self) -> Array:
        """On all data, (c,)."""
        return _array(self._full()[0])

    def grad_norm(self) -> Array:
        """Norms of the gradients on all data, all weights as one vector, (c,)."""
        return _norms(self._full()[1])

    def movement(self) -> Array:
        """How far the weights are from the initial ones, (c,)."""
        return _norms(self._weights - self._start)

    def size(self) -> Array:
        """Norms of the weights, (c,)."""
        return _norms(self._weights)

    def state(self, index: int) -> State:
        """One configuration, for the user's own measures."""
        weights, gradient = (
            self._parts(one[index].clone()) for one in (self._weights, self._full()[1])
        )
        return State(self.problems[index], self.configurations[index], self.step, weights, gradient)

    def advance(self, sizes: Array) -> None:
        """One step of the optimizer; rows that are not alive stay."""
        _, gradient = self._full() if self._whole else self._evaluate(*self._batch())
        step = torch.from_numpy(sizes)[:, None] * self._memory.direction(self._weights, gradient)
        if not self.alive.all():
            step[~torch.from_numpy(self.alive)] = 0.0
        self._weights -= step
        self.step, self._seen = self.step + 1, None

    @property
    def _whole(self) -> bool:
        return not 0 < self._rule.batch_size < self._X.shape[1]

    def _batch(self) -> tuple[Tensor, Tensor]:
        """The samples of this step: the epoch's permutation follows from seed and epoch alone."""
        count, size = self._X.shape[1], self._rule.batch_size
        epoch, part = divmod(self.step, -(-count // size))
        rows = np.stack(
            [
                np.random.default_rng(derived(one["seed"], "batches", epoch)).permutation(count)
                for one in self.configurations
            ]
        )[:, part * size : (part + 1) * size]
        each, chosen = torch.arange(len(self))[:, None], torch.from_numpy(rows)
        return self._X[each, chosen], self._Y[each, chosen]

    def _full(self) -> tuple[Tensor, Tensor]:
        if self._seen is None:
            self._seen = self._evaluate(self._X, self._Y)
        return self._seen

    def _evaluate(self, X: Tensor, Y: Tensor) -> tuple[Tensor, Tensor]:
        """Losses (c,) and gradients (c, P)."""
        if len(self) > 1:
            gradient, value = vmap(grad_and_value(self._value))(self._weights, self._fixed, X, Y)
            return value, gradient
        with torch.enable_grad():
            value = self.problems[0].trained(X[0], Y[0])
            found = torch.autograd.grad(value, self._parameters, materialize_grads=True)
        return value.detach()[None], _flat(found)[None]

    def _value(self, row: Tensor, fixed: Weights, X: Tensor, Y: Tensor) -> Tensor:
        return self.problems[0].value(self._parts(row), fixed, X, Y)

    def _parts(self, row: Tensor) -> dict[str, Tensor]:
        """The weights in one row, by name."""
        sizes = [shape.numel() for shape in self._shapes.values()]
        pairs = zip(self._shapes.items(), torch.split(row, sizes), strict=True)
        return {name: one.view(shape) for (name, shape), one in pairs}


def _flat(parts: Sequence[Tensor]) -> Tensor:
    return torch.cat([one.reshape(-1) for one in parts])


def _norms(rows: Tensor) -> Array:
    return _array(torch.linalg.vector_norm(rows, dim=1))


def _array(values: Tensor) -> Array:
    found: Array = values.numpy()
    return found

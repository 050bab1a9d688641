"""Configurations that are trained together; a stack of one is the plain autograd loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.func import grad_and_value, vmap

from harness.modules.optimizers import Memory, Rule
from harness.modules.problem import Problem, State
from harness.running.seeds import derived

Array = NDArray[np.float64]


class Stack:
    """Weights with the configurations along the first axis, and their gradients on all data."""

    def __init__(self, problems: Sequence[Problem], configurations: Sequence[Mapping[str, Any]]):
        self.problems, self.configurations = tuple(problems), tuple(configurations)
        self.step = 0
        self.alive = np.ones(len(problems), dtype=bool)
        first = problems[0]
        self.names = tuple(first.weights)
        self._rule = Rule.of(configurations[0])
        self._start = [_stacked([one.weights[name] for one in problems]) for name in self.names]
        self._fixed = {
            name: _stacked([one.fixed[name] for one in problems]) for name in first.fixed
        }
        self._X, self._Y = (_stacked([getattr(one, name) for one in problems]) for name in "XY")
        self.weights = self._start
        self._memory = Memory(self._rule, self.weights)
        self._seen: tuple[Tensor, list[Tensor]] | None = None

    def __len__(self) -> int:
        return len(self.problems)

    def loss(self) -> Array:
        """On all data, (c,)."""
        return self._full()[0].numpy()

    def grad_norm(self) -> Array:
        """Norms of the gradients on all data, all weights as one vector, (c,)."""
        return _norms(self._full()[1])

    def movement(self) -> Array:
        """How far the weights are from the initial ones, (c,)."""
        return _norms([now - then for now, then in zip(self.weights, self._start, strict=True)])

    def size(self) -> Array:
        """Norms of the weights, (c,)."""
        return _norms(self.weights)

    def state(self, index: int) -> State:
        """One configuration, for the user's own measures."""
        weights, gradient = (
            {name: one[index] for name, one in zip(self.names, parts, strict=True)}
            for parts in (self.weights, self._full()[1])
        )
        return State(self.problems[index], self.configurations[index], self.step, weights, gradient)

    def advance(self, sizes: Array) -> None:
        """One step of the optimizer; rows that are not alive stay."""
        _, gradient = self._full() if self._whole else self._evaluate(*self._batch())
        direction = self._memory.direction(self.weights, gradient)
        moved, eta = torch.from_numpy(self.alive), torch.from_numpy(sizes)
        following = []
        for weight, one in zip(self.weights, direction, strict=True):
            shape = (-1, *(1 for _ in weight.shape[1:]))
            stepped = weight - eta.reshape(shape) * one
            following.append(torch.where(moved.reshape(shape), stepped, weight))
        self.weights, self.step, self._seen = following, self.step + 1, None

    def usable(self) -> NDArray[np.bool_]:
        """Which rows have finite weights."""
        return np.isfinite(self.size())

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

    def _full(self) -> tuple[Tensor, list[Tensor]]:
        if self._seen is None:
            self._seen = self._evaluate(self._X, self._Y)
        return self._seen

    def _evaluate(self, X: Tensor, Y: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Losses (c,) and gradients (c, ...)."""
        if len(self) > 1:
            return self._together(X, Y)
        leaves = [one[0].detach().requires_grad_() for one in self.weights]
        fixed = {name: one[0] for name, one in self._fixed.items()}
        with torch.enable_grad():
            weights = dict(zip(self.names, leaves, strict=True))
            value = self.problems[0].value(weights, fixed, X[0], Y[0])
            found = torch.autograd.grad(value, leaves, materialize_grads=True)
        return value.detach()[None], [one[None] for one in found]

    def _together(self, X: Tensor, Y: Tensor) -> tuple[Tensor, list[Tensor]]:
        weights = dict(zip(self.names, self.weights, strict=True))
        graded = vmap(grad_and_value(self.problems[0].value))
        gradient, value = graded(weights, self._fixed, X, Y)
        return value, [gradient[name] for name in self.names]


def _stacked(parts: Sequence[Tensor]) -> Tensor:
    return torch.stack(list(parts))


def _norms(parts: Sequence[Tensor]) -> Array:
    squares = [one.reshape(len(one), -1).square().sum(dim=1) for one in parts]
    found: Array = torch.stack(squares).sum(dim=0).sqrt().numpy()
    return found

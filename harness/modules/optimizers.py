"""Steps of gradient descent with momentum and weight decay, and of Adam, as torch.optim takes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from harness.errors import UsageError
from harness.modules.declaration import TRAINING


@dataclass(frozen=True)
class Rule:
    """How the gradient becomes a step; see torch.optim.SGD and torch.optim.Adam (no amsgrad)."""

    optimizer: str
    momentum: float
    weight_decay: float
    batch_size: int
    beta1: float
    beta2: float
    epsilon: float

    @classmethod
    def of(cls, configuration: Mapping[str, Any]) -> Rule:
        """The rule of a configuration; UsageError for what is out of range."""
        rule = cls(**{name: configuration.get(name, value) for name, value in TRAINING.items()})
        if rule.optimizer not in ("gd", "adam"):
            raise UsageError(f"optimizer={rule.optimizer}: must be gd or adam.")
        if rule.optimizer == "adam" and rule.momentum:
            raise UsageError(f"momentum={rule.momentum}: adam has beta1 instead.")
        for name in ("momentum", "beta1", "beta2"):
            if not 0 <= getattr(rule, name) < 1:
                raise UsageError(f"{name}={getattr(rule, name)}: must lie in [0, 1).")
        for name in ("weight_decay", "epsilon", "batch_size"):
            if not 0 <= getattr(rule, name) < math.inf:
                raise UsageError(f"{name}={getattr(rule, name)}: must be finite and >= 0.")
        return rule


class Memory:
    """What an optimizer keeps between steps, one tensor a weight."""

    def __init__(self, rule: Rule, weights: Sequence[Tensor]) -> None:
        self._rule, self._taken = rule, 0
        self._mean = [torch.zeros_like(one) for one in weights]
        self._square = [torch.zeros_like(one) for one in weights]

    def direction(self, weights: Sequence[Tensor], gradient: Sequence[Tensor]) -> list[Tensor]:
        """What is subtracted from the weights, times the step size."""
        rule, first = self._rule, self._taken == 0
        self._taken += 1
        g = list(gradient)
        if rule.weight_decay:
            g = [one + rule.weight_decay * w for one, w in zip(g, weights, strict=True)]
        if rule.optimizer == "gd":
            if not rule.momentum:
                return g
            # torch starts the buffer with the first gradient itself
            kept = g if first else _blend(rule.momentum, self._mean, 1.0, g)
            self._mean = kept
            return kept
        self._mean = _blend(rule.beta1, self._mean, 1 - rule.beta1, g)
        self._square = _blend(rule.beta2, self._square, 1 - rule.beta2, [one * one for one in g])
        mean, square = (1 - beta**self._taken for beta in (rule.beta1, rule.beta2))
        return [
            (m / mean) / (v.sqrt() / math.sqrt(square) + rule.epsilon)
            for m, v in zip(self._mean, self._square, strict=True)
        ]


def _blend(a: float, left: Sequence[Tensor], b: float, right: Sequence[Tensor]) -> list[Tensor]:
    return [a * x + b * y for x, y in zip(left, right, strict=True)]

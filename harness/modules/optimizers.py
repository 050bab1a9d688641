"""Steps of gradient descent with momentum and weight decay, and of Adam, as torch.optim takes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    """What an optimizer keeps between steps."""

    def __init__(self, rule: Rule) -> None:
        self._rule, self._taken = rule, 0
        self._mean: Tensor | float = 0.0
        self._square: Tensor | float = 0.0

    def direction(self, weights: Tensor, gradient: Tensor) -> Tensor:
        """What is subtracted from the weights, times the step size."""
        rule, first = self._rule, self._taken == 0
        self._taken += 1
        g = gradient + rule.weight_decay * weights if rule.weight_decay else gradient
        if rule.optimizer == "gd":
            if not rule.momentum:
                return g
            # torch starts the buffer with the first gradient itself
            kept = g if first else rule.momentum * self._mean + g
            self._mean = kept
            return kept
        mean = rule.beta1 * self._mean + (1 - rule.beta1) * g
        square = rule.beta2 * self._square + (1 - rule.beta2) * g * g
        self._mean, self._square = mean, square
        shares = [1 - beta**self._taken for beta in (rule.beta1, rule.beta2)]
        return (mean / shares[0]) / (square.sqrt() / math.sqrt(shares[1]) + rule.epsilon)

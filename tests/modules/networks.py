"""A small network to be trained."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from harness import integers, module_experiment
from harness.vocabulary.experiment import Experiment


def network(width: int) -> torch.nn.Module:
    """Draws its weights as torch does."""
    return torch.nn.Sequential(
        torch.nn.Linear(2, width), torch.nn.Tanh(), torch.nn.Linear(width, 1)
    )


def data(rng: np.random.Generator) -> tuple[Any, Any]:
    return rng.normal(size=(6, 2)), rng.normal(size=(6, 1))


def half_squares(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return (outputs - targets).square().sum() / 2


def declared(**more: Any) -> Experiment:
    return module_experiment(network, data, half_squares, **{"width": integers(1, 9), **more})

"""Refuses what an engine must not hand over: arrays that numpy would quietly spread or cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.running.protocol import Measured, Start, Trace
from harness.vocabulary.experiment import Experiment


def check_start(start: Start, count: int) -> None:
    """ValueError unless everything measured at the start has one number a configuration."""
    for name, one in start.measured.items():
        _check(name, one, (count, 1))


def check_trace(experiment: Experiment, trace: Trace, count: int, horizon: int) -> None:
    """ValueError unless the trace has the shapes of its protocol and the step sizes it used."""
    varying = {one.name for one in experiment.emits if one.scope.varies}
    for name, one in trace.measured.items():
        _check(name, one, (count, horizon + 1 if name in varying else 1))
    for name, lengths in (("finite", trace.finite), ("resolved", trace.resolved)):
        _check_array(name, lengths, (count,), "iu")
    _check_array("step_sizes", trace.step_sizes, (count, horizon), "f")
    taken = np.arange(horizon)[None, :] < (trace.finite - 1)[:, None]
    # a recorded run need not know its step sizes
    if experiment.trajectory and not np.isfinite(trace.step_sizes[taken]).all():
        raise ValueError("a step size that led to a finite state is not a finite number")


def _check(name: str, one: Measured, shape: tuple[int, int]) -> None:
    parts: Mapping[str, Any] = {"value": one.value, "error": one.error, "drift": one.drift}
    for part, array in parts.items():
        _check_array(f"{part} of {name}", array, shape, "fiub")
        if part != "value" and (array < 0).any():
            raise ValueError(f"the {part} of {name} is negative, but it bounds a rounding error")


def _check_array(name: str, array: Any, shape: tuple[int, ...], kinds: str) -> None:
    if type(array) is not np.ndarray or array.dtype.kind not in kinds:
        found = getattr(array, "dtype", type(array).__name__)
        raise ValueError(f"{name} must be a plain array of numbers, not {found}")
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, not {shape}")

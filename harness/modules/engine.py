"""The engine of experiments that train torch modules."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from harness.modules.optimizers import Rule
from harness.modules.problem import Criterion, Problem, made
from harness.modules.recording import Recorder
from harness.modules.stack import Stack
from harness.running.protocol import Configuration, Start, StepSize, Trace

MOST_KEPT = 1 << 16
"""Numbers that a configuration keeps for its backward pass, beyond which it is as fast alone."""

TOGETHER = 1 << 21
"""The same of a whole batch, so that it stays in the cache (both from benchmarks/modules.py)."""

FEWEST_STEPS = 4
"""Horizons below are not worth the check that a batch computes what its members do."""

AGREE = 2.0**-36
"""Relative difference of losses and gradients below which a batch computes what its members do."""


class ModuleEngine:
    """Trains modules one by one, or equal ones together; see ``module_experiment``."""

    def __init__(
        self,
        module: Callable[..., Any],
        data: Callable[..., tuple[Any, Any]],
        criterion: Criterion,
        measures: Mapping[str, Callable[[Any], Any]],
        along: frozenset[str],
        minimum: float | None,
        relative: float,
        batched: bool,
    ) -> None:
        self._parts = module, data, criterion
        self._measures, self._along = dict(measures), along
        self._minimum, self._relative, self._batched = minimum, relative, batched

    def measuring(self, measures: Mapping[str, Callable[[Any], Any]]) -> ModuleEngine:
        """The same with more quantities, measured at every state."""
        return ModuleEngine(
            *self._parts,
            {**self._measures, **measures},
            self._along | measures.keys(),
            self._minimum,
            self._relative,
            self._batched,
        )

    def key(self, configuration: Configuration) -> str:
        """Any configurations may share a group; in a batch their axes are equal."""
        if not self._batched:
            return ""
        apart = ("seed", "step_size", "parameters")
        return json.dumps(
            {k: v for k, v in configuration.items() if k not in apart}, sort_keys=True
        )

    def initial(self, configurations: Sequence[Configuration], wanted: frozenset[str]) -> Start:
        """Make modules and data, and measure what is known at the first state."""
        for one in configurations:
            Rule.of(one)
        problems = [made(*self._parts, one) for one in configurations]
        recorder = self._recorder(wanted, len(problems), 0)
        recorder.state(0, _single(problems, configurations))
        return Start((tuple(problems), tuple(configurations)), recorder.at(0))

    def run(self, start: Start, step_size: StepSize, horizon: int, wanted: frozenset[str]) -> Trace:
        """Train for ``horizon`` steps; rows with anything that is not finite end there."""
        problems, configurations = start.state
        stacks = _single(problems, configurations)
        if self._batched and horizon >= FEWEST_STEPS:
            stacks = _together(stacks)
        recorder = self._recorder(wanted, len(problems), horizon)
        for t in range(horizon + 1):
            recorder.state(t, stacks)
            if t == horizon:
                break
            sizes = np.array(step_size(t, recorder.at(t)), dtype=np.float64).reshape(-1)
            recorder.step(t, sizes)
            first = 0
            for stack in stacks:
                if stack.alive.any():
                    stack.advance(sizes[first : first + len(stack)])
                first += len(stack)
        notes = [
            {"assumed_error": self._relative} | ({"batched": len(stack)} if len(stack) > 1 else {})
            for stack in stacks
            for _ in stack.problems
        ]
        return recorder.trace(notes)

    def _recorder(self, wanted: frozenset[str], count: int, horizon: int) -> Recorder:
        return Recorder(
            wanted, self._measures, self._along, self._minimum, self._relative, (count, horizon)
        )


def _single(problems: Sequence[Problem], configurations: Sequence[Configuration]) -> list[Stack]:
    return [Stack([p], [c]) for p, c in zip(problems, configurations, strict=True)]


def _together(singles: list[Stack]) -> list[Stack]:
    """Batches of a size that pays, where they compute what their members do."""
    kept = _kept(singles[0].problems[0])
    if kept > MOST_KEPT:
        return singles
    size = TOGETHER // kept
    found = []
    for start in range(0, len(singles), size):
        members = singles[start : start + size]
        found += [whole] if len(members) > 1 and (whole := _alike(members)) else members
    return found


def _kept(problem: Problem) -> int:
    """How many numbers one configuration keeps for its backward pass."""
    kept = 0

    def count(tensor: Tensor) -> Tensor:
        nonlocal kept
        kept += tensor.numel()
        return tensor

    with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(count, lambda one: one):
        problem.trained(problem.X, problem.Y)
    return max(kept, 1)


def _alike(members: Sequence[Stack]) -> Stack | None:
    """The members as one stack; None where that is something else.

    A module may hold more than its weights and buffers, shapes may differ, and there are operations
    that torch cannot batch.
    """
    try:
        whole = Stack(
            [one.problems[0] for one in members], [one.configurations[0] for one in members]
        )
        pairs = (
            (whole.loss(), np.concatenate([one.loss() for one in members])),
            (whole.grad_norm(), np.concatenate([one.grad_norm() for one in members])),
        )
    except (RuntimeError, ValueError):
        return None
    same = all(np.allclose(a, b, rtol=AGREE, atol=0, equal_nan=True) for a, b in pairs)
    return whole if same else None

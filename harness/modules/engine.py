"""The engine of experiments that train torch modules."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from harness.modules.optimizers import Rule
from harness.modules.problem import Criterion, Problem, made
from harness.modules.recording import Recorder
from harness.modules.stack import Stack
from harness.running.protocol import Configuration, Start, StepSize, Trace

MOST_WEIGHTS = 4096
"""Beyond so many weights a configuration alone is as fast (benchmarks/modules.py)."""

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
        if self._batched and horizon >= FEWEST_STEPS and _small(problems):
            stacks = _together(problems, configurations, stacks)
        recorder = self._recorder(wanted, len(problems), horizon)
        for t in range(horizon + 1):
            recorder.state(t, stacks)
            if t == horizon:
                break
            sizes = np.asarray(step_size(t, recorder.at(t)), dtype=np.float64).reshape(-1)
            recorder.step(t, sizes)
            first = 0
            for stack in stacks:
                if stack.alive.any():
                    stack.advance(sizes[first : first + len(stack)])
                first += len(stack)
        note = {"assumed_error": self._relative} | (
            {"batched": True} if len(stacks) == 1 < len(problems) else {}
        )
        return recorder.trace([note] * len(problems))

    def _recorder(self, wanted: frozenset[str], count: int, horizon: int) -> Recorder:
        return Recorder(
            wanted, self._measures, self._along, self._minimum, self._relative, (count, horizon)
        )


def _single(problems: Sequence[Problem], configurations: Sequence[Configuration]) -> list[Stack]:
    return [Stack([p], [c]) for p, c in zip(problems, configurations, strict=True)]


def _small(problems: Sequence[Problem]) -> bool:
    weights = sum(one.numel() for one in problems[0].weights.values())
    return len(problems) > 1 and weights <= MOST_WEIGHTS


def _together(
    problems: Sequence[Problem], configurations: Sequence[Configuration], singles: list[Stack]
) -> list[Stack]:
    """One stack where it computes what its members do: a module may hold more than its weights."""
    try:
        whole = Stack(problems, configurations)
        pairs = (
            (whole.loss(), np.concatenate([one.loss() for one in singles])),
            (whole.grad_norm(), np.concatenate([one.grad_norm() for one in singles])),
        )
    except RuntimeError:
        # shapes that differ, or an operation that torch cannot batch
        return singles
    alike = all(np.allclose(a, b, rtol=AGREE, atol=0, equal_nan=True) for a, b in pairs)
    return [whole] if alike else singles

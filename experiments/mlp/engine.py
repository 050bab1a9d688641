"""The engine of multilayer perceptrons: groups of equal shape, in batches that fit the cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiments.mlp.fast import runs, squares
from experiments.mlp.network import Array, Stack
from experiments.mlp.quantities import ASSUMED, RUN_QUANTITIES, Path, State
from experiments.mlp.recorder import Measure, Recorder, measured, usable
from experiments.mlp.reduction import reduced
from experiments.mlp.setup import Problem, group_key, problem, stacked
from experiments.two_layer.norms import dot, norm
from harness.running.protocol import (
    Configuration,
    ConstantSteps,
    Measured,
    Start,
    StepSize,
    Trace,
)

TOGETHER = 1 << 16
"""Hidden activations of a batch, at most: with their gradients they stay in the cache."""

LEAN = frozenset({"training_loss", "misfit", "grad_norm", "eta"})
"""What needs no more than norms of residual and gradients, taken at once after the run."""


@dataclass(frozen=True)
class Initial:
    """The state that ``initial`` hands to ``run``."""

    problems: tuple[Problem, ...]
    run: Mapping[str, Measured]


class Perceptrons:
    """Networks trained by full-batch gradient descent; see the declaration for the setting."""

    def __init__(self, measures: Mapping[str, Measure] | None = None, lanes: int = 0) -> None:
        """``lanes``: threads of the compiled kernel, for runs it covers; 0 is numpy only."""
        self.measures = dict(measures or {})
        self.lanes = lanes

    def key(self, configuration: Configuration) -> str:
        """Shapes, activation and parametrization."""
        return group_key(configuration)

    def initial(self, configurations: Sequence[Configuration], wanted: frozenset[str]) -> Start:
        """Draw data and weights; measure the run symbols, and the step symbols at the start."""
        problems = tuple(problem(one) for one in configurations)
        if not self.measures:  # a quantity of the user's own may read any weight
            problems = tuple(map(reduced, problems))
        run: dict[str, list[Array]] = {name: [] for name in wanted & RUN_QUANTITIES.keys()}
        for part in _parts(problems) if run else []:
            stack = stacked(part)
            for name, values in run.items():
                values.append(RUN_QUANTITIES[name](stack))
        fixed = {name: _relative(np.concatenate(values)) for name, values in run.items()}
        state = Initial(problems, fixed)
        plain, still = Perceptrons(self.measures), ConstantSteps(np.zeros(len(problems)))
        first = plain.run(Start(state, {}), still, 0, wanted - {"eta"})
        return Start(state, first.measured)

    def run(self, start: Start, step_size: StepSize, horizon: int, wanted: frozenset[str]) -> Trace:
        """Take ``horizon`` steps and measure the wanted symbols at every state.

        Rows whose residual exceeds 1e75 end there; the others do not notice.
        """
        initial: Initial = start.state
        constant = isinstance(step_size, ConstantSteps)
        # a rule reads what is measured on the whole group
        parts = _parts(initial.problems) if constant else [initial.problems]
        compiled = constant and self._compiled(initial.problems[0], wanted)
        recorders, first = [], 0
        with np.errstate(all="ignore"):
            for part in parts:
                sizes = step_size
                if isinstance(step_size, ConstantSteps):
                    sizes = ConstantSteps(step_size.numbers[first : first + len(part)])
                recorders.append(self._run(stacked(part), sizes, horizon, wanted, compiled))
                first += len(part)
            trace = Recorder.joined(recorders).trace(wanted, initial.run)
        return replace(trace, compiled=np.full(len(trace.finite), compiled))

    def oracle(
        self, configuration: Configuration, step_sizes: Sequence[float]
    ) -> tuple[Array, Array]:
        """Training loss by torch autograd, layer by layer as torch.nn.Linear, and its assumed error."""
        from experiments.mlp.oracle import autograd_losses

        return autograd_losses(configuration, step_sizes)

    def _compiled(self, one: Problem, wanted: frozenset[str]) -> bool:
        """Whether the kernel takes runs of constant steps like this one's."""
        return bool(self.lanes) and self._lean(wanted) and runs(one)

    def _lean(self, wanted: frozenset[str]) -> bool:
        return wanted <= LEAN - self.measures.keys()

    def _run(
        self,
        stack: Stack,
        step_size: StepSize,
        horizon: int,
        wanted: frozenset[str],
        compiled: bool,
    ) -> Recorder:
        recorder = Recorder(len(stack), horizon)
        if self._lean(wanted) and isinstance(step_size, ConstantSteps):
            numbers, sloped = step_size.numbers, "grad_norm" in wanted
            if compiled:
                log = squares(stack, numbers, horizon, self.lanes)[: 1 + 2 * sloped]
            else:
                log = logged(stack, numbers, horizon, sloped)
            recorder.whole(log, norm(stack.Y), stack.scales, numbers)
            return recorder
        path = Path(stack, wanted)
        alive = np.ones(len(stack), dtype=bool)
        for t in range(horizon + 1):
            state = State(stack, path, t)
            found = measured(state, wanted, self.measures)
            ended = alive & ~usable(state, found)
            alive &= ~ended
            recorder.state(t, found, alive)
            if t == horizon:
                break
            if ended.any():
                stack.stop(ended)
            chosen = np.asarray(step_size(t, recorder.at(t)), dtype=np.float64).reshape(-1)
            recorder.sizes[:, t] = np.where(alive, chosen, np.nan)
            sizes = np.where(alive, chosen, 0.0)
            path.step(sizes)
            stack.advance(sizes)
        return recorder


def logged(stack: Stack, sizes: Array, horizon: int, sloped: bool) -> Array:
    """|f(X) - Y|^2 along constant steps, and the squared gradients by V_l if ``sloped``: (.., B, T + 1).

    Rows that diverge go on without being numbers.
    """
    log = np.empty((1 + len(stack.layers) * sloped, len(stack), horizon + 1))
    for t in range(horizon + 1):
        log[0, :, t] = dot(stack.residual, stack.residual)
        if sloped:
            for row, slope in zip(log[1:], stack.gradients(), strict=True):
                row[:, t] = dot(slope, slope)
        if t < horizon:
            stack.advance(sizes)
    return log


def _parts(problems: Sequence[Problem]) -> list[Sequence[Problem]]:
    """Batches of a size that fits the cache."""
    hidden = sum(one.shape[1] for one in problems[0].weights[:-1]) * len(problems[0].X)
    size = max(1, TOGETHER // hidden)
    return [problems[start : start + size] for start in range(0, len(problems), size)]


def _relative(values: Array) -> Measured:
    error = ASSUMED * values[:, None]
    return Measured(values[:, None], error, error)

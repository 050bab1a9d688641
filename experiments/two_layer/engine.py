"""The engine of the two-layer linear network: groups of configurations, batched numpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from experiments.two_layer.device import placed
from experiments.two_layer.diary import Diary
from experiments.two_layer.fast import losses as compiled_losses
from experiments.two_layer.fast import runs
from experiments.two_layer.lazy import Lazily, enclosable
from experiments.two_layer.lean import READ, logged, losses_of, masked, sizes_of
from experiments.two_layer.norms import SAFETY, Array, Flags
from experiments.two_layer.recorder import Columns, Recorder, measured_at
from experiments.two_layer.setup import assembled, group_key, prepare, problem, written_out
from experiments.two_layer.snapshot import Snapshot
from experiments.two_layer.starting import RUN_QUANTITIES
from experiments.two_layer.stepping import covers, stepped
from experiments.two_layer.tracking import carried_on, committed, sharpened, widening
from experiments.two_layer.transport import PATHS
from harness.running.protocol import (
    Configuration,
    ConstantSteps,
    Measured,
    Start,
    StepSize,
    Trace,
)

Measure = Callable[[Any], Any]


@dataclass(frozen=True)
class Initial:
    """The state that ``initial`` hands to ``run``."""

    snapshot: Snapshot
    usable: Flags
    run: Mapping[str, Measured]
    notes: tuple[Mapping[str, Any], ...]


class TwoLayerLinear:
    """W = W1 W2 trained by full-batch gradient descent; see the declaration for the setting."""

    enclosable = frozenset(PATHS)
    worthwhile = (100, 16)
    """Steps, and entries of the reduced W1, from which on enclosing is faster than measuring."""

    def __init__(self, measures: Mapping[str, Measure] | None = None, lanes: int = 0) -> None:
        """``lanes``: threads of the compiled kernel, for runs it covers; 0 is numpy only."""
        self.measures = dict(measures or {})
        self.lanes = lanes
        self.threads = max(1, lanes)

    def prepare(self, configurations: Sequence[Configuration]) -> None:
        """Reduce the problems of all of these, so that each is at hand."""
        prepare(configurations, self.threads)

    def key(self, configuration: Configuration) -> str:
        """Shapes of the reduced problem, loss and precision."""
        return group_key(configuration)

    def initial(self, configurations: Sequence[Configuration], wanted: frozenset[str]) -> Start:
        """Draw, reduce, and measure the run symbols and the step symbols of the first state."""
        with np.errstate(all="ignore"):
            group = assembled(configurations, self.threads)
            batch, W1, W2 = placed(*group, configurations[0]["device"])
            snapshot, usable = masked(Snapshot(batch, W1, W2), np.ones(len(W1), dtype=bool))
            run = {}
            for name in wanted & RUN_QUANTITIES.keys():
                value, error = RUN_QUANTITIES[name](batch)
                run[name] = Measured(value[:, None], *(2 * (SAFETY * error[:, None],)))
            still = np.zeros(len(W1))
            first = measured_at(snapshot, wanted, self.measures, still, still)
        notes = tuple(
            {"rank": one.rank, "cut": one.cut, "width": batch.width}
            for one in map(problem, configurations)
        )
        columns = Columns(first, wanted, usable)
        return Start(Initial(snapshot, usable, run, notes), {**run, **columns})

    def run(self, start: Start, step_size: StepSize, horizon: int, wanted: frozenset[str]) -> Trace:
        """Take ``horizon`` steps and measure the wanted symbols at every state.

        Rows that diverge (norms beyond 1e75) end there; the others do not notice.
        """
        initial: Initial = start.state
        with np.errstate(all="ignore"):
            if wanted <= READ and isinstance(step_size, ConstantSteps):
                trace = self._lean(initial, step_size.numbers, horizon, wanted)
                if trace is not None:
                    return trace
            return self._run(initial, step_size, horizon, wanted)

    def run_lazily(
        self, start: Start, step_size: StepSize, horizon: int, wanted: frozenset[str]
    ) -> Trace:
        """The same, with spectra enclosed between the states at which they are measured."""
        initial: Initial = start.state
        names = enclosable(wanted)
        steps, entries = self.worthwhile
        first = initial.snapshot.W1
        # on another device measuring a state again would cost a transfer for each
        small = horizon < steps or not isinstance(first, np.ndarray) or first[0].size < entries
        if small or self.measures or not names or not isinstance(step_size, ConstantSteps):
            return self.run(start, step_size, horizon, wanted)
        with np.errstate(all="ignore"):
            diary, rest = Diary(names, initial.snapshot, horizon), wanted - names
            if rest <= READ | {"eta"}:
                trace = self._lean(initial, step_size.numbers, horizon, rest, diary)
                if trace is not None:
                    return trace
            return self._run(initial, step_size, horizon, rest, diary)

    def enclose(
        self,
        configuration: Configuration,
        step_sizes: Sequence[float],
        begin: int,
        wanted: frozenset[str],
        radius: float = 0.0,
        compiled: bool = False,
    ) -> Mapping[str, Any]:
        """Balls for the wanted symbols along the exact run from the recorded state at ``begin``."""
        from experiments.two_layer.enclosure import enclosed

        return enclosed(configuration, step_sizes, begin, wanted, radius, compiled)

    def script(
        self, configuration: Configuration, step_sizes: Sequence[float], wanted: frozenset[str]
    ) -> str | None:
        """Source text of the wanted symbols along the exact run, for a script with mpmath."""
        from experiments.two_layer.script import script

        return script(configuration, step_sizes, wanted)

    def explicit(self, configuration: Configuration) -> Mapping[str, Any]:
        """The reduced problem and weights as given matrices; the target of log cosh stays drawn."""
        return written_out(configuration)

    def oracle(
        self, configuration: Configuration, step_sizes: Sequence[float]
    ) -> tuple[Array, Array]:
        """Loss by torch autograd on the unreduced problem, and its rounding error bound."""
        from experiments.two_layer.oracle import autograd_losses

        return autograd_losses(configuration, step_sizes)

    def _lean(
        self,
        initial: Initial,
        numbers: Array,
        horizon: int,
        wanted: frozenset[str],
        diary: Diary | None = None,
    ) -> Trace | None:
        """The same trace from the norms of the states, None where they do not suffice."""
        state, usable = initial.snapshot, initial.usable
        # a row must not depend on its group: what the kernel began, the norms it kept must finish
        compiled = diary is None and bool(self.lanes) and runs(state)
        losses: Measured | None
        if compiled:
            losses, alive = compiled_losses(state, usable, numbers, horizon, self.lanes)
        else:
            plain = stepped if covers(state) else logged
            log, alive = plain(state, usable, numbers, horizon, diary)
            steps = np.where(alive[:, :-1], numbers[:, None], 0.0)
            losses = losses_of(log, steps, watch=diary)
        if losses is None:
            return None
        recorder = Recorder(wanted, len(usable), horizon, state)
        recorder.alive, recorder.columns["loss"] = alive, losses
        recorder.steps = np.where(alive[:, :-1], numbers[:, None], np.nan)
        if "eta" in wanted:
            recorder.columns["eta"] = sizes_of(recorder.steps)
        trace = recorder.trace(initial.run, initial.notes)
        if diary is not None:
            return Lazily(diary, trace, alive).trace()
        return replace(trace, compiled=np.ones(len(usable), dtype=bool)) if compiled else trace

    def _run(
        self,
        initial: Initial,
        step_size: StepSize,
        horizon: int,
        wanted: frozenset[str],
        diary: Diary | None = None,
    ) -> Trace:
        state, alive = initial.snapshot, initial.usable
        count = len(alive)
        recorder = Recorder(wanted, count, horizon, state)
        rounding, carried = np.zeros(count), np.zeros(count)
        if diary is not None:
            diary.beginning(slice(None))
        for t in range(horizon + 1):
            measured = measured_at(state, wanted | {"loss"}, self.measures, rounding, carried)
            recorder.state(t, measured, alive)
            if diary is not None:
                diary.state(t, state, rounding, carried)
            if t == horizon:
                break
            asked = Columns(measured, wanted, alive)
            chosen = np.asarray(step_size(t, asked), dtype=np.float64).reshape(count)
            steps = np.where(alive, chosen, 0.0)
            widened = sharpened(widening(state, steps), state, steps, carried)
            committing = committed(state, steps)
            following, still_alive = masked(Snapshot(state.batch, *state.advanced(steps)), alive)
            recorder.step(
                t,
                state,
                following,
                np.where(alive, steps, np.nan),
                (rounding, carried_on(widened, rounding, committing)),
                (carried, carried_on(widened, carried, committing)),
            )
            if diary is not None:
                diary.moved(t + 1, *state.displacements(steps, following))
            carried = carried_on(widened, carried, committing)
            rounding, state, alive = committing, following, still_alive
        trace = recorder.trace(initial.run, initial.notes)
        return trace if diary is None else Lazily(diary, trace, recorder.alive).trace()

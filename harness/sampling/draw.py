"""Draws configurations: the index-th draw is the same whatever was drawn before it."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any

import numpy as np

from harness.expressions.evaluator import Evaluator
from harness.expressions.interval_algebra import IntervalAlgebra
from harness.running.conditions import Met
from harness.running.configuration import (
    MAX_SEED,
    RESERVED,
    check_names,
    check_value,
    checked_step_size,
    reserved,
    step_choices,
)
from harness.running.replicated import about_chance
from harness.running.values import told_values
from harness.sampling.source import Source, Streams, sources
from harness.vocabulary.definition import closure
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.kinds import Exponent
from harness.vocabulary.space import Choice, Integers, as_declared, column
from harness.vocabulary.symbol import Scope
from harness.vocabulary.theorem import Hypothesis, Theorem

HORIZONS = (1, 3, 10, 30, 100)
ONE_STEP_HORIZONS = (1, 2, 4)
STEP_SIZES = (1e-4, 1.0)
TOGETHER = 2048
"""Draws whose hypotheses are evaluated together."""
TRIES = 50
"""Draws thrown away, at most, because a hypothesis fails by the configuration alone, or a pinned
axis plays no part."""


def draws(
    theorem: Theorem, experiment: Experiment, seed: int, count: int, fixed: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """``count`` configurations; ``fixed`` pins axes (and steps, step_size, parameters).

    Hypotheses that can be decided from the configuration alone steer the draw, so that few runs
    are spent where the theorem says nothing. Versions of one theorem face the same draws. For
    claims about chance the seed is the campaign's own: drawn ones could be drawn to suit.
    """
    if about_chance(theorem):
        fixed = {"seed": seed, **_swept(theorem), **fixed}
    check_names(experiment, fixed)
    drawer = _Drawer(theorem, experiment, fixed)
    for start in range(0, count, TOGETHER):
        indices = range(start, min(start + TOGETHER, count))
        with _uncollected():
            kept = drawer.kept(sources(indices, seed, theorem.id, experiment.id))
        yield from kept


@contextmanager
def _uncollected() -> Iterator[None]:
    """Cycles are not searched for: drawing makes none, and the search costs more than the draws."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _swept(theorem: Theorem) -> dict[str, Any]:
    """The variable of a theorem that speaks of orders only: its drawn value would play no part."""
    kinds = [claim.kind for claim in theorem.claims]
    swept = {kind.variable.name: kind.values[0] for kind in kinds if isinstance(kind, Exponent)}
    return swept if all(isinstance(kind, Exponent) for kind in kinds) else {}


class _Drawer:
    """Draws for one theorem on one experiment; what all draws share is worked out once."""

    def __init__(self, theorem: Theorem, experiment: Experiment, fixed: Mapping[str, Any]) -> None:
        self.theorem, self.experiment, self.fixed = theorem, experiment, fixed
        self.pinned_axes = {key: one for key, one in fixed.items() if key not in RESERVED}
        self.pinned = {key: one for key, one in fixed.items() if key in RESERVED}
        self.plain = callable(experiment.engine)
        short = all(claim.one_step for claim in theorem.claims)
        self.horizons = ONE_STEP_HORIZONS if short else HORIZONS
        self.steps = [checked_step_size(one) for one in step_choices(theorem)]
        self.steering = _by_configuration(theorem.hypotheses)
        sound = reserved(experiment, theorem, self.pinned)
        self.settled = {name: one for name, one in sound.items() if name in self.pinned}
        self.parameters = self.pinned.get("parameters", {})
        self.grids = [(one.name, one.grid) for one in theorem.parameters]

    def kept(self, streams: Sequence[Source]) -> list[dict[str, Any]]:
        """A draw from each stream; hypotheses are evaluated on all of them at once."""
        drawn = self.drawn(streams)
        again = list(range(len(drawn)))
        for _ in range(TRIES):
            fails = _failing(
                self.theorem, self.experiment, self.steering, [drawn[one] for one in again]
            )
            again = [
                one
                for one, failing in zip(again, fails, strict=True)
                if failing or (self.pinned_axes and not self._keeps(drawn[one]))
            ]
            if not again:
                break
            fresh = self.drawn([streams[one] for one in again])
            for one, configuration in zip(again, fresh, strict=True):
                drawn[one] = configuration
        return drawn

    def drawn(self, streams: Sequence[Source]) -> list[dict[str, Any]]:
        """The next configuration of each stream, drawn axis by axis.

        What was drawn is sound, so only pinned values are checked.
        """
        rows = Streams(streams, [{} for _ in streams])
        for axis in self.experiment.axes:
            pinned = axis.name in self.pinned_axes
            default = None if pinned else axis.default
            values = self._pinned(axis, rows) if pinned else column(axis.domain, rows)
            for partial, value in zip(rows.partials, values, strict=True):
                if value is not None:
                    partial[axis.name] = value
                elif default is not None:
                    partial[axis.name] = default
        found = [self.experiment.complete(one) for one in rows.partials]
        for name, given in self._reserved(rows):
            for full, value in zip(found, given, strict=True):
                full[name] = value
        return found

    def _reserved(self, rows: Streams) -> Iterator[tuple[str, Iterable[Any]]]:
        """Seeds, steps, step sizes and parameters; a pinned one uses up its numbers all the same."""
        seeds = column(Integers(0, MAX_SEED), rows)
        if self.experiment.randomness:
            yield "seed", self._or_pinned("seed", seeds)
        if self.experiment.trajectory:
            yield "steps", self._or_pinned("steps", column(Choice(self.horizons), rows))
            yield "step_size", self._or_pinned("step_size", self._steps(rows))
        if self.grids:
            columns = {name: column(Choice(grid), rows) for name, grid in self.grids}
            columns |= {name: [one] * len(seeds) for name, one in self.parameters.items()}
            each = zip(*columns.values(), strict=True)
            yield "parameters", [dict(zip(columns, one, strict=True)) for one in each]

    def _or_pinned(self, name: str, drawn: list[Any]) -> Iterable[Any]:
        return repeat(self.settled[name], len(drawn)) if name in self.settled else drawn

    def _steps(self, rows: Streams) -> list[Any]:
        if self.steps:
            return [dict(one) for one in column(Choice(tuple(self.steps)), rows)]
        low, high = STEP_SIZES
        return [low * (high / low) ** share for share in rows.shares()]

    def _pinned(self, axis: Axis, rows: Streams) -> list[Any]:
        value = self.pinned_axes[axis.name]
        for drawn in rows.partials:
            check_value(self.experiment, axis, value, drawn)
        if not self.plain:
            return [value] * len(rows.partials)
        return [as_declared(axis.domain, value, drawn) for drawn in rows.partials]

    def _keeps(self, drawn: Mapping[str, Any]) -> bool:
        """Whether no other axis made a pinned one idle (a loss that takes no data, say)."""
        return all(drawn.get(key) == value for key, value in self.pinned_axes.items())


def refused(theorem: Theorem, experiment: Experiment, configuration: Mapping[str, Any]) -> bool:
    """Whether the configuration alone certainly fails a hypothesis."""
    return certainly_failing(theorem, experiment, [configuration])[0]


def certainly_failing(
    theorem: Theorem, experiment: Experiment, configurations: Sequence[Mapping[str, Any]]
) -> list[bool]:
    """Which configurations certainly fail a hypothesis by themselves, before anything runs."""
    return _failing(theorem, experiment, _by_configuration(theorem.hypotheses), configurations)


def _failing(
    theorem: Theorem,
    experiment: Experiment,
    steering: tuple[Hypothesis, ...],
    configurations: Sequence[Mapping[str, Any]],
) -> list[bool]:
    failing = [False] * len(configurations)
    if not steering:
        return failing
    known = list(map(experiment.known, configurations))
    alike: dict[tuple[str, ...], list[int]] = {}
    for index, one in enumerate(known):
        alike.setdefault(tuple(one), []).append(index)
    for members in alike.values():
        told = [known[index] for index in members]
        chosen = [configurations[index] for index in members]
        evaluate = Evaluator(IntervalAlgebra(), told_values(theorem, told, chosen))
        met = Met(steering, evaluate, (len(members), 1))
        for _, fails in met.by_name.values():
            for position in np.flatnonzero(fails[:, 0]).tolist():
                failing[members[position]] = True
    return failing


def _by_configuration(hypotheses: tuple[Hypothesis, ...]) -> tuple[Hypothesis, ...]:
    return tuple(
        one
        for one in hypotheses
        if all(
            part.scope is Scope.CONFIGURATION
            for relation in one.relations
            for part in closure(relation)
        )
    )

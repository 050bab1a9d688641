"""Draws configurations: the index-th draw is the same whatever was drawn before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from harness.expressions.evaluator import Evaluator
from harness.expressions.interval_algebra import IntervalAlgebra
from harness.running.conditions import Met
from harness.running.configuration import (
    MAX_SEED,
    RESERVED,
    check_names,
    check_parameters,
    check_value,
    finished,
    step_choices,
)
from harness.running.replicated import about_chance
from harness.running.values import fixed_values
from harness.sampling.source import Source, sources
from harness.vocabulary.definition import closure
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.kinds import Exponent
from harness.vocabulary.space import as_declared
from harness.vocabulary.symbol import Scope
from harness.vocabulary.theorem import Hypothesis, Theorem

HORIZONS = (1, 3, 10, 30, 100)
ONE_STEP_HORIZONS = (1, 2, 4)
STEP_SIZES = (1e-4, 1.0)
TOGETHER = 512
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
        yield from drawer.kept(sources(indices, seed, theorem.id, experiment.id))


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
        self.parameters = dict(check_parameters(self.pinned.pop("parameters", {})))
        self.plain = callable(experiment.engine)
        short = all(claim.one_step for claim in theorem.claims)
        self.horizons = ONE_STEP_HORIZONS if short else HORIZONS
        self.steps = step_choices(theorem)
        self.steering = _by_configuration(theorem.hypotheses)
        self.grids = [(one.name, one.grid) for one in theorem.parameters]
        self.ways = [
            (one.name, one.domain.draw, one.default, one if one.name in self.pinned_axes else None)
            for one in experiment.axes
        ]

    def kept(self, streams: Sequence[Source]) -> list[dict[str, Any]]:
        """A draw from each stream; hypotheses are evaluated on all of them at once."""
        drawn = [self.draw(one) for one in streams]
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
            for one in again:
                drawn[one] = self.draw(streams[one])
        return drawn

    def draw(self, rng: Source) -> dict[str, Any]:
        """The next configuration of a stream."""
        drawn: dict[str, Any] = {}
        for name, draw, default, pinned in self.ways:
            if pinned is not None:
                value = self._pinned(pinned, drawn)
            elif (value := draw(rng, drawn)) is None:
                value = default
            if value is not None:
                drawn[name] = value
        rest: dict[str, Any] = {"seed": rng.integers(0, MAX_SEED + 1)}
        if self.experiment.trajectory:
            rest["steps"] = self.horizons[rng.integers(0, len(self.horizons))]
            rest["step_size"] = self._step(rng)
        rest |= self.pinned
        if self.grids or self.parameters:
            drawn_ones = {name: grid[rng.integers(0, len(grid))] for name, grid in self.grids}
            rest["parameters"] = drawn_ones | self.parameters
        return finished(self.experiment, self.theorem, drawn, rest)

    def _pinned(self, axis: Axis, drawn: Mapping[str, Any]) -> Any:
        value = self.pinned_axes[axis.name]
        check_value(self.experiment, axis, value, drawn)
        return as_declared(axis.domain, value, drawn) if self.plain else value

    def _step(self, rng: Source) -> Any:
        if self.steps:
            return self.steps[rng.integers(0, len(self.steps))]
        low, high = STEP_SIZES
        return low * (high / low) ** rng.random()

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
    alike: dict[frozenset[str], list[int]] = {}
    for index, one in enumerate(configurations):
        alike.setdefault(frozenset(experiment.known(one)), []).append(index)
    for members in alike.values():
        chosen = [configurations[index] for index in members]
        evaluate = Evaluator(IntervalAlgebra(), fixed_values(theorem, experiment, chosen))
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

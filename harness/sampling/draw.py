"""Draws configurations: the index-th draw is the same whatever was drawn before it."""

from __future__ import annotations

import hashlib
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
    completed,
    step_choices,
)
from harness.running.replicated import about_chance
from harness.running.values import fixed_values
from harness.vocabulary.definition import closure
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.kinds import Exponent
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
    for start in range(0, count, TOGETHER):
        indices = range(start, min(start + TOGETHER, count))
        yield from _kept(theorem, experiment, seed, indices, fixed)


def _kept(
    theorem: Theorem,
    experiment: Experiment,
    seed: int,
    indices: range,
    fixed: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """The draws of these numbers; hypotheses are evaluated on all of them at once."""
    keys = _key(theorem.id), _key(experiment.id)
    sources = [
        np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(*keys, index)))
        for index in indices
    ]
    drawn = [_draw(theorem, experiment, rng, fixed) for rng in sources]
    again = list(range(len(drawn)))
    for _ in range(TRIES):
        fails = certainly_failing(theorem, experiment, [drawn[one] for one in again])
        again = [
            one
            for one, failing in zip(again, fails, strict=True)
            if failing or not _keeps(drawn[one], fixed)
        ]
        if not again:
            break
        for one in again:
            drawn[one] = _draw(theorem, experiment, sources[one], fixed)
    return drawn


def _swept(theorem: Theorem) -> dict[str, Any]:
    """The variable of a theorem that speaks of orders only: its drawn value would play no part."""
    kinds = [claim.kind for claim in theorem.claims]
    swept = {kind.variable.name: kind.values[0] for kind in kinds if isinstance(kind, Exponent)}
    return swept if all(isinstance(kind, Exponent) for kind in kinds) else {}


def _draw(
    theorem: Theorem,
    experiment: Experiment,
    rng: np.random.Generator,
    fixed: Mapping[str, Any],
) -> dict[str, Any]:
    drawn: dict[str, Any] = {}
    for axis in experiment.axes:
        if axis.name in fixed:
            value = fixed[axis.name]
            check_value(experiment, axis, value, drawn)
        else:
            value = axis.domain.draw(rng, drawn)
        if value is not None:
            drawn[axis.name] = value
    extra: dict[str, Any] = {"seed": int(rng.integers(0, MAX_SEED + 1))}
    if experiment.trajectory:
        short = all(claim.one_step for claim in theorem.claims)
        extra["steps"] = int(rng.choice(ONE_STEP_HORIZONS if short else HORIZONS))
        extra["step_size"] = _step(theorem, rng)
    extra["parameters"] = {
        one.name: one.grid[int(rng.integers(len(one.grid)))] for one in theorem.parameters
    }
    pinned = {key: value for key, value in fixed.items() if key in extra}
    chosen = check_parameters(pinned.pop("parameters", {}))
    pinned_parameters = {**extra["parameters"], **chosen}
    return completed(
        experiment, theorem, {**drawn, **extra, **pinned, "parameters": pinned_parameters}
    )


def _step(theorem: Theorem, rng: np.random.Generator) -> Any:
    choices = step_choices(theorem)
    if choices:
        return choices[int(rng.integers(len(choices)))]
    low, high = np.log(STEP_SIZES)
    return float(np.exp(low + (high - low) * rng.random()))


def _keeps(drawn: Mapping[str, Any], fixed: Mapping[str, Any]) -> bool:
    """Whether no other axis made a pinned one idle (a loss that takes no data, say)."""
    axes = (key for key in fixed if key not in RESERVED)
    return all(drawn.get(key) == fixed[key] for key in axes)


def refused(theorem: Theorem, experiment: Experiment, configuration: Mapping[str, Any]) -> bool:
    """Whether the configuration alone certainly fails a hypothesis."""
    return certainly_failing(theorem, experiment, [configuration])[0]


def certainly_failing(
    theorem: Theorem, experiment: Experiment, configurations: Sequence[Mapping[str, Any]]
) -> list[bool]:
    """Which configurations certainly fail a hypothesis by themselves, before anything runs."""
    failing = [False] * len(configurations)
    if not (steering := _by_configuration(theorem.hypotheses)):
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


def _key(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")

"""Draws configurations: the index-th draw is the same whatever was drawn before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from harness.expressions.evaluator import Evaluator
from harness.expressions.interval import Interval
from harness.expressions.interval_algebra import IntervalAlgebra
from harness.running.configuration import MAX_SEED, completed, step_choices
from harness.vocabulary.definition import closure
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.symbol import Named, Scope
from harness.vocabulary.theorem import Hypothesis, Theorem

HORIZONS = (1, 3, 10, 30, 100)
ONE_STEP_HORIZONS = (1, 2, 4)
STEP_SIZES = (1e-4, 1.0)
TRIES = 50
"""Draws thrown away, at most, because a hypothesis fails by the configuration alone."""


def draws(
    theorem: Theorem, experiment: Experiment, seed: int, count: int, fixed: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """``count`` configurations; ``fixed`` pins axes (and steps, step_size, parameters).

    Hypotheses that can be decided from the configuration alone steer the draw, so that few runs
    are spent where the theorem says nothing. Versions of one theorem face the same draws.
    """
    steering = [one for one in theorem.hypotheses if _by_configuration(one)]
    for index in range(count):
        rng = np.random.default_rng(
            np.random.SeedSequence(seed, spawn_key=(_key(theorem.id), _key(experiment.id), index))
        )
        drawn = _draw(theorem, experiment, rng, fixed)
        for _ in range(TRIES):
            if all(_may_hold(one, theorem, experiment, drawn) for one in steering):
                break
            drawn = _draw(theorem, experiment, rng, fixed)
        yield drawn


def _draw(
    theorem: Theorem,
    experiment: Experiment,
    rng: np.random.Generator,
    fixed: Mapping[str, Any],
) -> dict[str, Any]:
    drawn: dict[str, Any] = {}
    for axis in experiment.axes:
        value = fixed[axis.name] if axis.name in fixed else axis.domain.draw(rng, drawn)
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
    pinned_parameters = {**extra["parameters"], **pinned.pop("parameters", {})}
    return completed(
        experiment, theorem, {**drawn, **extra, **pinned, "parameters": pinned_parameters}
    )


def _step(theorem: Theorem, rng: np.random.Generator) -> Any:
    choices = step_choices(theorem)
    if choices:
        return choices[int(rng.integers(len(choices)))]
    low, high = np.log(STEP_SIZES)
    return float(np.exp(low + (high - low) * rng.random()))


def _by_configuration(hypothesis: Hypothesis) -> bool:
    symbols = [one for part in hypothesis.relations for one in closure(part)]
    return all(one.scope is Scope.CONFIGURATION for one in symbols)


def _may_hold(
    hypothesis: Hypothesis,
    theorem: Theorem,
    experiment: Experiment,
    configuration: Mapping[str, Any],
) -> bool:
    known = experiment.known(configuration)
    values: dict[Named, Interval] = {
        one: Interval.exact(np.array(known[one.name])) for one in theorem.needs if one.name in known
    }
    chosen = configuration.get("parameters", {})
    for one in theorem.parameters:
        values[one] = Interval.exact(np.array(float(chosen[one.name])))
    evaluate = Evaluator(IntervalAlgebra(), values)
    for part in hypothesis.relations:
        gap = evaluate(part.lhs) - evaluate(part.rhs)
        low, high = float(gap.lo), float(gap.hi)
        fails = {
            "<=": low > 0,
            "<": low >= 0,
            ">=": high < 0,
            ">": high <= 0,
            "==": low > 0 or high < 0,
        }
        if fails[part.rel_op]:
            return False
    return True


def _key(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")

"""Steps from a configuration to simpler ones: fewer dimensions, rounder numbers, shorter runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from harness.searching.complexity import simpler
from harness.searching.local import Complete, changed, numbers
from harness.vocabulary.experiment import Experiment

Configuration = Mapping[str, Any]

TOGETHER = 4
"""At most so many sizes shrink in one move."""
SEEDS = range(4)


def simplifications(
    configuration: Configuration, experiment: Experiment, pinned: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """Proposals, the boldest first; whether they are configurations is for others to say."""
    yield from smaller(configuration, pinned)
    yield from plainer(configuration, experiment, pinned)
    yield from rounder(configuration, pinned)
    for path, value in numbers(configuration):
        if path[0] not in pinned:
            for one in simpler(value):
                yield changed(configuration, {path: one})


def smaller(configuration: Configuration, pinned: frozenset[str]) -> Iterator[dict[str, Any]]:
    """One index dropped from arrays and sizes of equal length, in every combination.

    Which lengths belong together is not declared anywhere; a combination that does not fit is no
    configuration, and only those that are will be run.
    """
    slots: dict[int, list[tuple[str, int]]] = {}
    for axis, value in configuration.items():
        if axis in pinned or axis in ("seed", "steps"):
            continue
        if isinstance(value, int) and not isinstance(value, bool):
            slots.setdefault(value, []).append((axis, -1))
        for depth, length in enumerate(_shape(value)):
            slots.setdefault(length, []).append((axis, depth))
    for length in sorted(slots, reverse=True):
        if length < 2:
            continue
        for count in range(min(TOGETHER, len(slots[length])), 0, -1):
            for chosen in combinations(slots[length], count):
                arrays = any(depth >= 0 for _, depth in chosen)
                for index in range(length - 1, -1, -1) if arrays else [0]:
                    yield _dropped(configuration, chosen, index)


def plainer(
    configuration: Configuration, experiment: Experiment, pinned: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """An axis at its default, a shorter horizon, a small seed."""
    for axis in experiment.axes:
        if axis.default is not None and axis.name in configuration and axis.name not in pinned:
            yield {**configuration, axis.name: axis.default}
    if "steps" in configuration and "steps" not in pinned:
        steps = configuration["steps"]
        for fewer in sorted({1, 2, 3, steps // 2, steps - 1}):
            if 0 < fewer < steps:
                yield {**configuration, "steps": fewer}
    if "seed" in configuration and "seed" not in pinned:
        for seed in SEEDS:
            if seed < configuration["seed"]:
                yield {**configuration, "seed": seed}


def rounder(configuration: Configuration, pinned: frozenset[str]) -> Iterator[dict[str, Any]]:
    """All numbers of one axis, or of all, rounded alike; square matrices made symmetric."""
    spots = [(path, one) for path, one in numbers(configuration) if path[0] not in pinned]
    groups = [[s for s in spots if s[0][0] == axis] for axis in {s[0][0]: 0 for s in spots}]
    for group in [spots, *groups]:
        reals = [(path, one) for path, one in group if isinstance(one, float)]
        for parts in (1, 2, 4, 10, 100, 1000):
            if reals:
                yield changed(configuration, {path: _rounded(one, parts) for path, one in reals})
        if any(one < 0 for _, one in group):
            yield changed(configuration, {path: abs(one) for path, one in group})
    for axis, value in configuration.items():
        shape = _shape(value)
        if len(shape) == 2 and shape[0] == shape[1] and axis not in pinned:
            upper = [
                [value[min(i, j)][max(i, j)] for j in range(shape[0])] for i in range(shape[0])
            ]
            yield {**configuration, axis: upper}


def admissible(proposals: Iterator[dict[str, Any]], complete: Complete) -> Iterator[dict[str, Any]]:
    """Those that are configurations."""
    for one in proposals:
        if (found := complete(one)) is not None:
            yield found


def _shape(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not value:
        return ()
    return (len(value), *_shape(value[0]))


def _dropped(
    configuration: Configuration, chosen: tuple[tuple[str, int], ...], index: int
) -> dict[str, Any]:
    reduced = dict(configuration)
    for axis, depth in chosen:
        reduced[axis] = reduced[axis] - 1 if depth < 0 else _without(reduced[axis], depth, index)
    return reduced


def _without(value: Any, depth: int, index: int) -> Any:
    if depth == 0:
        return [*value[:index], *value[index + 1 :]]
    return [_without(one, depth - 1, index) for one in value]


def _rounded(number: float, parts: int) -> float:
    return round(number * parts) / parts + 0.0

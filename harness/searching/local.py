"""Refinement around the best configuration: its numbers moved, rounded, zeroed or made equal.

It works on the configuration itself, so it reaches the structured points (whole numbers, repeated
entries, zeros) that have measure zero in the box.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from harness.searching.coordinates import Point
from harness.searching.methods import BATCH, Method

Path = tuple[str | int, ...]
"""Where a number stands in a configuration: axis, then indices or keys."""

Complete = Callable[[Mapping[str, Any]], dict[str, Any] | None]
"""The complete configuration, or None where it is not one."""

SKIPPED = ("seed", "steps")
"""Numbers that are no quantity."""


def numbers(value: Any, path: Path = ()) -> Iterator[tuple[Path, int | float]]:
    """Every number in a configuration, with its path."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if path or key not in SKIPPED:
                yield from numbers(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from numbers(inner, (*path, index))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, value


def changed(value: Any, changes: Mapping[Path, Any]) -> Any:
    """A copy with the values at some paths replaced."""
    if () in changes:
        return changes[()]
    if not changes:
        return value
    below: dict[str | int, dict[Path, Any]] = {}
    for (first, *rest), new in changes.items():
        below.setdefault(first, {})[tuple(rest)] = new
    if isinstance(value, Mapping):
        return {key: changed(one, below.get(key, {})) for key, one in value.items()}
    return [changed(one, below.get(index, {})) for index, one in enumerate(value)]


def refinement(best: Callable[[], Mapping[str, Any] | None], complete: Complete,
               pinned: frozenset[str], rng: np.random.Generator) -> Method:  # fmt: skip
    """Moves a few numbers of the best configuration at a time; finer after every failure.

    Axes that are ``pinned`` stay as they are.
    """
    reach, last = 0.5, None
    while True:
        configuration = best()
        if configuration is None:
            return
        reach = 0.5 if configuration is not last else max(1e-6, reach / 2)
        last = configuration
        spots = [one for one in numbers(configuration) if one[0][0] not in pinned]
        if not spots:
            return
        points: list[Point] = []
        for _ in range(8 * BATCH):
            moved = complete(changed(configuration, _moves(spots, reach, rng)))
            if moved is not None:
                points.append(Point(moved))
            if len(points) == BATCH:
                break
        if not points:
            return
        yield points


def _moves(
    spots: list[tuple[Path, int | float]], reach: float, rng: np.random.Generator
) -> dict[Path, int | float]:
    """New values for one to three numbers."""
    count = min(len(spots), 1 + int(rng.integers(3)))
    chosen = rng.choice(len(spots), size=count, replace=False)
    return {spots[i][0]: _moved(spots[i][1], spots, reach, rng) for i in chosen}


def _moved(
    value: int | float, spots: list[tuple[Path, int | float]], reach: float,
    rng: np.random.Generator,
) -> int | float:  # fmt: skip
    way = int(rng.integers(8))
    if isinstance(value, int):
        other = spots[int(rng.integers(len(spots)))][1]
        far = max(1, int(abs(value) * reach))
        steps = (1, -1, far, -far)
        return value + steps[way] if way < 4 else (0 if way < 6 else int(other))
    if way < 4:
        scale = max(abs(value), 1.0) if way < 2 else abs(value) or 1.0
        return float(value + scale * reach * rng.standard_normal())
    if way < 6:
        return float(round(value * 2) / 2) if way == 4 else float(round(value))
    return 0.0 if way == 6 else float(spots[int(rng.integers(len(spots)))][1])

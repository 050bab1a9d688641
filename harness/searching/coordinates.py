"""Every configuration space as a box: a vector in [0, 1]^d replayed as the draws of a domain.

A domain turns random numbers into a value, and asks for nothing but ``random`` and ``integers``.
Fed the coordinates of a vector instead, any domain, discrete or continuous, conditional or not,
becomes a map from the box, and searches that know nothing of it can move in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.errors import UsageError
from harness.running.configuration import check_value, completed, step_choices
from harness.sampling.draw import HORIZONS, ONE_STEP_HORIZONS, STEP_SIZES, refused
from harness.strategies import parameter_range
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.space import Generator
from harness.vocabulary.theorem import Theorem

Vector = NDArray[np.float64]
Levels = NDArray[np.int64]

MOST = 96
"""Coordinates that are searched; further draws follow from the seed."""
SAMPLED = 48
"""Draws that tell how many coordinates a space needs, where that depends on the values."""
_BELOW_ONE = 1 - 2.0**-53


@dataclass(frozen=True)
class Point:
    """A proposal: a configuration, and where it lies in the box when it was decoded from there."""

    configuration: Mapping[str, Any] | None
    vector: Vector | None = None
    seed: int = 0


class Replay:
    """A generator whose draws are given. Those beyond the vector come from ``rest``."""

    def __init__(self, vector: Vector, rest: Generator) -> None:
        self._vector = vector
        self._rest = rest
        self.levels: list[int] = []

    def random(self) -> float:
        """The next coordinate, below 1 as numpy has it."""
        return min(max(self._next(0), 0.0), _BELOW_ONE)

    def integers(self, low: int, high: int) -> int:
        """The next coordinate spread over low..high-1."""
        count = int(high) - int(low)
        return int(low) + min(count - 1, int(self._next(count) * count))

    def _next(self, levels: int) -> float:
        self.levels.append(levels)
        used = len(self.levels)
        return float(self._vector[used - 1]) if used <= len(self._vector) else self._rest.random()


class Coordinates:
    """The box of a theorem and an experiment; ``fixed`` pins axes.

    ``dimension`` is the number of coordinates, at most 96. The seed of a run is no coordinate: a
    search would see noise along it. It is given with the vector.
    """

    def __init__(
        self, theorem: Theorem, experiment: Experiment, fixed: Mapping[str, Any] | None = None
    ) -> None:
        self._theorem, self._experiment = theorem, experiment
        self._fixed = dict(fixed or {})
        short = all(claim.one_step for claim in theorem.claims)
        self._horizons = ONE_STEP_HORIZONS if short else HORIZONS
        rng = np.random.default_rng(0)
        needed = [len(self._replayed(rng.random(0), index)[1]) for index in range(SAMPLED)]
        self.dimension = min(MOST, max(needed))

    @property
    def random(self) -> bool:
        """Whether a configuration has a seed."""
        return bool(self._experiment.randomness) and "seed" not in self._fixed

    def decode(self, vector: Vector, seed: int = 0) -> Point:
        """The point there; its configuration is None where axes do not go together."""
        return Point(self._admissible(self._replayed(vector, seed)[0]), vector, seed)

    def levels(self, point: Point) -> Levels:
        """Of each coordinate, how many values it chooses among at the point: 0 is a continuum."""
        assert point.vector is not None
        found = self._replayed(point.vector, point.seed)[1]
        padded = np.ones(len(point.vector), dtype=np.int64)
        kept = found[: len(padded)]
        padded[: len(kept)] = kept
        return padded

    def all(self, limit: int) -> list[Point]:
        """Every point of a finite space; none when it has a continuum or more than ``limit``."""
        points: list[Point] = []
        path: list[int] | None = []
        while path is not None and not self.random:
            walk = _Path(path)
            try:
                drawn = self._drawn(walk, 0)
            except _ContinuumError:
                return []
            if len(points) == limit:
                return []
            vector = np.array([(c + 0.5) / k for c, k in zip(walk.taken, walk.levels, strict=True)])
            points.append(Point(self._admissible(drawn), vector))
            path = walk.following()
        return points

    def _replayed(self, vector: Vector, seed: int) -> tuple[dict[str, Any], list[int]]:
        """What the draws give, incomplete as yet, and the levels of each draw."""
        rng = Replay(vector, np.random.default_rng(seed))
        return self._drawn(rng, seed), rng.levels

    def _drawn(self, rng: Generator, seed: int) -> dict[str, Any]:
        drawn: dict[str, Any] = {}
        for axis in self._experiment.axes:
            if axis.name in self._fixed:
                value = self._fixed[axis.name]
                check_value(self._experiment, axis, value, drawn)
            else:
                value = axis.domain.draw(rng, drawn)
            if value is not None:
                drawn[axis.name] = value
        return {**drawn, **self._around(rng, seed)}

    def _around(self, rng: Generator, seed: int) -> dict[str, Any]:
        """Seed, horizon, step size and parameters."""
        found: dict[str, Any] = {}
        if self._experiment.randomness:
            found["seed"] = self._fixed.get("seed", seed)
        if self._experiment.trajectory:
            steps = self._horizons[rng.integers(0, len(self._horizons))]
            found["steps"] = self._fixed.get("steps", steps)
            found["step_size"] = self._fixed.get("step_size", self._step(rng))
        chosen = {}
        for one in self._theorem.parameters:
            low, high = parameter_range(one)
            chosen[one.name] = low + (high - low) * rng.random()
        found["parameters"] = {**chosen, **self._fixed.get("parameters", {})}
        return found

    def _step(self, rng: Generator) -> Any:
        if choices := step_choices(self._theorem):
            return choices[rng.integers(0, len(choices))]
        low, high = np.log(STEP_SIZES)
        return float(np.exp(low + (high - low) * rng.random()))

    def _admissible(self, drawn: Mapping[str, Any]) -> dict[str, Any] | None:
        """The complete configuration, or None where it is not one or certainly void."""
        try:
            found = completed(self._experiment, self._theorem, drawn)
        except UsageError:
            return None
        return None if refused(self._theorem, self._experiment, found) else found


class _ContinuumError(Exception):
    """A space has values that cannot be counted."""


class _Path:
    """Draws that follow a path through a tree of choices, the first choice wherever it ends."""

    def __init__(self, path: list[int]) -> None:
        self._path = path
        self.taken: list[int] = []
        self.levels: list[int] = []

    def random(self) -> float:
        raise _ContinuumError

    def integers(self, low: int, high: int) -> int:
        place = len(self.taken)
        self.taken.append(self._path[place] if place < len(self._path) else 0)
        self.levels.append(int(high) - int(low))
        return int(low) + self.taken[-1]

    def following(self) -> list[int] | None:
        """The next path, the last choice counting fastest; None after the last one."""
        for place in range(len(self.taken) - 1, -1, -1):
            if self.taken[place] + 1 < self.levels[place]:
                return [*self.taken[:place], self.taken[place] + 1]
        return None

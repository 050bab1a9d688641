"""The methods that race: each proposes batches of points and is told how good they were.

A method is a generator: it yields points and is sent their scores. None of them knows what the
configurations mean, whether a claim was violated, or what the other methods do, except that
evaluated points lie in a common pool from which to start.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from numpy.typing import NDArray

from harness.running.configuration import MAX_SEED
from harness.searching.coordinates import Coordinates, Point
from harness.strategies import configurations
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Theorem

Method = Generator[list[Point], list[float], None]
Predict = Callable[[list[Point]], NDArray[np.float64] | None]
"""Scores to first order around the first point; None where that is not to be had."""

BATCH = 8
PROBES = 32
"""Coordinates along which a gradient is taken, at most."""


@dataclass
class Pool:
    """Points from all over the box, best first; each serves every method once as a start.

    ``best`` is the best of all points in the box, whichever method found it.
    """

    best: tuple[Point, float] | None = None

    _points: list[tuple[float, int, Point]] = field(default_factory=list)
    _used: set[tuple[str, int]] = field(default_factory=set)

    def note(self, point: Point, score: float, spread: bool) -> None:
        """Keep the point if a search can start there: one of those spread over the box, or the best."""
        if point.vector is None or point.configuration is None:
            return
        if spread:
            self._points.append((-score, len(self._points), point))
            self._points.sort(key=lambda one: one[:2])
        if self.best is None or score > self.best[1]:
            self.best = point, score

    def start(self, method: str) -> tuple[Point, float] | None:
        """The best point that the method was not given yet."""
        for negative, number, point in self._points:
            if (method, number) not in self._used:
                self._used.add((method, number))
                return point, -negative
        return None


def drawn_seed(coordinates: Coordinates, rng: np.random.Generator) -> int:
    """A seed for a configuration that has one."""
    return int(rng.integers(0, MAX_SEED + 1)) if coordinates.random else 0


def spread(coordinates: Coordinates, rng: np.random.Generator) -> Method:
    """Scrambled Sobol points: space filled evenly, in every direction."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(coordinates.dimension, scramble=True, rng=rng)
    while True:
        with warnings.catch_warnings():
            # the balance of whole powers of two is not needed here
            warnings.simplefilter("ignore", UserWarning)
            vectors = sequence.random(BATCH)
        yield [coordinates.decode(one, drawn_seed(coordinates, rng)) for one in vectors]


def simple(
    theorem: Theorem, experiment: Experiment, fixed: Mapping[str, Any], rng: np.random.Generator
) -> Method:
    """What hypothesis draws without being told anything: small, repeated and boundary values."""
    settled = settings(
        max_examples=4 * BATCH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    space = configurations(theorem, experiment, **fixed)
    seen: list[Point] = []

    def note(configuration: dict[str, Any]) -> None:
        seen.append(Point(configuration))

    while True:
        seen.clear()
        run = hypothesis.seed(int(rng.integers(0, MAX_SEED)))(settled(given(space)(note)))
        with suppress(hypothesis.errors.Unsatisfiable):
            run()
        if not seen:
            return
        for start in range(0, len(seen), BATCH):
            yield seen[start : start + BATCH]


def everything(points: list[Point]) -> Method:
    """All of the given points, in order."""
    for start in range(0, len(points), BATCH):
        yield points[start : start + BATCH]


def ascent(
    coordinates: Coordinates, pool: Pool, predict: Predict, rng: np.random.Generator
) -> Method:
    """Gradient ascent along the continuous coordinates, with restarts.

    The gradient is that of ``predict``, by finite differences where it says nothing.
    """
    fruitless = 0
    while fruitless < 3:
        first = pool.start("gradient") if fruitless == 0 else None
        if first is None:
            point = coordinates.decode(
                rng.random(coordinates.dimension), drawn_seed(coordinates, rng)
            )
            (score,) = yield [point]
        else:
            point, score = first
        climbed = yield from _climb(coordinates, point, score, predict, rng)
        fruitless = 0 if climbed else fruitless + 1


def _climb(
    coordinates: Coordinates,
    point: Point,
    score: float,
    predict: Predict,
    rng: np.random.Generator,
) -> Generator[list[Point], list[float], bool]:
    """Ascend from one point until nothing is gained; whether anything was.

    Where a step along the derivatives gains nothing, finite differences are asked, which see over
    small kinks.
    """
    width, reach, climbed, smooth = 1e-4, 0.25, False, True
    while width > 1e-8:
        assert point.vector is not None
        here = point.vector
        free = np.flatnonzero(coordinates.levels(point) == 0)
        if len(free) == 0:
            return climbed
        free = rng.permutation(free)[:PROBES]
        # away from the nearer end, so that the step stays in the box
        away = np.where(here[free] > 0.5, -width, width)
        probes = [coordinates.decode(_moved(here, [i], [h]), point.seed) for i, h in
                  zip(free, away, strict=True)]  # fmt: skip
        told = predict([point, *probes]) if smooth else None
        smooth = told is not None and np.isclose(told[0], score, rtol=1e-6, atol=1e-9)
        if told is None or not smooth:
            told = np.array([score, *(yield probes)])
        slope = (told[1:] - told[0]) / away
        slope[~np.isfinite(slope) | (np.abs(slope) > 1e9)] = 0.0
        blocked = ((here[free] <= 0) & (slope < 0)) | ((here[free] >= 1) & (slope > 0))
        slope[blocked] = 0.0
        steepest = np.abs(slope).max()
        if steepest == 0:
            return climbed
        lengths = reach * 4.0 ** -np.arange(6.0)
        ahead = [
            coordinates.decode(_moved(here, free, length * slope / steepest), point.seed)
            for length in lengths
        ]
        reached = yield ahead
        best = int(np.argmax(reached))
        if reached[best] > score:
            gained = reached[best] - score
            point, score, climbed = ahead[best], reached[best], True
            reach, smooth = min(0.5, 4 * lengths[best]), True
            if gained < 1e-9 * (1 + abs(score)):
                return climbed
        elif smooth:
            smooth = False
        else:
            width, reach = width / 100, reach / 1e3
    return climbed


def _moved(vector: Any, places: Any, by: Any) -> Any:
    moved = vector.copy()
    moved[places] = np.clip(moved[places] + by, 0.0, 1.0)
    return moved


def evolution(coordinates: Coordinates, pool: Pool, rng: np.random.Generator) -> Method:
    """CMA-ES in the box, restarted in turns from anywhere, closely from the best, and from the pool.

    Where a space has whole numbers and names besides continua, every other restart leaves them as
    they are: between them the margin jumps, and what was learnt about its shape is lost.
    """
    restart, polished = 0, -math.inf
    while True:
        first = pool.start("CMA-ES") if restart % 3 == 2 else None
        width = 0.25
        if restart % 3 == 1 and pool.best is not None and pool.best[1] > polished:
            first, width = pool.best, 0.05
            polished = first[1]
        if first is None:
            centre = coordinates.decode(
                rng.random(coordinates.dimension), drawn_seed(coordinates, rng)
            )
        else:
            centre = first[0]
        levels = coordinates.levels(centre)
        mixed = 0 < (levels == 0).sum() < len(levels)
        free = np.flatnonzero(levels == 0) if mixed and restart % 2 == 0 else np.arange(len(levels))
        run = _strategy(max(2, len(free)), centre, free, levels[free], width, rng)
        yield from _evolve(coordinates, run, centre, free)
        restart += 1


def _strategy(
    size: int, centre: Point, free: Any, levels: Any, width: float, rng: np.random.Generator
) -> Any:
    """CMA-ES along the free coordinates; the package refuses one dimension, so two at least."""
    strategy_of = _cma()
    assert centre.vector is not None
    mean, grain = np.full(size, 0.5), np.zeros(size)
    mean[: len(free)] = np.clip(centre.vector[free], 0.02, 0.98)
    grain[: len(free)] = np.where(levels > 1, 0.3 / np.maximum(levels, 1), 0.0)
    options = {
        "bounds": [0, 1],
        "randn": lambda *shape: rng.standard_normal(shape),
        "seed": math.nan,
        "verbose": -9,
        "verb_log": 0,
        "minstd": grain.tolist(),
        "CMA_diagonal": size > 50,
        "tolfun": 1e-9,
        "tolx": 1e-7,
    }
    return strategy_of(mean, width, options)


def _evolve(coordinates: Coordinates, strategy: Any, centre: Point, free: Any) -> Method:
    """One run of CMA-ES, until it says that it is done or stalls."""
    assert centre.vector is not None
    best, stalled = -1e300, 0
    while not strategy.stop() and stalled < 10 + len(free) // 2:
        asked = strategy.ask()
        points = []
        for one in asked:
            vector = centre.vector.copy()
            vector[free] = np.clip(one[: len(free)], 0.0, 1.0)
            points.append(coordinates.decode(vector, centre.seed))
        told = yield points
        strategy.tell(asked, [-score for score in told])
        # creeping up to a margin of zero is no progress: many claims are attained in a limit
        stalled = 0 if max(told) > best + 1e-3 * max(abs(best), 0.01) else stalled + 1
        best = max(best, *told)


def _cma() -> Any:
    """The class of the package; it warns where matplotlib, which it can do without, is missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from cma.evolution_strategy import CMAEvolutionStrategy
    return CMAEvolutionStrategy

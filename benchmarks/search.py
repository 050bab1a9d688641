"""Evaluations to the first violation: the portfolio beside each of its methods alone.

    python benchmarks/search.py [--seeds 5] [--budget 5000] [--only NAME ...]

Prints, for each problem in search_problems/, the median over seeds and every single count; "-" is
a search that found nothing within the budget. A time is that of the whole line.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path
from statistics import median

import numpy as np
from threadpoolctl import threadpool_limits

from harness.discovery import finder
from harness.searching.coordinates import Coordinates
from harness.searching.evaluation import Arena
from harness.searching.race import race

PROBLEMS = Path(__file__).parent / "search_problems"
RANDOM = frozenset({"random"})
BATCH = 16
ENTRANTS = {
    "portfolio": frozenset[str](),
    "random": RANDOM,
    "space filling": frozenset({"space filling"}),
    "hypothesis": frozenset({"simple values"}),
    "CMA-ES": frozenset({"CMA-ES"}),
    "gradient": frozenset({"gradient"}),
}


def evaluations(path: Path, only: frozenset[str], seed: int, budget: int) -> float:
    """How many evaluations the first violation took; infinite when there was none."""
    (theorem,), (experiment,) = finder.select([str(path)])
    (claim,) = theorem.claims
    arena = Arena(theorem, claim, experiment, finder.theorem, budget)
    with threadpool_limits(limits=1):
        if only == RANDOM:
            return at_random(arena, seed)
        found = race(arena, seed, {}, only)
    return found.discoveries[0].evaluations if found.discoveries else math.inf


def at_random(arena: Arena, seed: int) -> float:
    """The same for independent draws from the box."""
    coordinates = Coordinates(arena.theorem, arena.experiment)
    rng = np.random.default_rng(seed)
    while arena.left:
        before = arena.tried
        vectors = rng.random((BATCH, coordinates.dimension))
        outcomes = arena.evaluate([coordinates.decode(one).configuration for one in vectors])
        for place, one in enumerate(outcomes, start=1):
            if one.violated:
                return before + place
    return math.inf


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--budget", type=int, default=5000)
    parser.add_argument("--only", nargs="*", default=[], help="names of problems")
    options = parser.parse_args()
    for path in sorted(PROBLEMS.glob("*.py")):
        if options.only and path.stem not in options.only:
            continue
        for name, only in ENTRANTS.items():
            started = time.perf_counter()
            counts = [
                evaluations(path, only, seed, options.budget) for seed in range(options.seeds)
            ]
            shown = ["-" if math.isinf(one) else f"{one:.0f}" for one in [median(counts), *counts]]
            elapsed = time.perf_counter() - started
            print(
                f"{path.stem:15} {name:14} median {shown[0]:>6}   {', '.join(shown[1:]):40} "
                f"{elapsed:6.1f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()

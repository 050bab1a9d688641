"""What theorems guarantee on the same configurations: step limit, progress, iterations.

Every theorem chooses its free constants from its own grid, and its step among fractions of its own
limit; once more all take one common step, the smallest of their limits there. Gradient flow has no
limit: it is seen at the common step only. Numbers are the certain ends of enclosures.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from threadpoolctl import threadpool_limits

from harness.running.engines import engine_of
from harness.running.measure import finished_run
from harness.running.protocol import Array
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.running.view import View
from harness.sampling.plan import BLOCK_SIZE
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Claim, Theorem

FRACTIONS = (1.0, 0.5, 0.1)
"""Of a theorem's own limit, the first for the limit itself."""

NOWHERE = 0.0
"""The step at which hypotheses are looked at that know no step."""

Configuration = Mapping[str, Any]


@dataclass
class Offer:
    """What one theorem guarantees on one configuration.

    ``limit``: the largest step, infinite where there is none; ``step`` and ``progress``: the best guaranteed rate, L falling by
    the factor 1 - progress a step, and the step it is promised at; ``common``: the progress at the
    common step. NaN where it guarantees nothing; ``unmet`` then names hypotheses.
    """

    limit: float = math.nan
    step: float = math.nan
    progress: float = math.nan
    common: float = math.nan
    unmet: tuple[str, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether the hypotheses are met at some step."""
        return not math.isnan(self.limit)

    def considered(self, size: float, progress: float, at_limit: bool) -> None:
        """Take what is guaranteed at one step size, where it is better than what is known."""
        if at_limit:
            self.limit = float(np.fmax(self.limit, size))
        if progress > 0 and not progress <= self.progress:
            self.step, self.progress = size, progress


def iterations(progress: float, epsilon: float) -> float:
    """Steps after which the guarantee has L(t) <= epsilon L(0); NaN without a guarantee."""
    if not progress > 0:
        return math.nan
    if progress >= 1:
        return 1.0
    return float(math.ceil(math.log(epsilon) / math.log1p(-progress)))


def step_limit(theorem: Theorem) -> sympy.Expr | None:
    """The largest step the theorem allows, if it names one."""
    return None if theorem.step is None else theorem.step.limit


def promised(theorem: Theorem) -> Theorem:
    """The theorem with what it guarantees of steps and rates in the place of its claims."""
    read = [theorem.rate.progress] if theorem.rate else []
    limit = step_limit(theorem)
    read += [] if limit is None else [limit]
    claims = (
        Claim(f"guarantee-{i}", sympy.Ge(one, 0, evaluate=False)) for i, one in enumerate(read)
    )
    return dataclasses.replace(theorem, claims=tuple(claims), controls=(), chain=())


def offers(
    theorems: Sequence[Theorem],
    experiment: Experiment,
    configurations: Sequence[Configuration],
    lookup: Lookup,
) -> tuple[list[list[Offer]], list[float]]:
    """The offers of each theorem, in the order of the configurations, and the common steps."""
    with threadpool_limits(limits=1):
        found = [_own(one, experiment, configurations, lookup) for one in theorems]
        limits = np.array([[offer.limit for offer in row] for row in found])
        speaking = np.isfinite(limits)
        lowest = np.where(speaking, limits, np.inf).min(axis=0)
        several = (~np.isnan(limits)).sum(axis=0) > 1
        common = np.where(several & speaking.any(axis=0), lowest, np.nan)
        for theorem, row in zip(theorems, found, strict=True):
            _at_common(theorem, row, experiment, configurations, common, lookup)
    return found, common.tolist()


def _own(
    theorem: Theorem,
    experiment: Experiment,
    configurations: Sequence[Configuration],
    lookup: Lookup,
) -> list[Offer]:
    found = [Offer() for _ in configurations]
    refused: list[set[str]] = [set() for _ in configurations]
    endless = step_limit(theorem) is None
    fractions = FRACTIONS[:1] if endless else FRACTIONS
    ways = [
        (index, fraction, NOWHERE if endless else {"fraction": fraction, "of": theorem.ref}, chosen)
        for index in range(len(configurations))
        for fraction, chosen in itertools.product(fractions, _grid(theorem))
    ]
    runs = [{**configurations[index], "step_size": step, "parameters": chosen}
            for index, _, step, chosen in ways]  # fmt: skip
    guaranteed = _guaranteed(theorem, experiment, runs, lookup)
    for (index, fraction, _, _), (size, progress, unmet) in zip(ways, guaranteed, strict=True):
        refused[index] |= set(unmet)
        if not unmet and endless:
            found[index].limit = math.inf
        elif not unmet:
            found[index].considered(size, progress, fraction == FRACTIONS[0])
    for offer, names in zip(found, refused, strict=True):
        offer.unmet = () if offer.speaks else tuple(sorted(names))
    return found


def _at_common(
    theorem: Theorem,
    found: Sequence[Offer],
    experiment: Experiment,
    configurations: Sequence[Configuration],
    common: Array,
    lookup: Lookup,
) -> None:
    spoken = [i for i, one in enumerate(found) if one.speaks and math.isfinite(common[i])]
    ways = [(index, chosen) for index in spoken for chosen in _grid(theorem)]
    runs = [{**configurations[index], "step_size": float(common[index]), "parameters": chosen}
            for index, chosen in ways]  # fmt: skip
    guaranteed = _guaranteed(theorem, experiment, runs, lookup)
    for (index, _), (_, progress, unmet) in zip(ways, guaranteed, strict=True):
        if not unmet:
            found[index].common = float(np.fmax(found[index].common, progress))


def _grid(theorem: Theorem) -> Iterator[dict[str, float]]:
    """Every choice of the theorem's free constants."""
    names = [one.name for one in theorem.parameters]
    for values in itertools.product(*(one.grid for one in theorem.parameters)):
        yield dict(zip(names, values, strict=True))


def _guaranteed(
    theorem: Theorem, experiment: Experiment, runs: Sequence[Configuration], lookup: Lookup
) -> Iterator[tuple[float, float, list[str]]]:
    """Step size, progress (NaN for no rate) and unmet hypotheses at the start of each run.

    All steps and constants of a configuration are in one block: they start alike.
    """
    for start in range(0, len(runs), BLOCK_SIZE):
        full = tuple({**one, "steps": 1} for one in runs[start : start + BLOCK_SIZE])
        run = finished_run(Task(theorem, experiment, full), engine_of(experiment), lookup)
        view = View(run, theorem.hypotheses)
        met = view.met(accumulated=True)
        progress = np.full(len(full), np.nan)
        if theorem.rate is not None:
            found = view.evaluated(theorem.rate.progress).broadcast_to((len(full), run.states))
            progress = found.lo[:, 0]
        for index, (size, gained) in enumerate(
            zip(run.trace.step_sizes[:, 0].tolist(), progress.tolist(), strict=True)
        ):
            unmet = [name for name, (holds, _) in met.by_name.items() if not holds[index, 0]]
            yield size, gained, unmet

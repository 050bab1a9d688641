"""What tells configurations apart: width, imbalance of the layers, conditioning of the data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from threadpoolctl import threadpool_limits

from harness import symbols as s
from harness.running.engines import engine_of
from harness.running.measure import finished_run
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.running.view import View
from harness.sampling.plan import missing
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Claim, Theorem

TRAITS: dict[str, sympy.Expr] = {
    "width": s.width,
    "imbalance": sympy.Max(s.lam1_D, s.lam1_mD) / (s.smax_W1**2 + s.smax_W2**2),
    "condition": s.K / s.mu,
}
"""h; |D(0)|_2 over sigma_max(W1)^2 + sigma_max(W2)^2, 0 for balanced layers; K/mu."""


def traits(
    experiment: Experiment, configurations: Sequence[Mapping[str, Any]], lookup: Lookup
) -> dict[str, list[float]]:
    """Each trait that the experiment measures, by its name, in the order of the configurations."""
    found: dict[str, list[float]] = {}
    full = tuple({**one, "steps": 1, "step_size": 0.0, "parameters": {}} for one in configurations)
    for name, trait in TRAITS.items():
        claim = Claim(name, sympy.Ge(trait, 0, evaluate=False))
        theorem = Theorem(title=name, claims=(claim,), id=name)
        if missing(theorem, experiment):
            continue
        with threadpool_limits(limits=1):
            run = finished_run(Task(theorem, experiment, full), engine_of(experiment), lookup)
        value = View(run, ()).evaluated(trait).broadcast_to((len(full), run.states))
        middle = ((value.lo + value.hi) / 2)[:, 0]
        found[name] = [float(one) if math.isfinite(one) else math.nan for one in middle]
    return found


def thirds(values: Sequence[float]) -> list[tuple[str, list[int]]]:
    """Positions of the lowest, middle and highest third, with the range that each covers.

    Equal values stay together; NaN belongs to none.
    """
    known = sorted(one for one in values if not math.isnan(one))
    if not known:
        return []
    first, second = known[len(known) // 3], known[2 * len(known) // 3]
    parts: list[list[int]] = [[], [], []]
    for position, one in enumerate(values):
        if not math.isnan(one):
            parts[(one >= first) + (one >= second)].append(position)
    return [(_range([values[i] for i in part]), part) for part in parts if part]


def _range(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:.3g}" if low == high else f"{low:.3g}..{high:.3g}"

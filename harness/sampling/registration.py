"""What is written down before the first run, so that nothing can be chosen after looking."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.running.configuration import digest
from harness.running.task import Task
from harness.sampling.plan import Plan
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.kinds import Chance
from harness.vocabulary.theorem import Theorem


@dataclass(frozen=True)
class Registered:
    """Every configuration, a hash of the spaces they come from, and the replicates planned.

    ``budget`` maps "ID@VERSION CLAIM on EXPERIMENT", for claims about chance, to the replicates of
    each configuration.
    """

    configurations: Sequence[str]
    spaces: str
    budget: Mapping[str, Sequence[int]]


def registered(
    pairs: Iterable[tuple[Theorem, Experiment]], plans: Iterable[Plan], todo: Iterable[Task]
) -> Registered:
    """The registration of a check: theorems with their experiments, configurations, and tasks."""
    budget: dict[str, list[int]] = {}
    for task in todo:
        for claim in task.theorem.claims:
            if isinstance(claim.kind, Chance):
                name = f"{task.theorem.ref} {claim.id} on {task.experiment.id}"
                planned = [task.replicates] * len(task.configurations)
                budget.setdefault(name, []).extend(planned)
    return Registered(
        configurations=[text for plan in plans for text in plan.texts],
        spaces=digest(*(_space(theorem, experiment) for theorem, experiment in pairs)),
        budget=budget,
    )


def _space(theorem: Theorem, experiment: Experiment) -> str:
    """The axes of an experiment with their domains and defaults, and the grids of a theorem."""
    axes = [f"{axis.name}: {_domain(axis.domain)} = {axis.default!r}" for axis in experiment.axes]
    grids = [f"{p.name}: {p.grid} in {p.low} .. {p.high}" for p in theorem.parameters]
    return "\n".join([theorem.ref, theorem.fingerprint, experiment.id, *axes, *grids])


def _domain(domain: Any) -> str:
    """A domain by its fields; a function by its name, since its address changes."""
    if dataclasses.is_dataclass(domain):
        fields = (
            f"{one.name}={_domain(getattr(domain, one.name))}" for one in dataclasses.fields(domain)
        )
        return f"{type(domain).__name__}({', '.join(fields)})"
    if callable(domain):
        return f"{domain.__module__}.{domain.__qualname__}"
    return repr(domain)

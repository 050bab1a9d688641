"""What a check will run: witnesses, cases at the boundary, then draws, in blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.errors import UsageError
from harness.running.configuration import RESERVED, canonical_each, completed
from harness.running.replicated import about_chance, replicate_count
from harness.running.steps import step_group
from harness.running.task import Task
from harness.sampling.draw import draws
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.symbol import Scope
from harness.vocabulary.theorem import Theorem

BLOCK_SIZE = 256


@dataclass(frozen=True)
class Profile:
    """How much to run: draws a theorem and experiment, and configurations for chance claims."""

    name: str
    draws: int
    chance_configurations: int
    chance_power: float


PROFILES = {
    "quick": Profile("quick", 80, 2, 0.95),
    "standard": Profile("standard", 1_000, 6, 0.99),
    "thorough": Profile("thorough", 20_000, 20, 0.999),
}


def fitting(theorem: Theorem, experiments: Iterable[Experiment]) -> list[Experiment]:
    """The experiments that emit everything the theorem needs."""
    return [one for one in experiments if not missing(theorem, one)]


def missing(theorem: Theorem, experiment: Experiment) -> list[str]:
    """Names of the symbols the theorem needs and the experiment does not emit."""
    emitted = {*experiment.emits}
    axes = {axis.name for axis in experiment.axes}
    return sorted(
        one.name
        for one in theorem.needs
        if one not in emitted
        # an axis of the same name is another thing, unless both are of the configuration
        and not (one.scope is Scope.CONFIGURATION and one.name in axes)
        and one.name != "t"
    )


def witnesses(theorem: Theorem, experiment: Experiment, seed: int) -> list[dict[str, Any]]:
    """Configurations that the theorem declares for its known-false claims.

    Where a claim speaks of chance the campaign's seed stands in for any the witness names.
    """
    own = {"seed": seed} if about_chance(theorem) else {}
    found = []
    for claim in theorem.claims:
        if claim.witness is not None:
            given = {**claim.witness, **own}
            mine = given.pop("experiment", experiment.id) == experiment.id
            # a witness is stated on the axes of one experiment; others that fit have their own
            if mine and not foreign(experiment, given):
                found.append(completed(experiment, theorem, given))
    return found


def foreign(experiment: Experiment, given: Mapping[str, Any]) -> bool:
    """Whether the configuration names an axis that the experiment does not have."""
    return bool(experiment.lacks(set(given) - {*RESERVED}))


def boundary_cases(
    theorem: Theorem, experiment: Experiment, fixed: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The experiment's boundary cases, completed, with ``fixed`` pinned.

    A case that contradicts what is pinned is left out. Claims about chance have none: they repeat
    every configuration thousands of times.
    """
    found = []
    for case in () if about_chance(theorem) else experiment.boundary:
        wanted = {**case, **fixed}
        if any(wanted[axis] != value for axis, value in case.items()):
            continue
        try:
            full = completed(experiment, theorem, wanted)
        except UsageError:
            if not fixed:
                raise
            continue
        if all(full.get(axis) == wanted[axis] for axis in wanted if axis not in RESERVED):
            found.append(full)
    return found


@dataclass(frozen=True)
class Plan:
    """Every configuration of a check; which the theorem declared, which lie at the boundary.

    ``texts`` are the configurations in canonical form, made here unless they are at hand.
    """

    configurations: tuple[Mapping[str, Any], ...]
    declared: frozenset[str] = frozenset()
    boundary: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.texts:
            object.__setattr__(self, "texts", tuple(canonical_each(self.configurations)))


@dataclass
class Agenda:
    """All that a check will run: a plan a theorem and experiment, and its tasks.

    Of recorded runs ``remarks`` say what is left out, and ``legend`` what each symbol means.
    """

    plans: list[Plan] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    legend: dict[str, None] = field(default_factory=dict)


def planned(
    theorem: Theorem,
    experiment: Experiment,
    profile: Profile,
    seed: int,
    fixed: Mapping[str, Any],
) -> Plan:
    """Declared witnesses first, then boundary cases, then draws, none twice."""
    declared = _by_text([] if fixed else witnesses(theorem, experiment, seed))
    boundary = _by_text(boundary_cases(theorem, experiment, fixed))
    chance = about_chance(theorem)
    count = profile.chance_configurations if chance else round(profile.draws * experiment.share)
    drawn = draws(theorem, experiment, seed, count, fixed)
    unique = declared | boundary | _by_text(drawn)
    return Plan(tuple(unique.values()), frozenset(declared), frozenset(boundary), tuple(unique))


def _by_text(configurations: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = list(configurations)
    return dict(zip(canonical_each(found), found, strict=True))


def tasks(
    theorem: Theorem,
    experiment: Experiment,
    configurations: Sequence[Mapping[str, Any]],
    profile: Profile,
) -> list[Task]:
    """Blocks of equal horizon and kind of step size; a chance claim has one a configuration."""
    if about_chance(theorem):
        return [
            Task(
                theorem,
                experiment,
                (one,),
                replicate_count(theorem, experiment, one, profile.chance_power),
            )
            for one in configurations
        ]
    blocks: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for one in configurations:
        key = step_group(one), int(one.get("steps", 0))
        blocks.setdefault(key, []).append(one)
    return [
        Task(theorem, experiment, tuple(members[start : start + BLOCK_SIZE]))
        for members in blocks.values()
        for start in range(0, len(members), BLOCK_SIZE)
    ]

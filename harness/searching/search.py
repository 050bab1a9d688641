"""What a search saw, and how hypothesis is set to search."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from harness.judging.row import Row
from harness.reporting.violations import worst
from harness.searching.race import Discovery
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict

Attempt = Callable[[dict[str, Any]], None]


@dataclass
class Search:
    """What a search for a violation of one claim saw.

    For a claim about chance ``discovered`` holds every configuration looked at, ``confirmation`` the
    most suspicious one on fresh runs; only the latter has a verdict. ``discoveries``: the first
    violation of each method that found one, in order; ``spent``: the evaluations each method used.
    ``tried`` leaves out what shrinking took; ``gradients`` are further evaluations, each of which
    differentiated one configuration. ``exhausted``: the number of values of a finite space, all of
    which were looked at; 0 for any other space.
    """

    theorem: Theorem
    claim: Claim
    experiment: Experiment
    tried: int = 0
    met: int = 0
    seconds: float = 0.0
    violated: list[Row] = field(default_factory=list)
    broken: list[Row] = field(default_factory=list)
    simplest: Row | None = None
    closest: Row | None = None
    discovered: list[Row] = field(default_factory=list)
    confirmation: Row | None = None
    discoveries: list[Discovery] = field(default_factory=list)
    spent: dict[str, int] = field(default_factory=dict)
    gradients: int = 0
    exhausted: int = 0

    @property
    def worst(self) -> Row | None:
        return worst(self.violated) if self.violated else None

    @property
    def code(self) -> int:
        """0 as declared, 1 a surprise, 3 undecided or nothing put to the test."""
        verdict = None if self.confirmation is None else self.confirmation.finding.verdict
        violated = bool(self.violated) or verdict is Verdict.VIOLATED
        broken = bool(self.broken) or verdict is Verdict.BROKEN
        if broken or violated != (self.claim.expected is Verdict.VIOLATED):
            return 1
        decided = violated or verdict in (None, Verdict.HELD)
        return 0 if self.met and decided else 3

    @property
    def rows(self) -> list[Row]:
        """The rows worth keeping: every violation, the closest call, all of an exploration."""
        kept = {row.fingerprint: row for row in [*self.violated, *self.broken]}
        if self.closest is not None:
            kept.setdefault(self.closest.fingerprint, self.closest)
        for row in self.discovered:
            kept.setdefault(row.fingerprint, row)
        confirmed = [] if self.confirmation is None else [self.confirmation]
        return [*kept.values(), *confirmed]


def hunt(
    space: SearchStrategy[Any], attempt: Attempt, *, seed: int, budget: int, shrink: bool
) -> None:
    """Call ``attempt`` with up to ``budget`` values of the space, guided by hypothesis' targets.

    Deterministic given the seed. Without shrinking, what ``attempt`` raises ends the hunt.
    """
    phases = [Phase.generate, Phase.target, *([Phase.shrink] if shrink else [])]
    settled = settings(
        max_examples=budget,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )
    run = hypothesis.seed(seed)(settled(given(space)(attempt)))
    with contextlib.suppress(hypothesis.errors.Unsatisfiable):
        run()

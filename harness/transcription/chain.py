"""The chain of a proof: its intermediate inequalities, judged like claims on the same draws."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.errors import UsageError
from harness.judging.row import Row
from harness.options import Options
from harness.report import Report, Summary
from harness.reporting.violations import simplest
from harness.running.replicated import about_chance
from harness.session import (
    Progress,
    carried_out,
    experiments_for,
    lookup_among,
    plan_for,
    tasks_for,
)
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.link import Link
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict


@dataclass(frozen=True)
class Chain:
    """A theorem, and what was found of its links; a row's claim is the link's id."""

    theorem: Theorem
    report: Report

    @cached_property
    def summaries(self) -> tuple[tuple[Link, Summary], ...]:
        """Each link with its rows summed up, in the order of the proof."""
        found = {one.claim: one for one in self.report.summaries()}
        return tuple((link, found[link.id]) for link in self.theorem.chain)

    @property
    def first_false(self) -> Link | None:
        """The first link that a row violates; what follows rests on it."""
        false = (link for link, one in self.summaries if one.verdict is Verdict.VIOLATED)
        return next(false, None)

    def counterexample(self, link: Link) -> Row | None:
        """The simplest row that violates the link, a certified one where there is any."""
        violated = [row for row in self.report.violations if row.claim == link.id]
        certified = [row for row in violated if row.finding.certified]
        return simplest(certified or violated) if violated else None

    @property
    def code(self) -> int:
        """0 when no link is refuted, or the theorem is known to be false and the false link found.

        1 for a false link of a theorem that is to hold, a false theorem without one, or a broken
        row; 3 when a link was left undecided or untested.
        """
        verdicts = {one.verdict for _, one in self.summaries}
        known_false = any(claim.expected is Verdict.VIOLATED for claim in self.theorem.claims)
        broken = any(one.counts.get(Verdict.BROKEN) for _, one in self.summaries)
        if broken or (Verdict.VIOLATED in verdicts) != known_false:
            return 1
        return 0 if known_false or verdicts == {Verdict.HELD} else 3


def of_links(theorem: Theorem) -> Theorem:
    """The theorem whose claims are the links, under the same hypotheses.

    Raises UsageError when the theorem has no chain, speaks of chance, or a link has constants of
    its own or gives a name of the theorem another meaning.
    """
    if not theorem.chain:
        raise UsageError(f"{theorem.ref} gives no chain of inequalities.")
    if about_chance(theorem):
        raise UsageError(f"{theorem.ref} speaks of chance; a chain is judged run by run.")
    claims = tuple(
        Claim(one.id, one.statement, trivial=one.trivial, start=one.start) for one in theorem.chain
    )
    dataclasses.replace(theorem, claims=(*_renamed(theorem), *claims)).refuse_ambiguity()
    links = dataclasses.replace(theorem, claims=claims, controls=(), chain=())
    if extra := {*links.parameters} - {*theorem.parameters}:
        name = min(one.name for one in extra)
        raise UsageError(f"the chain of {theorem.ref} has a parameter “{name}” of its own.")
    return links


def check_chain(
    theorem: Theorem,
    experiments: Sequence[Experiment] = (),
    options: Options | None = None,
    lookup: Callable[[str], Theorem] | None = None,
    progress: Progress | None = None,
) -> Chain:
    """Put the links of a theorem to the test on the draws of its check.

    Nothing is stored or written. Raises UsageError for bad input, before anything runs.
    """
    options = dataclasses.replace(options or Options(), out=None)
    links = of_links(theorem)
    plans, todo = [], []
    for experiment in experiments_for(links, experiments, options.experiment, options.pinned):
        plan = plan_for(theorem, experiment, options)
        plans.append(plan)
        todo += tasks_for(links, experiment, plan, options)
    find = lookup or lookup_among([theorem])
    return Chain(theorem, carried_out(todo, plans, options, find, progress))


def _renamed(theorem: Theorem) -> list[Claim]:
    """The theorem's claims under names that no link has."""
    return [dataclasses.replace(one, id=f"claim {one.id}") for one in theorem.claims]

"""The constant that a bound certainly needs: the search for a violation with the bound divided out.

Printed with the factor 1, a bound needs at least the largest factor that some configuration asks
for; that configuration, judged against the bound with a simple decimal just below the factor,
violates it. What comes out is a theorem of its own: a lower bound on the best constant.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from threadpoolctl import threadpool_limits

from harness.controls.mutants import guarantee, scaled_by
from harness.discovery import finder
from harness.errors import UsageError
from harness.judging.row import Row
from harness.running.replicated import about_chance
from harness.running.steps import Lookup
from harness.searching.evaluation import Arena, Configuration
from harness.searching.race import Race, Watch, race
from harness.session import experiments_for
from harness.vocabulary.definition import Definition, Parameter, closure
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.symbol import Named
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict

DEFAULT_BUDGET = 2000
WEAK = sympy.Integer(2) ** 20
"""The guarantee is divided by this while searching, so that no configuration ends the search."""
DIGITS = (6, 4, 3, 2, 1)
STEPS = 8
"""Halvings of the interval in which the factor of a single constant lies."""
LADDER = (2, 4, 16, 256)


@dataclass(frozen=True)
class Bracket:
    """What is known of the constant of one claim.

    The claim is printed with factor 1. ``needed``: with this factor in its place it is violated
    by ``example``, a judged row of the claim so changed; NaN where no configuration was found.
    ``row`` is the same configuration judged on the claim as printed. ``alive``: the share of
    configurations, evenly spread, on which the claim says something.
    """

    theorem: Theorem
    claim: Claim
    experiment: Experiment
    constant: str
    needed: float
    example: Row | None
    row: Row | None
    alive: float
    tried: int
    seconds: float

    @property
    def gap(self) -> float:
        """How many times larger the printed constant is than what is certainly needed."""
        return 1 / self.needed if self.needed > 0 else math.nan


def tighten(
    theorem: Theorem,
    claim_id: str,
    experiment: Experiment | None = None,
    lookup: Lookup = finder.theorem,
    *,
    constant: str | None = None,
    seed: int = 0,
    budget: int = DEFAULT_BUDGET,
    seconds: float = math.inf,
    watch: Watch | None = None,
) -> Bracket:
    """The certified bracket of a claim's constant; deterministic given the seed.

    The factor is that of the whole guarantee (beyond the trivial value, where the claim has one),
    or of ``constant``, a parameter, definition or symbol of the theorem, replaced wherever it
    stands. Raises UsageError for equalities, claims about chance and unknown names.
    """
    claim = theorem.claim(claim_id)
    experiment = experiment or experiments_for(theorem, (), None)[0]
    if about_chance(theorem):
        raise UsageError(
            f"{theorem.ref} speaks of chance: there is no single run to tighten it on."
        )
    if claim.sense == "==":
        raise UsageError(f"{theorem.ref}, claim “{claim.id}”: an equality has no constant.")
    started = time.perf_counter()
    alone = dataclasses.replace(theorem, claims=(claim,))
    search = _Tightening(alone, experiment, lookup, seed, started + seconds, watch)
    with threadpool_limits(limits=1):
        if constant is None:
            found = search.whole(budget)
        else:
            found = search.single(_named(theorem, constant), budget)
        needed, example = found if found is not None else (math.nan, None)
        row = None if example is None else search.printed(example)
    return Bracket(
        theorem, claim, experiment, constant or "", needed, example, row, search.alive,
        search.tried, time.perf_counter() - started,
    )  # fmt: skip


def _named(theorem: Theorem, name: str) -> Named:
    known = {one.name: one for one in closure(*theorem.expressions())}
    if name not in known:
        usable = sorted(n for n, one in known.items() if isinstance(one, Definition | Parameter))
        raise UsageError(
            f"{theorem.ref} has no constant “{name}”; it has {', '.join(usable) or 'none'}."
        )
    return known[name]


class _Tightening:
    """The searches for one claim, and what they cost."""

    def __init__(
        self, theorem: Theorem, experiment: Experiment, lookup: Lookup, seed: int,
        deadline: float, watch: Watch | None,
    ) -> None:  # fmt: skip
        self._theorem, self._experiment, self._lookup = theorem, experiment, lookup
        self._seed, self._deadline, self._watch = seed, deadline, watch
        self._spread = self._alive = 0
        self.tried = 0

    @property
    def alive(self) -> float:
        return self._alive / self._spread if self._spread else math.nan

    def whole(self, budget: int) -> tuple[float, Row] | None:
        """The factor of the whole guarantee."""
        (claim,) = self._theorem.claims
        arena, _ = self._raced(_with(self._theorem, _apart(claim)), budget)
        if arena.closest is None:
            return None
        estimate = math.exp(min(arena.best + math.log(int(WEAK)), 700))
        for factor in _below(estimate):
            changed = _with(self._theorem, scaled_by(claim, factor))
            row = self._judged(changed, arena.closest)
            if row.finding.verdict is Verdict.VIOLATED:
                return float(factor), row
        return None

    def single(self, constant: Named, budget: int) -> tuple[float, Row] | None:
        """The factor of one constant nearest to 1 that breaks the claim, on either side of 1."""
        share = max(1, budget // (2 * len(LADDER) + STEPS))
        for rung in LADDER:
            for way in (sympy.Integer(rung), sympy.Rational(1, rung)):
                if (found := self._broken_at(constant, way, share)) is not None:
                    return self._nearest(constant, way, found, share)
        return None

    def _nearest(
        self, constant: Named, broken: sympy.Rational, row: Row, share: int
    ) -> tuple[float, Row]:
        unbroken = sympy.Integer(1)
        for _ in range(STEPS):
            middle = (unbroken + broken) / 2
            found = self._broken_at(constant, middle, share)
            if found is None:
                unbroken = middle
            else:
                broken, row = middle, found
        return float(broken), row

    def _broken_at(self, constant: Named, factor: sympy.Rational, budget: int) -> Row | None:
        arena, _ = self._raced(self._theorem.replacing({constant: factor * constant}), budget)
        return next(iter(arena.violated.values()), None)

    def _raced(self, theorem: Theorem, budget: int) -> tuple[Arena, Race]:
        arena = Arena(
            theorem,
            theorem.claims[0],
            self._experiment,
            self._lookup,
            budget,
            self._deadline,
            cautious=True,
        )
        found = race(arena, self._seed, {}, watch=self._watch)
        self.tried += arena.spent
        self._spread += found.spread
        self._alive += found.alive
        return arena, found

    def printed(self, example: Row) -> Row:
        """The example judged on the claim as it is printed."""
        import json

        return self._judged(self._theorem, json.loads(example.configuration))

    def _judged(self, theorem: Theorem, configuration: Configuration) -> Row:
        arena = Arena(theorem, theorem.claims[0], self._experiment, self._lookup, 1)
        return arena.row(configuration)


def _with(theorem: Theorem, claim: Claim) -> Theorem:
    return dataclasses.replace(theorem, claims=(claim,))


def _apart(claim: Claim) -> Claim:
    """The claim as a comparison of what was gained with what was promised, the latter far weaker.

    Its margin is the logarithm of the factor needed, up to a constant.
    """
    if claim.trivial is None:
        return scaled_by(claim, WEAK)
    promised = guarantee(claim) / WEAK
    gained = sympy.sympify(claim.trivial) - claim.quantity
    if claim.sense in (">=", ">"):
        promised, gained = -promised, -gained
    statement = sympy.Ge(gained, promised, evaluate=False)
    return dataclasses.replace(claim, statement=statement, trivial=0, rate=False)


def _below(estimate: float) -> Iterator[sympy.Rational]:
    """Simple decimals just below the estimate, the closest first."""
    if not 0 < estimate < math.inf:
        return
    for digits in DIGITS:
        unit = sympy.Integer(10) ** (math.floor(math.log10(estimate)) + 1 - digits)
        # at the estimate itself the bound is attained, or just missed
        whole = math.ceil(sympy.Rational(estimate * (1 - 1e-9)) / unit) - 1
        if whole > 0:
            yield whole * unit

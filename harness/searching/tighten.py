"""The constant that a bound certainly needs: the search for a violation with the bound divided out.

Printed with the factor 1, a bound needs at least the largest factor that some configuration asks
for; that configuration, judged against the bound with a simple decimal just below the factor,
violates it. What comes out is a theorem of its own: a lower bound on the best constant.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import time
from collections.abc import Iterator

import sympy
from threadpoolctl import threadpool_limits

from harness.controls.mutants import guarantee, scaled_by, with_bound
from harness.discovery import finder
from harness.errors import UsageError
from harness.handing.carried import NotCarriedError
from harness.handing.scripts import script_for
from harness.judging.row import Row
from harness.running.replicated import about_chance
from harness.running.steps import Lookup
from harness.sampling.draw import draws
from harness.searching.bracket import Bracket
from harness.searching.constants import Constant, leading, located
from harness.searching.evaluation import Arena, Configuration
from harness.searching.journal import Journal, journal_of
from harness.searching.race import Race, Watch, race
from harness.session import experiments_for
from harness.storing.store import Store
from harness.vocabulary.definition import closure
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Claim, Hypothesis, Theorem
from harness.vocabulary.verdict import Verdict

DEFAULT_BUDGET = 2000
WEAK = sympy.Integer(2) ** 20
"""The guarantee is divided by this while searching, so that no configuration ends the search."""
DIGITS = (6, 4, 3, 2, 1)
STEPS = 5
"""Times the interval in which the factor of a single constant lies is searched once more."""
HALVINGS = 10
"""Halvings of that interval for one configuration, each of which takes a single run."""
SHARE = 4
"""A search for a single constant takes one part in so many of the budget that is left."""
CLOSE = 4
"""Configurations that came closest in the latest searches, looked at before a new one."""
LADDER = (2, 4, 16, 256)
SIGNS = 40
"""Configurations looked at for the sign of the bound, no more than a quarter of the budget."""
_FLIPPED = {"<=": sympy.Ge, "<": sympy.Gt, ">=": sympy.Le, ">": sympy.Lt}

Found = tuple[float, Row, Theorem]
"""A factor, the row that violates the claim so changed, and the theorem so changed."""


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
    store: Store | None = None,
    watch: Watch | None = None,
) -> Bracket:
    """The bracket of a claim's constant; deterministic given the seed unless ``seconds`` ends it.

    The factor is that of the whole guarantee (beyond the trivial value, where the claim has one),
    or of ``constant``: see `harness.searching.constants`. What was evaluated is kept in ``store``,
    so that the same search continues where it was killed. Raises UsageError for equalities, claims
    about chance and unknown names.
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
    alone = _with(theorem, claim)
    search = _Tightening(alone, experiment, lookup, seed, started + seconds, store, watch)
    with threadpool_limits(limits=1):
        if constant is None:
            found, printed, relaxing = search.whole(budget)
            places = 1
        else:
            chosen = located(alone, constant)
            found, printed, places = search.single(chosen, budget), chosen.printed, chosen.places
            relaxing = found is not None and found[0] < 1
        row = example = script = None
        if found is not None:
            row = search.printed(found)
            example = found[1]
            with contextlib.suppress(NotCarriedError):
                script = script_for(example, found[2], experiment, search.among(found[2]))
    return Bracket(
        theorem, claim, experiment, constant or "", found[0] if found else math.nan, example, row,
        search.alive, search.tried, time.perf_counter() - started, printed, relaxing, places, script,
    )  # fmt: skip


SIGNIFICANT = 1e6
"""A negative bound this much smaller than a positive one elsewhere is a zero, rounded."""
DRAWN = 8
"""Configurations on which the latter is looked for."""


class _Tightening:
    """The searches for one claim, and what they cost."""

    def __init__(
        self, theorem: Theorem, experiment: Experiment, lookup: Lookup, seed: int,
        deadline: float, store: Store | None, watch: Watch | None,
    ) -> None:  # fmt: skip
        self._theorem, self._experiment, self._lookup = theorem, experiment, lookup
        self._seed, self._deadline, self._store, self._watch = seed, deadline, store, watch
        self._spread = self._alive = 0
        self._moving = False
        self._budget = 0
        self._close: list[Configuration] = []
        self.tried = 0

    @property
    def alive(self) -> float:
        return self._alive / self._spread if self._spread else math.nan

    def whole(self, budget: int) -> tuple[Found | None, float, bool]:
        """The factor of the whole guarantee, the number in front of it, and which way it weakens."""
        (claim,) = self._theorem.claims
        if claim.trivial is None and self._below_zero(min(SIGNS, budget // 4)):
            claim = _mirrored(claim)
        promised = claim.bound if claim.trivial is None else guarantee(claim)
        relaxing = claim.trivial is None and claim.sense in ("<=", "<")
        return self._factor(claim, budget - self.tried), leading(promised), relaxing

    def _factor(self, claim: Claim, budget: int) -> Found | None:
        promising = _promising(self._theorem, claim)
        arena, _ = self._raced(_with(promising, _apart(claim)), budget)
        if arena.closest is None:
            return None
        if claim.trivial is None and self._bound(claim, arena.closest) < 0:
            # there a weaker guarantee would be a stronger one
            return None
        estimate = math.exp(min(arena.best + math.log(int(WEAK)), 700))
        for factor in _below(estimate):
            changed = _with(promising, scaled_by(_exact(claim), factor))
            row = self._judged(changed, arena.closest)
            if row.finding.verdict is Verdict.VIOLATED:
                return float(factor), row, changed
        return None

    def _below_zero(self, budget: int) -> bool:
        """Whether the bound is negative where the claim comes closest to it, by more than rounding."""
        arena, _ = self._raced(self._theorem, budget)
        if arena.closest is None:
            return False
        (claim,) = self._theorem.claims
        near = self._bound(claim, arena.closest)
        if not near < 0:
            return False
        drawn = draws(self._theorem, self._experiment, self._seed, DRAWN, {})
        bounds = [self._bound(claim, one) for one in drawn]
        # where all vanishes at the closest point, its sign is that of rounding
        return not any(one > SIGNIFICANT * -near for one in bounds)

    def single(self, constant: Constant, budget: int) -> Found | None:
        """The factor of one constant nearest to 1 that breaks the claim, on either side of 1."""
        self._moving = constant.moves_step
        self._budget = budget
        if (found := self._broken_at(constant, sympy.Integer(1))) is not None:
            return found
        for rung in LADDER:
            ways = [sympy.Integer(rung), sympy.Rational(1, rung)]
            for way in ways[: 1 if constant.moves_step else 2]:
                if (found := self._broken_at(constant, way)) is not None:
                    return self._nearest(constant, way, found)
        return None

    def _nearest(self, constant: Constant, broken: sympy.Rational, found: Found) -> Found:
        unbroken = sympy.Integer(1)
        for _ in range(STEPS):
            broken, found = self._polished(constant, unbroken, broken, found)
            middle = (unbroken + 3 * broken) / 4
            better = self._broken_at(constant, middle)
            if better is None:
                unbroken = middle
            else:
                broken, found = middle, better
        return self._simple(constant, found)

    def _simple(self, constant: Constant, found: Found) -> Found:
        """The same configuration at a simple decimal, a little farther from 1, if that is violated."""
        away = math.ceil if found[0] > 1 else math.floor
        for digits in (4, 6):
            factor = sympy.Rational(away(found[0] * 10**digits), 10**digits)
            changed = constant.changed(factor)
            row = self._judged(changed, json.loads(found[1].configuration))
            if row.finding.verdict is Verdict.VIOLATED:
                return float(factor), row, changed
        return found

    def _polished(
        self, constant: Constant, unbroken: sympy.Rational, broken: sympy.Rational, found: Found
    ) -> tuple[sympy.Rational, Found]:
        """The factor nearest to 1 at which one configuration violates the claim."""
        configuration = json.loads(found[1].configuration)
        for _ in range(HALVINGS):
            middle = (unbroken + broken) / 2
            changed = constant.changed(middle)
            row = self._judged(changed, configuration)
            if row.finding.verdict is Verdict.VIOLATED:
                broken, found = middle, (float(middle), row, changed)
            else:
                unbroken = middle
        return broken, found

    def _broken_at(self, constant: Constant, factor: sympy.Rational) -> Found | None:
        """A violation at this factor: by a configuration that came close before, or a new search."""
        changed = constant.changed(factor)
        for configuration in self._close:
            row = self._judged(changed, configuration)
            if row.finding.verdict is Verdict.VIOLATED:
                return float(factor), row, changed
        (own,) = changed.claims
        start = dataclasses.replace(own, witness=next(iter(self._close), own.witness))
        budget = max(1, (self._budget - self.tried) // SHARE)
        arena, _ = self._raced(_with(changed, start), budget)
        if arena.closest is not None and arena.closest not in self._close:
            self._close = [arena.closest, *self._close[: CLOSE - 1]]
        violated = next(iter(arena.violated.values()), None)
        return None if violated is None else (float(factor), violated, changed)

    def _raced(self, theorem: Theorem, budget: int) -> tuple[Arena, Race]:
        arena = Arena(
            theorem, theorem.claims[0], self._experiment, self.among(theorem), budget,
            self._deadline, self._journal(theorem), cautious=True,
        )  # fmt: skip
        found = race(arena, self._seed, {}, watch=self._watch)
        self.tried += arena.spent
        self._spread += found.spread
        self._alive += found.alive
        return arena, found

    def _journal(self, theorem: Theorem) -> Journal:
        return journal_of(
            self._store, theorem, self._experiment, self._lookup, self._seed, {}, "tighten"
        )

    def among(self, theorem: Theorem) -> Lookup:
        """Finds theorems; the changed one, under its own name, where its step limit moves."""
        if not self._moving:
            return self._lookup
        return lambda ref: theorem if ref == theorem.ref else self._lookup(ref)

    def printed(self, found: Found) -> Row:
        """The example judged on the claim as it is printed, at the same steps."""
        factor, example, _ = found
        configuration = json.loads(example.configuration)
        size = configuration.get("step_size")
        if self._moving and isinstance(size, dict) and size.get("of") == self._theorem.ref:
            configuration["step_size"] = {**size, "fraction": size["fraction"] * factor}
        claim = self._theorem.claims[0]
        return Arena(self._theorem, claim, self._experiment, self._lookup, 1).row(configuration)

    def _bound(self, claim: Claim, configuration: Configuration) -> float:
        return self._judged(_with(self._theorem, claim), configuration).finding.bound

    def _judged(self, theorem: Theorem, configuration: Configuration) -> Row:
        claim, lookup = theorem.claims[0], self.among(theorem)
        return Arena(theorem, claim, self._experiment, lookup, 1).row(configuration)


def _with(theorem: Theorem, claim: Claim) -> Theorem:
    return dataclasses.replace(theorem, claims=(claim,))


def _promising(theorem: Theorem, claim: Claim) -> Theorem:
    """The theorem where its claim is better than the trivial value.

    Elsewhere a stronger guarantee would be a smaller allowance. A claim along a trajectory is left
    as it is, since nothing is promised at the start of one.
    """
    varies = any(one.scope.varies for one in closure(claim.statement))
    if claim.trivial is None or (varies and not claim.one_step):
        return theorem
    promised = sympy.Gt(guarantee(claim), 0, evaluate=False)
    if claim.sense in (">=", ">"):
        promised = sympy.Lt(guarantee(claim), 0, evaluate=False)
    promise = Hypothesis("promise", "the bound is better than the trivial value", promised)
    return dataclasses.replace(theorem, hypotheses=(*theorem.hypotheses, promise))


def _mirrored(claim: Claim) -> Claim:
    """The claim about the negatives of both sides, so that a promise below zero is positive."""
    statement = _FLIPPED[claim.sense](-claim.quantity, -claim.bound, evaluate=False)
    return dataclasses.replace(claim, statement=statement)


def _exact(claim: Claim) -> Claim:
    """The claim with the floats of its bound as the fractions that they are."""
    floats = {one: sympy.Rational(one) for one in claim.bound.atoms(sympy.Float)}
    return with_bound(claim, claim.bound.xreplace(floats))


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

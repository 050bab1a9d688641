"""Which claims and hypotheses of a theorem the recorded symbols reach, and what the rest lacks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sympy

from harness.errors import UsageError
from harness.running.task import Reach
from harness.symbols import t as step_index
from harness.vocabulary.definition import needs, read_when
from harness.vocabulary.kinds import Expectation, Probability
from harness.vocabulary.symbol import Quantity
from harness.vocabulary.theorem import Claim, Theorem


@dataclass(frozen=True)
class Cover:
    """What of a theorem can be judged on a recorded run.

    ``lacking``: the symbols that each claim left out would need besides, none for a claim about
    chance; ``unseen``: the same for the hypotheses; ``used``: the symbols that are read;
    ``along``: those read at every state, not at the first one only.
    """

    reach: Reach
    lacking: Mapping[str, tuple[Quantity, ...]]
    unseen: Mapping[str, tuple[Quantity, ...]]
    used: Mapping[str, Quantity]
    along: frozenset[str]


def covered(theorem: Theorem, available: Collection[str], assume: Sequence[str]) -> Cover:
    """The part of the theorem that symbols of these names reach.

    UsageError for an assumption about a hypothesis that they can check.
    """
    lacking = {
        one.id: _lacking(available, *_parts(one))
        for one in theorem.claims
        if _lacking(available, *_parts(one)) or _about_chance(one)
    }
    claims = tuple(one for one in theorem.claims if one.id not in lacking)
    unseen = {
        one.id: missing
        for one in theorem.hypotheses
        if (missing := _lacking(available, *one.relations))
    }
    hypotheses = tuple(one for one in theorem.hypotheses if one.id not in unseen)
    for one in hypotheses:
        if claims and one.id in assume:
            raise UsageError(
                f"--assume {one.id}: the recorded symbols tell whether this hypothesis of "
                f"{theorem.ref} holds, so it cannot be assumed."
            )
    read = [part for claim in claims for part in _parts(claim)]
    read += [part for one in hypotheses for part in one.relations]
    reach = Reach(
        claims=claims,
        hypotheses=hypotheses,
        unchecked={
            name: tuple(one.name for one in missing)
            for name, missing in unseen.items()
            if name not in assume
        },
        assumed=tuple(name for name in unseen if name in assume),
    )
    used = {one.name: one for one in sorted(needs(*read), key=str) if one != step_index}
    along = frozenset(one.name for one in read_when(*read)[1])
    return Cover(reach, lacking, unseen, used, along)


def _parts(claim: Claim) -> list[sympy.Basic]:
    """Everything that judging the claim evaluates."""
    trivial = [] if claim.trivial is None else [sympy.sympify(claim.trivial)]
    return [claim.statement, *trivial]


def _about_chance(claim: Claim) -> bool:
    return isinstance(claim.kind, Probability | Expectation)


def _lacking(available: Collection[str], *parts: sympy.Basic) -> tuple[Quantity, ...]:
    missing = (one for one in needs(*parts) if one != step_index and one.name not in available)
    return tuple(sorted(missing, key=lambda one: one.name))

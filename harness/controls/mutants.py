"""Mutants: the same claim with another bound, to see which of them the same runs would refute.

Two families. *Scaled* ones ask for a guarantee that is 1/0.99 to 2 times as strong. *Structural*
ones change one place in the sympy tree of the bound, definitions included: a constant doubled or
halved, an exponent shifted, a term or a factor left out, Max and Min swapped. Whether such a change
makes the bound stronger is seen from its values, not guessed from the place.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import sympy

from harness.vocabulary.definition import Definition, Root, Unknown, closure, spelled_out
from harness.vocabulary.definition import substituted as replaced
from harness.vocabulary.operators import Prod, Sum
from harness.vocabulary.theorem import Claim

SCALES = tuple(sympy.Rational(share, 100) for share in (99, 98, 95, 90, 80, 70, 50))
"""Shares to which a guarantee is scaled down, or by the inverse of which it is scaled up."""
_EXTREMA = {sympy.Max: sympy.Min, sympy.Min: sympy.Max}
_TEXT = 60


@dataclass(frozen=True)
class Mutant:
    """A changed claim: ``kind`` is scaled, constant, exponent, term, factor or extremum.

    ``scale`` is the share of a scaled mutant (0.99 asks for a guarantee 1/0.99 as strong).
    """

    id: str
    kind: str
    claim: Claim
    scale: float = 0.0


def mutants(claim: Claim) -> list[Mutant]:
    """Every mutant of a claim, scaled ones first, none twice."""
    found = {one.claim.statement: one for one in reversed([*scaled(claim), *structural(claim)])}
    return [one for one in reversed(found.values()) if one.claim.statement != claim.statement]


def scaled(claim: Claim) -> Iterator[Mutant]:
    """The guarantee beyond the trivial value made stronger; without one, the bound itself."""
    for share in SCALES:
        text = f"guarantee x {1 / float(share):.4g}"
        yield Mutant(text, "scaled", scaled_by(claim, share), float(share))


def scaled_by(claim: Claim, share: sympy.Rational) -> Claim:
    """The claim with a guarantee 1/share times as strong: trivial - gain/share, or bound * share."""
    if claim.trivial is not None:
        bound = sympy.sympify(claim.trivial) - guarantee(claim) / share
    else:
        bound = claim.bound / share if claim.sense in (">=", ">") else claim.bound * share
    return with_bound(claim, bound)


def guarantee(claim: Claim) -> sympy.Expr:
    """What the bound promises beyond the trivial value; negative for a claim from below.

    Spelled out, a rate 1 - d gives the small d itself and not the digits left of it.
    """
    gain = sympy.sympify(claim.trivial) - claim.bound
    return gain if gain.has(Prod, Sum) else spelled_out(gain)


def structural(claim: Claim) -> Iterator[Mutant]:
    """One place of the bound, or of a definition it is made of, changed."""
    for kind, text, bound in _variants(claim.bound):
        yield Mutant(f"bound: {text}", kind, with_bound(claim, bound))
    for one in closure(claim.bound):
        if not isinstance(one, Definition) or isinstance(one, Root):
            continue
        if any(isinstance(part, Unknown) for part in closure(one.expression)):
            continue
        for kind, text, changed in _variants(one.expression):
            if changed.free_symbols or changed.is_finite:
                bound = replaced(claim.bound, {one: _rebuilt(one, changed)})
                yield Mutant(f"{one.name}: {text}", kind, with_bound(claim, bound))


def _rebuilt(one: Definition, expression: sympy.Expr) -> Definition:
    return one.rebuilt(lambda _: expression)


def with_bound(claim: Claim, bound: sympy.Expr) -> Claim:
    """The same claim about another bound."""
    statement = claim.statement.func(claim.quantity, bound, evaluate=False)
    return dataclasses.replace(claim, statement=statement)


def _variants(expression: sympy.Expr) -> Iterator[tuple[str, str, sympy.Expr]]:
    """Kind, description and result of each single change anywhere in the expression."""
    for kind, changed in _here(expression):
        if not changed.has(sympy.nan, sympy.zoo):
            yield kind, f"{_short(expression)} -> {_short(changed)}", changed
    for index, part in enumerate(expression.args):
        for kind, text, changed in _variants(part):
            parts = (*expression.args[:index], changed, *expression.args[index + 1 :])
            yield kind, text, expression.func(*parts)


def _here(expression: sympy.Expr) -> Iterator[tuple[str, sympy.Expr]]:
    """The changes at the root of the expression."""
    if expression.is_Add:
        for term in expression.args:
            yield "term", expression - term
    elif expression.is_Mul:
        number = expression.as_coeff_Mul()[0]
        if number.is_Rational and abs(number) != 1:
            yield "constant", expression * 2
            yield "constant", expression / 2
        for factor in expression.args:
            if not factor.is_number:
                yield "factor", sympy.Mul(*(one for one in expression.args if one is not factor))
    elif expression.is_Pow and expression.exp.is_Rational and expression.exp != -1:
        yield "exponent", expression.base ** (expression.exp + 1)
        yield "exponent", expression.base ** (expression.exp - 1)
    elif type(expression) in _EXTREMA:
        yield "extremum", _EXTREMA[type(expression)](*expression.args)


def _short(expression: sympy.Basic) -> str:
    text = str(expression)
    return text if len(text) <= _TEXT else f"{text[: _TEXT - 3]}..."

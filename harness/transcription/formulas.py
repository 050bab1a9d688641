"""The formulas of a docstring against the expressions of the file: a slip in either shows.

A claim is stated in the docstring on an indented line of its own, ``one-step: L(t+1) <= f L(t)``,
continued on lines indented further (``one-step@2:`` where versions differ); a definition as
``p1 = max(sigma_min(Y) - |E(0)|_F, 0)``. Two spaces end a formula, what follows is a comment.
Products are written side by side; ``prod(f, k < t)`` and ``sum(f, k < t)`` run over earlier steps.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping

import sympy
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication,
    parse_expr,
    standard_transformations,
)

from harness.errors import UsageError
from harness.transcription.spelling import spellings
from harness.vocabulary.definition import Definition, Root, at_time, symbols_in
from harness.vocabulary.operators import Prod, Sum, expm1
from harness.vocabulary.symbol import AtTime, Named
from harness.vocabulary.theorem import Claim, Theorem

DIGITS = 30
POINTS = 8
AGREEMENT = sympy.Float("1e-20", DIGITS)
"""Largest relative difference of two formulas that count as the same."""

_FUNCTIONS = {
    "max": sympy.Max, "min": sympy.Min, "sqrt": sympy.sqrt, "exp": sympy.exp, "log": sympy.log,
    "cosh": sympy.cosh, "abs": sympy.Abs, "prod": Prod, "sum": Sum,
}  # fmt: skip
_BARE = {
    name: getattr(sympy, name) for name in ("Integer", "Float", "Rational", "Symbol", "Function")
}
_SIGNS = {"<=": sympy.Le, ">=": sympy.Ge, "<": sympy.Lt, ">": sympy.Gt, "=": sympy.Eq}
_MARKED = re.compile(r"<=|>=|<|>|=")
_OVER_STEPS = re.compile(r",\s*k\s*<\s*t\s*\)")


def disagreements(theorem: Theorem) -> list[str]:
    """One sentence for each formula of the docstring that is not that of the claim or definition.

    Also for one that stands where a claim is stated but cannot be read. A formula that is missing
    is no disagreement, see :func:`unstated`.
    """
    table = spellings(theorem)
    found = []
    for claim in theorem.claims:
        for text in _of_claim(theorem, claim):
            found += _compared(f"claim {claim.id}", text, claim.statement, table)
    return found + definition_disagreements(theorem.doc, theorem.definitions, table)


def definition_disagreements(
    doc: str, definitions: Iterable[Definition], table: Mapping[str, sympy.Expr]
) -> list[str]:
    """The same for the definitions among those given that the docstring states in a formula.

    What cannot be read is taken for prose: a definition need not be stated.
    """
    found = []
    for one in definitions:
        for text in readable(doc, one, table):
            if not _same(expression(text, table), one.expression):
                found.append(
                    f"{one.name}: the docstring has “{text}”, the file “{one.expression}”, "
                    "which is not the same"
                )
    return found


def readable(doc: str, one: Definition, table: Mapping[str, sympy.Expr]) -> list[str]:
    """The formulas that the docstring gives for a definition; none for a root."""
    found = []
    for text in () if isinstance(one, Root) else stated(doc, one.name, "="):
        try:
            expression(text, table)
        except UsageError:
            continue
        found.append(text)
    return found


def unstated(theorem: Theorem) -> list[str]:
    """The claims that the docstring does not state in a formula that can be read."""
    table = spellings(theorem)

    def reads(text: str) -> bool:
        try:
            relation(text, table)
        except UsageError:
            return False
        return True

    return [
        claim.id
        for claim in theorem.claims
        if not any(reads(text) for text in _of_claim(theorem, claim))
    ]


def _of_claim(theorem: Theorem, claim: Claim) -> Iterator[str]:
    """What the docstring states of a claim in this version, or in all of them."""
    for name in (f"{claim.id}@{theorem.version}", claim.id):
        yield from stated(theorem.doc, name, ":")


def stated(doc: str, name: str, mark: str) -> Iterator[str]:
    """What stands after ``name`` and the mark on indented lines, with its continuation lines."""
    lines = doc.splitlines()
    for index, line in enumerate(lines):
        match = re.search(rf"(?:^\s+|,\s{{2,}}){re.escape(name)}\s*{mark}\s+(.*)", line)
        if match is None:
            continue
        text = [match.group(1).strip()]
        indent = len(line) - len(line.lstrip())
        for following in lines[index + 1 :]:
            if not following.startswith(" " * (indent + 1)):
                break
            text.append(following.strip())
        # two spaces end a formula: a comment or the next one follows
        formula = re.split(r"\s{2,}", " ".join(text))[0].rstrip(".,;")
        if mark == "=" or _MARKED.search(formula):
            yield formula


def relation(text: str, table: Mapping[str, sympy.Expr]) -> Relational:
    """The comparison that a formula states; UsageError when it cannot be read."""
    depth, cuts = 0, []
    for match in re.finditer(r"[()]|<=|>=|<|>|=", text):
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        if depth == 0 and match.group() in _SIGNS:
            cuts.append(match)
    if len(cuts) != 1:
        raise UsageError(f"“{text}” holds {len(cuts)} comparisons; one formula states one.")
    (cut,) = cuts
    sides = (expression(part, table) for part in (text[: cut.start()], text[cut.end() :]))
    found = _SIGNS[cut.group()](*sides, evaluate=False)
    assert isinstance(found, Relational)
    return found


def expression(text: str, table: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """The expression that a formula spells; UsageError, naming the word, when it cannot be read."""
    values: dict[str, sympy.Expr] = {}
    names = {spelling: f"q{index}_" for index, spelling in enumerate(table)}

    def placed(match: re.Match[str]) -> str:
        name = names[match.group()]
        values[name] = table[match.group()]
        return f" {name} "

    plain = _pattern(table).sub(placed, _OVER_STEPS.sub(")", " ".join(text.split())))
    rules = (*standard_transformations, implicit_multiplication, convert_xor)
    try:
        found = parse_expr(plain, {**_FUNCTIONS, **values}, rules, dict(_BARE))
    except Exception as error:
        # Python says of prose whatever it likes
        raise UsageError(f"“{text}” is no formula ({type(error).__name__}).") from error
    if not isinstance(found, sympy.Expr):
        raise UsageError(f"“{text}” is no formula (a {type(found).__name__}).")
    unknown = [one for one in found.free_symbols if not isinstance(one, Named)]
    unknown += [call.func for call in found.atoms(AppliedUndef)]
    if unknown:
        raise UsageError(f"“{text}” speaks of {min(map(str, unknown))}, which has no meaning here.")
    return found


def _pattern(table: Mapping[str, sympy.Expr]) -> re.Pattern[str]:
    """Any spelling, the longest first; letters and digits around a name make it another one."""

    def bounded(spelling: str) -> str:
        before = r"(?<!\w)" if re.match(r"\w", spelling) else ""
        after = r"(?!\w)" if re.search(r"\w$", spelling) else ""
        return before + re.escape(spelling) + after

    return re.compile("|".join(bounded(one) for one in sorted(table, key=len, reverse=True)))


def _compared(
    place: str, text: str, meant: Relational, table: Mapping[str, sympy.Expr]
) -> list[str]:
    try:
        written = relation(text, table)
    except UsageError as error:
        return [f"{place}: the formula {error}"]
    if _strict(written) != _strict(meant):
        return [f"{place}: the docstring has “{text}”, the file the comparison {meant.rel_op}"]
    gaps = [_gap(one) for one in (written, meant)]
    if _same(*gaps) or (isinstance(meant, sympy.Eq) and _same(gaps[0], -gaps[1])):
        return []
    return [f"{place}: the docstring has “{text}”, the file “{meant}”, which is not the same"]


def _strict(one: Relational) -> str:
    return {"<": "<", ">": "<", "<=": "<=", ">=": "<="}.get(one.rel_op, "==")


def _gap(one: Relational) -> sympy.Expr:
    """What must not be negative; for an equation, what must be zero."""
    return one.lhs - one.rhs if isinstance(one, sympy.Eq) else one.gts - one.lts


def _same(one: sympy.Expr, two: sympy.Expr) -> bool:
    """Whether both are the same function of the measured symbols: exactly, else at random points."""
    if one == two or sympy.expand(one - two) == 0:
        return True
    compared = 0
    for point in range(POINTS):
        values = _Values(point)
        left, right = values.of(one), values.of(two)
        if not (left.is_finite and right.is_finite):
            continue
        if abs(left - right) > AGREEMENT * (abs(left) + abs(right)):
            return False
        compared += 1
    return compared > 0


class _Values:
    """Numbers at one point, each definition worked out once; NaN where there is none.

    What is measured, and a root, is a random number: positive at the first points, of either sign
    at the others. An operator over steps counts as some function of what it runs over.
    """

    def __init__(self, point: int) -> None:
        self._point = point
        self._known: dict[Named, sympy.Expr] = {}

    def of(self, expression: sympy.Expr) -> sympy.Expr:
        """The value of an expression."""
        try:
            plain = expression.xreplace({one: self._of(one) for one in symbols_in(expression)})
            plain = plain.replace(Prod, lambda one: sympy.exp(one / 7) + 1)
            plain = plain.replace(Sum, lambda one: sympy.exp(one / 5) + 2)
            plain = plain.replace(expm1, lambda one: sympy.exp(one) - 1)
        except ValueError:
            # the larger of two complex numbers
            return sympy.nan
        return plain.evalf(DIGITS)

    def _of(self, one: Named) -> sympy.Expr:
        if one not in self._known:
            base = one.base if isinstance(one, AtTime) else one
            if isinstance(base, Definition) and not isinstance(base, Root):
                inner = base.expression
                self._known[one] = self.of(
                    at_time(inner, one.step) if isinstance(one, AtTime) else inner
                )
            else:
                self._known[one] = self._number(one.name)
        return self._known[one]

    def _number(self, name: str) -> sympy.Float:
        share = sympy.Rational(random.Random(f"{name} {self._point}").getrandbits(100), 2**100)
        low = sympy.Rational(1, 10) if self._point < POINTS // 2 else sympy.Integer(-3)
        return (low + share * (3 - low)).evalf(DIGITS)

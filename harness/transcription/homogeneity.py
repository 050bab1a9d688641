"""Whether both sides of every relation scale alike: the dimensional analysis of a theorem.

A power of K lost in copying, or an alpha0 squared that should not be, shows where terms are added,
compared, or put into an exponential: their degrees differ. Degrees are worked out by recursion over
the expression. Zero fits any degree, and a power with an exponent that does not scale multiplies
the degree by that exponent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import sympy

from harness.symbols import eta, t
from harness.vocabulary.definition import Definition, Root, Unknown
from harness.vocabulary.kinds import Probability
from harness.vocabulary.link import Link
from harness.vocabulary.operators import Prod, Sum, expm1
from harness.vocabulary.scaling import Scaling
from harness.vocabulary.symbol import AtTime, Named
from harness.vocabulary.theorem import Claim, Theorem

Degree: TypeAlias = sympy.Expr | None
"""None: zero or infinity, which fit any degree."""

_DIMENSIONLESS = (sympy.exp, sympy.log, sympy.sinh, sympy.cosh, sympy.tanh, expm1)
_SHOWN = 50


def misfits(theorem: Theorem) -> list[str]:
    """One sentence for each place where a declared scaling is not followed, naming the place.

    Empty when everything scales as it must, or when the theorem declares no scaling.
    """
    return [text for scaling in theorem.scalings for text in _misfits(theorem, scaling)]


def _misfits(theorem: Theorem, scaling: Scaling) -> Iterator[str]:
    degrees = _Degrees(scaling)
    for claim in theorem.claims:
        place = f"claim {claim.id}"
        degrees.stated(place, claim)
        if isinstance(claim.kind, Probability):
            degrees.invariant(place, claim.kind.delta)
    for link in theorem.chain:
        degrees.stated(f"link {link.id}", link)
    for hypothesis in theorem.hypotheses:
        for relation in hypothesis.relations:
            degrees.alike(f"hypothesis {hypothesis.id}", relation.args)
    if theorem.step:
        limits = {} if theorem.step.limit is None else {"step limit": theorem.step.limit}
        rules = {f"step rule {name}": rule for name, rule in theorem.step.rules.items()}
        for place, size in {**limits, **rules}.items():
            degrees.alike(place, (eta, size))
    yield from dict.fromkeys(degrees.found)


class _Degrees:
    """Degrees under one scaling, each definition worked out once; ``found`` collects misfits."""

    def __init__(self, scaling: Scaling) -> None:
        self._scaling = scaling
        self._known: dict[Named, Degree] = {}
        self.found: list[str] = []

    def of(self, place: str, expression: sympy.Expr) -> Degree:
        """The degree of the expression; where its terms differ, that of the first of them."""
        if expression.is_number:
            return None if expression.is_zero or expression.is_infinite else sympy.S.Zero
        if isinstance(expression, Named):
            return self._of_symbol(expression)
        if isinstance(expression, sympy.Add | sympy.Max | sympy.Min):
            return self.alike(place, sorted(expression.args, key=sympy.default_sort_key))
        if isinstance(expression, sympy.Mul):
            parts = [self.of(place, part) for part in expression.args]
            return None if None in parts else sympy.expand(sympy.Add(*parts))
        if isinstance(expression, sympy.Pow):
            return self._of_power(place, expression.base, expression.exp)
        if isinstance(expression, _DIMENSIONLESS):
            return self.invariant(place, expression.args[0])
        if isinstance(expression, sympy.Abs | Sum):
            return self.of(place, expression.args[0])
        if isinstance(expression, Prod):
            each = self.of(place, expression.args[0])
            return None if each is None else sympy.expand(each * t)
        self.found.append(f"{self._at(place)}: “{_short(expression)}” has no rule for its degree")
        return sympy.S.Zero

    def stated(self, place: str, one: Claim | Link) -> None:
        """Both sides of a claim or link, and what would hold anyway."""
        degree = self.alike(place, one.statement.args)
        if one.trivial is not None:
            trivial = sympy.sympify(one.trivial)
            self.match(place, one.statement.rhs, degree, trivial, self.of(place, trivial))

    def alike(self, place: str, parts: Iterable[sympy.Expr]) -> Degree:
        """The common degree of the parts; a misfit where two of them differ."""
        first: tuple[sympy.Expr, Degree] | None = None
        for part in parts:
            degree = self.of(place, part)
            if degree is None:
                continue
            if first is None:
                first = part, degree
            else:
                self.match(place, *first, part, degree)
        return first[1] if first else None

    def match(
        self, place: str, one: sympy.Expr, degree: Degree, two: sympy.Expr, other: Degree
    ) -> None:
        """A misfit where two terms differ in degree."""
        if degree is None or other is None or sympy.expand(degree - other) == 0:
            return
        self.found.append(
            f"{self._at(place)}: “{_short(one)}” and “{_short(two)}” scale as "
            f"{self._power(degree)} and {self._power(other)}"
        )

    def invariant(self, place: str, expression: sympy.Expr) -> Degree:
        """Degree 0, which the argument of an exponential, an exponent or a probability must have."""
        degree = self.of(place, expression)
        if degree is not None and degree != 0:
            self.found.append(
                f"{self._at(place)}: “{_short(expression)}” scales as {self._power(degree)} "
                "where only a pure number makes sense"
            )
        return sympy.S.Zero

    def _of_symbol(self, symbol: Named) -> Degree:
        if isinstance(symbol, AtTime):
            return self._of_symbol(symbol.base)
        if symbol not in self._known:
            if symbol in self._scaling.degrees or not isinstance(symbol, Definition):
                degree = self._scaling.degrees.get(symbol, 0)
                self._known[symbol] = sympy.sympify(degree)
            elif isinstance(symbol, Root):
                self._known[symbol] = self._of_root(symbol)
            else:
                self._known[symbol] = self.of(symbol.name, symbol.expression)
        return self._known[symbol]

    def _of_power(self, place: str, base: sympy.Expr, exponent: sympy.Expr) -> Degree:
        self.invariant(place, exponent)
        degree = self.of(place, base)
        return None if degree is None else sympy.expand(degree * exponent)

    def _of_root(self, root: Root) -> Degree:
        """The degree of the unknown that lets the terms of the equation agree."""
        degree = self._solved(root)
        inside = _Degrees(self._scaling)
        inside._known = {**self._known, root.unknown: degree}
        inside.of(root.name, root.expression)
        self.found += inside.found
        for end in (root.low, root.high):
            self.match(root.name, end, self.of(root.name, end), root, degree)
        return degree

    def _solved(self, root: Root) -> sympy.Expr:
        trial = _Trial(self._scaling, root.unknown)
        trial.of(root.name, root.expression)
        for difference in trial.differences:
            if difference.has(trial.unknown) and (found := sympy.solve(difference, trial.unknown)):
                return found[0]
        ends = (self.of(root.name, end) for end in (root.low, root.high))
        return next((degree for degree in ends if degree is not None), sympy.S.Zero)

    def _at(self, place: str) -> str:
        return f"scaling {self._scaling.name}, {place}"

    def _power(self, degree: sympy.Expr) -> str:
        power = str(degree) if degree.is_Integer or degree.is_Symbol else f"({degree})"
        return f"{self._scaling.name}^{power}"


class _Trial(_Degrees):
    """Degrees while that of a root's unknown is still open: differences become its equations."""

    def __init__(self, scaling: Scaling, unknown: Unknown) -> None:
        super().__init__(scaling)
        self.unknown = sympy.Dummy("degree")
        self._known[unknown] = self.unknown
        self.differences: list[sympy.Expr] = []

    def match(
        self, place: str, one: sympy.Expr, degree: Degree, two: sympy.Expr, other: Degree
    ) -> None:
        if degree is not None and other is not None:
            self.differences.append(sympy.expand(degree - other))

    def invariant(self, place: str, expression: sympy.Expr) -> Degree:
        degree = self.of(place, expression)
        if degree is not None:
            self.differences.append(degree)
        return sympy.S.Zero


def _short(expression: sympy.Basic) -> str:
    text = str(expression)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."

"""Evaluates the expressions of a theorem in one algebra, definitions first and once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

import sympy

from harness.expressions.compile import compiled
from harness.vocabulary.definition import Definition, Root, at_time
from harness.vocabulary.operators import Prod, Sum
from harness.vocabulary.symbol import NEXT, AtTime, Named


class Algebra(Protocol):
    """What the evaluator asks of floats, intervals or balls beyond arithmetic."""

    name: str

    def applied(self, function: Callable[..., Any], values: Sequence[Any]) -> Any:
        """A compiled function of these values, a plain number made a value of the algebra."""

    def later(self, value: Any) -> Any:
        """The value one step later."""

    def at(self, value: Any, step: int) -> Any:
        """The value at a step."""

    def product_before(self, value: Any) -> Any:
        """Product over earlier steps."""

    def product_of_complement_before(self, value: Any) -> Any:
        """Product of (1 - value) over earlier steps."""

    def sum_before(self, value: Any) -> Any:
        """Sum over earlier steps."""

    def root(self, root: Root, evaluate: Evaluator) -> Any:
        """An enclosure of an implicitly defined number."""


class MissingSymbol(Exception):
    """A symbol has no value here."""


class Evaluator:
    """Values of expressions over a block of rows, given the values of the measured symbols.

    Definitions are evaluated once and remembered, so a small quantity d keeps its own digits
    where the text says 1 - d.
    """

    def __init__(self, algebra: Algebra, values: Mapping[Named, Any]) -> None:
        self._algebra = algebra
        self._values: dict[Named, Any] = dict(values)

    def __call__(self, expression: sympy.Expr | int) -> Any:
        """The value of the expression; raises MissingSymbol when a symbol was not measured."""
        expression = sympy.sympify(expression)
        plain, arguments = _split(expression)
        values = [
            self._over_steps(one.node) if isinstance(one, _Placeholder) else self.value(one)
            for one in arguments
        ]
        function = compiled(plain, arguments, self._algebra.name)
        return self._algebra.applied(function, values)

    def extended(self, values: Mapping[Named, Any], algebra: Algebra | None = None) -> Evaluator:
        """An evaluator that adds values of its own and shares what is independent of them.

        What the parent evaluates for it is remembered by the parent, hence computed once.
        """
        return _Extended(algebra or self._algebra, values, self)

    def narrowed(self, part: Callable[[Any], Any]) -> Evaluator:
        """An evaluator of a part of every value known so far."""
        return Evaluator(self._algebra, {one: part(known) for one, known in self._values.items()})

    def value(self, one: Named) -> Any:
        """The value of a symbol or definition."""
        if one not in self._values:
            self._values[one] = self._derive(one)
        return self._values[one]

    def knows(self, one: Named) -> bool:
        """Whether the symbol has been given or worked out already."""
        return one in self._values

    def _derive(self, one: Named) -> Any:
        if isinstance(one, Root):
            return self._algebra.root(one, self)
        if isinstance(one, Definition):
            return self(one.expression)
        if isinstance(one, AtTime):
            if isinstance(one.base, Definition):
                shifted = one.base.rebuilt(lambda inner: at_time(inner, one.step))
                return self.value(shifted)
            base = self.value(one.base)
            if one.step == NEXT:
                return self._algebra.later(base)
            return self._algebra.at(base, one.step)
        raise MissingSymbol(f"{one.name} was not measured")

    def _over_steps(self, node: Prod | Sum) -> Any:
        inner = node.args[0]
        if isinstance(node, Sum):
            return self._algebra.sum_before(self(inner))
        while isinstance(inner, Definition) and not isinstance(inner, Root):
            if not inner.expression.is_Add:
                break
            inner = inner.expression
        if inner.is_Add and sympy.S.One in inner.args:
            return self._algebra.product_of_complement_before(self(1 - inner))
        return self._algebra.product_before(self(inner))


class _Placeholder(sympy.Dummy):
    """Stands for a product or sum over steps while the rest is compiled."""

    __slots__ = ("node",)

    def __new__(cls, node: sympy.Function) -> _Placeholder:
        created: _Placeholder = super().__new__(cls, "over_steps", real=True)
        created.node = node
        return created


class _Extended(Evaluator):
    def __init__(self, algebra: Algebra, values: Mapping[Named, Any], parent: Evaluator) -> None:
        super().__init__(algebra, values)
        self._own = frozenset(values)
        self._parent = parent
        self._dependent: dict[Named, bool] = {}

    def value(self, one: Named) -> Any:
        if one not in self._values and not self._depends(one):
            return self._parent.value(one)
        return super().value(one)

    def knows(self, one: Named) -> bool:
        return super().knows(one) or self._parent.knows(one)

    def _depends(self, one: Named) -> bool:
        """Whether the symbol is made of any of this evaluator's own values."""
        if one not in self._dependent:
            if one in self._own or self._parent.knows(one):
                answer = one in self._own
            elif isinstance(one, Definition):
                answer = any(self._depends(part) for part in one.parents())
            else:
                answer = isinstance(one, AtTime) and self._depends(one.base)
            self._dependent[one] = answer
        return self._dependent[one]


@cache
def _split(expression: sympy.Expr) -> tuple[sympy.Expr, tuple[Any, ...]]:
    """The expression with its products and sums over steps made symbols, and all its symbols."""
    swaps = {node: _Placeholder(node) for node in _outermost_operators(expression)}
    plain = expression.xreplace(swaps)
    return plain, tuple(sorted(plain.free_symbols, key=lambda one: str(one.name)))


def _outermost_operators(expression: sympy.Basic) -> list[sympy.Function]:
    if isinstance(expression, Prod | Sum):
        return [expression]
    return [node for arg in expression.args for node in _outermost_operators(arg)]

"""Definitions: intermediate symbols that carry their expression, implicit ones, and parameters.

A definition is a symbol to sympy, so an expression stays as readable as in the paper, and
``1 - d`` keeps the small number d apart from the 1 it would otherwise be rounded into.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, Self, TypeVar

import sympy

from harness.errors import UsageError
from harness.vocabulary.operators import Prod, Sum
from harness.vocabulary.symbol import NEXT, AtTime, Named, Quantity, Scope

E = TypeVar("E", bound=sympy.Basic)
_ORDER = (Scope.CONFIGURATION, Scope.RUN, Scope.STEP, Scope.TRANSITION)


def latest(symbols: frozenset[Named]) -> Scope:
    """The scope of something built from these symbols: that of the one known last."""
    return max((s.scope for s in symbols), key=_ORDER.index, default=Scope.CONFIGURATION)


@cache
def symbols_in(expression: sympy.Basic) -> frozenset[Named]:
    """The symbols written in the expression itself; UsageError for a bare sympy Symbol."""
    found: set[Named] = set()
    for free in expression.free_symbols:
        if not isinstance(free, Named):
            raise UsageError(
                f"{free} in “{expression}” is a plain sympy symbol; declare it with "
                f'symbol("{free}", "its meaning", "run") so that experiments can emit it.'
            )
        found.add(free)
    return frozenset(found)


class Definition(Named):
    """A named expression. Two definitions are the same when name and expression are."""

    __slots__ = ("expression", "latex_name", "text")
    _fields: ClassVar[tuple[str, ...]] = ("expression", "text", "latex_name")
    expression: sympy.Expr
    text: str
    latex_name: str

    def __new__(
        cls, name: str, expression: sympy.Expr | int, text: str = "", latex_name: str = ""
    ) -> Self:
        created = cls._create(name)
        created.expression = sympy.sympify(expression)
        created.text = text
        created.latex_name = latex_name or sympy.latex(sympy.Symbol(name))
        symbols_in(created.expression)
        return created

    @property
    def scope(self) -> Scope:
        return latest(self.parents())

    def parents(self) -> frozenset[Named]:
        """The symbols this one is made of."""
        return symbols_in(self.expression)

    def spelled(self) -> str:
        """Everything its value depends on, as text: what fingerprints are made of."""
        return str(sympy.srepr(self.expression))

    def rebuilt(self, change: Callable[[sympy.Expr], sympy.Expr]) -> Definition:
        """The same definition with ``change`` applied to its expression."""
        return type(self)(self.name, change(self.expression), self.text, self.latex_name)

    def _latex(self, printer: Any) -> str:
        return self.latex_name


class Unknown(Named):
    """The unknown of a root: a number that exists only inside its equation."""

    __slots__ = ()

    def __new__(cls, name: str) -> Self:
        return cls._create(name)

    @property
    def scope(self) -> Scope:
        return Scope.CONFIGURATION


class Root(Definition):
    """A number defined implicitly: where ``expression``, negative before it, reaches zero.

    The expression is a function of ``unknown`` on the bracket ``low < unknown < high``. With
    ``smallest=False`` the theorem guarantees a single sign change; with ``smallest=True`` the
    first one is meant, and every point before it is checked to be negative. Below ``low`` the
    author vouches for the sign.
    """

    __slots__ = ("high", "low", "smallest", "unknown")
    _fields: ClassVar[tuple[str, ...]] = (
        "expression",
        "unknown",
        "low",
        "high",
        "smallest",
        "text",
        "latex_name",
    )
    unknown: Unknown
    low: sympy.Expr
    high: sympy.Expr
    smallest: bool

    def __new__(
        cls,
        name: str,
        expression: sympy.Expr,
        unknown: Unknown,
        low: sympy.Expr | int = 0,
        high: sympy.Expr | int = sympy.oo,
        smallest: bool = False,
        text: str = "",
        latex_name: str = "",
    ) -> Self:
        inlined = _inlined(sympy.sympify(expression), unknown)
        created = super().__new__(cls, name, inlined, text, latex_name)
        created.unknown = unknown
        created.low = sympy.sympify(low)
        created.high = sympy.sympify(high)
        created.smallest = smallest
        return created

    def parents(self) -> frozenset[Named]:
        parts = (self.expression, self.low, self.high)
        return frozenset().union(*(symbols_in(part) for part in parts)) - {self.unknown}

    def spelled(self) -> str:
        ends = f"{sympy.srepr(self.low)} .. {sympy.srepr(self.high)}"
        which = "first" if self.smallest else "only"
        return f"{which} root in {self.unknown.name} of {super().spelled()} on {ends}"

    def rebuilt(self, change: Callable[[sympy.Expr], sympy.Expr]) -> Root:
        return Root(
            self.name,
            change(self.expression),
            self.unknown,
            change(self.low),
            change(self.high),
            self.smallest,
            self.text,
            self.latex_name,
        )


def spelled_out(expression: sympy.Expr) -> sympy.Expr:
    """The expression with its definitions, one level of them, replaced by their expressions."""
    swaps = {
        one: one.expression
        for one in symbols_in(expression)
        if isinstance(one, Definition) and not isinstance(one, Root)
    }
    return sympy.expand(expression.xreplace(swaps)) if swaps else expression


def _inlined(expression: sympy.Expr, unknown: Unknown) -> sympy.Expr:
    """The expression with every definition that depends on the unknown replaced by its own."""
    swaps = {
        one: _inlined(one.expression, unknown)
        for one in symbols_in(expression)
        if isinstance(one, Definition) and unknown in closure(one.expression)
    }
    return expression.xreplace(swaps)


class Parameter(Named):
    """A free constant of the theorem itself (c1, delta): an open interval and values to try."""

    __slots__ = ("grid", "high", "latex_name", "low", "text")
    _fields: ClassVar[tuple[str, ...]] = ("low", "high", "grid", "text", "latex_name")
    low: float
    high: float
    grid: tuple[float, ...]
    text: str
    latex_name: str

    def __new__(
        cls,
        name: str,
        low: float,
        high: float,
        grid: tuple[float, ...],
        text: str = "",
        latex_name: str = "",
    ) -> Self:
        if not grid or not all(low < value < high for value in grid):
            raise UsageError(
                f"parameter {name}: its grid {list(grid)} must lie inside {low} .. {high}."
            )
        created = cls._create(name)
        created.low, created.high, created.grid = low, high, tuple(grid)
        created.text, created.latex_name = text, latex_name or sympy.latex(sympy.Symbol(name))
        return created

    @property
    def scope(self) -> Scope:
        return Scope.CONFIGURATION

    def _latex(self, printer: Any) -> str:
        return self.latex_name


@cache
def closure(*expressions: sympy.Basic) -> tuple[Named, ...]:
    """Every symbol the expressions are made of, definitions included, each after its parts."""
    found: dict[Named, None] = {}

    def visit(one: Named) -> None:
        if one in found:
            return
        if isinstance(one, Definition):
            inner = one.parents()
        else:
            inner = frozenset({one.base} if isinstance(one, AtTime) else ())
        for part in sorted(inner, key=lambda s: s.name):
            visit(part)
        found[one] = None

    for expression in expressions:
        for one in sorted(symbols_in(expression), key=lambda s: s.name):
            visit(one)
    return tuple(found)


def needs(*expressions: sympy.Basic) -> set[Quantity]:
    """The symbols an experiment must emit, or the configuration hold, for these expressions."""
    return {one for one in closure(*expressions) if isinstance(one, Quantity)}


@cache
def looks_ahead(expression: sympy.Basic) -> bool:
    """Whether the expression speaks of the step that follows, so that the last state has none.

    A product or sum over the steps before this one does not.
    """
    over_steps = {node: sympy.Dummy() for node in expression.atoms(Prod, Sum)}
    named = [one for one in expression.xreplace(over_steps).free_symbols if isinstance(one, Named)]
    return any(
        not fixed
        and (
            (isinstance(one, AtTime) and one.step == NEXT)
            or (isinstance(one, Quantity) and one.scope is Scope.TRANSITION)
        )
        for one, fixed in _readings(*named)
    )


def substituted(expression: E, changes: dict[Named, sympy.Expr]) -> E:
    """The expression with symbols replaced at every depth, inside definitions too."""
    memo: dict[Named, sympy.Expr] = {key: sympy.sympify(to) for key, to in changes.items()}

    def replace(one: Named) -> sympy.Expr:
        if one not in memo:
            memo[one] = one
            if isinstance(one, Definition):
                rebuilt = one.rebuilt(apply)
                memo[one] = one if rebuilt == one else rebuilt
            elif isinstance(one, AtTime):
                memo[one] = at_time(replace(one.base), one.step)
        return memo[one]

    def apply(inner: sympy.Basic) -> Any:
        swaps = {one: replace(one) for one in inner.free_symbols if isinstance(one, Named)}
        return inner.xreplace({key: to for key, to in swaps.items() if key != to})

    result: E = apply(expression)
    return result


def at_time(expression: sympy.Expr, step: int) -> sympy.Expr:
    """The expression with every quantity that changes during a run read at ``step``."""
    if expression.has(Prod, Sum):
        raise UsageError(f"“{expression}” runs over steps already; it cannot be read at one step.")
    swaps: dict[Named, Named] = {}
    for one in symbols_in(expression):
        if isinstance(one, AtTime) and one.step == NEXT:
            if step == NEXT:
                raise UsageError(f"“{expression}” speaks of the next step already.")
            swaps[one] = AtTime(one.base, step + 1)
        elif one.scope.varies:
            swaps[one] = AtTime(one, step)
    return expression.xreplace(swaps)


def read_when(*expressions: sympy.Basic) -> tuple[set[Quantity], set[Quantity]]:
    """The measured symbols read at the start (run symbols included), and those read at every step.

    What is read at step 0 only need not be measured along the way; what belongs to a step is
    known only once the step is taken.
    """
    at_start: set[Quantity] = set()
    along: set[Quantity] = set()
    for one, initially in _readings(*expressions):
        if isinstance(one, Quantity) and one.scope is not Scope.CONFIGURATION:
            known = one.scope is Scope.RUN or (one.scope is Scope.STEP and initially)
            (at_start if known else along).add(one)
    return at_start, along


def _readings(*expressions: sympy.Basic) -> set[tuple[Named, bool]]:
    """Every symbol the expressions are made of, and whether it is read at a fixed step."""
    seen: set[tuple[Named, bool]] = set()

    def visit(one: Named, fixed: bool) -> None:
        if (one, fixed) in seen:
            return
        seen.add((one, fixed))
        if isinstance(one, Definition):
            for parent in one.parents():
                visit(parent, fixed)
        elif isinstance(one, AtTime):
            visit(one.base, fixed or one.step == 0)

    for expression in expressions:
        for one in symbols_in(expression):
            visit(one, False)
    return seen

"""A counterexample as a script of its own: Python with mpmath, nothing of this project.

The experiment's engine writes how its quantities follow from exact numbers; the theorem's
definitions, hypotheses and the claim are printed from their expressions. What changes during a run
is a function of the step, so that a product over steps is a loop.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import sympy
from sympy.core.relational import Relational
from sympy.printing.pycode import PythonCodePrinter

from harness.judging.row import Row
from harness.storing.table import reproduce
from harness.vocabulary.definition import Definition, Parameter, Root, closure
from harness.vocabulary.symbol import NEXT, AtTime, Named, Quantity, Scope
from harness.vocabulary.theorem import Claim, Hypothesis, Theorem


class Scripting(Protocol):
    """An engine that can write its quantities as source text."""

    def script(
        self,
        configuration: Mapping[str, Any],
        step_sizes: Sequence[float],
        wanted: frozenset[str],
    ) -> str | None:
        """Source that defines the wanted symbols along the exact run with these step sizes.

        Run symbols as numbers, the others as functions of the step. It may use ``mp`` (mpmath),
        ``matrix`` (from rows of texts such as "1/3"), ``number`` (from one such text) and
        ``cache``. None where it cannot.
        """


HEAD = """
import sys
from fractions import Fraction
from functools import cache
from mpmath import mp

mp.dps = 50

def number(text):
    return mp.mpf(Fraction(text).numerator) / Fraction(text).denominator

def matrix(rows):
    return mp.matrix([[number(text) for text in row] for row in rows])

# the run, in exact steps
"""

HELPERS = {
    "product(": """
def product(factor, t):
    return mp.fprod(factor(k) for k in range(t))
""",
    "total(": """
def total(term, t):
    return mp.fsum(term(k) for k in range(t))
""",
    "root(": """
def root(f, low, high):  # where f, negative before it, reaches zero
    top = mp.mpf(1) if high == mp.inf else high
    while high == mp.inf and f(top) < 0:
        top *= 2
    if f(top) < 0:
        return top
    while top / 2 > low and f(top / 2) >= 0:
        top /= 2
    low = max(low, top / 2)
    for _ in range(200):
        middle = (low + top) / 2
        low, top = (middle, top) if f(middle) < 0 else (low, middle)
    return low
""",
    "first_root(": """
def first_root(f, low, high):  # the first one, on a grid of 8 points an octave
    low = max(low, mp.mpf(2) ** -200)
    top = low
    while top < high and f(top) < 0:
        low, top = top, top * mp.mpf(2) ** (mp.mpf(1) / 8)
    return root(f, low, min(top, high))
""",
}
"""What the text of a theorem may call, each given where it is called."""

COMPARE = """
def compare(name, left, sense, right, steps):  # at the step where both sides are closest
    def room(t):
        gap = right(t) - left(t)
        return {"<": gap, "<=": gap, ">": -gap, ">=": -gap, "==": -abs(gap)}[sense]

    t = min(steps, key=room)
    # what agrees in 40 of the 50 digits is equal
    equal = abs(room(t)) <= max(abs(left(t)), abs(right(t))) / mp.mpf(10) ** 40
    met = "=" in sense if equal else room(t) > 0
    sides = f"{mp.nstr(left(t), 17)} {sense} {mp.nstr(right(t), 17)}"
    print(f"{name}, step {t}: {sides} is {met}, difference {mp.nstr(left(t) - right(t), 17)}")
    if name.startswith("CLAIM "):
        sides = left(t), right(t)
        near = [Fraction(mp.nstr(one, 50)).limit_denominator(10**6) for one in sides]
        if all(abs(x - number(f)) <= abs(x) / mp.mpf(10) ** 40 for x, f in zip(sides, near)):
            print(f"    in fractions, as 40 digits tell: {near[0]} {sense} {near[1]}")
    return met

# the theorem; what changes during the run is a function of the step
"""


def script_of(
    row: Row,
    theorem: Theorem,
    source: str,
    known: Mapping[str, float],
    parameters: Mapping[str, float],
) -> str:
    """The script for a violated row; ``source`` is what the engine wrote for its run.

    ``known`` are the symbols of the configuration. The exit code of the script is 0 if every
    hypothesis holds and the claim fails, else 1.
    """
    claim, step = theorem.claim(row.claim), row.finding.step or 0
    symbols = closure(claim.statement, *(r for h in theorem.hypotheses for r in h.relations))
    emitted = {one.name for one in symbols if isinstance(one, Quantity)}
    skeleton = "".join([HEAD, source, *HELPERS.values(), COMPARE])
    write = Printer(names_in(skeleton) - emitted)
    lines = []
    for one in symbols:
        if isinstance(one, Parameter):
            lines.append(f"{write.doprint(one)} = {_exactly(parameters[one.name])}")
        elif isinstance(one, Quantity) and one.scope is Scope.CONFIGURATION:
            lines.append(f"{write.doprint(one)} = {_exactly(known[one.name])}")
        elif isinstance(one, Definition):
            lines.append(_definition(one, write))
    lines.append("\nhypotheses = [")
    for hypothesis in theorem.hypotheses:
        for relation in hypothesis.relations:
            where = _steps(hypothesis, claim, step)
            lines.append(f"    {_comparison(hypothesis.id, relation, where, write)},")
    lines.append("]")
    lines.append(f"claim = {_comparison(f'CLAIM {claim.id}', claim.statement, f'[{step}]', write)}")
    lines.append("sys.exit(0 if all(hypotheses) and not claim else 1)\n")
    text = "\n".join(lines)
    used = [helper for call, helper in HELPERS.items() if call in text]
    title = heading(row, theorem, "in 50 digits")
    return "".join([title, HEAD, source.strip(), "\n", *used, COMPARE, text])


def heading(row: Row, theorem: Theorem, how: str) -> str:
    """The comment at the top; ``how`` says in what numbers it prints."""
    where = "; ".join(part for part in (theorem.source, theorem.reading) if part)
    claim = theorem.claim(row.claim)
    lines = [
        f"Counterexample to {theorem.ref}: {theorem.title}{f' ({where})' if where else ''}.",
        f"Claim {claim.id}: {claim.statement}",
        f"It prints every hypothesis and the claim {how}; exit code 0: the claim is violated.",
        f"Made by: {reproduce(row)}",
    ]
    return "".join(f"# {' '.join(line.split())}\n" for line in lines)


def needed_steps(hypothesis: Hypothesis, claim: Claim, step: int) -> range:
    """The steps at which a claim judged at this step needs the hypothesis."""
    if claim.one_step:
        return range(step, step + 1)
    reached = hypothesis.looks_ahead and not claim.looks_ahead
    return range(max(step if reached else step + 1, 1))


def _steps(hypothesis: Hypothesis, claim: Claim, step: int) -> str:
    needed = needed_steps(hypothesis, claim, step)
    return f"[{step}]" if claim.one_step else f"range({needed.stop})"


def _definition(one: Definition, write: Printer) -> str:
    name = write.name(one)
    if isinstance(one, Root):
        unknown, equation = write.name(one.unknown), write.doprint(one.expression)
        ends = f"{write.doprint(one.low)}, {write.doprint(one.high)}"
        call = "first_root" if one.smallest else "root"
        value = f"{call}(lambda {unknown}: {equation}, {ends})"
    else:
        value = write.doprint(one.expression)
    if not one.scope.varies:
        return f"{name} = {value}"
    return f"def {name}(t): return {value}"


def _comparison(label: str, relation: Relational, steps: str, write: Printer) -> str:
    left, right = (f"lambda t: {write.doprint(side)}" for side in (relation.lhs, relation.rhs))
    return f'compare({label!r}, {left}, "{relation.rel_op}", {right}, {steps})'


def _exactly(number: float) -> str:
    above, below = float(number).as_integer_ratio()
    return f"mp.mpf({above})" if below == 1 else f"mp.mpf({above}) / {below}"


def names_in(source: str) -> frozenset[str]:
    """Every name that the source binds for all that follows it."""
    found = {"t", *dir(builtins), *keyword.kwlist}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef):
            found.add(statement.name)
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            elif isinstance(node, ast.alias):
                found.add(node.asname or node.name)
    return frozenset(found)


class Printer(PythonCodePrinter):
    """Prints an expression at step t for mpmath; names that are taken get an underscore."""

    module = "mp"
    """Where functions and constants are found."""

    def __init__(self, taken: frozenset[str]) -> None:
        super().__init__({"fully_qualified_modules": False, "allow_unknown_functions": True})
        self._taken = taken

    def name(self, one: Named) -> str:
        plain = re.sub(r"\W", "_", one.name)
        return f"{plain}_" if plain in self._taken else plain

    def _print_Symbol(self, expr: Named) -> str:
        if expr.name == "t" and isinstance(expr, Quantity):
            return "t"
        if isinstance(expr, AtTime):
            return f"{self.name(expr.base)}({'t + 1' if expr.step == NEXT else expr.step})"
        return f"{self.name(expr)}(t)" if expr.scope.varies else self.name(expr)

    _print_Quantity = _print_Definition = _print_Root = _print_AtTime = _print_Symbol
    _print_Parameter = _print_Unknown = _print_Symbol

    def _print_Rational(self, expr: sympy.Rational) -> str:
        return f"mp.mpf({expr.p})/{expr.q}"

    def _print_Half(self, expr: sympy.Rational) -> str:
        return self._print_Rational(expr)

    def _print_Float(self, expr: sympy.Float) -> str:
        return f"({_exactly(float(expr))})"

    def _print_Infinity(self, expr: sympy.Expr) -> str:
        return f"{self.module}.inf"

    def _print_Pi(self, expr: sympy.Expr) -> str:
        return f"{self.module}.pi"

    def _print_Exp1(self, expr: sympy.Expr) -> str:
        return f"{self.module}.e"

    def _print_Pow(self, expr: sympy.Pow, rational: bool = False) -> str:
        if abs(expr.exp) == sympy.S.Half:
            root = f"{self.module}.sqrt({self._print(expr.base)})"
            return root if expr.exp > 0 else f"(1/{root})"
        return str(super()._print_Pow(expr, rational=rational))

    def _print_Function(self, expr: sympy.Function) -> str:
        name = {"Abs": "abs", "Max": "max", "Min": "min"}.get(
            type(expr).__name__, f"{self.module}.{type(expr).__name__}"
        )
        return f"{name}({', '.join(self._print(arg) for arg in expr.args)})"

    _print_Max = _print_Min = _print_Abs = _print_exp = _print_log = _print_Function
    _print_sinh = _print_cosh = _print_tanh = _print_expm1 = _print_log1p = _print_Function

    def _print_Prod(self, expr: sympy.Function) -> str:
        return f"product(lambda t: {self._print(expr.args[0])}, t)"

    def _print_Sum(self, expr: sympy.Function) -> str:
        return f"total(lambda t: {self._print(expr.args[0])}, t)"

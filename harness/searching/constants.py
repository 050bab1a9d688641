"""Where a constant of a claim stands, and the theorem with that constant multiplied by a factor.

A constant is named by what it is called (``c1``), by its value (``60``, ``1/2``), as an exponent
(``^2``), or as ``step``: the step limit, which the hypotheses and the sampled steps then follow.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import sympy
from sympy.core.relational import Relational

from harness.controls.mutants import with_bound
from harness.errors import UsageError
from harness.symbols import eta
from harness.vocabulary.definition import Definition, Parameter, Root, closure, substituted
from harness.vocabulary.symbol import NEXT, AtTime, Named
from harness.vocabulary.theorem import Hypothesis, Theorem

STEP = "step"
_NUMBER = re.compile(r"\d+(\.\d+)?(e[+-]?\d+)?(/\d+)?")
_Change = Callable[[sympy.Expr], sympy.Expr]


@dataclass(frozen=True)
class Constant:
    """One constant of a theorem with a single claim.

    ``printed``: its value, NaN where it is not a number. ``places``: how often the number stands in
    the bound; all of them are changed together. ``changed(factor)`` is the theorem with the
    constant multiplied. ``moves_step``: it is the step limit, of which only more breaks anything,
    and a fraction of the limit means a fraction of the changed one.
    """

    text: str
    printed: float
    places: int
    changed: Callable[[sympy.Rational], Theorem]
    moves_step: bool = False


def located(theorem: Theorem, name: str) -> Constant:
    """The constant of that name; UsageError, with what there is, for one that does not exist."""
    known = {one.name: one for one in closure(*theorem.expressions())}
    if name in known:
        one = known[name]
        return Constant(name, _value(one), 1, lambda factor: theorem.replacing({one: factor * one}))
    if name == STEP:
        return _step(theorem)
    value = name.removeprefix("^")
    if _NUMBER.fullmatch(value) and not _divides_by_zero(value):
        return _number(theorem, name, sympy.Rational(value), power=name.startswith("^"))
    usable = sorted(n for n, one in known.items() if isinstance(one, Definition | Parameter))
    raise UsageError(
        f"{theorem.ref} has no constant “{name}”; it has {', '.join(usable) or 'none'}. A number "
        "in the bound is named by its value (60), an exponent as ^2, the step limit as step."
    )


def leading(promised: sympy.Expr) -> float:
    """The number in front of what is promised, as in 60 * L * R^2; 1 where none is to be seen."""
    while isinstance(promised, Definition) and not isinstance(promised, Root):
        promised = promised.expression
    number = abs(promised.as_coeff_Mul()[0])
    return float(number) if number.is_finite and number != 0 else 1.0


def _value(one: Named) -> float:
    numeric = isinstance(one, Definition) and not isinstance(one, Root)
    return float(one.expression) if numeric and one.expression.is_number else math.nan


def _divides_by_zero(text: str) -> bool:
    return re.search(r"/0+$", text) is not None


def _number(theorem: Theorem, name: str, value: sympy.Rational, power: bool) -> Constant:
    """A number of the bound as it is written, else of the definitions that it is made of."""
    (claim,) = theorem.claims
    for inverse in (False, True):
        for deep in (False, True):
            places = _rescaled(claim.bound, value, sympy.Integer(1), power, inverse, deep)[1]
            if value != 0 and places:

                def changed(
                    factor: sympy.Rational, inverse: bool = inverse, deep: bool = deep
                ) -> Theorem:
                    bound, _ = _rescaled(claim.bound, value, factor, power, inverse, deep)
                    return dataclasses.replace(theorem, claims=(with_bound(claim, bound),))

                return Constant(name, float(value), places, changed)
    what = f"exponent {name[1:]}" if power else f"number {name}"
    raise UsageError(
        f"{theorem.ref}, claim “{claim.id}”: there is no constant {what} in its bound {claim.bound}."
    )


def _rescaled(
    bound: sympy.Expr, value: sympy.Rational, factor: sympy.Rational, power: bool, inverse: bool,
    deep: bool,
) -> tuple[sympy.Expr, int]:  # fmt: skip
    """The bound with the number multiplied wherever it stands, and how often it does.

    ``inverse``: where one over the number stands, as in x/2. A number counts with either sign.
    """
    wanted, by = (1 / value, 1 / factor) if inverse else (value, factor)
    places = 0

    def renewed(expression: sympy.Expr, exponent: bool = False) -> sympy.Expr:
        nonlocal places
        if expression.is_Number:
            if exponent is power and _same(expression, wanted):
                places += 1
                return sympy.Rational(expression) * by
            return expression
        parts = [
            renewed(part, exponent=expression.is_Pow and index == 1)
            for index, part in enumerate(expression.args)
        ]
        return expression.func(*parts) if parts else expression

    if not deep:
        return renewed(bound), places
    swaps: dict[Named, sympy.Expr] = {}
    for one in closure(bound):
        if isinstance(one, Definition) and not isinstance(one, Root):
            # those it is made of were renewed before it, and are put in by the substitution
            swaps[one] = one.rebuilt(lambda inner: renewed(substituted(inner, swaps)))
    return renewed(substituted(bound, swaps)), places


def _same(number: sympy.Number, wanted: sympy.Rational) -> bool:
    if number.is_Float:
        return abs(float(number)) == float(wanted)
    return bool(abs(number) == wanted)


def _step(theorem: Theorem) -> Constant:
    """The step limit: what the hypotheses allow and what is sampled grow together."""
    limiting = [one for one in theorem.hypotheses if _limits(one)]
    if not limiting:
        raise UsageError(f"{theorem.ref} has no hypothesis that limits the step eta.")

    def changed(factor: sympy.Rational) -> Theorem:
        relaxed = tuple(
            dataclasses.replace(
                one,
                predicate=sympy.And(*(_relaxed(part, factor) for part in one.relations)),
            )
            if one in limiting
            else one
            for one in theorem.hypotheses
        )
        step = theorem.step
        if step is not None and step.limit is not None:
            step = dataclasses.replace(step, limit=factor * step.limit, rules={})
        return dataclasses.replace(theorem, hypotheses=relaxed, step=step)

    return Constant("step limit", math.nan, 1, changed, moves_step=True)


def _relaxed(relation: Relational, factor: sympy.Rational) -> Relational:
    """The relation for steps so many times as long, eta left alone wherever it can be.

    The limit that is sampled then stands on the other side, and rounding does not part the two.
    """
    left, right = relation.lhs, relation.rhs
    if _linear(left) and eta not in closure(right):
        return relation.func(left, factor * right, evaluate=False)
    if _linear(right) and eta not in closure(left):
        return relation.func(factor * left, right, evaluate=False)
    return substituted(relation, {eta: eta / factor})


def _linear(side: sympy.Expr) -> bool:
    """Whether it is eta times what does not depend on it."""
    slope = side.coeff(eta, 1)
    return bool(slope * eta == side) and eta not in closure(slope)


def _limits(hypothesis: Hypothesis) -> bool:
    """Whether it is an inequality about the step itself, and not about where the step leads."""
    read = closure(*hypothesis.relations)
    leads = any(isinstance(one, AtTime) and one.step == NEXT for one in read)
    return not leads and eta in read and all(one.rel_op != "==" for one in hypothesis.relations)

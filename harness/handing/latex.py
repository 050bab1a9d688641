"""A violation as a LaTeX fragment: the statement, and what it comes to at one configuration.

It needs amsmath and nothing else.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import sympy
from sympy.core.relational import Relational

from harness.judging.row import Row
from harness.reporting.tex import escaped
from harness.running.task import Run
from harness.running.view import View
from harness.vocabulary.definition import Unknown, closure
from harness.vocabulary.symbol import AtTime
from harness.vocabulary.theorem import Theorem

SENSES = {"<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "==": "="}
Value = Callable[[sympy.Basic], float]


def as_fragment(row: Row, theorem: Theorem, run: Run) -> str:
    """The fragment for a violated row; ``run`` is its configuration, run alone."""
    claim, step = theorem.claim(row.claim), row.finding.step or 0
    evaluate = View(run, theorem.hypotheses).evaluator(claim)

    def value(expression: sympy.Basic) -> float:
        found = evaluate(expression).broadcast_to((1, run.states))
        low, high = (float(end[0, step]) for end in (found.lo, found.hi))
        return low if low == high else low / 2 + high / 2

    moving = any(one.scope.varies for one in closure(claim.statement)) and run.states > 1
    when = f" at step {step}" if moving else ""
    relations = [(one, part) for one in theorem.hypotheses for part in one.relations]
    lines = [
        f"% counterexample to {theorem.ref}, claim {claim.id}, row {row.fingerprint}",
        rf"\noindent The claim \texttt{{{escaped(claim.id)}}} of \texttt{{{escaped(theorem.ref)}}} "
        f"is violated{when} by",
        r"\begin{gather*}",
        " \\\\\n".join(
            rf"\mathtt{{{escaped(name)}}} = {_coordinate(one)}"
            for name, one in json.loads(row.configuration).items()
        ),
        r"\end{gather*}",
    ]
    symbols = closure(claim.statement, *(part for _, part in relations))
    named = [one for one in symbols if not isinstance(one, Unknown | AtTime)]
    if named:
        lines += [
            "where",
            r"\begin{gather*}",
            " \\\\\n".join(_equation(one, value) for one in named),
            r"\end{gather*}",
        ]
    if relations:
        lines.append(r"\begin{itemize}")
        for hypothesis, part in relations:
            lines.append(
                rf"\item {escaped(hypothesis.id)} ({escaped(hypothesis.sentence)}): "
                f"${_written(part)}$ reads ${_sides(part, value)}$, which is met."
            )
        lines.append(r"\end{itemize}")
    reads = f"{_number(row.finding.value)} {SENSES[row.sense]} {_number(row.finding.bound)}"
    lines += [
        "The claim",
        rf"\[ {_written(claim.statement)} \]",
        rf"reads ${reads}$, which is false.",
    ]
    return "\n".join(lines) + "\n"


def _equation(one: sympy.Symbol, value: Value) -> str:
    return f"{sympy.latex(one)} = {_number(value(one))}"


def _written(relation: Relational) -> str:
    sense = SENSES[str(relation.rel_op)]
    return f"{sympy.latex(relation.lhs)} {sense} {sympy.latex(relation.rhs)}"


def _sides(relation: Relational, value: Value) -> str:
    left, right = value(relation.lhs), value(relation.rhs)
    return f"{_number(left)} {SENSES[str(relation.rel_op)]} {_number(right)}"


def _number(number: float) -> str:
    """A double as mathematics, with all its digits."""
    if math.isnan(number):
        return r"\text{not a number}"
    if math.isinf(number):
        return r"\infty" if number > 0 else r"-\infty"
    if float(number).is_integer() and abs(number) < 1e15:
        return str(int(number))
    digits, _, power = repr(float(number)).partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}" if power else digits


def _coordinate(one: Any) -> str:
    """One coordinate of a configuration: a number, a vector, a matrix or a word."""
    if isinstance(one, bool) or one is None or isinstance(one, str | dict):
        text = one if isinstance(one, str) else json.dumps(one)
        return rf"\text{{{escaped(text)}}}"
    if not isinstance(one, list):
        return _number(one)
    if one and all(isinstance(row, list) for row in one):
        rows = [" & ".join(_coordinate(entry) for entry in row) for row in one]
        return rf"\begin{{bmatrix}} {r' \\ '.join(rows)} \end{{bmatrix}}"
    return f"({', '.join(_coordinate(entry) for entry in one)})"

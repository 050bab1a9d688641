"""A violation as a LaTeX fragment: the statement, and what it comes to at one configuration.

It needs amsmath and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any

import sympy
from sympy.core.relational import Relational

from harness.expressions.evaluator import MissingSymbol
from harness.judging.row import Row
from harness.reporting.script import needed_steps
from harness.reporting.tex import escaped
from harness.running.task import Run
from harness.running.view import View
from harness.vocabulary.definition import Unknown, closure
from harness.vocabulary.theorem import Hypothesis, Theorem

SENSES = {"<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "==": "="}


def as_fragment(row: Row, theorem: Theorem, run: Run) -> str:
    """The fragment for a violated row; ``run`` is its configuration, run alone."""
    claim, step = theorem.claim(row.claim), row.finding.step or 0
    evaluate = View(run, theorem.hypotheses).evaluator(claim)

    def value(expression: sympy.Basic, at: int) -> float:
        found = evaluate(expression).broadcast_to((1, run.states))
        low, high = (float(end[0, at]) for end in (found.lo, found.hi))
        return low if low == high else low / 2 + high / 2

    def closest(hypothesis: Hypothesis, part: Relational) -> int:
        """Of the steps at which it is needed, the one with the least room."""
        steps = needed_steps(hypothesis, claim, step)
        return min(steps, key=lambda at: abs(value(part.lhs, at) - value(part.rhs, at)))

    moving = run.states > 1 and _varies(claim.statement)
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
    known = []
    for one in symbols:
        # what is read at step 0 only is not measured along the run
        with contextlib.suppress(MissingSymbol):
            number = math.nan if isinstance(one, Unknown) else value(one, step)
            # what belongs to a step has no value at the last state
            known += [] if math.isnan(number) else [f"{sympy.latex(one)} = {_number(number)}"]
    if known:
        lines += ["where", r"\begin{gather*}", " \\\\\n".join(known), r"\end{gather*}"]
    if relations:
        lines.append(r"\begin{itemize}")
        for hypothesis, part in relations:
            at = closest(hypothesis, part)
            sides = f"{_number(value(part.lhs, at))} {_sense(part)} {_number(value(part.rhs, at))}"
            there = f" at step {at}" if moving and _varies(part) and at != step else ""
            lines.append(
                rf"\item {escaped(hypothesis.id)} ({escaped(hypothesis.sentence)}): "
                f"${_written(part)}$ reads ${sides}${there}, which is met."
            )
        lines.append(r"\end{itemize}")
    reads = f"{_number(row.finding.value)} {SENSES[row.sense]} {_number(row.finding.bound)}"
    lines += [
        "The claim",
        rf"\[ {_written(claim.statement)} \]",
        rf"reads ${reads}$, which is false.",
    ]
    return "\n".join(lines) + "\n"


def _varies(relation: Relational) -> bool:
    return any(one.scope.varies for one in closure(relation))


def _written(relation: Relational) -> str:
    return f"{sympy.latex(relation.lhs)} {_sense(relation)} {sympy.latex(relation.rhs)}"


def _sense(relation: Relational) -> str:
    return SENSES[str(relation.rel_op)]


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
        rows = r" \\ ".join(" & ".join(_coordinate(entry) for entry in row) for row in one)
        # bmatrix ends at ten columns
        columns = "r" * max(map(len, one))
        return rf"\left[\begin{{array}}{{{columns}}} {rows} \end{{array}}\right]"
    return f"({', '.join(_coordinate(entry) for entry in one)})"

"""The script of a function experiment: its own source, the theorem's text, fractions and numpy.

What the function returns is taken as exactly that number, so that both sides of a claim stay
fractions as long as no root, exponential or logarithm enters them.
"""

from __future__ import annotations

import contextlib
import io
import json
import pprint
from collections.abc import Mapping
from typing import Any

import sympy

from harness.handing.carried import Carried, NotCarriedError, carried
from harness.judging.row import Row
from harness.reporting.script import Printer, heading, names_in
from harness.vocabulary.definition import Definition, Parameter, Root, Unknown, closure
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.symbol import AtTime, Named, Quantity, Scope
from harness.vocabulary.theorem import Theorem

TAIL = """
def number(value):  # exactly; a pair is a number and its rounding error
    value = value[0] if isinstance(value, tuple) else value
    return Fraction(value if isinstance(value, (int, Fraction)) else float(value))

def compare(name, left, sense, right):
    met = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right,
           "==": left == right}[sense]
    sides = [str(one) if len(str(one)) < 25 else repr(float(one)) for one in (left, right)]
    print(f"{name}: {sides[0]} {sense} {sides[1]} is {met}, difference {float(left - right)!r}")
    return met

"""
WIDTH = 98
"""Characters in a line of a configuration."""


def plain_script(row: Row, theorem: Theorem, experiment: Experiment) -> str:
    """The script for a violated row; exit code 0 if every hypothesis holds and the claim fails.

    Raises NotCarriedError, saying why, where the function cannot stand alone, where the theorem
    needs more than fractions and floats, or where floats do not confirm the violation.
    """
    assert callable(experiment.engine)
    source = carried(experiment.engine)
    configuration = json.loads(row.configuration)
    call = f"measured = {_call(experiment, configuration)}"
    statement = _statement(row, theorem, source, call, experiment.known(configuration))
    text = "\n".join(
        [
            heading(row, theorem, "as fractions or floats").rstrip(),
            *_imports(source, f"{call}\n{statement}"),
            "",
            source.text,
            "",
            call,
            f"{TAIL}{statement}",
        ]
    )
    if why := unconfirmed(text):
        raise NotCarriedError(why)
    return text


def unconfirmed(script: str) -> str:
    """Why the script, run here, does not confirm its violation; empty where it does."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            exec(compile(script, "counterexample", "exec"), names)
        except SystemExit as end:
            return "floating point does not confirm it" if end.code else ""
        except Exception as error:
            return f"alone it ends with {type(error).__name__}: {error}"
    return "it does not reach its end"


def _imports(source: Carried, ours: str) -> list[str]:
    """The import lines of the function and of what we wrote ourselves, each once."""
    needed = ["import sys", "from fractions import Fraction"]
    needed += ["import math"] if "math." in ours else []
    needed += ["import numpy as np"] if "np." in ours else []
    found = dict.fromkeys([*source.imports, *needed])
    return sorted(found, key=lambda line: ("__future__" not in line, "numpy" in line, line))


def _draws(experiment: Experiment, configuration: Mapping[str, Any]) -> bool:
    return bool(experiment.randomness) and "seed" in configuration


def _call(experiment: Experiment, configuration: Mapping[str, Any]) -> str:
    """The function called with its configuration, one argument a line where it is long."""
    arguments = [
        f"{axis.name}={pprint.pformat(configuration[axis.name], width=WIDTH, compact=True)}"
        for axis in experiment.axes
    ]
    if _draws(experiment, configuration):
        arguments.append(f"rng=np.random.default_rng({configuration['seed']})")
    name = getattr(experiment.engine, "__name__", "")
    line = f"{name}({', '.join(arguments)})"
    if len(line) + len("measured = ") <= WIDTH and "\n" not in line:
        return line
    return "".join([f"{name}(", *(f"\n    {one}," for one in arguments), "\n)"])


def _statement(
    row: Row, theorem: Theorem, source: Carried, call: str, known: Mapping[str, float]
) -> str:
    claim = theorem.claim(row.claim)
    parameters = json.loads(row.configuration).get("parameters", {})
    relations = [(one.id, part) for one in theorem.hypotheses for part in one.relations]
    symbols = closure(claim.statement, *(part for _, part in relations))
    write = FractionPrinter(names_in(f"{source.text}\n{call}\n{TAIL}") - source.keys)
    lines = []
    for one in symbols:
        if isinstance(one, Definition):
            value = write.doprint(_explicit(one).expression)
        elif isinstance(one, Parameter):
            value = _exactly(parameters[one.name])
        elif isinstance(one, Quantity) and one.name != "t":
            given = one.scope is Scope.CONFIGURATION and one.name in known
            value = _exactly(known[one.name]) if given else f'number(measured["{one.name}"])'
        else:
            continue
        lines.append(f"{write.name(one)} = {value}")

    def comparison(label: str, relation: Any) -> str:
        left, right = write.doprint(relation.lhs), write.doprint(relation.rhs)
        return f'compare({json.dumps(label, ensure_ascii=False)}, {left}, "{relation.rel_op}", {right})'

    lines.append("hypotheses = [")
    lines += [f"    {comparison(name, relation)}," for name, relation in relations]
    lines.append("]" if relations else lines.pop() + "]")
    lines.append(f"claim = {comparison(f'CLAIM {claim.id}', claim.statement)}")
    lines.append("sys.exit(0 if all(hypotheses) and not claim else 1)\n")
    return "\n".join(lines)


def _explicit(one: Definition) -> Definition:
    if isinstance(one, Root):
        raise NotCarriedError(f"its theorem defines {one.name} as a root")
    return one


def _exactly(number: float) -> str:
    return f"Fraction({int(number) if float(number).is_integer() else repr(float(number))})"


class FractionPrinter(Printer):
    """Prints an expression with fractions, and floats where roots and the like need them."""

    module = "math"

    def name(self, one: Named) -> str:
        if isinstance(one, AtTime) and one.step == 0:
            # a function is measured once, at step 0
            return self.name(one.base)
        if isinstance(one, AtTime | Unknown):
            raise NotCarriedError(f"its theorem speaks of {one.name}")
        return super().name(one)

    def _print_Symbol(self, expr: Named) -> str:
        return "0" if expr.name == "t" and isinstance(expr, Quantity) else self.name(expr)

    _print_Quantity = _print_Definition = _print_Root = _print_AtTime = _print_Symbol
    _print_Parameter = _print_Unknown = _print_Symbol

    def _print_Rational(self, expr: sympy.Rational) -> str:
        return f"Fraction({expr.p}, {expr.q})"

    def _print_Float(self, expr: sympy.Float) -> str:
        return _exactly(float(expr))

    def _print_Prod(self, expr: sympy.Function) -> str:
        raise NotCarriedError(f"its theorem speaks of {expr}")

    _print_Sum = _print_Prod

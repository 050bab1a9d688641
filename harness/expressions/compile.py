"""From a sympy expression to a function over floats, intervals or balls: one source, three algebras."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import sympy
from sympy.printing.pycode import PythonCodePrinter

from harness.errors import UsageError
from harness.vocabulary.symbol import Named

Namespace = Mapping[str, object]

FUNCTIONS = ("sqrt", "exp", "log", "sinh", "cosh", "tanh", "Abs", "Max", "Min")
"""What an expression may contain besides + - * / and powers; ``Prod`` and ``Sum`` come on top."""


class _Printer(PythonCodePrinter):
    """Prints rationals and powers as calls, so that each algebra can take them exactly."""

    def _print_Rational(self, expr: sympy.Rational) -> str:
        return f"rational({expr.p}, {expr.q})"

    def _print_Float(self, expr: sympy.Float) -> str:
        return repr(float(expr))

    def _print_Exp1(self, expr: sympy.Basic) -> str:
        return "exp(rational(1, 1))"

    def _print_Pi(self, expr: sympy.Basic) -> str:
        return "pi()"

    def _print_Pow(self, expr: sympy.Pow, rational: bool = False) -> str:
        base = self._print(expr.base)
        if expr.exp.is_Integer and expr.exp < 0:
            return f"(rational(1, 1)/power({base}, {-int(expr.exp)}, 1))"
        if expr.exp.is_Rational:
            # a call even for whole exponents: flint's own ** is NaN on balls around zero
            return f"power({base}, {expr.exp.p}, {expr.exp.q})"
        return f"exp(({self._print(expr.exp)})*log({base}))"

    def _print_Function(self, expr: sympy.Function) -> str:
        return f"{type(expr).__name__}({', '.join(self._print(arg) for arg in expr.args)})"

    _print_Max = _print_Min = _print_Abs = _print_exp = _print_log = _print_Function
    _print_sinh = _print_cosh = _print_tanh = _print_Function


@cache
def compiled(
    expression: sympy.Expr, arguments: tuple[Named, ...], algebra: str
) -> Callable[..., Any]:
    """The expression as a function of the arguments in the named algebra.

    Common subexpressions are shared; each is built once a process. Raises UsageError for a function no algebra knows.
    """
    for call in expression.atoms(sympy.Function):
        if (name := type(call).__name__) not in (*FUNCTIONS, "expm1", "log1p"):
            raise UsageError(
                f"“{call}” cannot be evaluated: {name} is not known; an expression may use "
                f"+ - * / ** {' '.join(FUNCTIONS)} Prod Sum."
            )
    printer = _Printer({"fully_qualified_modules": False, "allow_unknown_functions": True})
    function: Callable[..., Any] = sympy.lambdify(
        arguments, expression, modules=[dict(_namespace(algebra))], printer=printer, cse=True
    )
    if algebra == "float":
        from harness.expressions.floats import in_blocks

        return in_blocks(function)
    return function


def _namespace(algebra: str) -> Namespace:
    """The names a compiled expression calls; imported late, since each has its own library."""
    if algebra == "interval":
        from harness.expressions.interval import NAMESPACE
    elif algebra == "ball":
        from harness.expressions.balls import NAMESPACE
    elif algebra == "float":
        from harness.expressions.floats import NAMESPACE
    else:
        raise ValueError(f"no algebra {algebra!r}")
    return NAMESPACE

"""Operators over the steps of a trajectory, and exp(x) - 1 without its cancellation."""

from __future__ import annotations

from typing import Any

import sympy


class _OverSteps(sympy.Function):
    """Printed by its own name: sympy picks printers by class name, and has a Sum of its own."""

    nargs = (1,)

    def _pretty(self, printer: Any) -> Any:
        return printer._print_Function(self)

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({printer.doprint(self.args[0])})"


class Prod(_OverSteps):
    """Product over the steps before this one: ``Prod(f)`` at t is f(0) f(1) ... f(t-1).

    Write a rate close to 1 as ``Prod(1 - d)`` with d a definition: the product is then taken
    through log(1 - d), and nothing is lost to the 1.
    """

    def _latex(self, printer: Any) -> str:
        return rf"\prod_{{k<t}} \left({printer.doprint(self.args[0])}\right)_k"


class Sum(_OverSteps):
    """Sum over the steps before this one: ``Sum(f)`` at t is f(0) + f(1) + ... + f(t-1)."""

    def _latex(self, printer: Any) -> str:
        return rf"\sum_{{k<t}} \left({printer.doprint(self.args[0])}\right)_k"


class expm1(sympy.Function):  # noqa: N801 (named like exp)
    """exp(x) - 1, accurate near 0; sympy does not rewrite it."""

    nargs = (1,)

    def _latex(self, printer: Any) -> str:
        return rf"\left(e^{{{printer.doprint(self.args[0])}}} - 1\right)"

"""The compiled loop over the steps of a run that takes its rounding along: see tracking.py.

Optional (``boundcheck[fast]``). The operations are those of numpy there, one by one and in their
order, so that the bits are as well.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from llvmlite import ir

from experiments.compiling.emitter import WIDE, Emitter, Kernel, compiled
from experiments.two_layer.norms import Array

LANES = 8 if WIDE else 4
ARRAYS = ("square", "linear", "constant", "rounding", "carried")


class Carrying(Emitter):
    """From carried[0] to carried[1:], for rows of ``columns`` >= ``lanes`` numbers."""

    def __init__(self, slack: float, lanes: int) -> None:
        super().__init__(lanes, ("steps", "columns"), ARRAYS)
        self.slack, self.lanes = slack, lanes

    def at(self, name: str, row: Any, column: Any) -> Any:
        """The address of the vector that begins at element (row, column)."""
        place = self.now.add(self.now.mul(row, self.named["columns"]), column)
        return self.now.bitcast(self.now.gep(self.named[name], [place]), self.kind.as_pointer())

    def read(self, name: str, row: Any, column: Any) -> Any:
        return self.now.load(self.at(name, row, column), align=8)

    def body(self) -> None:
        """All steps, each for all columns."""
        begin, end = self.number(0), self.named["columns"]
        with self.loop(begin, self.named["steps"]) as step:
            with self.loop(begin, end, self.lanes) as column:
                self._vector(step, column)
            # what is left over is done again with the columns before it
            self._vector(step, self.now.sub(end, self.number(self.lanes)))

    def _vector(self, step: Any, column: Any) -> None:
        before = self.read("carried", step, column)
        first = self.now.mul(step, self.number(2))
        low, level = (
            self._polynomial(self.now.add(first, self.number(i)), column, before) for i in range(2)
        )
        one, slack = (ir.Constant(self.kind, [value] * self.lanes) for value in (1.0, self.slack))
        # unordered: what is not a number stays so
        level = self.now.select(self.now.fcmp_unordered(">", level, one), level, one)
        factor = self.now.fmul(self.now.fadd(low, level), slack)
        following = self.now.fadd(
            self.now.fmul(factor, before), self.read("rounding", step, column)
        )
        place = self.at("carried", self.now.add(step, self.number(1)), column)
        self.now.store(following, place, align=8)

    def _polynomial(self, row: Any, column: Any, before: Any) -> Any:
        square, linear, constant = (self.read(name, row, column) for name in ARRAYS[:3])
        inner = self.now.fadd(self.now.fmul(square, before), linear)
        return self.now.fadd(self.now.fmul(inner, before), constant)


@cache
def _kernel(slack: float, lanes: int) -> Kernel:
    return compiled(Carrying(slack, lanes))


def carry(
    coefficients: tuple[Array, Array, Array], rounding: Array, carried: Array, slack: float
) -> None:
    """Fill carried[1:], (T, B), from carried[0]; coefficients (T, 2, B)."""
    arrays = (*coefficients, rounding, carried)
    assert all(array.flags.c_contiguous for array in arrays)
    steps, columns = rounding.shape
    kernel = _kernel(slack, LANES if columns >= LANES else 1)
    kernel(steps, columns, *(array.ctypes.data for array in arrays))

"""A compiled kernel for the squared loss: configurations in the lanes of a vector register.

Optional (``boundcheck[fast]``): LLVM instructions are emitted for a number of outputs m, no compiler
is needed. Arrays are laid out [element][lane], so that a configuration never meets another: its
result is the same in any lane, batch or thread. One pass over the hidden units takes A, B, both
updates and all norms:

    rows i:   P_i = sum_h W1_ih W2_h,  E_i = Y_i - s_i P_i,  G_i = -s_i E_i
    units h:  A_ih = <G_i, W2_h>,  B_h = sum_i W1_ih G_i,  W1_ih -= eta A_ih,  then W2_h -= eta B_h

Sums are taken in another order than numpy's and with fused multiply-adds; the rounding bounds hold
for any order.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from experiments.compiling.emitter import WIDE, Emitter, Kernel, compiled

LANES = 8 if WIDE else 4
SUMS = 24 if WIDE else 12
"""Sums that are taken at a time: with what they need, they fill the registers."""

COLUMNS = 7
"""Columns that are taken at a time: what a row of them asks for stays in registers.

None of these numbers changes a result: lanes never meet, and every sum keeps its order.
"""

NORMS = 5
"""Recorded a step, squared: W1, W2, E, G; and |G' G|_F^2."""

SIZES = ("steps", "rows", "units", "groups")
ARRAYS = ("W1", "W2", "Y", "scales", "eta", "G", "A", "out")
"""A: room for a column of G W2'; out (norms, steps, groups), at the first of this group."""


class Descent(Emitter):
    """The kernel for ``outputs`` columns; every array holds vectors of lanes."""

    def __init__(self, outputs: int) -> None:
        super().__init__(LANES, SIZES, ARRAYS, by_vectors=True)
        self.outputs = outputs
        self.some = -(-outputs // -(-outputs // COLUMNS))

    def strips(self, end: Any, wide: int, body: Callable[[Any, int], None]) -> None:
        """``body(first, count)`` for strips of ``wide`` below ``end``, then of halves of that."""
        begin = self.number(0)
        while wide:
            with self.loop(begin, end, wide) as index:
                body(index, wide)
            begin, wide = self.now.sub(end, self.now.srem(end, self.number(wide))), wide // 2

    def at(self, name: str, row: Any, width: Any, column: Any) -> Any:
        """The address of element (row, column) of an array of that width."""
        base = self.named[name]
        return self.now.gep(base, [self.now.add(self.now.mul(row, width), column)])

    def read(self, name: str, row: Any, width: Any, column: Any) -> Any:
        return self.now.load(self.at(name, row, width, column), align=8)

    def write(self, value: Any, name: str, row: Any, width: Any, column: Any) -> None:
        self.now.store(value, self.at(name, row, width, column), align=8)

    def increase(self, place: Any, more: Any) -> None:
        """One local vector is added to another."""
        self.now.store(self.now.fadd(self.now.load(place), self.now.load(more)), place)

    def body(self) -> None:
        """All steps of one group of lanes."""
        with self.loop(self.number(0), self.named["steps"]) as step:
            self._step(step)

    def _step(self, step: Any) -> None:
        columns = [self.number(j) for j in range(self.outputs)]
        groups = [columns[at : at + self.some] for at in range(0, self.outputs, self.some)]
        outputs, one = self.number(self.outputs), self.number(1)
        rows, units = self.named["rows"], self.named["units"]
        w1, w2, e, g, slant = (self.cell() for _ in range(NORMS))
        eta = self.now.fsub(self.zero, self.now.load(self.named["eta"], align=8))

        def residuals(first: Any, count: int) -> None:
            strip = [self.now.add(first, self.number(i)) for i in range(count)]
            found: list[list[Any]] = [[] for _ in strip]
            for group in groups:
                sums = [[self.cell() for _ in group] for _ in strip]
                with self.loop(self.number(0), units) as unit:
                    second = [self.read("W2", unit, outputs, j) for j in group]
                    for row, places in zip(strip, sums, strict=True):
                        weight = self.read("W1", unit, rows, row)
                        for place, other in zip(places, second, strict=True):
                            self.add(place, weight, other)
                for known, places in zip(found, sums, strict=True):
                    known += [self.now.load(place) for place in places]
            for row, products in zip(strip, found, strict=True):
                scale = self.read("scales", row, one, self.number(0))
                minus = self.now.fsub(self.zero, scale)
                for j, P in zip(columns, products, strict=True):
                    target = self.read("Y", row, outputs, j)
                    E = self.now.fsub(target, self.now.fmul(scale, P))
                    G = self.now.fmul(minus, E)
                    self.write(G, "G", row, outputs, j)
                    self.add(e, E, E)
                    self.add(g, G, G)

        self.strips(rows, power(SUMS // len(groups[0])), residuals)
        for i in range(self.outputs):
            inner = [self.cell() for _ in columns[: i + 1]]
            with self.loop(self.number(0), rows) as row:
                entries = [self.read("G", row, outputs, j) for j in columns[: i + 1]]
                for entry, place in zip(entries, inner, strict=True):
                    self.add(place, entries[i], entry)
            for j, place in enumerate(inner):
                found = self.now.load(place)
                for _ in range(1 if i == j else 2):
                    self.add(slant, found, found)

        def updates(first: Any, count: int) -> None:
            block = [self.now.add(first, self.number(i)) for i in range(count)]
            second = [[self.read("W2", unit, outputs, j) for j in columns] for unit in block]
            B = [[self.cell() for _ in columns] for _ in block]
            squares = [self.cell() for _ in block]
            for group in groups:
                part = slice(columns.index(group[0]), columns.index(group[-1]) + 1)
                begins, ends = group is groups[0], group is groups[-1]
                with self.loop(self.number(0), rows) as row:
                    G = [self.read("G", row, outputs, j) for j in group]
                    for unit, others, places, square in zip(block, second, B, squares, strict=True):
                        weight = self.read("W1", unit, rows, row)
                        A = self.zero if begins else self.read("A", row, one, self.number(0))
                        for slope, other, place in zip(G, others[part], places[part], strict=True):
                            A = self.fma(slope, other, A)
                            self.add(place, weight, slope)
                        if begins:
                            self.add(square, weight, weight)
                        if ends:
                            self.write(self.fma(eta, A, weight), "W1", unit, rows, row)
                        else:
                            self.write(A, "A", row, one, self.number(0))
            for unit, others, places, square in zip(block, second, B, squares, strict=True):
                self.increase(w1, square)
                for j, other, place in zip(columns, others, places, strict=True):
                    self.add(w2, other, other)
                    self.write(self.fma(eta, self.now.load(place), other), "W2", unit, outputs, j)

        self.strips(units, power(4 // self.outputs), updates)
        for index, place in enumerate((w1, w2, e, g, slant)):
            state = self.now.add(self.now.mul(self.number(index), self.named["steps"]), step)
            value = self.now.load(place)
            self.write(value, "out", state, self.named["groups"], self.number(0))


def power(most: int) -> int:
    """The largest power of two that is at most that, but at least 1."""
    return int(1 << max(0, most.bit_length() - 1))


@lru_cache(maxsize=64)
def kernel(outputs: int) -> Kernel:
    """The compiled kernel for that many outputs."""
    return compiled(Descent(outputs))

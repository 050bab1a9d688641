"""A compiled kernel for networks of one hidden ReLU layer: sixteen hidden units in registers.

Optional (``boundcheck[fast]``): LLVM instructions are emitted for a number of outputs m, no compiler
is needed. One configuration at a time takes all its steps in one call. Hidden units come in blocks
of 16, padded with units of zero weights, which stay zero; samples in threes, padded with zero rows:

    forward:   H = max(X V1, 0), P += H V2        for the block, P in four partial sums
    residual:  R = P - Y                          once all blocks are through
    backward:  G = (R V2') o (H > 0), V2 -= e2 H'R, V1 -= e1 X'G, then forward again

A block is met once a step: its backward and next forward pass follow each other in the cache.
Sums are taken in another order than numpy's, and with fused multiply-adds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from llvmlite import ir

from experiments.compiling.emitter import Emitter, Kernel, compiled

LANES, VECTORS, TILE = 4, 4, 3
UNITS = LANES * VECTORS
"""Hidden units of a block; TILE rows of four vectors are twelve accumulators."""

RECORDED = 3
"""A state: |R|^2, and the squared gradients by V1 and V2."""

SIZES = ("states", "rows", "inputs", "blocks", "entries")
ARRAYS = ("X", "V1", "V2", "Y", "steps", "H", "G", "P", "R", "out")

Tile = list[list[Any]]


class TwoLayers(Emitter):
    """The kernel for ``outputs`` columns of V2."""

    def __init__(self, outputs: int) -> None:
        super().__init__(LANES, SIZES, ARRAYS)
        self.outputs = outputs

    def cells(self, rows: int) -> Tile:
        return [[self.cell() for _ in range(VECTORS)] for _ in range(rows)]

    def strips(self, end: Any, body: Callable[[Any, int], None]) -> None:
        """``body(first, count)`` in strips of TILE below ``end``, then shorter ones."""
        begin = self.number(0)
        for count in range(TILE, 0, -1):
            with self.loop(begin, end, count) as index:
                body(index, count)
            begin = self.now.sub(end, self.now.srem(self.now.sub(end, begin), self.number(count)))

    def at(self, name: str, row: Any, width: Any, more: int = 0) -> Any:
        """The address of element row * width + more."""
        place = self.now.add(self.now.mul(row, width), self.number(more))
        return self.now.gep(self.named[name], [place])

    def vector(self, address: Any) -> Any:
        return self.now.load(self.now.bitcast(address, self.kind.as_pointer()), align=8)

    def keep(self, value: Any, address: Any) -> None:
        self.now.store(value, self.now.bitcast(address, self.kind.as_pointer()), align=8)

    def spread(self, address: Any) -> Any:
        """One number in all lanes."""
        first = self.now.insert_element(self.zero, self.now.load(address), self.number(0))
        return self.now.shuffle_vector(
            first, first, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        )

    def units(self, name: str, row: Any) -> list[Any]:
        """The sixteen numbers of a row of an array of blocks."""
        width = self.number(UNITS)
        return [self.vector(self.at(name, row, width, LANES * v)) for v in range(VECTORS)]

    def body(self) -> None:
        """All steps of one configuration."""
        self.minus = [
            self.now.fsub(self.zero, self.spread(self.at("steps", self.number(i), self.number(1))))
            for i in range(2)
        ]
        with self.loop(self.number(0), self.named["blocks"]) as block:
            self._forward(block)
        with self.loop(self.number(0), self.named["states"]) as state:
            self._residual(state)
            first, second = self.cell(), self.cell()
            with self.loop(self.number(0), self.named["blocks"]) as block:
                self._backward(block)
                self._update("V2", block, self.number(self.outputs), "R", ("H", block), second)
                self._update("V1", block, self.named["inputs"], "X", ("G", None), first)
                self._forward(block)
            for index, place in ((1, first), (2, second)):
                self._record(state, index, self.now.load(place))

    def _record(self, state: Any, index: int, vector: Any) -> None:
        lanes = [self.now.extract_element(vector, self.number(i)) for i in range(LANES)]
        total = self.now.fadd(self.now.fadd(*lanes[:2]), self.now.fadd(*lanes[2:]))
        self.now.store(total, self.at("out", state, self.number(RECORDED), index))

    def _residual(self, state: Any) -> None:
        """R = sum of P's four lanes - Y, and P = 0 again, four entries at a time."""
        square, one = self.cell(), self.number(1)

        def pairs(left: Any, right: Any, even: list[int], odd: list[int]) -> Any:
            kind = ir.VectorType(ir.IntType(32), LANES)
            chosen = (
                self.now.shuffle_vector(left, right, ir.Constant(kind, which))
                for which in (even, odd)
            )
            return self.now.fadd(*chosen)

        with self.loop(self.number(0), self.named["entries"], LANES) as entry:
            places = [self.at("P", entry, self.number(LANES), LANES * i) for i in range(LANES)]
            parts = [self.vector(place) for place in places]
            low = pairs(parts[0], parts[1], [0, 4, 2, 6], [1, 5, 3, 7])
            high = pairs(parts[2], parts[3], [0, 4, 2, 6], [1, 5, 3, 7])
            sums = pairs(low, high, [0, 1, 4, 5], [2, 3, 6, 7])
            R = self.now.fsub(sums, self.vector(self.at("Y", entry, one)))
            self.keep(R, self.at("R", entry, one))
            self.add(square, R, R)
            for place in places:
                self.keep(self.zero, place)
        self._record(state, 0, self.now.load(square))

    def _forward(self, block: Any) -> None:
        """H = max(X V1, 0) of the block, and P += H V2."""
        rows, inputs, columns = self.named["rows"], self.named["inputs"], self.number(self.outputs)
        with self.loop(self.number(0), rows, TILE) as row:
            sums = self.cells(TILE)
            with self.loop(self.number(0), inputs) as column:
                V = self.units("V1", self.now.add(self.now.mul(block, inputs), column))
                for r, places in enumerate(sums):
                    sample = self.now.add(row, self.number(r))
                    x = self.spread(self.now.gep(self.at("X", sample, inputs), [column]))
                    for place, weight in zip(places, V, strict=True):
                        self.add(place, x, weight)
            H = [[self._rectified(self.now.load(place)) for place in places] for places in sums]
            for r, vectors in enumerate(H):
                self._store_units("H", self._row(block, row, r), vectors)
            for j in range(self.outputs):
                W = self.units("V2", self._second(block, j))
                for r, vectors in enumerate(H):
                    sample = self.now.add(row, self.number(r))
                    entry = self.now.add(self.now.mul(sample, columns), self.number(j))
                    place = self.at("P", entry, self.number(LANES))
                    total = self.vector(place)
                    for left, right in zip(vectors, W, strict=True):
                        total = self.fma(left, right, total)
                    self.keep(total, place)

    def _backward(self, block: Any) -> None:
        """G = (R V2') o (H > 0) of the block."""
        columns = self.number(self.outputs)
        with self.loop(self.number(0), self.named["rows"], TILE) as row:
            sums: Tile = [[self.zero] * VECTORS for _ in range(TILE)]
            for j in range(self.outputs):
                W = self.units("V2", self._second(block, j))
                for r in range(TILE):
                    sample = self.now.add(row, self.number(r))
                    R = self.spread(self.at("R", sample, columns, j))
                    sums[r] = [self.fma(R, w, one) for w, one in zip(W, sums[r], strict=True)]
            for r, vectors in enumerate(sums):
                H = self.units("H", self._row(block, row, r))
                masked = [
                    self.now.select(self.now.fcmp_ordered(">", h, self.zero), one, self.zero)
                    for h, one in zip(H, vectors, strict=True)
                ]
                self._store_units("G", self.now.add(row, self.number(r)), masked)

    def _update(
        self, name: str, block: Any, height: Any, left: str, right: tuple[str, Any], square: Any
    ) -> None:
        """V -= e A'B with A the samples of ``left`` and B the block's rows of ``right``."""
        rows, minus = self.named["rows"], self.minus[name == "V2"]
        other, blocked = right

        def tile(first: Any, count: int) -> None:
            sums = self.cells(count)
            with self.loop(self.number(0), rows) as row:
                B = self.units(other, row if blocked is None else self._row(blocked, row, 0))
                for c, places in enumerate(sums):
                    column = self.now.add(first, self.number(c))
                    a = self.spread(self.now.gep(self.at(left, row, height), [column]))
                    for place, b in zip(places, B, strict=True):
                        self.add(place, a, b)
            for c, places in enumerate(sums):
                row = self.now.add(self.now.mul(block, height), self.now.add(first, self.number(c)))
                V, slopes = self.units(name, row), [self.now.load(place) for place in places]
                for slope in slopes:
                    self.add(square, slope, slope)
                moved = [self.fma(minus, s, v) for s, v in zip(slopes, V, strict=True)]
                self._store_units(name, row, moved)

        self.strips(height, tile)

    def _rectified(self, value: Any) -> Any:
        # not a number stays what it is
        low = self.now.fcmp_ordered("<", value, self.zero)
        return self.now.select(low, self.zero, value)

    def _row(self, block: Any, row: Any, more: int) -> Any:
        return self.now.add(
            self.now.add(self.now.mul(block, self.named["rows"]), row), self.number(more)
        )

    def _second(self, block: Any, output: int) -> Any:
        return self.now.add(self.now.mul(block, self.number(self.outputs)), self.number(output))

    def _store_units(self, name: str, row: Any, vectors: list[Any]) -> None:
        for v, vector in enumerate(vectors):
            self.keep(vector, self.at(name, row, self.number(UNITS), LANES * v))


@lru_cache(maxsize=64)
def kernel(outputs: int) -> Kernel:
    """The compiled function; about 0.2 s a number of outputs."""
    return compiled(TwoLayers(outputs))

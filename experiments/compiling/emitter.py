"""LLVM instructions for loops over vectors of doubles, and their compilation.

No compiler is needed; importing this module needs llvmlite.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir

LONG, DOUBLE = ir.IntType(64), ir.DoubleType()
WIDE = bool(llvm.get_host_cpu_features().get("avx512f"))
"""Whether a register of this machine holds eight doubles."""


class Emitter:
    """The body of one function of integers and of arrays, none of which overlap.

    Arrays are addressed by their numbers, or with ``by_vectors`` by vectors of ``lanes`` of them.
    """

    def __init__(
        self, lanes: int, integers: Sequence[str], arrays: Sequence[str], by_vectors: bool = False
    ) -> None:
        self.integers, self.arrays = len(integers), len(arrays)
        self.kind = ir.VectorType(DOUBLE, lanes)
        self.module = ir.Module("run")
        address = (self.kind if by_vectors else DOUBLE).as_pointer()
        arguments = [LONG] * self.integers + [address] * self.arrays
        self.function = ir.Function(self.module, ir.FunctionType(ir.VoidType(), arguments), "run")
        for argument in self.function.args[self.integers :]:
            argument.add_attribute("noalias")
        self.named = dict(zip((*integers, *arrays), self.function.args, strict=True))
        self.entry = ir.IRBuilder(self.function.append_basic_block("entry"))
        self.now = ir.IRBuilder(self.function.append_basic_block("body"))
        vectors = ir.FunctionType(self.kind, [self.kind] * 3)
        self.fused = ir.Function(self.module, vectors, f"llvm.fma.v{lanes}f64")
        self.zero = ir.Constant(self.kind, [0.0] * lanes)

    def number(self, value: int) -> Any:
        return ir.Constant(LONG, value)

    def cell(self) -> Any:
        """A local vector, set to zero where it is asked for."""
        place = self.entry.alloca(self.kind)
        self.now.store(self.zero, place)
        return place

    @contextmanager
    def loop(self, begin: Any, end: Any, stride: int = 1) -> Iterator[Any]:
        """A counter from ``begin`` in strides, while a whole stride fits below ``end``."""
        counter = self.entry.alloca(LONG)
        self.now.store(begin, counter)
        head, body, after = (self.function.append_basic_block() for _ in range(3))
        self.now.branch(head)
        self.now.position_at_end(head)
        index = self.now.load(counter)
        last = self.now.add(index, self.number(stride))
        self.now.cbranch(self.now.icmp_signed("<=", last, end), body, after)
        self.now.position_at_end(body)
        yield index
        self.now.store(last, counter)
        self.now.branch(head)
        self.now.position_at_end(after)

    def fma(self, left: Any, right: Any, more: Any) -> Any:
        return self.now.call(self.fused, [left, right, more])

    def add(self, place: Any, left: Any, right: Any) -> None:
        """The product is added to a local vector."""
        self.now.store(self.fma(left, right, self.now.load(place)), place)

    def body(self) -> None:
        """Emit the instructions."""
        raise NotImplementedError

    def emit(self) -> str:
        """The module as text; once an emitter."""
        self.body()
        self.now.ret_void()
        self.entry.branch(self.function.blocks[1])
        return str(self.module)


@dataclass(frozen=True)
class Kernel:
    """A compiled function; it lets other threads run meanwhile."""

    engine: Any
    """Its code lives as long as this."""
    code: Callable[..., None]

    def __call__(self, *arguments: int) -> None:
        """``arguments``: the integers, then the addresses of the arrays."""
        self.code(*arguments)


def compiled(emitter: Emitter) -> Kernel:
    """The emitted function for this machine."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=3
    )
    module = llvm.parse_assembly(emitter.emit())
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    arguments = [ctypes.c_int64] * emitter.integers + [ctypes.c_void_p] * emitter.arrays
    kind = ctypes.CFUNCTYPE(None, *arguments)
    return Kernel(engine, kind(engine.get_function_address("run")))

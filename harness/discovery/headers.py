"""Headers of theorem files, read without running them.

``boundcheck list`` and selectors need names, titles and claims, not expressions; so the file is
parsed and its literals are read, and neither sympy nor torch is imported.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

SYMBOLS_MODULES = (
    "harness.symbols",
    "harness.first_order",
    "harness.large_steps",
    "harness.implicit_bias",
    "harness.finite_width",
    "harness.double_descent",
    "harness.neural_kernels",
    "harness.lazy_training",
    "harness.flows",
    "harness.deep_layers",
)


SILENT = frozenset(
    {"scalings", "chain", "spelled", "rate", "controls", "axes", "engine", "complete", "known",
     "boundary", "demos", "measures"}
)  # fmt: skip
"""Keywords of theorems and experiments in which no symbol is needed or emitted."""

SCOPES = ast.FunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
"""What binds names of its own."""


@dataclass(frozen=True)
class ClaimHeader:
    """A claim by name and kind."""

    id: str
    kind: str


@dataclass(frozen=True)
class Header:
    """What can be said of a statement without building it; one a version."""

    id: str
    version: int
    topic: str
    title: str
    source: str
    provenance: str
    reading: str
    claims: tuple[ClaimHeader, ...]
    symbols: frozenset[str]
    module: str
    path: str

    @property
    def ref(self) -> str:
        return f"{self.id}@{self.version}"


@dataclass(frozen=True)
class ExperimentHeader:
    """An experiment's name and the symbols its declaration mentions."""

    id: str
    title: str
    symbols: frozenset[str]
    module: str
    path: str


@dataclass
class _Source:
    """A parsed module: assignments and functions by name, and where imported names come from."""

    tree: ast.Module
    assigned: dict[str, ast.expr] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef | ast.ClassDef] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)


@cache
def _source(path: Path) -> _Source:
    source = _Source(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
    for node in source.tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                source.assigned.update(_bindings(target, node.value))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            source.assigned[node.target.id] = node.value
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            source.functions[node.name] = node
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                source.imported[alias.asname or alias.name] = node.module, alias.name
    return source


def _bindings(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """The names of an assignment with what each gets; all of the value where it is not spread out."""
    if (
        isinstance(target, ast.Tuple | ast.List)
        and isinstance(value, ast.Tuple | ast.List)
        and len(target.elts) == len(value.elts)
        and not any(isinstance(one, ast.Starred) for one in (*target.elts, *value.elts))
    ):
        for part, given in zip(target.elts, value.elts, strict=True):
            yield from _bindings(part, given)
    else:
        yield from ((name, value) for name in _stored(target))


def _stored(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id


def theorem_headers(path: Path, module: str, topic: str) -> list[Header]:
    """The statements that a theorem file declares; empty for a file that declares none."""
    source = _source(path)
    calls = {name: node for name, node in source.assigned.items() if _calls(node, "Theorem")}
    titles = {_text(node, "title") for node in calls.values()}
    headers: dict[str, Header] = {}
    for name, node in calls.items():
        headers[name] = Header(
            id=path.stem if len(titles) == 1 else name,
            version=_number(node, "version", 1),
            topic=topic,
            title=_text(node, "title"),
            source=_text(node, "source"),
            provenance=_text(node, "provenance") or "read",
            reading=_text(node, "reading"),
            claims=tuple(_claims(node, path)),
            symbols=_symbols(node, path),
            module=module,
            path=str(path),
        )
    for name, node in source.assigned.items():
        revised = _revision(node, headers, path)
        if revised is not None:
            headers[name] = revised
    return sorted(headers.values(), key=lambda one: (one.id, one.version))


def experiment_headers(path: Path, module: str) -> list[ExperimentHeader]:
    """The experiments that a module declares; engines and their helpers are not even parsed."""
    if "Experiment(" not in path.read_text(encoding="utf-8"):
        return []
    source = _source(path)
    return [
        ExperimentHeader(
            id=_text(node, "id") or name,
            title=_text(node, "title"),
            symbols=_symbols(node, path),
            module=module,
            path=str(path),
        )
        for name, node in source.assigned.items()
        if _calls(node, "Experiment")
    ]


def _calls(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _keyword(node: ast.expr, name: str) -> ast.expr | None:
    keywords = node.keywords if isinstance(node, ast.Call) else []
    return next((one.value for one in keywords if one.arg == name), None)


def _text(node: ast.expr, name: str) -> str:
    value = _keyword(node, name)
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _number(node: ast.expr, name: str, default: int) -> int:
    value = _keyword(node, name)
    number = value.value if isinstance(value, ast.Constant) else default
    return number if isinstance(number, int) else default


def _claims(node: ast.expr, path: Path) -> Iterator[ClaimHeader]:
    listed: ast.AST | None = _keyword(node, "claims")
    if isinstance(listed, ast.Name):
        listed, path = _found(listed.id, path)
    for one in ast.walk(listed) if listed is not None else ():
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name):
            if one.func.id == "Claim":
                yield from _claim(one, path)
            else:
                # a function that makes the claim
                body, home = _found(one.func.id, path)
                inner = ast.walk(body) if isinstance(body, ast.FunctionDef) else ()
                yield from (
                    found
                    for call in inner
                    if isinstance(call, ast.Call) and _calls(call, "Claim")
                    for found in _claim(call, home)
                )


def _claim(call: ast.Call, path: Path) -> Iterator[ClaimHeader]:
    kind: ast.AST | None = _keyword(call, "kind") or next(iter(call.args[2:3]), None)
    if isinstance(kind, ast.Name):
        kind, _ = _found(kind.id, path)
    name = kind.func.id if isinstance(kind, ast.Call) and isinstance(kind.func, ast.Name) else ""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield ClaimHeader(first.value, _KINDS.get(name, "deterministic"))


def _found(name: str, path: Path) -> tuple[ast.AST | None, Path]:
    """What a name stands for in a module, followed through imports, and the file that says so."""
    source = _source(path)
    if name in source.imported:
        module, original = source.imported[name]
        other = _file_of(module, path)
        return (None, path) if other is None else _found(original, other)
    return source.assigned.get(name) or source.functions.get(name), path


_KINDS = {
    "AlmostSurely": "almost surely",
    "Probability": "probability",
    "Expectation": "expectation",
    "Exponent": "exponent",
    "Law": "exact law",
}


def _revision(node: ast.expr, headers: dict[str, Header], path: Path) -> Header | None:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    if node.func.attr != "revised" or not isinstance(node.func.value, ast.Name):
        return None
    first = headers.get(node.func.value.id)
    if first is None or len(node.args) < 2:
        return None
    version, reading = (
        one.value if isinstance(one, ast.Constant) else None for one in node.args[:2]
    )
    if not isinstance(version, int) or not isinstance(reading, str):
        return None
    symbols = first.symbols | _symbols(node, path)
    return dataclasses.replace(first, version=version, reading=reading, symbols=symbols)


def _symbols(node: ast.AST, path: Path) -> frozenset[str]:
    """Names of the symbols an expression is made of, followed through assignments and imports.

    A list of symbols in one of ``SYMBOLS_MODULES`` goes by its own name.
    """
    found = _mentioned(node, path)
    symbols, ahead, seen = set(found.symbols), set(found.names), set[tuple[str, Path]]()
    while ahead:
        one = ahead.pop()
        seen.add(one)
        found = _named(*one)
        symbols |= found.symbols
        ahead |= found.names - seen
    return frozenset(symbols)


@dataclass(frozen=True)
class _Mentioned:
    """Symbols that a piece of code names itself, and names of modules that may stand for more."""

    symbols: frozenset[str] = frozenset()
    names: frozenset[tuple[str, Path]] = frozenset()


def _mentioned(node: ast.AST, path: Path) -> _Mentioned:
    source = _source(path)
    first = node.args[:1] if isinstance(node, ast.Call) and _calls(node, "symbol") else []
    symbols = {str(one.value) for one in first if isinstance(one, ast.Constant)}
    names: set[tuple[str, Path]] = set()
    for one in _stated(node):
        if isinstance(one, ast.Name):
            names.add((one.id, path))
        elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            home, original = source.imported.get(one.value.id, ("", ""))
            module = f"{home}.{original}"
            if module in SYMBOLS_MODULES:
                symbols.add(one.attr)
            elif home and (other := _file_of(module, path)) is not None:
                names.add((one.attr, other))
    return _Mentioned(frozenset(symbols), frozenset(names))


@cache
def _named(name: str, path: Path) -> _Mentioned:
    """What a name of a module stands for; nothing where the module does not have it."""
    source = _source(path)
    if name in source.imported:
        module, original = source.imported[name]
        if module in SYMBOLS_MODULES:
            return _Mentioned(symbols=frozenset({original}))
        other = _file_of(module, path)
        return _Mentioned() if other is None else _Mentioned(names=frozenset({(original, other)}))
    node = source.assigned.get(name) or source.functions.get(name)
    return _Mentioned() if node is None else _mentioned(node, path)


def _stated(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it but what says nothing of needs and emissions: units, proof, runs.

    Nor names that functions and comprehensions bind: they are not the module's.
    """
    ahead: list[tuple[ast.AST, frozenset[str]]] = [(node, frozenset())]
    while ahead:
        one, own = ahead.pop()
        if isinstance(one, SCOPES):
            own |= {*_stored(one), *(arg.arg for arg in ast.walk(one) if isinstance(arg, ast.arg))}
        named = one.value if isinstance(one, ast.Attribute) else one
        if isinstance(named, ast.Name) and named.id in own:
            continue
        yield one
        ahead += (
            (child, own)
            for child in ast.iter_child_nodes(one)
            if not (isinstance(child, ast.keyword) and child.arg in SILENT)
        )


@cache
def _file_of(module: str, near: Path) -> Path | None:
    """The file of a module that shares a package with ``near``; None for anything else."""
    parts = module.split(".")
    for folder in near.parents:
        if folder.name == parts[0]:
            candidate = folder.joinpath(*parts[1:]).with_suffix(".py")
            return candidate if candidate.is_file() else None
    return None

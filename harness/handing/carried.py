"""An experiment's function as source text that stands alone: with the helpers, constants and imports it uses.

What is needed is found in the syntax tree of the module, and from there transitively, also in other
modules of the same package. Symbols used as keys become strings, modules of symbols namespaces of
strings, functions of this project equivalents in numpy; imports inside a function move to the top.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import symtable
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from harness.handing.equivalents import EQUIVALENTS
from harness.vocabulary.symbol import Quantity

LIBRARIES = frozenset({"numpy", "scipy", *sys.stdlib_module_names})
"""What a script may import."""

Binding = tuple[ast.stmt, ast.alias | None]


class NotCarriedError(Exception):
    """Why a function cannot be written as a script of its own."""


@dataclass(frozen=True)
class Carried:
    """Import lines, the text of everything that is needed, and the names of symbols in it."""

    imports: tuple[str, ...]
    text: str
    keys: frozenset[str]


def carried(function: Callable[..., Any]) -> Carried:
    """The function and all it uses of its module; NotCarriedError, saying why, where it cannot be."""
    if not isinstance(function, FunctionType) or "<" in function.__qualname__:
        raise NotCarriedError("it is no function at the top of a module")
    collected = _collector(function, function.__globals__, {}, {})
    collected.need(function.__name__, main=True)
    return collected.result()


def _collector(
    origin: Any, values: dict[str, Any], owners: dict[str, str], others: dict[str, _Collector]
) -> _Collector:
    """One for the module of ``origin``, a function or a module."""
    try:
        source = Path(inspect.getsourcefile(origin) or "").read_text(encoding="utf-8")
        tree = ast.parse(source)
    except (OSError, TypeError, UnicodeDecodeError, SyntaxError) as error:
        raise NotCarriedError("its source is not available") from error
    return _Collector(source, tree, values, owners, others)


@dataclass
class _Collector:
    source: str
    tree: ast.Module
    values: dict[str, Any]
    owners: dict[str, str]
    """Where each name comes from: it must mean the same in all modules."""
    others: dict[str, _Collector]
    """Of other modules of the package, by name, each before those that use it."""
    keys: dict[str, str] = field(default_factory=dict)
    imports: dict[str, None] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)
    statements: dict[int, str] = field(default_factory=dict)
    members: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each module of symbols, by the name it has here: what is read of it, and its name."""
    hoisted: set[str] = field(default_factory=set)
    """What is bound by imports inside functions."""
    annotated: bool = False

    def __post_init__(self) -> None:
        self.bound: dict[str, list[Binding]] = {}
        for statement in self.tree.body:
            for name, alias in _bindings(statement):
                self.bound.setdefault(name, []).append((statement, alias))

    def need(self, name: str, main: bool = False) -> None:
        """Carry what the module binds to the name, and whatever that needs in turn."""
        if isinstance(found := self.values.get(name), Quantity):
            self.keys[name] = found.name
            return
        if name in self.hoisted or self._symbols(name) is not None:
            return
        bindings = self.bound.get(name, [])
        if not bindings:
            if not hasattr(builtins, name):
                raise NotCarriedError(f"“{name}” is not defined in its module")
            if name == "open":
                raise NotCarriedError("it opens a file")
            return
        if len(bindings) > 1:
            raise NotCarriedError(f"“{name}” is bound more than once in its module")
        ((statement, alias),) = bindings
        if alias is not None:
            self._import(name, statement, alias)
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign):
            self._carry(statement, main)
        else:
            raise NotCarriedError(f"“{name}” is not bound by a plain assignment")

    def _import(self, name: str, statement: ast.stmt, alias: ast.alias) -> None:
        renamed = f" as {alias.asname}" if alias.asname else ""
        if isinstance(statement, ast.Import):
            module, line = alias.name, f"import {alias.name}{renamed}"
        else:
            assert isinstance(statement, ast.ImportFrom)
            module = "." * statement.level + (statement.module or "")
            line = f"from {module} import {alias.name}{renamed}"
            if module.partition(".")[0] == "harness" and alias.name in EQUIVALENTS:
                self.imports["import numpy as np"] = None
                self.replaced[name] = EQUIVALENTS[alias.name].format(name=name).strip()
                return
        home = str(self.values.get("__name__"))
        same = "." in home and module.partition(".")[0] == home.partition(".")[0]
        if same and isinstance(statement, ast.ImportFrom) and not alias.asname:
            self._from_package(module, alias.name)
            return
        if module.partition(".")[0] not in LIBRARIES:
            raise NotCarriedError(f"it needs “{alias.name}” of {module}")
        self._own(name, line)
        self.imports[line] = None

    def _own(self, name: str, origin: str) -> None:
        if self.owners.setdefault(name, origin) != origin:
            raise NotCarriedError(f"“{name}” means two things in the modules it comes from")

    def _from_package(self, module: str, name: str) -> None:
        """Carry what another module of the package binds to the name."""
        self._own(name, module)
        loaded = importlib.import_module(module)
        other = self.others.pop(module, None) or _collector(
            loaded, vars(loaded), self.owners, self.others
        )
        other.need(name)
        self.others[module] = other

    def _carry(self, statement: ast.stmt, main: bool) -> None:
        if statement.lineno in self.statements:
            return
        text = ast.get_source_segment(self.source, statement) or ""
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) and not main:
            decorators = [ast.get_source_segment(self.source, d) for d in statement.decorator_list]
            text = "".join(f"@{one}\n" for one in decorators) + text
        elif isinstance(statement, ast.FunctionDef):
            text = _shortened(text, statement)
        for name, _ in _bindings(statement):
            self._own(name, str(self.values.get("__name__")))
        self.statements[statement.lineno] = text = self._without_imports(text)
        bare = _Bare()
        tree = bare.visit(ast.parse(text))
        plain = ast.unparse(tree)
        self.annotated |= bare.annotated
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                self._member(node.value.id, node.attr)
        for name in sorted(_read(plain)):
            self.need(name)

    def _without_imports(self, text: str) -> str:
        """The text without the imports inside of it; what they bring is carried like any other."""
        lines: list[str | None] = list(text.splitlines())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    self._import(name, node, alias)
                    self.hoisted.add(name)
                last = node.end_lineno or node.lineno
                lines[node.lineno - 1 : last] = [None] * (last - node.lineno + 1)
        return "\n".join(line for line in lines if line is not None)

    def _symbols(self, name: str) -> ModuleType | None:
        """The module of this project that the name stands for, if it does."""
        found = self.values.get(name)
        ours = isinstance(found, ModuleType) and found.__name__.partition(".")[0] == "harness"
        return found if ours else None

    def _member(self, name: str, attribute: str) -> None:
        """Note what is read of a module of symbols."""
        if (module := self._symbols(name)) is None:
            return
        found = getattr(module, attribute, None)
        if not isinstance(found, Quantity):
            raise NotCarriedError(f"it needs “{attribute}” of {module.__name__}")
        self._own(name, module.__name__)
        self.members.setdefault(name, {})[attribute] = found.name

    def result(self) -> Carried:
        modules = [*self.others.values(), self]
        keys = {key: name for one in modules for key, name in one.keys.items()}
        parts = [text for one in modules for text in one.replaced.values()]
        if keys:
            values = ", ".join(f'"{one}"' for one in keys.values())
            parts.append(f"{', '.join(keys)} = {values}  # what is measured, by name")
        imports = dict.fromkeys(line for one in modules for line in one.imports)
        for name in dict.fromkeys(name for one in modules for name in one.members):
            read = {
                key: value for one in modules for key, value in one.members.get(name, {}).items()
            }
            inside = ", ".join(f'{key}="{value}"' for key, value in read.items())
            parts.append(f"{name} = SimpleNamespace({inside})  # what is measured, by name")
            imports["from types import SimpleNamespace"] = None
        if any(one.annotated for one in modules):
            imports = {"from __future__ import annotations": None, **imports}
        for one in modules:
            parts += [one.statements[line] for line in sorted(one.statements)]
        return Carried(tuple(imports), "\n\n".join(parts), frozenset(keys))


class _Bare(ast.NodeTransformer):
    """Leaves annotations out: a script does not evaluate them."""

    annotated = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.annotated |= node.returns is not None
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        self.annotated |= node.annotation is not None
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.annotated = True
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)


def _bindings(statement: ast.stmt) -> Iterator[tuple[str, ast.alias | None]]:
    """The names that a statement of the module binds; with the alias where it is an import."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0], alias
        return
    table = symtable.symtable(ast.unparse(statement), "module", "exec")
    for one in table.get_symbols():
        if one.is_assigned() or one.is_imported():
            yield one.get_name(), None


def _read(source: str) -> set[str]:
    """The names of the module that the source reads; NotCarriedError where it would change one."""

    def visit(table: symtable.SymbolTable, top: bool) -> Iterator[str]:
        for one in table.get_symbols():
            if one.is_declared_global():
                raise NotCarriedError(f"it changes “{one.get_name()}” of its module")
            if one.is_referenced() and (not one.is_assigned() if top else one.is_global()):
                yield one.get_name()
        for child in table.get_children():
            yield from visit(child, False)

    return set(visit(symtable.symtable(source, "carried", "exec"), True))


def _shortened(text: str, function: ast.FunctionDef) -> str:
    """The source of a function with no more than the first line of its docstring."""
    first = function.body[0]
    documented = ast.get_docstring(function)
    if documented is None or first.end_lineno == first.lineno:
        return text
    lines = text.splitlines()
    start, end = first.lineno - function.lineno, (first.end_lineno or 0) - function.lineno
    lines[start : end + 1] = [f"{' ' * first.col_offset}# {documented.splitlines()[0]}"]
    return "\n".join(lines)

"""The files behind an experiment: its own, and what it imports from its package, now or when it runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_ENGINE = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
"""module:name, as an experiment names the engine that is imported when it runs."""


def files_behind(path: Path) -> list[Path]:
    """Sorted; imports inside functions and engines named in strings count, other packages do not.

    Beside a file that is in no package, modules of the same folder are found.
    """
    folder = path.parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    # what is importable from that folder belongs to others as well, a package's own part to it alone
    inside = folder / path.relative_to(folder).parts[0]
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        for module in _named(file, folder):
            waiting += _files_of(module, folder, inside if inside.is_dir() else folder)
    return sorted(found)


def _named(file: Path, folder: Path) -> Iterator[tuple[str, ...]]:
    """Modules that the file may import, as parts of their names; some are names in modules."""
    try:
        tree = ast.parse(file.read_bytes())
    except SyntaxError:
        return
    here = file.relative_to(folder).parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (tuple(one.name.split(".")) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            base += tuple((node.module or "").split(".")) if node.module else ()
            yield base
            yield from ((*base, one.name) for one in node.names)
        elif isinstance(node, ast.Constant) and _ENGINE.fullmatch(str(node.value)):
            yield tuple(str(node.value).partition(":")[0].split("."))


def _files_of(module: tuple[str, ...], folder: Path, inside: Path) -> Iterator[Path]:
    """The file of a module and the ``__init__.py`` of its packages, as far as they lie inside."""
    for count in range(1, len(module) + 1):
        place = folder.joinpath(*module[:count])
        for file in (place / "__init__.py", place.with_suffix(".py")):
            if file.is_relative_to(inside) and file.is_file():
                yield file

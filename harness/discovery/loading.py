"""Loads theorem and experiment records from modules and from files named by the user."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from harness.errors import UsageError
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Theorem


@dataclass(frozen=True)
class Content:
    """The records of one module."""

    theorems: tuple[Theorem, ...]
    experiments: tuple[Experiment, ...]


def load_module(name: str, topic: str = "") -> Content:
    """The records of an installed module. Whatever its import raises is passed on."""
    return content(importlib.import_module(name), topic)


def load_file(path: Path, name: str = "") -> Content:
    """The records of a file; UsageError, with the line, when it does not load or holds none.

    ``name`` keeps one theorem only: ID, ID@VERSION, or the variable, which then is its id.
    """
    try:
        module = _module(path)
        found = content(module, "", str(path))
        if name:
            found = dataclasses.replace(found, theorems=_one(found, module, name))
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    except SyntaxError as error:
        raise UsageError(f"{path}, line {error.lineno}: does not parse ({error.msg}).") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from error
    except TypeError as error:
        if "relational" in str(error).lower():
            raise UsageError(
                f"{path}{_line(error, path)}: a chained comparison cannot be written as "
                "a < b < c; write two hypotheses, or And(a < b, b < c)."
            ) from error
        raise UsageError(f"{path}{_line(error, path)}: TypeError: {error}.") from error
    except (Exception, SystemExit) as error:
        where = _line(error, path)
        raise UsageError(f"{path}{where}: {type(error).__name__}: {error}.") from error
    if not found.theorems and not found.experiments:
        raise UsageError(
            f"{path} holds no theorem: assign a Theorem(...) to a name at module level."
        )
    return found


def content(module: ModuleType, topic: str, path: str = "") -> Content:
    """The records visible in a module, with id, topic, docstring and path filled in."""
    path = path or str(module.__file__ or "")
    named = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    theorems = {n: v for n, v in named.items() if isinstance(v, Theorem) and not v.id}
    for theorem in theorems.values():
        theorem.refuse_ambiguity()
    titles = {theorem.title for theorem in theorems.values()}
    stem = Path(path).stem
    return Content(
        tuple(
            dataclasses.replace(
                theorem,
                id=stem if len(titles) == 1 else name,
                topic=topic,
                doc=(module.__doc__ or "").strip(),
                path=path,
            )
            for name, theorem in theorems.items()
        ),
        tuple(
            dataclasses.replace(value, path=path)
            for value in named.values()
            if isinstance(value, Experiment)
        ),
    )


def _one(found: Content, module: ModuleType, name: str) -> tuple[Theorem, ...]:
    fit = tuple(one for one in found.theorems if name in (one.id, one.ref))
    if fit:
        return fit
    variable = name.partition("@")[0]
    record = getattr(module, variable, None)
    if isinstance(record, Theorem) and name in (variable, f"{variable}@{record.version}"):
        alike = (one for one in found.theorems if one.title == record.title)
        return tuple(
            dataclasses.replace(one, id=variable) for one in alike if one.version == record.version
        )
    raise UsageError(f"has no theorem “{name}”.")


def _module(path: Path) -> ModuleType:
    name = f"boundcheck_file_{path.stem}_{abs(hash(path.resolve()))}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError("is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _line(error: BaseException, path: Path) -> str:
    """Where in the user's own file the exception came from."""
    trace, line = error.__traceback__, None
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename) == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f", line {line}" if line else ""

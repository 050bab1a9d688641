"""Finds theorems and experiments: by entry point, walked lazily, and by file path."""

from __future__ import annotations

import fnmatch
import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from harness.discovery.headers import (
    ExperimentHeader,
    Header,
    experiment_headers,
    theorem_headers,
)
from harness.errors import UsageError

if TYPE_CHECKING:
    from harness.vocabulary.experiment import Experiment
    from harness.vocabulary.theorem import Theorem

THEOREMS = "boundcheck.theorems"
EXPERIMENTS = "boundcheck.experiments"


@dataclass(frozen=True)
class Broken:
    """A module found by entry point that cannot be read, and why."""

    module: str
    reason: str


@dataclass
class Found:
    """Headers of everything installed, and what could not be read."""

    theorems: list[Header] = field(default_factory=list)
    experiments: list[ExperimentHeader] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)


@cache
def installed() -> Found:
    """Headers of the installed theorems and experiments, ours and third parties' alike."""
    found = Found()
    for group in (THEOREMS, EXPERIMENTS):
        for package in sorted({point.value for point in entry_points(group=group)}):
            for module, path in _modules(package, found):
                try:
                    if group == THEOREMS:
                        topic = module.split(".")[-2] if module.count(".") > 1 else ""
                        found.theorems += theorem_headers(path, module, topic)
                    else:
                        found.experiments += experiment_headers(path, module)
                except (SyntaxError, UnicodeDecodeError) as error:
                    found.broken.append(Broken(module, f"does not parse ({error})"))
    found.theorems.sort(key=lambda one: (one.topic, one.id, one.version))
    return found


def _modules(package: str, found: Found) -> Iterator[tuple[str, Path]]:
    """Module names and files below a package, without importing them."""
    try:
        spec = importlib.util.find_spec(package)
    except ImportError as error:
        found.broken.append(Broken(package, str(error)))
        return
    if spec is None:
        found.broken.append(Broken(package, "no such package"))
        return
    for root in spec.submodule_search_locations or ():
        for path in sorted(Path(root).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if path.name != "__init__.py":
                yield ".".join((package, *parts)), path


def select(selectors: Iterable[str]) -> tuple[list[Theorem], list[Experiment]]:
    """The theorems that selectors name, and the experiments of files among them.

    A selector is ID, ID@VERSION, TOPIC/*, a glob over either, a path ending in .py, or one theorem
    of such a file as FILE.py::NAME. None at all means the whole catalogue, without what is broken
    (see ``broken_among``). UsageError for one that matches nothing.
    """
    from harness.discovery.loading import load_file

    chosen: dict[str, Theorem] = {}
    experiments: list[Experiment] = []
    selectors = list(selectors) or ["*"]
    for selector in selectors:
        file, _, name = selector.partition("::")
        if file.endswith(".py"):
            content = load_file(Path(file), name)
            chosen |= {theorem.ref: theorem for theorem in content.theorems}
            experiments += content.experiments
            continue
        matches = matching(selector)
        if not matches:
            known = sorted({header.id for header in installed().theorems})
            raise UsageError(
                f"“{selector}” matches no theorem; `boundcheck list` shows all "
                f"{len(known)}{_nearest(selector, known)}."
            )
        for header in matches:
            try:
                chosen[header.ref] = theorem(header.ref)
            except (Exception, SystemExit) as error:
                _note_broken(header.module, error)
                if not _is_glob(selector):
                    raise UsageError(f"{header.path}: {_reason(error)}.") from error
    return list(chosen.values()), experiments


def _is_glob(selector: str) -> bool:
    return any(sign in selector for sign in "*?[")


def broken_among(selectors: Iterable[str]) -> list[Broken]:
    """What cannot be read, where the selectors ask for more than single theorems."""
    selectors = list(selectors) or ["*"]
    return list(installed().broken) if any(map(_is_glob, selectors)) else []


def _note_broken(module: str, error: BaseException) -> None:
    if module not in {one.module for one in installed().broken}:
        installed().broken.append(Broken(module, _reason(error)))


def _reason(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def matching(selector: str) -> list[Header]:
    """Headers that a selector matches; an id without a version means all its versions."""
    return [
        one
        for one in installed().theorems
        if any(
            fnmatch.fnmatchcase(name, selector)
            for name in (one.id, one.ref, f"{one.topic}/{one.id}", f"{one.topic}/{one.ref}")
        )
    ]


@cache
def theorem(ref: str) -> Theorem:
    """The installed theorem "ID@VERSION", or the latest version of "ID"; its file is imported."""
    from harness.discovery.loading import load_module

    headers = [one for one in installed().theorems if ref in (one.ref, one.id)]
    if not headers:
        known = sorted({one.id for one in installed().theorems})
        raise UsageError(f"there is no theorem “{ref}”{_nearest(ref, known)}.")
    header = headers[-1]
    for record in load_module(header.module, header.topic).theorems:
        if record.ref == header.ref:
            return record
    raise UsageError(f"{header.path} declares {header.ref} in a way that cannot be read ahead.")


@cache
def experiments() -> tuple[Experiment, ...]:
    """The installed experiments; their declarations are imported, their engines are not."""
    from harness.discovery.loading import load_module

    home = {header.id: header.module for header in installed().experiments}
    found: list[Experiment] = []
    for name in dict.fromkeys(home.values()):
        try:
            # a module may import another one's experiment
            found += (
                one for one in load_module(name).experiments if home.get(one.id, name) == name
            )
        except (Exception, SystemExit) as error:
            _note_broken(name, error)
    return tuple(found)


def _nearest(name: str, known: list[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name.partition("@")[0], known, n=1, cutoff=0.4)
    return f" (did you mean {close[0]}?)" if close else ""

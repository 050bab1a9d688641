"""Finished groups, committed one by one to a file of blocks in the output folder.

Killing the process loses at most the group in flight; the same command continues from the rest.
A group is found again by the hash of everything its rows depend on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from harness.errors import UsageError
from harness.judging.row import Row
from harness.options import DEFAULT_ENGINE, FAST_ENGINE
from harness.running.configuration import digest
from harness.running.task import Task
from harness.storing.blocks import BlockFile
from harness.storing.columns import packed, unpacked
from harness.storing.origins import files_behind
from harness.vocabulary.theorem import Theorem

T = TypeVar("T")

FILE_NAME = "results.store"
_DEPENDENCIES = ("numpy", "scipy", "sympy", "python-flint", "torch", "scikit-learn", "llvmlite")


class Store:
    """Rows of finished groups, and values that JSON can hold, by key; see `BlockFile`.

    ``remarks`` are sentences on what in the file was damaged, and so is run again.
    """

    def __init__(self, folder: Path, name: str = FILE_NAME) -> None:
        self._path = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder}: cannot be made ({error.strerror}).") from error
        self._blocks = BlockFile(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._blocks.__exit__()

    @property
    def remarks(self) -> tuple[str, ...]:
        return tuple(self._blocks.damage)

    def get(self, key: str) -> list[Row] | None:
        """The rows of a finished group, or None."""
        return self._decoded(key, unpacked)

    def put(self, key: str, rows: Sequence[Row]) -> None:
        """Commit a finished group; on return it is on disk."""
        self._blocks.append(key, packed(rows))

    def recall(self, key: str) -> Any | None:
        """What was kept under the key, as JSON gives it back, or None."""
        return self._decoded(key, json.loads)

    def keep(self, key: str, value: Any) -> None:
        """Commit a value that JSON can hold; on return it is on disk."""
        self._blocks.append(key, json.dumps(value).encode())

    def _decoded(self, key: str, decode: Callable[[bytes], T]) -> T | None:
        content = self._blocks.read(key)
        if content is None:
            return None
        try:
            return decode(content)
        except ValueError:
            self._blocks.drop(key)
            return None


def key_of(task: Task, lookup: Callable[[str], Theorem]) -> str:
    """The hash of everything the rows of a group depend on."""
    theorem = task.theorem
    claims = [[c.id, str(c.expected), str(c.kind), c.rate, c.start] for c in theorem.claims]
    sizes = [one.get("step_size") for one in task.configurations]
    limits = sorted({one["of"] for one in sizes if isinstance(one, Mapping)} - {theorem.ref})
    return digest(
        theorem.ref,
        theorem.path if not theorem.topic else "",
        theorem.fingerprint,
        theorem.reading,
        json.dumps([claims, [one.id for one in theorem.hypotheses]]),
        *(lookup(ref).fingerprint for ref in limits),
        task.experiment.id,
        str(task.replicates),
        FAST_ENGINE if task.fast else DEFAULT_ENGINE,
        sources(task.experiment.path),
        *task.texts,
    )


@cache
def sources(experiment_path: str) -> str:
    """A hash of the code that produces rows: the harness, the experiment, and their libraries."""
    hasher = hashlib.sha256()
    files = sorted(Path(__file__).parent.parent.rglob("*.py"))
    experiment = Path(experiment_path) if experiment_path else None
    if experiment is not None and experiment.is_file():
        files += files_behind(experiment)
    for file in files:
        hasher.update(file.name.encode() + b"\0" + file.read_bytes())
    for name in _DEPENDENCIES:
        try:
            hasher.update(f"{name}={version(name)}".encode())
        except PackageNotFoundError:
            continue
    return hasher.hexdigest()

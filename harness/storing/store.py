"""Finished groups, committed one by one to an embedded database in the output folder.

Killing the process loses at most the group in flight; the same command continues from the rest.
A group is found again by the hash of everything its rows depend on.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from harness.errors import UsageError
from harness.judging.row import Finding, Row
from harness.running.configuration import canonical, digest
from harness.running.task import Task
from harness.vocabulary.theorem import Theorem
from harness.vocabulary.verdict import Verdict

FILE_NAME = "results.sqlite"
_DEPENDENCIES = ("numpy", "scipy", "sympy", "python-flint")


class Store:
    """Rows of finished groups, by key."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        with self._explained():
            folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path)
            self._database.execute("pragma journal_mode=wal")
            self._database.execute("pragma synchronous=full")
            self._database.execute(
                "create table if not exists groups (key text primary key, rows text not null)"
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """A damaged database is bad input, wherever in the file the damage is met."""
        try:
            yield
        except (sqlite3.DatabaseError, OSError, ValueError, TypeError, KeyError) as error:
            raise UsageError(
                f"{self._path} is not a usable result store ({error}); "
                "delete it or choose another --out."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def get(self, key: str) -> list[Row] | None:
        """The rows of a finished group, or None."""
        stored = self.recall(key)
        with self._explained():
            return None if stored is None else [_row(one) for one in stored]

    def put(self, key: str, rows: Sequence[Row]) -> None:
        """Commit a finished group; on return it is on disk."""
        self.keep(key, [dataclasses.asdict(row) for row in rows])

    def recall(self, key: str) -> Any | None:
        """What was kept under the key, as JSON gives it back, or None."""
        query = "select rows from groups where key = ?"
        with self._explained():
            found = self._database.execute(query, (key,)).fetchone()
            return None if found is None else json.loads(found[0])

    def keep(self, key: str, value: Any) -> None:
        """Commit a value that JSON can hold; on return it is on disk."""
        with self._explained(), self._database:
            statement = "insert or replace into groups values (?, ?)"
            self._database.execute(statement, (key, json.dumps(value)))


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
        sources(task.experiment.path),
        *(canonical(one) for one in task.configurations),
    )


@cache
def sources(experiment_path: str) -> str:
    """A hash of the code that produces rows: the harness, the experiment, and their libraries."""
    hasher = hashlib.sha256()
    roots = [Path(__file__).parent.parent]
    experiment = Path(experiment_path) if experiment_path else None
    if experiment is not None and experiment.is_file():
        packaged = (experiment.parent / "__init__.py").is_file()
        roots.append(experiment.parent if packaged else experiment)
    for root in roots:
        files = [root] if root.is_file() else sorted(root.rglob("*.py"))
        for file in files:
            hasher.update(file.name.encode() + b"\0" + file.read_bytes())
    for name in _DEPENDENCIES:
        try:
            hasher.update(f"{name}={version(name)}".encode())
        except PackageNotFoundError:
            continue
    return hasher.hexdigest()


def _row(stored: dict[str, Any]) -> Row:
    finding = stored.pop("finding")
    finding["verdict"] = Verdict(finding["verdict"])
    finding["hypotheses_broken"] = tuple(finding["hypotheses_broken"])
    finding["against"] = tuple(finding["against"])
    finding["support"] = tuple(tuple(one) for one in finding["support"])
    stored["expected"] = Verdict(stored["expected"])
    return Row(**stored, finding=Finding(**finding))

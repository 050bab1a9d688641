"""Work on theorem, claim and experiment, in this process or in several."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.running.configuration import digest
from harness.running.jobs import done_all
from harness.running.rehearsal import marked
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.storing.store import Store
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Claim, Theorem

Pair = tuple[Theorem, Claim, Experiment]
_RECORDS = ("theorem", "claim", "experiment")
Fields = dict[str, Any]


@contextmanager
def journal_store(out: Path, pair: Pair) -> Iterator[Store]:
    """The store of one search: one process writes a file, and searches run side by side.

    A search whose process died before goes on with care, so that what killed it is found.
    """
    theorem, claim, experiment = pair
    name = digest(theorem.ref, theorem.path, claim.id, experiment.id)
    folder = out / "searches"
    with Store(folder, f"{name}.store") as store, marked(folder / "in-flight" / name):
        for remark in store.remarks:
            print(f"boundcheck: {remark}", file=sys.stderr)
        yield store


def in_processes(
    pairs: Sequence[Pair],
    lookup: Lookup,
    jobs: int,
    work: Callable[[Pair], Any],
    lost: Callable[[Task], Fields],
) -> list[Fields]:
    """The fields of what ``work`` returns for each pair, in order, but for the records themselves.

    ``lost`` says what stands in where a process died twice.
    """
    # tasks run nothing themselves here: each stands for its pair in the processes
    tasks = [Task(theorem, experiment, ()) for theorem, _, experiment in pairs]
    standing = {id(task): pair for task, pair in zip(tasks, pairs, strict=True)}

    def portable(task: Task, lookup: Lookup) -> Fields:
        # a function of a user's file cannot be sent back from another process
        found = vars(work(standing[id(task)]))
        return {name: one for name, one in found.items() if name not in _RECORDS}

    finished = dict(done_all(tasks, lookup, jobs, portable, lost))
    return [finished[index] for index in range(len(pairs))]

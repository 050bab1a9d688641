"""Work on theorem, claim and experiment, in this process or in several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from harness.running.jobs import done_all
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Claim, Theorem

Pair = tuple[Theorem, Claim, Experiment]
_RECORDS = ("theorem", "claim", "experiment")
Fields = dict[str, Any]


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

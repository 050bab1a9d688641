"""Runs tasks in this process or in several, and hands back rows as they finish."""

from __future__ import annotations

import dataclasses
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

from threadpoolctl import threadpool_limits

from harness.judging.row import Finding, Row
from harness.running.block import row_of, rows_of
from harness.running.engines import engine_of
from harness.running.rehearsal import DIED, careful, marked
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.running.workers import Died, Piece, Workers
from harness.vocabulary.verdict import Verdict

T = TypeVar("T")
Work = Callable[[Task, Lookup], T]
"""What is done with a task; it runs in a worker, and its result is sent back."""

CARELESS = 2
"""Times a task is tried before everything in it is rehearsed to find what kills its process."""


def run_task(task: Task, lookup: Lookup) -> list[Row]:
    """The rows of one task, with one BLAS thread so that a row alone gives the same bits."""
    with threadpool_limits(limits=1):
        return rows_of(task, engine_of(task.experiment, task.fast), lookup)


def run_all(
    tasks: Sequence[Task], lookup: Lookup, jobs: int, marks: Sequence[Path] = ()
) -> Iterator[tuple[int, list[Row]]]:
    """Index and rows of each task, in the order in which they finish; broken where a worker dies."""
    return done_all(tasks, lookup, jobs, run_task, killed, marks)


def done_all(
    tasks: Sequence[Task],
    lookup: Lookup,
    jobs: int,
    work: Work[T],
    lost: Callable[[Task], T],
    marks: Sequence[Path] = (),
) -> Iterator[tuple[int, T]]:
    """Index and result of each task, in the order in which they finish.

    With several jobs the workers are forked, so records need not be pickled. A worker that dies is
    replaced, and its task done once more; if that dies too, a third time with care, configurations
    being tried in a process of their own first (see `harness.running.rehearsal`), so that only
    those that kill it are broken. Where even that dies ``lost`` says what the result is.
    With one job nobody is left to notice: each task's file of ``marks`` tells the next run that its
    process died, which then does that task with care (see `harness.running.rehearsal.marked`).
    """
    if jobs <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        for index, task in enumerate(tasks):
            with marked(marks[index]) if marks else nullcontext():
                result = work(task, lookup)
            yield index, result
        return

    def do(piece: Piece) -> T:
        index, tried = piece
        with careful(tried >= CARELESS):
            return work(tasks[index], lookup)

    left = _Pieces(len(tasks))
    with Workers(do, min(jobs, len(tasks))) as workers:
        for (index, tried), result in workers.each(left):
            if not isinstance(result, Died):
                yield index, result
            elif tried < CARELESS:
                left.again.append((index, tried + 1))
            else:
                yield index, lost(tasks[index])


class _Pieces:
    """Every task once, those to be done again before fresh ones."""

    def __init__(self, count: int) -> None:
        self.again: deque[Piece] = deque()
        self._fresh = iter(range(count))

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        return self.again.popleft() if self.again else (next(self._fresh), 0)


def killed(task: Task) -> list[Row]:
    """Broken rows for a task that took its process down each time."""
    finding = Finding(Verdict.BROKEN, reason=f"{DIED} each time")
    return [
        row_of(dataclasses.replace(task, configurations=(one,)), 0, claim, finding, None)
        for one in task.configurations
        for claim in task.claims
    ]


def died(row: Row) -> bool:
    """Whether the row is broken because its process died, which may not happen again."""
    return row.finding.verdict is Verdict.BROKEN and row.finding.reason.startswith(DIED)

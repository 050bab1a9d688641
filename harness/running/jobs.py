"""Runs tasks in this process or in several, and hands back rows as they finish."""

from __future__ import annotations

import dataclasses
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from harness.judging.row import Finding, Row
from harness.running.block import row_of, rows_of
from harness.running.engines import engine_of
from harness.running.steps import Lookup
from harness.running.task import Task
from harness.vocabulary.verdict import Verdict

T = TypeVar("T")
Work = Callable[[Task, Lookup], T]
"""What is done with a task; it runs in a worker, and its result is sent back."""

_shared: tuple[Sequence[Task], Lookup, Work[Any]] | None = None


def run_task(task: Task, lookup: Lookup) -> list[Row]:
    """The rows of one task, with one BLAS thread so that a row alone gives the same bits."""
    with threadpool_limits(limits=1):
        return rows_of(task, engine_of(task.experiment), lookup)


def run_all(tasks: Sequence[Task], lookup: Lookup, jobs: int) -> Iterator[tuple[int, list[Row]]]:
    """Index and rows of each task, in the order in which they finish; broken where a worker dies."""
    return done_all(tasks, lookup, jobs, run_task, killed)


def done_all(
    tasks: Sequence[Task],
    lookup: Lookup,
    jobs: int,
    work: Work[T],
    lost: Callable[[Task], T],
) -> Iterator[tuple[int, T]]:
    """Index and result of each task, in the order in which they finish.

    With several jobs the workers are forked, so records need not be pickled. A task whose worker
    dies is tried once more, alone; then ``lost`` says what its result is.
    """
    if jobs <= 1 or len(tasks) <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        for index, task in enumerate(tasks):
            yield index, work(task, lookup)
        return
    done: set[int] = set()
    try:
        for index, result in _pooled(tasks, range(len(tasks)), lookup, jobs, work):
            done.add(index)
            yield index, result
    except BrokenProcessPool:
        for index in sorted(set(range(len(tasks))) - done):
            try:
                yield from _pooled(tasks, [index], lookup, 1, work)
            except BrokenProcessPool:
                yield index, lost(tasks[index])


def _pooled(
    tasks: Sequence[Task], indices: Sequence[int], lookup: Lookup, jobs: int, work: Work[T]
) -> Iterator[tuple[int, T]]:
    global _shared
    _shared = (tasks, lookup, work)
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(max_workers=jobs, mp_context=fork) as pool:
        futures = {pool.submit(_work, index): index for index in indices}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _work(index: int) -> Any:
    assert _shared is not None
    tasks, lookup, work = _shared
    return work(tasks[index], lookup)


def killed(task: Task) -> list[Row]:
    """Broken rows for a task that took its process down."""
    finding = Finding(Verdict.BROKEN, reason="the process that ran it died, twice")
    return [
        row_of(dataclasses.replace(task, configurations=(one,)), 0, claim, finding, None)
        for one in task.configurations
        for claim in task.claims
    ]

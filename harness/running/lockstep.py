"""Groups of runs in step, so that a rule for the step size is asked once a step for all of them.

A rule costs as much for a few rows as for hundreds, and a block falls into groups of equal shape.
Each group keeps its own stack on a thread of its own, but only one of them runs at any time: it
hands over where it asks for a step size, and goes on when every group still running has asked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial

import numpy as np

from harness.running.protocol import Array, Measured, StepSize, Trace

Positions = Sequence[int]
Seen = Mapping[str, Measured]
Runner = Callable[[StepSize], Trace]


def in_lockstep(
    runners: Sequence[Runner], groups: Sequence[Positions], rule: StepSize
) -> list[Trace]:
    """What each runner records, given the sizes that the rule finds for its rows.

    ``groups`` are the rows of each runner in the rule's order. All take their steps in the same
    order; a runner may end early. Raises what the first runner to fail, or the rule, raises.
    """
    if len(runners) == 1:
        return [runners[0](rule)]
    meeting = _Meeting(groups, rule)
    with ThreadPoolExecutor(len(runners)) as pool:
        futures = [
            pool.submit(copy_context().run, meeting.attended, member, runner)
            for member, runner in enumerate(runners)
        ]
        return [future.result() for future in futures]


class _Meeting:
    def __init__(self, groups: Sequence[Positions], rule: StepSize) -> None:
        self._groups, self._rule = groups, rule
        self._turn = threading.Condition()
        self._running = set(range(len(groups)))
        self._asking: dict[int, tuple[int, Seen]] = {}
        self._round = 0
        self._sizes: Array = np.zeros(0)
        self._failure: Exception | None = None

    def attended(self, member: int, runner: Runner) -> Trace:
        """The runner's record; whoever holds the lock runs, and waiting for sizes lets go of it."""
        with self._turn:
            try:
                return runner(partial(self._size, member))
            finally:
                self._running.discard(member)
                self._settled()

    def _size(self, member: int, step: int, measured: Seen) -> Array:
        self._asking[member] = step, measured
        this = self._round
        self._settled()
        self._turn.wait_for(lambda: self._round > this)
        if self._failure is not None:
            raise self._failure
        return self._sizes[list(self._groups[member])]

    def _settled(self) -> None:
        """Sizes for all, once everyone who still runs has asked."""
        if not self._asking or self._asking.keys() < self._running:
            return
        try:
            self._sizes = self._found()
        except Exception as failure:
            self._failure = failure
        self._asking.clear()
        self._round += 1
        self._turn.notify_all()

    def _found(self) -> Array:
        step = next(iter(self._asking.values()))[0]
        seen = [
            self._asking[member][1] if member in self._asking else None
            for member in range(len(self._groups))
        ]
        return self._rule(step, _Together(seen, self._groups))


class _Together(Mapping[str, Measured]):
    """What the groups measured at one state, as columns over all rows, joined when looked at."""

    def __init__(self, seen: Sequence[Seen | None], groups: Sequence[Positions]) -> None:
        self._seen, self._groups = seen, groups
        self._order = np.argsort([row for group in groups for row in group])
        self._some = next(one for one in seen if one is not None)

    def __getitem__(self, name: str) -> Measured:
        parts = [
            _unknown(len(group)) if one is None else one[name]
            for one, group in zip(self._seen, self._groups, strict=True)
        ]
        return Measured(
            np.concatenate([part.value for part in parts])[self._order],
            np.concatenate([part.error for part in parts])[self._order],
            np.concatenate([part.drift for part in parts])[self._order],
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._some)

    def __len__(self) -> int:
        return len(self._some)


def _unknown(count: int) -> Measured:
    """The rows of a group that has ended."""
    nothing = np.full((count, 1), np.nan)
    return Measured(nothing, nothing, nothing)

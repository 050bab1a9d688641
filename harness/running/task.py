"""What is run together, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.running.protocol import Engine, Start, Trace
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Theorem


@dataclass(frozen=True)
class Task:
    """A theorem, an experiment, and configurations that may run as one group.

    ``replicates`` is 0 for claims judged run by run; for claims about chance it is the number of
    seeds each configuration is run under, fixed before the first of them.
    """

    theorem: Theorem
    experiment: Experiment
    configurations: tuple[Mapping[str, Any], ...]
    replicates: int = 0


@dataclass(frozen=True)
class Run:
    """A finished group: what the judge, the certificates and the oracle look at."""

    task: Task
    engine: Engine
    start: Start
    trace: Trace

    @property
    def states(self) -> int:
        """Recorded states of each run: one more than its steps."""
        return int(self.trace.step_sizes.shape[1]) + 1

"""What is run together, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from harness.expressions.evaluator import Evaluator
from harness.running.configuration import canonical
from harness.running.protocol import Engine, Start, Trace
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Claim, Hypothesis, Theorem


@dataclass(frozen=True)
class Reach:
    """The part of a theorem that an experiment can speak of, where that is not all of it.

    ``unchecked``: hypotheses that nothing measured tells of, and what they lack; ``assumed``: those
    that the user vouches for instead.
    """

    claims: tuple[Claim, ...]
    hypotheses: tuple[Hypothesis, ...]
    unchecked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """A theorem, an experiment, and configurations that may run as one group.

    ``replicates`` is 0 for claims judged run by run; for claims about chance it is the number of
    seeds each configuration is run under, fixed before the first of them. ``reach`` is None where
    the experiment measures all that the theorem needs. ``fast``: compiled kernels may take the runs.
    """

    theorem: Theorem
    experiment: Experiment
    configurations: tuple[Mapping[str, Any], ...]
    replicates: int = 0
    reach: Reach | None = None
    fast: bool = False

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The configurations in canonical form."""
        return tuple(map(canonical, self.configurations))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims to be judged."""
        return self.theorem.claims if self.reach is None else self.reach.claims

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """The hypotheses to be checked."""
        return self.theorem.hypotheses if self.reach is None else self.reach.hypotheses


@dataclass(frozen=True)
class Run:
    """A finished group: what the judge, the certificates and the oracle look at.

    ``constants``: what has been worked out of it that does not vary along the runs.
    """

    task: Task
    engine: Engine
    start: Start
    trace: Trace
    constants: Evaluator | None = None

    @property
    def states(self) -> int:
        """Recorded states of each run: one more than its steps."""
        return int(self.trace.step_sizes.shape[1]) + 1

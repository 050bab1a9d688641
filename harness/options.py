"""How to check: everything the command line can say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEFAULT_SEED = 20230425
DEFAULT_ENGINE, FAST_ENGINE = "default", "fast"
ENGINES = (DEFAULT_ENGINE, FAST_ENGINE)
"""What may take the steps: numpy or torch, or compiled kernels where an experiment has them."""
TRACES = "traces"
"""The name that recorded runs have as an experiment."""


@dataclass(frozen=True)
class Options:
    """Profile, seed, processes, and what is pinned.

    ``fixed`` pins axes of every draw; ``configuration`` replaces the draws by one configuration;
    ``replicates`` repeats a chance row under as many seeds as it was recorded with. ``traces``
    replaces experiments by the recorded runs of a file: ``fixed`` then gives symbols it lacks,
    ``assume`` names hypotheses to be taken for met that it cannot check, and ``trace_error`` is the
    relative error of what was recorded. ``ledger`` is the file in which evidence on claims about
    chance accumulates over runs. ``scheduler`` is the address of a Dask cluster that runs the tasks
    in place of processes here. ``engine`` is one of ``ENGINES``; runs that no compiled kernel covers,
    and those of claims about chance, are taken by the default one, and each row says which it was.
    """

    profile: str = "quick"
    seed: int = DEFAULT_SEED
    jobs: int = 1
    experiment: str | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    configuration: Mapping[str, Any] | None = None
    replicates: int = 0
    out: Path | None = None
    device: str | None = None
    traces: str | Path | None = None
    assume: tuple[str, ...] = ()
    trace_error: float | None = None
    ledger: Path | None = None
    scheduler: str | None = None
    engine: str = DEFAULT_ENGINE

    @property
    def pinned(self) -> Mapping[str, Any]:
        """What is said of single axes."""
        device = {} if self.device in (None, "cpu") else {"device": self.device}
        return {**device, **self.fixed, **(self.configuration or {})}

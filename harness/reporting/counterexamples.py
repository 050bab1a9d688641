"""Which violated rows are written as scripts, and where."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from threadpoolctl import threadpool_limits

from harness.judging.row import Row
from harness.reporting.script import Scripting, script_of
from harness.running.engines import engine_of
from harness.running.measure import finished_run
from harness.running.task import Task
from harness.storing.table import write_atomically
from harness.symbols import t as step_index
from harness.vocabulary.definition import needs
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.kinds import Deterministic
from harness.vocabulary.symbol import Scope
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict

FOLDER = "counterexamples"
TRIES = 12
"""Violated rows of a claim, shortest configurations first, of which the shortest script is kept."""

MOST_STEPS = 1000
"""Longer runs are too long for plain matrices of 50 digits."""

Lookup = Callable[[str], Theorem]


def write_counterexamples(
    folder: Path,
    rows: Sequence[Row],
    pairs: Sequence[tuple[Theorem, Experiment]],
    lookup: Lookup,
) -> list[Path]:
    """One script a violated claim in ``folder``/counterexamples, of the row that makes the shortest.

    What an earlier run left there for these claims is replaced or removed. Nothing is written for
    claims about chance, for engines that write no source, or where matrices are too large to read.
    """
    written: list[Path] = []
    for theorem, experiment in pairs:
        for claim in theorem.claims:
            path = folder / FOLDER / f"{theorem.id}@{theorem.version}-{claim.id}.py"
            found = [row for row in rows if _shows(row, theorem, claim, experiment)]
            found.sort(key=lambda row: (len(row.configuration), row.configuration))
            tried = [script_for(row, theorem, experiment, lookup) for row in found[:TRIES]]
            texts = [text for text in tried if text is not None]
            if path in written:
                continue
            path.unlink(missing_ok=True)
            if texts:
                path.parent.mkdir(exist_ok=True)
                write_atomically(path, min(texts, key=len))
                written.append(path)
    return written


def _shows(row: Row, theorem: Theorem, claim: Claim, experiment: Experiment) -> bool:
    """Whether the row is a violation of this claim by a single run."""
    return (
        row.finding.verdict is Verdict.VIOLATED
        and isinstance(claim.kind, Deterministic)
        and (row.theorem, row.version) == (theorem.id, theorem.version)
        and (row.claim, row.experiment) == (claim.id, experiment.id)
    )


def script_for(row: Row, theorem: Theorem, experiment: Experiment, lookup: Lookup) -> str | None:
    """The script of one row, which is run once more for its step sizes; None if it has none."""
    engine = engine_of(experiment)
    claim, step = theorem.claim(row.claim), row.finding.step or 0
    if not hasattr(engine, "script") or step > MOST_STEPS:
        return None
    configuration = json.loads(row.configuration)
    with threadpool_limits(limits=1):
        run = finished_run(Task(theorem, experiment, (configuration,)), engine, lookup)
    read = needs(claim.statement, *(part for h in theorem.hypotheses for part in h.relations))
    names = {one.name for one in read if one.scope is not Scope.CONFIGURATION and one != step_index}
    sizes = run.trace.step_sizes[0].tolist()[: step + 1]
    source = cast(Scripting, engine).script(configuration, sizes, frozenset(names))
    if source is None:
        return None
    known = experiment.known(configuration)
    return script_of(row, theorem, source, known, configuration.get("parameters", {}))

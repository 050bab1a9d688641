"""The script of one violated row, whatever its experiment is made of."""

from __future__ import annotations

import json
from typing import cast

from threadpoolctl import threadpool_limits

from harness.handing.carried import NotCarriedError
from harness.handing.plain import plain_script
from harness.judging.row import Row
from harness.options import FAST_ENGINE
from harness.reporting.script import Scripting, script_of
from harness.running.engines import engine_of
from harness.running.functions import FunctionEngine
from harness.running.measure import finished_run
from harness.running.steps import Lookup
from harness.running.task import Run, Task
from harness.symbols import t as step_index
from harness.vocabulary.definition import needs
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.symbol import Scope
from harness.vocabulary.theorem import Theorem

MOST_STEPS = 1000
"""Longer runs are too long for plain matrices of 50 digits."""


def script_for(row: Row, theorem: Theorem, experiment: Experiment, lookup: Lookup) -> str:
    """The script of one row, which is run once more; NotCarriedError, saying why, if it has none."""
    engine = engine_of(experiment)
    if isinstance(engine, FunctionEngine):
        return plain_script(row, theorem, experiment)
    claim, step = theorem.claim(row.claim), row.finding.step or 0
    if not hasattr(engine, "script"):
        raise NotCarriedError(f"{experiment.id} has no source to be written out")
    if step > MOST_STEPS:
        raise NotCarriedError(f"{step} steps are too many for 50 digits")
    configuration = json.loads(row.configuration)
    run = finished(row, theorem, experiment, lookup)
    read = needs(claim.statement, *(part for h in theorem.hypotheses for part in h.relations))
    names = {one.name for one in read if one.scope is not Scope.CONFIGURATION and one != step_index}
    sizes = run.trace.step_sizes[0].tolist()[: step + 1]
    source = cast(Scripting, engine).script(configuration, sizes, frozenset(names))
    if source is None:
        raise NotCarriedError(f"{experiment.id} cannot write this run out")
    known = experiment.known(configuration)
    return script_of(row, theorem, source, known, configuration.get("parameters", {}))


def finished(row: Row, theorem: Theorem, experiment: Experiment, lookup: Lookup) -> Run:
    """The configuration of a row, run alone."""
    task = Task(theorem, experiment, (json.loads(row.configuration),))
    with threadpool_limits(limits=1):
        engine = engine_of(experiment, row.engine == FAST_ENGINE)
        return finished_run(task, engine, lookup)

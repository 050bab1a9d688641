"""Finds the engine that an experiment names, importing it only now."""

from __future__ import annotations

import importlib
from typing import cast

from harness.errors import UsageError
from harness.running.functions import FunctionEngine
from harness.running.protocol import Engine, Preparing
from harness.running.threads import threads
from harness.vocabulary.experiment import Experiment


def engine_of(experiment: Experiment) -> Engine:
    """A fresh engine; UsageError when the declaration names one that does not exist.

    One that prepares configurations together may use the threads of this process.
    """
    made = _made(experiment)
    if hasattr(made, "prepare"):
        cast(Preparing, made).threads = threads()
    return made


def _made(experiment: Experiment) -> Engine:
    if callable(experiment.engine):
        return FunctionEngine(experiment.engine, [axis.name for axis in experiment.axes])
    if not isinstance(experiment.engine, str):
        made_already = cast(Engine, experiment.engine)
        if experiment.measures and hasattr(made_already, "measuring"):
            return cast(Engine, made_already.measuring(experiment.measures))
        return made_already
    module, _, name = experiment.engine.partition(":")
    try:
        made: Engine = getattr(importlib.import_module(module), name)(experiment.measures)
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f"experiment {experiment.id}: its engine {experiment.engine} cannot be loaded ({error})."
        ) from error
    return made

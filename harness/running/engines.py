"""Finds the engine that an experiment names, importing it only now."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import cast

from harness.errors import UsageError
from harness.options import ENGINES, FAST_ENGINE
from harness.running.functions import FunctionEngine
from harness.running.protocol import Compiled, Engine, Preparing
from harness.running.threads import threads
from harness.vocabulary.experiment import Experiment


def engine_of(experiment: Experiment, fast: bool = False) -> Engine:
    """A fresh engine; UsageError when the declaration names one that does not exist.

    One that prepares configurations together may use the threads of this process; ``fast``: one that
    has compiled kernels may use those, too.
    """
    made = _made(experiment)
    if hasattr(made, "prepare"):
        cast(Preparing, made).threads = threads()
    if fast and hasattr(made, "lanes"):
        cast(Compiled, made).lanes = threads()
    return made


def refuse_engine(name: str) -> None:
    """UsageError for a name that is none of ``ENGINES``, and where its library is missing."""
    if name not in ENGINES:
        raise UsageError(f"engine “{name}” is none of {', '.join(ENGINES)}.")
    if name == FAST_ENGINE and find_spec("llvmlite") is None:
        raise UsageError("engine fast: needs llvmlite (pip install 'boundcheck[fast]').")


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

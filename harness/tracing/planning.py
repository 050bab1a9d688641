"""Plans the check of recorded runs: one configuration a run, and what has to be said beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.errors import UsageError
from harness.options import TRACES, Options
from harness.running.configuration import completed, is_number
from harness.running.functions import DEFAULT_RELATIVE_ERROR
from harness.running.task import Task
from harness.sampling.plan import BLOCK_SIZE, Agenda, Plan
from harness.tracing import wording
from harness.tracing.covering import Cover, covered
from harness.tracing.engine import RecordedRuns
from harness.tracing.recording import ERROR, RUN, Recording
from harness.tracing.sheet import read_sheet
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.symbol import Quantity, Scope
from harness.vocabulary.theorem import Theorem

SINGLE_PRECISION_ERROR = 1e-5
"""Relative error assumed of numbers that all are float32."""
RESERVED = ("file", "sha256", RUN, "trace_error", "assume", "parameters")
"""Coordinates of a configuration that are no symbols."""


@dataclass(frozen=True)
class _Asked:
    """What the user asked for, or a recorded row asks for again."""

    file: str
    given: Mapping[str, Any]
    parameters: Any
    assume: tuple[str, ...]
    error: float | None
    sha256: str | None = None
    run: str | None = None


def concerns(options: Options) -> bool:
    """Whether the check is about recorded runs."""
    again = options.experiment == TRACES and options.configuration is not None
    if options.traces is None and not again and (options.assume or options.trace_error is not None):
        raise UsageError("--assume and --trace-error go with --traces FILE.")
    return options.traces is not None or again


def planned(theorems: Sequence[Theorem], options: Options) -> Agenda:
    """Everything to be run. Raises UsageError for a file, symbol or assumption that cannot be used,
    and where no claim can be judged.
    """
    asked = _asked(options)
    recording = Recording(read_sheet(asked.file))
    if asked.sha256 not in (None, recording.sheet.sha256):
        raise UsageError(
            f"{asked.file}: has changed since this row was recorded; its SHA-256 is another."
        )
    if asked.run is not None and asked.run not in recording.runs:
        raise UsageError(f"{asked.file}: has no run “{asked.run}”.")
    _check_assumptions(theorems, asked)
    available = recording.symbols | set(asked.given)
    covers = [covered(one, available, asked.assume) for one in theorems]
    _check_given(theorems, covers, asked, recording)
    ignored = wording.ignored(recording, covers, [q for one in theorems for q in one.needs])
    if not any(cover.reach.claims for cover in covers):
        raise UsageError(wording.nothing_to_judge(asked.file, theorems, covers, ignored))
    found = Agenda(remarks=[ignored] if ignored else [])
    omissions = wording.Omissions(asked.file)
    for theorem, cover in zip(theorems, covers, strict=True):
        found.remarks += omissions.of(theorem, cover)
        if cover.reach.claims:
            found.legend |= dict.fromkeys(wording.legend(cover))
            _add(found, theorem, cover, recording, asked)
    return found


def _asked(options: Options) -> _Asked:
    if options.traces is None:
        given = dict(options.configuration or {})
        if not isinstance(given.get("file"), str):
            raise UsageError("--config: a recorded run needs its file.")
    else:
        if options.configuration is not None or options.experiment not in (None, TRACES):
            raise UsageError("--traces goes without --config and without another --experiment.")
        given = {**options.fixed, "file": str(options.traces)}
        if options.assume:
            given["assume"] = list(options.assume)
        if options.trace_error is not None:
            given["trace_error"] = options.trace_error
    error = given.get("trace_error")
    if error is not None and not (is_number(error) and 0 <= error < 1):
        raise UsageError(f"--trace-error {error}: must be a number from 0 to below 1.")
    assume = given.get("assume", [])
    if not isinstance(assume, list) or not all(isinstance(one, str) for one in assume):
        raise UsageError("assume: must be a list of names of hypotheses.")
    return _Asked(
        file=given["file"],
        given={name: value for name, value in given.items() if name not in RESERVED},
        parameters=given.get("parameters", {}),
        assume=tuple(dict.fromkeys(assume)),
        error=error,
        sha256=given.get("sha256"),
        run=given.get(RUN) if options.traces is None else None,
    )


def _check_assumptions(theorems: Sequence[Theorem], asked: _Asked) -> None:
    known = {one.id: None for theorem in theorems for one in theorem.hypotheses}
    for name in asked.assume:
        if name not in known:
            raise UsageError(
                f"--assume {name}: there is no such hypothesis; there are {', '.join(known) or 'none'}."
            )


def _check_given(
    theorems: Sequence[Theorem], covers: Sequence[Cover], asked: _Asked, recording: Recording
) -> None:
    needed = {one.name: one for theorem in theorems for one in theorem.needs}
    for name, value in asked.given.items():
        if name not in needed:
            raise UsageError(
                f"--set {name}: {wording.unknown(name, needed)}; with --traces it sets a symbol, "
                "or parameters."
            )
        if name in recording.symbols:
            raise UsageError(f"--set {name}: {asked.file} has a column {name} already.")
        if needed[name].scope is Scope.STEP:
            raise UsageError(f"--set {name}: it changes during a run and must be a column.")
        if not is_number(value):
            raise UsageError(f"--set {name}: must be a finite number.")


def _add(
    found: Agenda, theorem: Theorem, cover: Cover, recording: Recording, asked: _Asked
) -> None:
    """The configurations and tasks of one theorem."""
    read = {name: one for name, one in cover.used.items() if name in recording.symbols}
    for name, quantity in read.items():
        for column in (name, name + ERROR):
            if column in recording.symbols:
                recording.numbers(column)
        if not quantity.scope.varies:
            for run in recording.runs:
                recording.constant(name, run)
    error = asked.error
    if error is None:
        single = _single_precision(recording, read)
        error = SINGLE_PRECISION_ERROR if single else DEFAULT_RELATIVE_ERROR
        if single:
            found.remarks.append(wording.single_precision(asked.file, error))
    given = {name: asked.given[name] for name in cover.used if name in asked.given}
    experiment = Experiment(
        id=TRACES,
        title="recorded runs",
        axes=(),
        emits=frozenset(cover.used.values()),
        engine=RecordedRuns(recording, cover.used, cover.along, error),
        known=lambda configuration: _known(recording, cover.used, configuration),
    )
    shared: dict[str, Any] = {"file": asked.file, "sha256": recording.sheet.sha256, **given}
    shared |= completed(experiment, theorem, {"parameters": asked.parameters})
    if asked.error is not None:
        shared["trace_error"] = asked.error
    if cover.reach.assumed:
        shared["assume"] = list(cover.reach.assumed)
    by_length: dict[int, list[dict[str, Any]]] = {}
    for run, rows in recording.runs.items():
        if asked.run not in (None, run):
            continue
        if len(rows) < 2 and any(claim.looks_ahead for claim in cover.reach.claims):
            raise UsageError(f"{wording.named(asked.file, run)}: a single row holds no step.")
        configuration = {**shared, RUN: run} if run else shared
        by_length.setdefault(len(rows), []).append(configuration)
    found.plans.append(Plan(tuple(c for same in by_length.values() for c in same), frozenset()))
    found.tasks += [
        Task(theorem, experiment, tuple(same[start : start + BLOCK_SIZE]), reach=cover.reach)
        for same in by_length.values()
        for start in range(0, len(same), BLOCK_SIZE)
    ]


def _known(
    recording: Recording, used: Mapping[str, Quantity], configuration: Mapping[str, Any]
) -> Mapping[str, float]:
    """The configuration symbols of a run: given, or a constant column."""
    return {
        name: float(configuration[name])
        if name in configuration
        else recording.constant(name, configuration.get(RUN, ""))
        for name, one in used.items()
        if one.scope is Scope.CONFIGURATION
    }


def _single_precision(recording: Recording, read: Mapping[str, Quantity]) -> bool:
    """Whether every measured number is a float32 written as a double."""
    names = [name for name, one in read.items() if one.scope is Scope.STEP]
    if not names or not recording.in_full(names):
        return False
    numbers = np.concatenate([recording.numbers(name) for name in names])
    numbers = numbers[np.isfinite(numbers)]
    with np.errstate(over="ignore"):
        return numbers.size > 0 and bool((numbers.astype(np.float32) == numbers).all())

"""Configurations: complete, checked against the axes, and written in one canonical way."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from harness.errors import UsageError
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import as_declared
from harness.vocabulary.theorem import Step, Theorem

RESERVED = ("seed", "step_size", "steps", "parameters")
"""Coordinates that the harness adds to the axes of an experiment."""

MAX_SEED = 2**32 - 1
"""Largest seed that is drawn."""
WIDEST_SEED = 2**63 - 1
"""Largest seed that is taken: replicates have longer ones, so that none meet."""
MAX_STEPS = 1_000_000


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(configuration: Mapping[str, Any]) -> str:
    """The configuration as JSON: sorted keys, no spaces, floats that round-trip."""
    return _ENCODER.encode(configuration)


_BATCH = 256
_APART = "\x00"
"""Stands between configurations that are encoded together."""


def canonical_each(configurations: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The same of many: encoded together, which spares most of the cost of a call."""
    rest = iter(configurations)
    between = f",{_ENCODER.encode(_APART)},"
    while batch := list(islice(rest, _BATCH)):
        mixed: list[Any] = [_APART] * (2 * len(batch) - 1)
        mixed[::2] = batch
        texts = _ENCODER.encode(mixed)[1:-1].split(between)
        # a configuration that holds the mark itself is taken apart by it
        yield from texts if len(texts) == len(batch) else map(canonical, batch)


def digest(*texts: str) -> str:
    """A short stable hash of texts."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]


def completed(experiment: Experiment, theorem: Theorem, given: Mapping[str, Any]) -> dict[str, Any]:
    """A full configuration from a partial one: defaults filled in, every value checked.

    Raises UsageError naming the axis, the value and what it must be.
    """
    check_names(experiment, given)
    full: dict[str, Any] = {}
    for axis in experiment.axes:
        value = given.get(axis.name, axis.default)
        if value is not None:
            check_value(experiment, axis, value, full)
            # an experiment that is a function would get whole numbers where it expects floats
            plain = callable(experiment.engine)
            full[axis.name] = as_declared(axis.domain, value, full) if plain else value
    return finished(experiment, theorem, full, given)


def finished(
    experiment: Experiment, theorem: Theorem, axes: dict[str, Any], rest: Mapping[str, Any]
) -> dict[str, Any]:
    """The full configuration from sound values of the axes.

    Seed, steps, step size and parameters come from ``rest``, where they are checked.
    """
    full = experiment.complete(axes)
    full.update(reserved(experiment, theorem, rest))
    return full


def reserved(experiment: Experiment, theorem: Theorem, rest: Mapping[str, Any]) -> dict[str, Any]:
    """Seed, steps, step size and parameters, as far as they play a part; UsageError for bad ones."""
    full: dict[str, Any] = {}
    if experiment.randomness:
        full["seed"] = _integer("seed", rest.get("seed", 0), 0, WIDEST_SEED)
    if experiment.trajectory:
        full["steps"] = _integer("steps", rest.get("steps", 1), 1, MAX_STEPS)
        step = rest["step_size"] if "step_size" in rest else default_step(theorem)
        full["step_size"] = checked_step_size(step)
    parameters = check_parameters(rest["parameters"]) if "parameters" in rest else {}
    if not theorem.parameters and not parameters:
        return full
    chosen = {one.name: parameters.get(one.name, one.grid[0]) for one in theorem.parameters}
    for one in theorem.parameters:
        value = chosen[one.name]
        if not is_number(value) or not one.low < value < one.high:
            raise UsageError(
                f"parameter {one.name}={_short(value)}: must lie strictly between "
                f"{one.low} and {one.high} ({theorem.ref})."
            )
    if extra := set(parameters) - set(chosen):
        raise UsageError(f"{theorem.ref} has no parameter “{sorted(extra)[0]}”.")
    full["parameters"] = chosen
    return full


def check_names(experiment: Experiment, given: Iterable[str]) -> None:
    """UsageError for a coordinate that the experiment does not have."""
    known = [*sorted(axis.name for axis in experiment.axes), *RESERVED]
    for key in given:
        if key not in known:
            raise UsageError(
                f"experiment {experiment.id} has no axis “{key}”; it has {', '.join(known)}."
            )


def check_value(experiment: Experiment, axis: Axis, value: Any, before: Mapping[str, Any]) -> None:
    """UsageError for a value outside the axis, given the axes before it."""
    if why := axis.domain.refuse(value, before):
        raise UsageError(f"{axis.name}={_short(value)}: {why} (experiment {experiment.id}).")


def check_parameters(value: Any) -> Mapping[str, Any]:
    """The theorem's parameters by name; UsageError for anything else."""
    if not isinstance(value, Mapping):
        raise UsageError('parameters: must be an object such as {"c1": 0.5}.')
    return value


def default_step(theorem: Theorem) -> Any:
    """The step size a theorem is tried at unless told otherwise: its own limit, else 0.01."""
    if theorem.step is None:
        return 0.01
    if theorem.step.limit is not None:
        return {"fraction": theorem.step.fractions[0], "of": theorem.ref}
    return {"rule": next(iter(theorem.step.rules)), "of": theorem.ref}


def step_choices(theorem: Theorem) -> list[Any]:
    """Every way of choosing the step size that the theorem itself declares."""
    step = theorem.step or Step()
    fractions = step.fractions if step.limit is not None else ()
    return [{"fraction": share, "of": theorem.ref} for share in fractions] + [
        {"rule": name, "of": theorem.ref} for name in step.rules
    ]


def checked_step_size(value: Any) -> Any:
    """The step size in its canonical form; UsageError for what is none."""
    if is_number(value) and value >= 0:
        return float(value)
    if isinstance(value, Mapping) and isinstance(value.get("of"), str):
        if (
            set(value) == {"fraction", "of"}
            and is_number(value["fraction"])
            and value["fraction"] > 0
        ):
            return {"fraction": float(value["fraction"]), "of": value["of"]}
        if set(value) == {"rule", "of"} and isinstance(value["rule"], str):
            return dict(value)
    raise UsageError(
        f"step_size={_short(value)}: must be a number >= 0, "
        '{"fraction": F, "of": "ID@VERSION"} or {"rule": NAME, "of": "ID@VERSION"}.'
    )


def _integer(name: str, value: Any, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise UsageError(f"{name}={_short(value)}: must be a whole number in {low}..{high}.")
    return value


def is_number(value: Any) -> bool:
    """Whether it is a finite real number; truth values are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _short(value: Any) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:57] + "..."

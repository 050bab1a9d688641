"""Declares an experiment that trains a torch module; torch itself is imported when it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from harness.errors import UsageError
from harness.symbols import eta, grad_norm, loss, movement, training_loss
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import Domain
from harness.vocabulary.symbol import Quantity, Scope

TRAINING: Mapping[str, Any] = {
    "optimizer": "gd",
    "momentum": 0.0,
    "weight_decay": 0.0,
    "batch_size": 0,
    "beta1": 0.9,
    "beta2": 0.999,
    "epsilon": 1e-8,
}
"""Axes that say how it is trained, and what holds unless they are declared; batch 0 is all data."""

ASSUMED = 2.0**-44
"""Relative rounding error assumed of what torch computes: 512 units of roundoff."""


def module_experiment(
    module: Callable[..., Any],
    data: Callable[..., tuple[Any, Any]],
    criterion: Callable[[Any, Any], Any],
    *,
    measures: Mapping[Quantity, Callable[[Any], Any]] | None = None,
    emits: Iterable[Quantity] = (),
    minimum: float | None = None,
    relative_error: float = ASSUMED,
    batched: bool = False,
    name: str = "",
    title: str = "",
    **axes: Domain,
) -> Experiment:
    """An experiment that trains the module in float64 and records what theorems ask for.

    ``module(**axes)`` makes a torch.nn.Module. It draws from torch's generator, which is seeded for
    the call and afterwards as it was. ``data(rng, **axes)`` returns inputs and targets, one sample
    a row, as arrays or tensors; ``rng`` is a numpy Generator. ``criterion(outputs, targets)`` is the
    loss, with whatever normalisation it has. Each gets the axes that its arguments name. Axes
    named optimizer (gd or adam), momentum, weight_decay, batch_size, beta1, beta2 and epsilon say how
    it is trained, as torch.optim.SGD and Adam do it; unless declared it is full-batch gradient
    descent. Batches are drawn without replacement, epoch by epoch.

    Emitted: ``training_loss`` and ``grad_norm`` of the loss on all data (without weight decay),
    ``movement``, ``eta``, and ``loss`` = training_loss - ``minimum`` where the infimum of the loss is
    stated. ``measures`` maps symbols of scope step or run to functions of a
    :class:`~harness.modules.problem.State`; ``emits`` names axes that are symbols.

    Rounding is assumed, not bounded: ``relative_error`` of each number, for the loss of its
    geometric mean with the largest one before (a loss is made of differences), for the gradient of
    the largest one before. A measure may return (value, error). Nothing is known of what rounding
    did along the way: claims about a trajectory are judged for the computed one. Violations are
    not certified.

    ``batched`` trains configurations of equal axes (seeds and step sizes aside) together by
    torch.func.vmap where that pays. Its numbers differ from those of a run alone in the last digits;
    unless it is set, every row replays bit for bit. Raises UsageError for axes that nothing takes
    and for what is out of range.
    """
    from harness.modules.engine import ModuleEngine

    name = name or str(getattr(module, "__name__", ""))
    if not name.isidentifier():
        raise UsageError(f"module_experiment: {name!r} is no name; give name='my_network'.")
    _refuse_arguments(name, module, data, axes)
    if not 0 < relative_error < 1:
        raise UsageError(f"experiment {name}: relative_error={relative_error} must lie in (0, 1).")
    own = {one.name: measure for one, measure in (measures or {}).items()}
    for one in measures or {}:
        if one.scope not in (Scope.STEP, Scope.RUN):
            raise UsageError(
                f"experiment {name}: {one.name} has scope {one.scope}, not step or run."
            )
    for one in emits:
        if one.name not in axes or one.scope is not Scope.CONFIGURATION:
            raise UsageError(
                f"experiment {name}: {one.name} is not an axis of scope configuration."
            )
    standard = {training_loss, grad_norm, movement, eta} | (
        {loss} if minimum is not None else set()
    )
    if clash := sorted(own.keys() & {one.name for one in standard}):
        raise UsageError(f"experiment {name}: {clash[0]} is measured already.")
    along = frozenset(one.name for one in measures or {} if one.scope is Scope.STEP)

    def complete(configuration: dict[str, Any]) -> dict[str, Any]:
        if missing := [axis for axis in axes if axis not in configuration]:
            raise UsageError(f"experiment {name}: the axis {missing[0]} needs a value.")
        return configuration

    return Experiment(
        id=name,
        title=title or (module.__doc__ or name).strip().splitlines()[0],
        axes=tuple(Axis(axis, domain, TRAINING.get(axis)) for axis, domain in axes.items()),
        emits=frozenset({*standard, *(measures or {}), *emits}),
        engine=ModuleEngine(module, data, criterion, own, along, minimum, relative_error, batched),
        randomness=("module", "data", "batches"),
        trajectory=True,
        complete=complete,
    )


def _refuse_arguments(
    name: str, module: Callable[..., Any], data: Callable[..., Any], axes: Mapping[str, Domain]
) -> None:
    """UsageError unless module, data and training take every axis, and need nothing else."""
    taken = set(TRAINING)
    for what, function in (("module", module), ("data", data)):
        given = inspect.signature(function).parameters
        needed = {key for key, one in given.items() if one.default is one.empty}
        if unknown := sorted(needed - set(axes) - ({"rng"} if what == "data" else set())):
            raise UsageError(f"experiment {name}: {what} takes “{unknown[0]}”, which is no axis.")
        taken |= set(given)
    if idle := sorted(set(axes) - taken):
        raise UsageError(
            f"experiment {name}: neither module nor data takes the axis “{idle[0]}”, and it is none "
            f"of {', '.join(TRAINING)}."
        )

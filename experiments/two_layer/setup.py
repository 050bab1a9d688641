"""From configurations to reduced problems and weights.

Decompositions of equal shape are taken in one call, some at a time in each thread. LAPACK takes the
matrices of a stack one by one, so that nothing depends on the stack or on the threads.
"""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from experiments.data import (
    DATA_STREAM,
    INIT_STREAM,
    SYNTHETIC,
    Pair,
    draw_data,
    gaussian_target,
    generator,
)
from experiments.initializations import LAWS, Setting
from experiments.threads import pipelined
from experiments.two_layer.batch import Batch, stacked
from experiments.two_layer.norms import Array
from experiments.two_layer.reduction import Problem, identity_problem, reduce_data, reduce_width

Configuration = Mapping[str, Any]
T = TypeVar("T")
Drawn = tuple[Configuration, list[Pair]]
"""The first of some configurations of one shape, and the X and Y of each."""
Shape = tuple[Any, ...]
"""Rows and columns of a matrix, and what else the matrices of a stack must share."""

KEPT = 1024
"""Problems that are kept, and more where more are prepared at once."""
TOGETHER = 1 << 20
"""Entries of the matrices that are decomposed in one call. Numpy lets other threads run only in calls on
stacks of several matrices; more entries would leave the cache."""
ENOUGH = 1 << 17
"""Entries in all from which on threads are worth their start."""

DATA_AXES = (
    "seed", "data", "samples", "features", "outputs", "condition", "noise", "scaling", "loss",
    "file", "sha256", "targets", "X", "Y", "dtype",
)  # fmt: skip
"""What the reduced problem depends on."""


def precision(configuration: Configuration) -> Any:
    """The numpy type that steps are taken in."""
    return np.float32 if configuration["dtype"] == "float32" else np.float64


class _Recent:
    """The problems that were asked for last, and room for so many."""

    def __init__(self) -> None:
        self.problems: OrderedDict[Hashable, Problem] = OrderedDict()
        self.room = KEPT


_recent = _Recent()


def problem(configuration: Configuration) -> Problem:
    """The reduced problem of a complete configuration; the recent ones are kept."""
    key = _key(configuration)
    if key not in _recent.problems:
        _reduce({key: configuration}, 1)
    _recent.problems.move_to_end(key)
    return _recent.problems[key]


def prepare(configurations: Sequence[Configuration], threads: int = 1) -> None:
    """Reduce the problems of these configurations together; all are kept until others are prepared."""
    wanted = {_key(one): one for one in configurations}
    _recent.room = max(KEPT, len(wanted))
    for key in wanted.keys() & _recent.problems.keys():
        _recent.problems.move_to_end(key)
    _reduce({key: one for key, one in wanted.items() if key not in _recent.problems}, threads)


def forget() -> None:
    """Keep no problem."""
    _recent.problems.clear()


def _reduce(missing: Mapping[Hashable, Configuration], threads: int) -> None:
    parts, several = _parts(list(missing), lambda key: _data_shape(missing[key]), threads)
    found = pipelined(
        _drawn, _problems, [[missing[key] for key in part] for part in parts], several
    )
    for part, problems in zip(parts, found, strict=True):
        _recent.problems.update(zip(part, problems, strict=True))
    while len(_recent.problems) > _recent.room:
        _recent.problems.popitem(last=False)


def _parts(
    members: Sequence[T], shape: Callable[[T], Shape], threads: int
) -> tuple[list[list[T]], int]:
    """What is decomposed in one call each, and how many threads that is worth."""
    alike: dict[Shape, list[T]] = {}
    for one in members:
        alike.setdefault(shape(one), []).append(one)
    whole = sum(math.prod(key[:2]) * len(group) for key, group in alike.items())
    threads = threads if whole >= ENOUGH else 1
    parts = []
    for (rows, columns, *_), group in alike.items():
        size = max(1, min(TOGETHER // (rows * columns), -(-len(group) // threads)))
        parts += [group[start : start + size] for start in range(0, len(group), size)]
    return parts, threads


def _key(configuration: Configuration) -> Hashable:
    """What the reduced problem depends on."""
    relevant = {axis: configuration[axis] for axis in DATA_AXES if axis in configuration}
    if configuration["data"] in SYNTHETIC:
        return tuple(relevant.items())
    # nothing is drawn, so that every seed shares one reduction
    relevant.pop("seed", None)
    return json.dumps(relevant, sort_keys=True)


def _data_shape(configuration: Configuration) -> Shape:
    """N, n, and what else must agree."""
    sizes = (int(configuration[axis]) for axis in ("samples", "features", "outputs"))
    given = configuration["data"] == "given"
    return *sizes, given, configuration["loss"], configuration["dtype"]


def _drawn(configurations: Sequence[Configuration]) -> Drawn:
    first = configurations[0]
    if first["loss"] == "logcosh":
        return first, [(np.eye(int(first["features"])), _target(one)) for one in configurations]
    return first, [draw_data(one) for one in configurations]


def _problems(drawn: Drawn) -> list[Problem]:
    first, pairs = drawn
    if first["loss"] == "logcosh":
        return [identity_problem(target, precision(first)) for _, target in pairs]
    return reduce_data(pairs, first["data"] != "given", precision(first))


def _target(configuration: Configuration) -> Array:
    rng = generator(configuration, DATA_STREAM)
    return gaussian_target(rng, int(configuration["features"]), int(configuration["outputs"]))


def weights(configuration: Configuration, reduced: Problem | None = None) -> tuple[Array, Array]:
    """Initial weights of full width, W1 (r x h) in reduced inputs, W2 (h x m), double precision.

    ``reduced`` is the configuration's problem, where it is at hand.
    """
    reduced = reduced or problem(configuration)
    if configuration["init"] == "given":
        first = np.array(configuration["W1"], dtype=np.float64)
        second = np.array(configuration["W2"], dtype=np.float64)
        return first if reduced.basis is None else reduced.basis.T @ first, second
    squared = configuration["loss"] == "squared"
    ratio = (reduced.values[0] / reduced.values[-1]) ** 2 if squared else configuration["ratio"]
    setting = Setting(
        rng=generator(configuration, INIT_STREAM),
        width=int(configuration["width"]),
        scale=float(configuration["scale"]),
        imbalance=float(configuration["imbalance"]),
        margin=float(configuration["margin"]),
        X=reduced.X,
        target=reduced.target,
        sharpness=float(np.sqrt(ratio)),
    )
    return LAWS[str(configuration["init"])](setting)


def written_out(configuration: Configuration) -> dict[str, Any]:
    """The configuration with its reduced data (squared loss) and its reduced weights given."""
    ((first, second),) = reduce_width([weights(configuration)])
    reduced = problem(configuration)
    named: dict[str, Any] = {"init": "given", "W1": first, "W2": second}
    if configuration["loss"] == "squared":
        named |= {"data": "given", "X": reduced.X, "Y": reduced.Y}
    elif reduced.basis is not None:
        named["W1"] = reduced.basis @ first
    sizes = ("samples", "features", "outputs", "width")
    rest = {axis: value for axis, value in configuration.items() if axis not in sizes}
    arrays = {axis: np.asarray(v).tolist() for axis, v in named.items() if axis in "XYW1W2"}
    given = {**rest, **named, **arrays}
    if configuration["loss"] != "squared":
        given |= {axis: configuration[axis] for axis in ("features", "outputs")}
    return given


def shapes(configuration: Configuration) -> tuple[int, int, int, int]:
    """Inputs r, outputs m, reduced width, and how many zero eigenvalues of D stand for the rest."""
    reduced, width = problem(configuration), int(configuration["width"])
    needed = sum(reduced.Y.shape)
    effective = min(width, needed)
    return *reduced.Y.shape, effective, min(width - effective, needed)


def group_key(configuration: Configuration) -> str:
    """What must agree for two configurations to be stacked."""
    sizes = "x".join(str(size) for size in shapes(configuration))
    # what may take the steps of a row must not depend on the others
    form = "diagonal" if problem(configuration).diagonal else "full"
    axes = (str(configuration[axis]) for axis in ("loss", "dtype", "device"))
    return "/".join([*axes, form, sizes])


def assembled(
    configurations: Sequence[Configuration], threads: int = 1
) -> tuple[Batch, Array, Array]:
    """The batch of a group and its initial weights W1 (B, r, h), W2 (B, h, m)."""
    first = configurations[0]
    *_, width, missing = shapes(first)
    logcosh = first["loss"] == "logcosh"
    ratios = [float(one["ratio"]) for one in configurations] if logcosh else None
    problems = [problem(one) for one in configurations]
    batch = stacked(problems, ratios, width, missing, precision(first))
    layers = _layers(configurations, problems, threads)
    stacks = (np.stack(parts) for parts in zip(*layers, strict=True))
    W1, W2 = (part.astype(precision(first)).astype(np.float64) for part in stacks)
    return batch, W1, W2


def _layers(
    configurations: Sequence[Configuration], problems: Sequence[Problem], threads: int
) -> list[tuple[Array, Array]]:
    """The reduced initial weights of each configuration of a group."""
    needed = sum(problems[0].Y.shape)

    def shape(at: int) -> Shape:
        return int(configurations[at]["width"]), needed

    parts, threads = _parts(range(len(configurations)), shape, threads)
    found = pipelined(
        lambda part: [weights(configurations[at], problems[at]) for at in part],
        reduce_width,
        parts,
        threads,
    )
    places = [at for part in parts for at in part]
    layers = [one for part in found for one in part]
    return [layers[at] for at in np.argsort(places)]

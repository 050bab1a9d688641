"""From configurations to reduced problems and weights."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from experiments.data import (
    DATA_STREAM,
    INIT_STREAM,
    SYNTHETIC,
    draw_data,
    gaussian_target,
    generator,
)
from experiments.initializations import LAWS, Setting
from experiments.two_layer.batch import Batch, stacked
from experiments.two_layer.norms import Array
from experiments.two_layer.reduction import Problem, identity_problem, reduce_data, reduce_width

Configuration = Mapping[str, Any]

DATA_AXES = (
    "seed", "data", "samples", "features", "outputs", "condition", "noise", "scaling", "loss",
    "file", "sha256", "targets", "X", "Y", "dtype",
)  # fmt: skip
"""What the reduced problem depends on."""


def precision(configuration: Configuration) -> Any:
    """The numpy type that steps are taken in."""
    return np.float32 if configuration["dtype"] == "float32" else np.float64


def problem(configuration: Configuration) -> Problem:
    """The reduced problem of a complete configuration; the recent ones are kept."""
    relevant = {axis: configuration[axis] for axis in DATA_AXES if axis in configuration}
    if configuration["data"] not in SYNTHETIC:
        # nothing is drawn, so that every seed shares one reduction
        relevant.pop("seed", None)
    return _problem(json.dumps(relevant, sort_keys=True))


@lru_cache(maxsize=1024)
def _problem(text: str) -> Problem:
    configuration = json.loads(text)
    if configuration["loss"] == "logcosh":
        rng = generator(configuration, DATA_STREAM)
        shape = int(configuration["features"]), int(configuration["outputs"])
        return identity_problem(gaussian_target(rng, *shape), precision(configuration))
    inputs, targets = draw_data(configuration)
    rotate = configuration["data"] != "given"
    return reduce_data(inputs, targets, rotate, precision(configuration))


def weights(configuration: Configuration) -> tuple[Array, Array]:
    """Initial weights of full width, W1 (r x h) in reduced inputs, W2 (h x m), double precision."""
    reduced = problem(configuration)
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
    first, second = reduce_width(*weights(configuration))
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
    return "/".join(str(configuration[axis]) for axis in ("loss", "dtype", "device")) + f"/{sizes}"


def assembled(configurations: Sequence[Configuration]) -> tuple[Batch, Array, Array]:
    """The batch of a group and its initial weights W1 (B, r, h), W2 (B, h, m)."""
    first = configurations[0]
    *_, width, missing = shapes(first)
    logcosh = first["loss"] == "logcosh"
    ratios = [float(one["ratio"]) for one in configurations] if logcosh else None
    problems = [problem(one) for one in configurations]
    batch = stacked(problems, ratios, width, missing, precision(first))
    layers = [reduce_width(*weights(one)) for one in configurations]
    stacks = (np.stack(parts) for parts in zip(*layers, strict=True))
    W1, W2 = (part.astype(precision(first)).astype(np.float64) for part in stacks)
    return batch, W1, W2

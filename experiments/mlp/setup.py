"""From configurations to data and layers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.data import DATA_STREAM, INIT_STREAM, draw_data, gaussian_target, generator
from experiments.mlp.network import Array, Stack

Configuration = Mapping[str, Any]
GAINS = {"he": 2.0, "lecun": 1.0}
"""Variance of s_l W_l times h_{l-1}."""


@dataclass(frozen=True)
class Problem:
    """X (N x d), Y (N x m), the W_l and the s_l of one configuration."""

    X: Array
    Y: Array
    weights: tuple[Array, ...]
    scales: tuple[float, ...]
    activation: str


def widths(configuration: Configuration) -> list[int]:
    """d, the hidden widths, m."""
    ends = int(configuration["features"]), int(configuration["outputs"])
    if configuration["init"] == "given":
        hidden = [len(one) for one in configuration["W"][1:]]
    else:
        hidden = [int(configuration["width"])] * (int(configuration["depth"]) - 1)
    return [ends[0], *hidden, ends[1]]


def group_key(configuration: Configuration) -> str:
    """What must agree for two configurations to be stacked."""
    sizes = "x".join(map(str, [configuration["samples"], *widths(configuration)]))
    return f"{configuration['activation']}/{configuration['parametrization']}/{sizes}"


def problem(configuration: Configuration) -> Problem:
    """The problem of a complete configuration."""
    sizes = widths(configuration)
    ntk = configuration["parametrization"] == "ntk"
    scales = tuple(1 / math.sqrt(size) if ntk else 1.0 for size in sizes[:-1])
    if configuration["init"] == "given":
        weights = [np.array(one, dtype=np.float64) for one in configuration["W"]]
    else:
        rng = generator(configuration, INIT_STREAM)
        gain = float(configuration["scale"]) * math.sqrt(GAINS[configuration["init"]])
        weights = [
            rng.standard_normal((size, following)) * (gain / (math.sqrt(size) * scale))
            for size, following, scale in zip(sizes, sizes[1:], scales, strict=False)
        ]
    return Problem(*_data(configuration), tuple(weights), scales, str(configuration["activation"]))


def _data(configuration: Configuration) -> tuple[Array, Array]:
    if configuration["data"] != "sphere":
        return draw_data(configuration)
    shape = tuple(int(configuration[name]) for name in ("samples", "features", "outputs"))
    rng = generator(configuration, DATA_STREAM)
    X = rng.standard_normal(shape[:2])
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    noise = float(configuration["noise"]) * rng.standard_normal((shape[0], shape[2]))
    return X, np.asarray(X @ gaussian_target(rng, *shape[1:]) + noise)


def stacked(problems: Sequence[Problem]) -> Stack:
    """Problems of equal shape as one stack, in arrays of its own."""
    first = problems[0]
    layers = [
        np.stack([one.weights[at] for one in problems]) * scale
        for at, scale in enumerate(first.scales)
    ]
    X, Y = (np.stack([getattr(one, name) for one in problems]) for name in "XY")
    return Stack(X, Y, layers, first.scales, first.activation)

"""Data sets: a configuration and its own randomness give X (N x n) and Y (N x m) as doubles.

Synthetic X is of order 1 in spectral norm: Gaussian entries have variance 1/N, "orthogonal" has
orthonormal rows or columns, "conditioned" has singular values from 1 down to 1/condition. Targets
are Y = X Theta + noise with Theta Gaussian of variance 1/n and noise of variance noise^2/N.
Real data and CSV files: "standardised" gives every column zero mean and unit variance, drops
constant columns and divides by sqrt(N), features and targets alike, so that sigma_max(X)^2 is of
order 1; "raw" takes the columns as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.tables import read_table
from harness.errors import UsageError

Array = NDArray[np.float64]
Configuration = Mapping[str, Any]
Pair = tuple[Array, Array]

DATA_STREAM, INIT_STREAM = 0, 1


def generator(configuration: Configuration, stream: int) -> np.random.Generator:
    """The configuration's own generator: one stream for the data, another for the weights."""
    seed = int(configuration.get("seed", 0))
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(stream,))))


def orthonormal(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """A Haar-distributed matrix with orthonormal columns (rows >= columns), else rows."""
    if rows < columns:
        return np.ascontiguousarray(orthonormal(rng, columns, rows).T)
    factor, triangle = np.linalg.qr(rng.standard_normal((rows, columns)))
    return np.asarray(factor * np.where(np.diagonal(triangle) < 0, -1.0, 1.0))


def gaussian_target(rng: np.random.Generator, features: int, outputs: int) -> Array:
    """Theta: Gaussian, variance 1/n."""
    return np.asarray(rng.standard_normal((features, outputs)) / np.sqrt(features))


def _gaussian(rng: np.random.Generator, samples: int, features: int, _: Configuration) -> Array:
    inputs = rng.standard_normal((samples, features))
    inputs /= np.sqrt(samples)
    return np.asarray(inputs)


def _orthogonal(rng: np.random.Generator, samples: int, features: int, _: Configuration) -> Array:
    return orthonormal(rng, samples, features)


def _conditioned(
    rng: np.random.Generator, samples: int, features: int, configuration: Configuration
) -> Array:
    rank = min(samples, features)
    values = np.geomspace(1.0, 1.0 / float(configuration["condition"]), rank)
    left = orthonormal(rng, samples, rank) * values
    return np.asarray(left @ orthonormal(rng, rank, features))


def _rank_deficient(
    rng: np.random.Generator, samples: int, features: int, _: Configuration
) -> Array:
    full = min(samples, features)
    rank = int(rng.integers(1, max(full, 2)))
    left = rng.standard_normal((samples, rank)) / np.sqrt(samples)
    return np.asarray(left @ orthonormal(rng, rank, features))


def _duplicates(rng: np.random.Generator, samples: int, features: int, _: Configuration) -> Array:
    """Every sample about twice, and the last feature a copy of the first."""
    distinct = rng.standard_normal(((samples + 1) // 2, features)) / np.sqrt(samples)
    inputs = distinct[np.arange(samples) % len(distinct)]
    inputs[:, -1] = inputs[:, 0]
    return np.asarray(inputs)


SYNTHETIC: dict[str, Callable[[np.random.Generator, int, int, Configuration], Array]] = {
    "gaussian": _gaussian,
    "orthogonal": _orthogonal,
    "conditioned": _conditioned,
    "rank_deficient": _rank_deficient,
    "duplicates": _duplicates,
}


def _standardised(columns: Array) -> Array:
    varying = columns[:, (columns != columns[0]).any(axis=0)]
    centred = varying - varying.mean(axis=0)
    return np.asarray(centred / (centred.std(axis=0) * np.sqrt(len(columns))))


@cache
def _real(name: str) -> Pair:
    """A table that comes with scikit-learn, read without importing it: that takes seconds."""
    spec = find_spec("sklearn")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    folder = Path(spec.submodule_search_locations[0]) / "datasets" / "data"
    if name == "diabetes":
        labels = np.loadtxt(folder / "diabetes_target.csv.gz")
        return np.loadtxt(folder / "diabetes_data_raw.csv.gz"), labels[:, None]
    if name == "digits":
        table = np.loadtxt(folder / "digits.csv.gz", delimiter=",")
        return table[:, :-1], np.eye(10)[table[:, -1].astype(int)]
    table = np.loadtxt(folder / "breast_cancer.csv", delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1:]


def _csv(configuration: Configuration) -> Pair:
    targets = int(configuration["targets"])
    table = read_table(configuration["file"], targets)
    if configuration.get("sha256", table.sha256) != table.sha256:
        raise UsageError(
            f"The data file {configuration['file']} has changed since this configuration was "
            "recorded: its SHA-256 is another."
        )
    numbers = np.array(table.rows)
    return numbers[:, :-targets], numbers[:, -targets:]


def draw_data(configuration: Configuration) -> Pair:
    """X (N x n) and Y (N x m) of a complete configuration."""
    name = configuration["data"]
    if name == "given":
        return (
            np.array(configuration["X"], dtype=np.float64),
            np.array(configuration["Y"], dtype=np.float64),
        )
    if name in SYNTHETIC:
        samples, features = int(configuration["samples"]), int(configuration["features"])
        outputs, noise = int(configuration["outputs"]), float(configuration["noise"])
        rng = generator(configuration, DATA_STREAM)
        inputs = SYNTHETIC[name](rng, samples, features, configuration)
        targets = inputs @ gaussian_target(rng, features, outputs)
        errors = rng.standard_normal((samples, outputs)) / np.sqrt(samples)
        return inputs, np.asarray(targets + noise * errors)
    inputs, targets = _csv(configuration) if name == "csv" else map(np.copy, _real(name))
    if configuration["scaling"] == "standardised":
        return _standardised(inputs), _standardised(targets)
    return inputs, targets

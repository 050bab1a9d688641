"""Canonical configurations of the two-layer linear network: what follows from the other axes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from experiments.tables import Table, read_table, varying
from experiments.two_layer.device import refuse_device
from experiments.two_layer.domains import GivenMatrix
from harness.errors import UsageError

REAL = {
    ("diabetes", "standardised"): (442, 10, 1),
    ("diabetes", "raw"): (442, 10, 1),
    ("digits", "standardised"): (1797, 61, 10),
    ("digits", "raw"): (1797, 64, 10),
    ("breast_cancer", "standardised"): (569, 30, 1),
    ("breast_cancer", "raw"): (569, 30, 1),
}
"""Samples, features, outputs of the real data sets; digits has three constant features."""

TABLES = ("csv", *(name for name, _ in REAL))

SYNTHETIC = ("gaussian", "orthogonal", "conditioned", "rank_deficient", "duplicates")

NEUTRAL: dict[str, Any] = {
    "condition": 1.0,
    "noise": 0.0,
    "scaling": "standardised",
    "ratio": 1.0,
    "scale": 1.0,
    "imbalance": 1.0,
    "margin": 0.5,
}
"""What an axis is set to where it plays no part."""

DEFAULTS: dict[str, Any] = {
    **NEUTRAL,
    "loss": "squared",
    "data": "gaussian",
    "samples": 8,
    "features": 3,
    "outputs": 2,
    "condition": 10.0,
    "ratio": 10.0,
    "init": "gaussian",
    "imbalance": 2.0,
    "targets": 1,
    "dtype": "float64",
    "device": "cpu",
}


def _idle(one: Mapping[str, Any]) -> Iterator[str]:
    """The axes with a neutral value that play no part."""
    data, init, logcosh = one["data"], one["init"], one["loss"] == "logcosh"
    if data != "conditioned":
        yield "condition"
    if logcosh or data not in SYNTHETIC:
        yield "noise"
    if data not in TABLES:
        yield "scaling"
    if not logcosh:
        yield "ratio"
    if init in ("balanced_margin", "given"):
        yield "scale"
    if init != "imbalanced":
        yield "imbalance"
    if init != "balanced_margin":
        yield "margin"


def complete(configuration: dict[str, Any]) -> dict[str, Any]:
    """The canonical configuration, sufficient to run it again.

    Missing axes get their defaults, axes without effect their neutral value, and what the data or
    given arrays determine is overwritten. Raises UsageError where the axes contradict each other.
    """
    full = {**DEFAULTS, **{key: one for key, one in configuration.items() if one is not None}}
    if full["loss"] == "logcosh":
        # its residual is W - W* itself: no data matrix
        full["data"] = "orthogonal"
    for axis in _idle(full):
        full[axis] = NEUTRAL[axis]
    for axis in NEUTRAL:
        if isinstance(full[axis], int):
            full[axis] = float(full[axis])
    for axis in _idle_arrays(full):
        full.pop(axis, None)
    if full["device"] != "cpu":
        refuse_device(full["device"], full["dtype"])
    if full["data"] == "csv":
        sha256 = read_table(full.get("file"), full["targets"]).sha256
        if full.setdefault("sha256", sha256) != sha256:
            raise UsageError(
                f"The data file {full['file']} has changed since this configuration was recorded: "
                "its SHA-256 is another."
            )
    full["samples"], full["features"], full["outputs"] = sizes(full)
    full["width"] = _width(full)
    return full


def _idle_arrays(full: Mapping[str, Any]) -> list[str]:
    idle = [] if full["data"] == "given" else ["X", "Y"]
    idle += [] if full["init"] == "given" else ["W1", "W2"]
    return idle + ([] if full["data"] == "csv" else ["file", "targets", "sha256"])


def sizes(one: Mapping[str, Any]) -> tuple[int, int, int]:
    """Samples, features and outputs, from the data where they determine them."""
    if one["loss"] == "logcosh":
        return one["features"], one["features"], one["outputs"]
    scaling = one.get("scaling", "standardised")
    if (one["data"], scaling) in REAL:
        return REAL[one["data"], scaling]
    if one["data"] == "given":
        (samples, features), (rows, outputs) = _shape("X", one), _shape("Y", one)
        if rows != samples:
            raise UsageError(f"X has {samples} row(s) but Y has {rows}: one each per sample.")
        return samples, features, outputs
    if one["data"] == "csv":
        targets = one.get("targets", DEFAULTS["targets"])
        table = read_table(one.get("file"), targets)
        return len(table.rows), *_columns(one, table, targets, scaling)
    return one["samples"], one["features"], one["outputs"]


def _columns(one: Mapping[str, Any], table: Table, targets: int, scaling: str) -> tuple[int, int]:
    first = table.columns - targets
    if scaling == "raw":
        return first, targets
    features = len(varying(table.rows, 0, first))
    outputs = len(varying(table.rows, first, table.columns))
    if not features or not outputs:
        what = "features" if not features else "targets"
        raise UsageError(f"In the data file {one['file']} all {what} are constant.")
    return features, outputs


def _shape(name: str, one: Mapping[str, Any]) -> tuple[int, int]:
    value = one.get(name)
    if value is None:
        axis = "data" if name in "XY" else "init"
        raise UsageError(f"{axis}=given needs the matrix {name}, as a list of rows.")
    why = GivenMatrix("", "", "", nonzero=name == "X").refuse(value, {})
    if why:
        raise UsageError(f"{name} {why}.")
    return len(value), len(value[0])


def _width(full: Mapping[str, Any]) -> int:
    features, outputs = full["features"], full["outputs"]
    if full["init"] == "given":
        (rows, width), (below, columns) = _shape("W1", full), _shape("W2", full)
        if (rows, below, columns) != (features, width, outputs):
            raise UsageError(
                f"W1 is {rows} x {width} and W2 {below} x {columns}; with {features} feature(s) "
                f"and {outputs} output(s) they must be {features} x h and h x {outputs}."
            )
        return width
    limit = width_limit(full)
    if "width" not in full:
        return min(int(2 * (features + outputs)), limit)
    if not 1 <= full["width"] <= limit:
        raise UsageError(f"width={full['width']}: must lie in 1..{limit} for init={full['init']}.")
    return int(full["width"])


def width_limit(one: Mapping[str, Any]) -> int:
    """The largest width allowed; below min(n, m) for init=narrow."""
    if one["init"] != "narrow":
        return 1_000_000
    _, features, outputs = sizes(one)
    if min(features, outputs) < 2:
        raise UsageError(
            "init=narrow needs a width below min(features, outputs), so both must be at least 2; "
            f"they are {features} and {outputs}."
        )
    return int(min(features, outputs)) - 1


def known(configuration: Mapping[str, Any]) -> dict[str, float]:
    """The configuration-scope symbols."""
    names = ("samples", "features", "outputs", "width")
    return {
        **{name: float(configuration[name]) for name in names},
        "iid_init": 1.0 if configuration["init"] in ("gaussian", "narrow") else 0.0,
        "squared": 1.0 if configuration["loss"] == "squared" else 0.0,
    }

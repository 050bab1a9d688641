"""Canonical configurations of multilayer perceptrons: what follows from the other axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.mlp.domains import MATRIX, GivenLayers
from harness.errors import UsageError

DEFAULTS: dict[str, Any] = {
    "data": "gaussian",
    "samples": 8,
    "features": 3,
    "outputs": 2,
    "noise": 0.0,
    "activation": "relu",
    "depth": 2,
    "width": 16,
    "parametrization": "standard",
    "init": "he",
    "scale": 1.0,
}


def complete(configuration: dict[str, Any]) -> dict[str, Any]:
    """The canonical configuration: defaults filled in, sizes read off given arrays.

    Axes without effect get their neutral value. Raises UsageError where axes contradict each other.
    """
    full = {**DEFAULTS, **{key: one for key, one in configuration.items() if one is not None}}
    if full["data"] == "given":
        X, Y = (_given(name, full) for name in "XY")
        if len(X) != len(Y):
            raise UsageError(f"X has {len(X)} row(s) but Y has {len(Y)}: one each per sample.")
        full |= {"samples": len(X), "features": len(X[0]), "outputs": len(Y[0]), "noise": 0.0}
    else:
        full.pop("X", None)
        full.pop("Y", None)
    if full["init"] == "given":
        layers = _layers(full)
        hidden = [len(one) for one in layers[1:]]
        full |= {"depth": len(layers), "width": max(hidden), "scale": 1.0}
    else:
        full.pop("W", None)
    for name in ("noise", "scale"):
        full[name] = float(full[name])
    return full


def _given(name: str, full: Mapping[str, Any]) -> Any:
    value = full.get(name)
    if value is None:
        raise UsageError(f"data=given needs the matrix {name}, as a list of rows.")
    if why := MATRIX.refuse(value, {}):
        raise UsageError(f"{name} {why}.")
    return value


def _layers(full: Mapping[str, Any]) -> Any:
    layers = full.get("W")
    if layers is None:
        raise UsageError("init=given needs W, the list of the layers' matrices.")
    if why := GivenLayers().refuse(layers, {}):
        raise UsageError(f"W: {why}.")
    takes, gives = len(layers[0]), len(layers[-1][0])
    if (takes, gives) != (full["features"], full["outputs"]):
        raise UsageError(
            f"W takes {takes} feature(s) and gives {gives} output(s), but the data have "
            f"{full['features']} and {full['outputs']}."
        )
    return layers


def known(configuration: Mapping[str, Any]) -> dict[str, float]:
    """The configuration-scope symbols."""
    names = ("samples", "features", "outputs", "width", "depth")
    return {
        **{name: float(configuration[name]) for name in names},
        "relu_net": 1.0 if configuration["activation"] == "relu" else 0.0,
        "linear_net": 1.0 if configuration["activation"] == "linear" else 0.0,
    }

"""In-context linear regression by one linear self-attention layer, gradient descent: the declaration.

Source: Zhang, Frei, Bartlett (JMLR 2024) for the setting; that its training is that of a two-layer
linear network is derived in experiments/attention/problem.py. Prompts of N pairs, inputs
N(0, diag(lam)), tasks N(0, I_d), population loss; U in R^{d x d} and u in R are trained, the blocks
that are zero stay zero. Symbols are those of the network: n = d^2, m = 1, h = 1, W = u vec(U).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.two_layer.completion import NEUTRAL
from experiments.two_layer.completion import known as known_of_network
from experiments.two_layer.domains import GivenMatrix, Usual, Weighted
from experiments.two_layer_linear import EMITS
from harness.errors import UsageError
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import (
    Choice,
    Depending,
    Domain,
    Partial,
    integers,
    reals,
    vector,
)

LAWS = {
    "gaussian": 4, "balanced": 4, "balanced_margin": 8, "imbalanced": 3, "zero_output": 1,
    "given": 2,
}  # fmt: skip

USED = {
    "scale": ("gaussian", "balanced", "imbalanced", "zero_output"),
    "imbalance": ("imbalanced",),
    "margin": ("balanced_margin",),
}
"""Which laws an axis plays a part in."""


def _spectrum(partial: Partial) -> Domain:
    size = int(partial["dimension"])
    return Usual(vector(size, reals(1e-3, 1e3)), vector(size, reals(0.3, 1)))


def _scalar(partial: Partial) -> Domain:
    return reals(-2, 2) if partial["init"] == "given" else Choice((None,))


def complete(configuration: dict[str, Any]) -> dict[str, Any]:
    """The canonical configuration; UsageError where U does not fit the dimension."""
    full = {key: one for key, one in configuration.items() if one is not None}
    full.setdefault("spectrum", [1.0] * full["dimension"])
    full["spectrum"] = [float(one) for one in full["spectrum"]]
    for axis, laws in USED.items():
        full[axis] = float(full[axis] if full["init"] in laws else NEUTRAL[axis])
    if full["init"] != "given":
        return {axis: one for axis, one in full.items() if axis not in ("U", "u")}
    if "U" not in full:
        raise UsageError("init=given needs the matrix U, as a list of rows.")
    shape, size = (len(full["U"]), len(full["U"][0])), full["dimension"]
    if shape != (size, size):
        raise UsageError(f"U is {shape[0]} x {shape[1]}; with dimension {size} it must be square.")
    return {**full, "u": float(full.get("u", 1.0))}


def known(configuration: Mapping[str, Any]) -> dict[str, float]:
    """The configuration-scope symbols, of the network."""
    size = configuration["dimension"] ** 2
    sizes = {"samples": size, "features": size, "outputs": 1, "width": 1}
    return known_of_network({**sizes, "init": configuration["init"], "loss": "squared"})


_GIVEN: dict[str, Any] = {"dimension": 2, "prompt_length": 1, "init": "given", "steps": 3}

BOUNDARY: tuple[dict[str, Any], ...] = (
    {"dimension": 1, "steps": 3},
    {**_GIVEN, "U": [[0, 0], [0, 0]], "u": 0},
    {**_GIVEN, "U": [[0, 0], [0, 0]], "u": 1},
    {**_GIVEN, "U": [[0.25, 0], [0, 0.25]], "u": 1},
)
"""n = m, nothing learned yet, one layer zero, and W(0) = W*."""

icl_linear_attention = Experiment(
    id="icl_linear_attention",
    title="Linear self-attention on in-context regression, gradient descent",
    axes=(
        Axis("dimension", Usual(integers(1, 8), integers(1, 3)), 2, "dimension d of the inputs"),
        Axis(
            "prompt_length",
            Usual(integers(1, 1_000_000), integers(1, 100, log=True)),
            4,
            "pairs N in a prompt",
        ),
        Axis("spectrum", Depending(_spectrum), None, "lam: variances of the inputs; unset: ones"),
        Axis("init", Weighted(LAWS), "balanced_margin", "law of the initial weights"),
        Axis("scale", Usual(reals(1e-9, 1e9), reals(1e-2, 3, log=True)), 1.0, "of the weights"),
        Axis(
            "imbalance",
            Usual(reals(1, 1e6), reals(1, 30, log=True)),
            2.0,
            "init=imbalanced: one of U, u times this, the other divided by it",
        ),
        Axis("margin", reals(0.01, 1), 0.5, "init=balanced_margin: share of the margin left"),
        Axis("U", GivenMatrix("init", "dimension", "dimension"), None, "init=given: d x d"),
        Axis(
            "u", Usual(reals(-1e9, 1e9), Depending(_scalar)), None, "init=given: the value weight"
        ),
    ),
    emits=EMITS,
    engine="experiments.attention.engine:LinearAttention",
    randomness=("init",),
    trajectory=True,
    boundary=BOUNDARY,
    known=known,
    complete=complete,
    share=0.25,
    demos={"attention": "experiments.attention.demo:attention"},
)

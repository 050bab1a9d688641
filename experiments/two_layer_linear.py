"""Two-layer linear network, full-batch gradient descent: the declaration.

W = W1 W2 with W1 in R^{n x h}, W2 in R^{h x m}; loss 1/2 |Y - X W|_F^2 (a sum, no 1/N), or a sum of
r^2/2 + (K - 1) log cosh r over the entries r of W - W*; W1 -= eta G W2', W2 -= eta W1' G with
G = grad l(W), at once. Data, hidden layer and loss are reduced exactly, see two_layer/reduction.py:
n is then the rank of X, the loss the excess over its minimum. Standardised data (real and CSV):
features and targets with zero mean and unit variance, constant ones dropped, divided by sqrt(N).
"""

from __future__ import annotations

from functools import cache

from experiments.two_layer.boundary import BOUNDARY
from experiments.two_layer.completion import (
    DEFAULTS,
    REAL,
    complete,
    known,
    width_limit,
)
from experiments.two_layer.domains import GivenMatrix, Mixed, Text, Usual, Weighted
from harness import symbols
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import (
    Choice,
    Depending,
    Domain,
    Partial,
    choice,
    integers,
    reals,
)

MOST = 1_000_000

DATA = Weighted(
    {
        "gaussian": 30, "orthogonal": 14, "conditioned": 20, "rank_deficient": 12,
        "duplicates": 10, "given": 7, "diabetes": 3, "breast_cancer": 2, "digits": 1, "csv": 0,
    }
)  # fmt: skip

LAWS = {
    "gaussian": 14, "balanced": 8, "orthogonal": 9, "zero_output": 8, "low_rank": 9,
    "narrow": 9, "imbalanced": 13, "balanced_margin": 14, "spectral": 9, "given": 8,
}  # fmt: skip


def _size(index: int, drawn: Domain) -> Domain:
    """Samples, features or outputs: what the real data say, else drawn."""
    real = {key: Choice((sizes[index],)) for key, sizes in REAL.items()}

    def usual(partial: Partial) -> Domain:
        if partial["loss"] != "squared":
            return drawn
        return real.get((partial["data"], "standardised"), drawn)

    return Usual(integers(1, MOST), Depending(usual))


WIDE = Weighted(LAWS)
SINGLE = Weighted({**LAWS, "narrow": 0})


def _law(partial: Partial) -> Domain:
    """Narrow networks need two inputs and two outputs."""
    return SINGLE if min(int(partial["features"]), int(partial["outputs"])) < 2 else WIDE


GIVEN_WIDTH = Usual(integers(1, MOST), integers(1, 8))


# one domain for all that are alike, so that they are drawn together
@cache
def _narrow_width(most: int) -> Domain:
    return integers(1, most)


@cache
def _any_width(needed: int) -> Domain:
    wide = integers(needed, 32 * needed, log=True)
    return Usual(integers(1, MOST), Mixed(wide, integers(1, needed), 0.3))


def _width(partial: Partial) -> Domain:
    if partial["init"] == "narrow":
        return _narrow_width(width_limit(partial))
    if partial["init"] == "given":
        return GIVEN_WIDTH
    return _any_width(int(partial["features"]) + int(partial["outputs"]))


def _where(axis: str, value: str, domain: Domain, otherwise: float) -> Domain:
    """Drawn from the domain where the axis has that value, else the neutral number."""

    neutral = Choice((otherwise,))

    def drawn(partial: Partial) -> Domain:
        return domain if partial.get(axis) == value else neutral

    return Usual(domain, Depending(drawn))


def _axis(name: str, domain: Domain, meaning: str) -> Axis:
    return Axis(name, domain, DEFAULTS.get(name), meaning)


AXES = (
    _axis("loss", Weighted({"squared": 3, "logcosh": 1}), "squared, or log cosh of W - W*"),
    _axis("data", DATA, "law of X, or the data set"),
    _axis("file", Text(), "CSV file for data=csv; its SHA-256 is recorded"),
    _axis("sha256", Text(), "SHA-256 of the file; a file that has changed since is refused"),
    _axis("targets", Usual(integers(1, 1000), choice(1)), "how many last columns are targets"),
    _axis("samples", _size(0, integers(1, 40, log=True)), "samples N"),
    _axis("features", _size(1, integers(1, 8)), "features n before the reduction"),
    _axis("outputs", _size(2, integers(1, 8, log=True)), "outputs m"),
    _axis(
        "condition",
        Usual(reals(1, 1e12), _where("data", "conditioned", reals(1, 1e3, log=True), 1.0)),
        "sigma_max(X)/sigma_min(X) of data=conditioned",
    ),
    _axis("noise", Usual(reals(0, 1e6), choice(0.0, 0.1, 1.0)), "sd of the targets' noise"),
    _axis(
        "scaling",
        Usual(choice("standardised", "raw"), choice("standardised")),
        "real and CSV data: columns standardised and divided by sqrt(N), or as they are",
    ),
    _axis(
        "ratio",
        Usual(reals(1, 1e6), _where("loss", "logcosh", reals(1, 100, log=True), 1.0)),
        "K/mu of the logcosh loss",
    ),
    _axis("X", GivenMatrix("data", "samples", "features", nonzero=True), "data=given: N x n"),
    _axis("Y", GivenMatrix("data", "samples", "outputs"), "data=given: N x m"),
    _axis("init", Usual(WIDE, Depending(_law)), "law of the initial weights"),
    _axis("width", Depending(_width), "hidden width h; unset: 2 (n + m)"),
    _axis("scale", Usual(reals(1e-9, 1e9), reals(1e-2, 3, log=True)), "scale of the weights"),
    _axis(
        "imbalance",
        Usual(reals(1, 1e6), reals(1, 30, log=True)),
        "init=imbalanced: one layer times this, the other divided by it",
    ),
    _axis("margin", reals(0.01, 1), "init=balanced_margin: share of the possible margin left"),
    _axis("W1", GivenMatrix("init", "features", "width"), "init=given: n x h"),
    _axis("W2", GivenMatrix("init", "width", "outputs"), "init=given: h x m"),
    _axis("dtype", Weighted({"float64": 1, "float32": 0}), "precision of the steps"),
    _axis("device", Weighted({"cpu": 1, "cuda": 0}), "where steps and norms are computed"),
)

EMITS = frozenset(
    {
        symbols.samples, symbols.features, symbols.outputs, symbols.width, symbols.squared,
        symbols.iid_init,
        symbols.inputs, symbols.K, symbols.mu, symbols.norm_Y, symbols.smin_Y,
        symbols.smin_target, symbols.smax_target, symbols.eta, symbols.loss, symbols.grad_norm,
        symbols.smoothness, symbols.residual, symbols.distance, symbols.product_grad,
        symbols.smax_W1, symbols.smax_W2, symbols.smin_W, symbols.smax_W, symbols.tau_min,
        symbols.lamn_W1W1, symbols.lamm_W2W2, symbols.lam1_D, symbols.lamn_D, symbols.lam1_mD, symbols.lamm_mD, symbols.drift,
        symbols.drift_step,
    }
)  # fmt: skip

two_layer_linear = Experiment(
    id="two_layer_linear",
    title="Two-layer linear network, full-batch gradient descent",
    axes=AXES,
    emits=EMITS,
    engine="experiments.two_layer.engine:TwoLayerLinear",
    randomness=("data", "init"),
    trajectory=True,
    boundary=BOUNDARY,
    known=known,
    complete=complete,
)

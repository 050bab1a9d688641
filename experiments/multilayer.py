"""Multilayer perceptrons under full-batch gradient descent: the declaration.

f(X) = s_L H_{L-1} W_L with H_l = phi(s_l H_{l-1} W_l), H_0 = X (N x d, one sample a row), L >= 2 layers
of width h, no biases; phi is relu, tanh, erf or the identity ("linear"). Loss 1/2 |f(X) - Y|_F^2: a
sum over samples and outputs, with the 1/2, without 1/N. All layers step at once.

parametrization=standard: s_l = 1; ntk: s_l = h_{l-1}^(-1/2). Both have the same f at the start:
init=he has entries of s_l W_l of variance 2 scale^2/h_{l-1}, lecun scale^2/h_{l-1}. Their steps
differ: in W_l, ntk's gradient is s_l times standard's.

Rounding is assumed, not bounded: a relative error of 2^-44 of the residual's natural size |Y| +
max |f - Y|, of the largest gradient before, of weights, spectra and other values. Nothing is known
of what rounding did along the way: claims about a trajectory are judged for the computed one.
Violations are not certified.
"""

from __future__ import annotations

from experiments.mlp.completion import DEFAULTS, complete, known
from experiments.mlp.domains import GivenLayers
from experiments.two_layer.domains import GivenMatrix, Mixed, Usual, Weighted
from harness import symbols
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import Domain, choice, integers, reals


def _axis(name: str, domain: Domain, meaning: str) -> Axis:
    return Axis(name, domain, DEFAULTS.get(name), meaning)


def _size(most: int, drawn: Domain) -> Domain:
    return Usual(integers(1, most), drawn)


AXES = (
    _axis(
        "data",
        Weighted({"gaussian": 6, "sphere": 6, "orthogonal": 3, "duplicates": 2, "given": 2}),
        "law of X: Gaussian of variance 1/N, rows on the unit sphere, ...",
    ),
    _axis("samples", _size(100_000, integers(1, 16, log=True)), "samples N"),
    _axis("features", _size(100_000, integers(1, 8)), "features d"),
    _axis("outputs", _size(10_000, integers(1, 4)), "outputs m"),
    _axis("noise", Usual(reals(0, 1e6), choice(0.0, 0.1, 1.0)), "sd of the targets' noise"),
    _axis("X", GivenMatrix("data", "samples", "features", nonzero=True), "data=given: N x d"),
    _axis("Y", GivenMatrix("data", "samples", "outputs"), "data=given: N x m"),
    _axis("activation", Weighted({"relu": 4, "tanh": 3, "erf": 1, "linear": 1}), "phi"),
    _axis("depth", Usual(integers(2, 64), Mixed(choice(2), integers(3, 4), 0.4)), "layers L"),
    _axis("width", _size(100_000, integers(1, 256, log=True)), "width h of every hidden layer"),
    _axis("parametrization", choice("standard", "ntk"), "s_l = 1, or h_{l-1}^(-1/2)"),
    _axis("init", Weighted({"he": 1, "lecun": 1, "given": 0}), "law of the initial weights"),
    _axis("scale", Usual(reals(1e-9, 1e9), reals(1e-2, 3, log=True)), "scale of every layer"),
    _axis("W", GivenLayers(), "init=given: the list W_1 (d x h_1), ..., W_L (h_{L-1} x m)"),
)

EMITS = frozenset(
    {
        symbols.samples, symbols.features, symbols.outputs, symbols.width, symbols.depth,
        symbols.relu_net, symbols.linear_net, symbols.smax_data, symbols.norm_targets,
        symbols.eta, symbols.training_loss, symbols.misfit, symbols.grad_norm, symbols.movement,
        symbols.ntk_min, symbols.ntk_max, symbols.sign_change, symbols.linearization_gap,
        symbols.smax_first, symbols.smax_last, symbols.smax_layers, symbols.movement_first,
        symbols.movement_last, symbols.movement_layers,
    }
)  # fmt: skip

mlp = Experiment(
    id="mlp",
    title="Multilayer perceptrons, full-batch gradient descent",
    axes=AXES,
    emits=EMITS,
    engine="experiments.mlp.engine:Perceptrons",
    randomness=("data", "init"),
    trajectory=True,
    known=known,
    complete=complete,
    boundary=(
        {"samples": 1, "features": 1, "outputs": 1, "width": 1, "steps": 3},
        {"samples": 1, "activation": "tanh", "steps": 3},
        {"width": 1, "depth": 3, "steps": 3},
        {"init": "given", "features": 1, "outputs": 1, "W": [[[0]], [[0]]], "steps": 3},
        {"data": "given", "X": [[1], [2]], "Y": [[0], [0]], "steps": 3},
    ),
)

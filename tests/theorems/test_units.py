"""Declared degrees against the experiments: each is run in other units, in exact powers of two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy

import theorems.implicit_bias.scalings as bias
import theorems.large_steps.scalings as steps
from experiments.implicit_bias.diagonal_network import diagonal_network
from experiments.implicit_bias.exact_kernels import noisy_sgd, polynomial_labels
from experiments.implicit_bias.linear_models import (
    diagonal_limit,
    generalized_linear,
    line_of_students,
)
from experiments.implicit_bias.stable_minima import interpolating_sgd
from experiments.large_steps.deep_linear_step import deep_linear_step
from experiments.large_steps.imbalance_after_a_step import imbalance_after_a_step
from experiments.large_steps.small_factorizations import quadratic_minimum, two_factors_step
from experiments.large_steps.two_layer_scalar import two_layer_scalar
from experiments.large_steps.two_modes import two_modes
from harness import Scaling
from harness import large_steps as ls

DEEP = {ls.deep_imbalance, ls.deep_imbalance_after, ls.deep_skew}

CHANGES: list[tuple[Any, list[tuple[Scaling, int]], dict[str, float]]] = [
    (two_factors_step, [(steps.FACTORS, 1)], {"x": 2, "y": 2, "goal": 4, "step": 1 / 4}),
    (two_layer_scalar, [(steps.FACTORS, 1)], {"u": 2, "v": 2, "step": 1 / 4}),
    (two_modes, [(steps.FACTORS, 1)], {"strength": 4}),
    (quadratic_minimum, [(steps.LOSS, 1)], {"curvatures": 2, "step": 1 / 2}),
    (quadratic_minimum, [(steps.LOSS, 2), (steps.WEIGHTS, 1)], {"offset": 2}),
    (deep_linear_step, [(steps.LAYERS, 1)], {"w": 2, "off": 4, "step": 1 / 4}),
    (diagonal_limit, [(bias.INITIALIZATION, 1)], {"alpha": 2, "level": 4}),
    (line_of_students, [(bias.FUNCTIONS, 1)], {"base": 2, "way": 2, "weak": 2}),
    (polynomial_labels, [(bias.LABELS, 1)], {"b": 2}),
    (generalized_linear, [(bias.OUTPUTS, 1)], {"slope": 2, "bend": 2}),
    (generalized_linear, [(bias.INPUTS, 1)], {"X": 2, "move": 1 / 2, "slope": 1 / 2}),
    (generalized_linear, [(bias.PARAMETERS, 1)], {"start": 2, "move": 2, "slope": 1 / 2}),
    (interpolating_sgd, [(bias.LOSS, 2)], {"rows": 2, "step": 1 / 4}),
    (noisy_sgd, [(bias.LOSS, 2), (bias.LENGTHS, 1)], {"pulls": 2}),
]


def agree(here: Any, there: Any, changes: Any, leaving: Any = frozenset()) -> None:
    """Every value measured has its degree; those left out have other units."""
    for one in here.keys() - leaving:
        degree = sympy.Add(*(power * scaling.degrees.get(one, 0) for scaling, power in changes))
        factor = 2.0 ** float(degree.subs(ls.layers, here.get(ls.layers, 0)))
        assert float(there[one]) == pytest.approx(float(here[one]) * factor, rel=1e-13), one.name


def compare(experiment: Any, changes: Any, factors: Any, leaving: Any = frozenset()) -> None:
    """The defaults beside the defaults times ``factors``."""
    given = {axis.name: axis.default for axis in experiment.axes}
    scaled = {name: (np.array(given[name]) * factor).tolist() for name, factor in factors.items()}
    agree(experiment.engine(**given), experiment.engine(**given | scaled), changes, leaving)


@pytest.mark.parametrize(
    ("experiment", "changes", "factors"),
    CHANGES,
    ids=[f"{one.id}-{'-'.join(scaling.name for scaling, _ in of)}" for one, of, _ in CHANGES],
)
def test_every_emitted_symbol_scales_by_its_degree(
    experiment: Any, changes: Any, factors: Any
) -> None:
    compare(experiment, changes, factors)


def test_two_layers_and_three_layers_scale_each_by_its_own_loss() -> None:
    """The loss is of degree four in two layers and of degree six in three."""
    two = {"W1": 2, "W2": 2, "out": 2, "target": 4, "step": 1 / 4, "decay": 4}
    compare(imbalance_after_a_step, [(steps.LOSS, 4), (steps.WEIGHTS, 1)], two, DEEP)
    three = {"W1": 2, "W2": 2, "W3": 2, "target": 8, "step": 1 / 16, "decay": 16}
    left = imbalance_after_a_step.emits - DEEP - {ls.step, ls.weight_decay}
    compare(imbalance_after_a_step, [(steps.LOSS, 6), (steps.WEIGHTS, 1)], three, left)


def test_layers_scale_with_their_number() -> None:
    engine = deep_linear_step.engine
    given = {axis.name: axis.default for axis in deep_linear_step.axes} | {"depth": 4}
    off = [[2.0, 0.0], [0.0, 2.0]]
    bigger = {"w": [2.0, 2.5], "off": off, "step": given["step"] / 64}
    agree(engine(**given), engine(**given | bigger), [(steps.LAYERS, 1)])


def test_diagonal_networks_scale_by_entries_and_by_what_reads_them() -> None:
    """Three entries of degree two in the weights; z is a product of two samples."""
    weights = {"y": 4, "u": 2, "v": 2, "step": 1 / 4}
    compare(diagonal_network, [(bias.SCALE, 6)], weights, {ls.step})
    compare(diagonal_network, [(bias.PROBE, 2)], {"X": 2, "y": 2, "step": 1 / 4}, {ls.step})


def test_copies_of_the_hidden_neurons() -> None:
    """u.v and the loss double, u.v / n stays; the defaults have one neuron."""
    engine = two_layer_scalar.engine
    given = {axis.name: axis.default for axis in two_layer_scalar.axes}
    twice = {"neurons": 2, "u": given["u"] * 2, "v": given["v"] * 2}
    agree(engine(**given), engine(**given | twice), [(steps.WIDTH, 1)])

"""The operator of deep linear layers, applied to a basis by torch; imbalances by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from experiments.deep_layers import arranged, homogeneous, least, square, three
from harness import deep_layers as d

LOW, TOP = (d.low_1, d.low_2, d.low_3), (d.top_1, d.top_2, d.top_3)

rng = np.random.default_rng(8)


def by_torch(layers: Any) -> float:
    """The least eigenvalue of J J', J the Jacobian of the product by all weights."""
    weights = [torch.tensor(one, dtype=torch.float64, requires_grad=True) for one in layers]
    entries = torch.linalg.multi_dot(weights).reshape(-1)
    rows = [torch.autograd.grad(one, weights, retain_graph=True) for one in entries]
    J = torch.stack([torch.cat([part.reshape(-1) for part in row]) for row in rows])
    return float(torch.linalg.eigvalsh(J @ J.T)[0])


@pytest.mark.parametrize("shapes", [(1, 3, 3, 1), (2, 3, 3, 1), (2, 3, 3, 2), (2, 2, 2, 2, 2)])
def test_the_operator_is_how_gradients_move_the_product(shapes: tuple[int, ...]) -> None:
    layers = [rng.standard_normal(pair) for pair in pairwise(shapes)]
    assert float(least(layers)) == pytest.approx(by_torch(layers), rel=1e-11)


def test_imbalances_of_three_layers_descend() -> None:
    found = three(1, 1, [[2.0, 0.0, 0.0]], np.diag([1.0, 2.0, 3.0]).tolist(), [[0.0], [0.0], [1.0]])
    # D21 = diag(1, 4, 9) - diag(4, 0, 0), D23 = diag(1, 4, 9) - diag(0, 0, 1)
    assert [float(found[one]) for one in (d.d21_1, d.d21_2, d.d21_3)] == pytest.approx([9, 4, -3])
    assert [float(found[one]) for one in (d.d23_1, d.d23_2, d.d23_3)] == pytest.approx([8, 4, 1])


@pytest.mark.parametrize(
    ("valley", "expected"),
    [(0, [3, 1, 4, 2]), (1, [1, 2, 3, 4]), (2, [2, 1, 3, 4]), (3, [3, 2, 1, 4]), (4, [4, 3, 2, 1])],
)
def test_values_fall_up_to_the_valley_and_rise_behind(valley: int, expected: list[int]) -> None:
    assert arranged(valley, [3, 1, 4, 2]) == expected


def test_imbalances_of_square_layers_by_hand() -> None:
    still = [[0.0, 0.0], [0.0, 0.0]]
    found = square(3, [1.0, 2.0, 0.5, 1.5], [still, [[0.5, 0.0], [0.0, 0.0]], still, still])
    # sizes 1.5, 1, 0.5, 2; the second layer is diag(1.5, 1)
    assert [float(found[one]) for one in LOW] == pytest.approx([0, 0.75, -3.75])
    assert [float(found[one]) for one in TOP] == pytest.approx([1.25, 2.0, -3.75])


def test_diagonal_layers_in_fractions_are_those_in_floats() -> None:
    levels, modes = [1.0, 0.5, 0.75, 1.5], [0.5, 2.0]
    found = homogeneous(3, levels, modes)
    squares = [[e - 0.5 + mode for mode in modes] for e in (1.0, 0.75, 0.5, 1.5)]
    layers = [np.diag(np.sqrt(one)) for one in squares]
    assert float(found[d.operator_min]) == pytest.approx(float(least(layers)), rel=1e-13)
    product = np.linalg.multi_dot(layers)
    smallest = np.linalg.svd(product, compute_uv=False)[-1]
    assert float(found[d.product_squared]) == pytest.approx(smallest**2, rel=1e-13)
    assert [found[one] for one in LOW] == [Fraction(1, 4), Fraction(1, 4), -1]

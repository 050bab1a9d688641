"""Linear attention is the network that the experiment says it is: the layer itself, by quadrature."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction

import numpy as np
import pytest
import torch

from experiments.attention.declaration import icl_linear_attention
from experiments.attention.engine import LinearAttention
from experiments.attention.problem import moments, network
from harness.discovery import finder
from harness.errors import UsageError
from harness.running.configuration import completed
from harness.running.engines import engine_of
from harness.running.jobs import run_task
from harness.running.protocol import ConstantSteps
from harness.running.task import Task

U = [[0.7, -0.2], [0.4, 0.3]]
NODES = 4
"""Gauss-Hermite nodes: exact to degree 7, and no variable stands higher than to the 6th power."""


def configured(**given: object) -> dict[str, object]:
    base = {"prompt_length": 1, "spectrum": [1.0, 0.5], "init": "given", "U": U, "u": 0.9}
    return completed(
        icl_linear_attention, finder.theorem("xu23_thm31_spectral@2"), {**base, **given}
    )


def gaussian(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Points and weights of the product rule for ``count`` independent N(0, 1)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    points = np.array([*itertools.product(nodes, repeat=count)])
    mass = np.array([*itertools.product(weights / weights.sum(), repeat=count)]).prod(axis=1)
    return torch.tensor(points), torch.tensor(mass)


def forward(
    value: torch.Tensor, key: torch.Tensor, inputs: torch.Tensor, tasks: torch.Tensor
) -> torch.Tensor:
    """The last entry of W^PV E (E' W^KQ E) / N; the last of the inputs is the query, its label 0."""
    labels = torch.einsum("bnd,bd->bn", inputs, tasks)
    labels = torch.cat([labels[:, :-1], torch.zeros_like(labels[:, -1:])], dim=1)
    prompt = torch.cat([inputs, labels[:, :, None]], dim=2).transpose(1, 2)
    scores = prompt.transpose(1, 2) @ key @ prompt
    return (value @ prompt @ scores / (inputs.shape[1] - 1))[:, -1, -1]


def trained(configuration: dict[str, object]) -> tuple[float, torch.Tensor, torch.Tensor]:
    """Mean loss of the layer, and its gradient by W^PV and W^KQ, exact by quadrature."""
    lam, _ = moments(configuration)
    size, length = len(lam), int(str(configuration["prompt_length"]))
    points, mass = gaussian((length + 2) * size)
    draws = points.reshape(len(points), length + 2, size)
    inputs = draws[:, :-1] * torch.tensor(np.sqrt(lam))
    value, key = torch.zeros(size + 1, size + 1).double(), torch.zeros(size + 1, size + 1).double()
    value[-1, -1], key[:size, :size] = (
        configuration["u"],
        torch.tensor(np.array(configuration["U"])).double(),
    )
    value.requires_grad_()
    key.requires_grad_()
    labels = (inputs[:, -1] * draws[:, -1]).sum(dim=1)
    predicted = forward(value, key, inputs, draws[:, -1])
    loss = (mass * (predicted - labels) ** 2).sum() / 2
    first, second = torch.autograd.grad(loss, (value, key))
    return loss.item(), first, second


@pytest.mark.parametrize(
    "given",
    [{}, {"dimension": 1, "prompt_length": 3, "spectrum": [0.8], "U": [[0.6]], "u": -0.7}],
)
def test_loss_and_gradient_of_the_layer_are_those_of_the_network(given: dict[str, object]) -> None:
    configuration = configured(**given)
    loss, of_value, of_key = trained(configuration)
    reduced = network(configuration)
    X, Y, W1, W2 = (np.array(reduced[name], dtype=float) for name in ("X", "Y", "W1", "W2"))
    residual = Y - X @ W1 @ W2
    lam, gam = moments(configuration)
    rest = float((lam - lam**2 / gam).sum() / 2)
    assert loss == pytest.approx(float((residual**2).sum()) / 2 + rest, rel=1e-12)
    size = len(lam)
    gradient = (-X.T @ residual @ W2.T).reshape(size, size)
    assert of_key[:size, :size].numpy() == pytest.approx(gradient, rel=1e-11, abs=1e-13)
    assert of_value[-1, -1].item() == pytest.approx(
        float((-W1.T @ X.T @ residual)[0, 0]), rel=1e-11
    )
    for block in (of_value[-1, :size], of_value[:size], of_key[size], of_key[:, size]):
        assert block.abs().max().item() < 1e-13


def test_the_minimum_is_the_one_of_the_paper() -> None:
    """d = 2, N = 4, unit variances: Gam = 5/4 + 1/2 = 7/4, so the best layer is 4/7 of the identity."""
    reduced = network(configured(prompt_length=4, spectrum=[1, 1]))
    X, Y = np.array(reduced["X"]), np.array(reduced["Y"])
    assert np.linalg.solve(X, Y).ravel() == pytest.approx([4 / 7, 0, 0, 4 / 7], rel=1e-15)
    assert np.diag(X) ** 2 == pytest.approx([float(Fraction(7, 4))] * 4, rel=1e-15)


def test_the_oracle_trains_the_layer_to_the_same_losses() -> None:
    configuration = configured(prompt_length=3)
    engine = LinearAttention()
    sizes = [0.05] * 12
    start = engine.initial([configuration], frozenset({"loss"}))
    steps = ConstantSteps(np.array([0.05]))
    loss = engine.run(start, steps, len(sizes), frozenset({"loss"})).measured["loss"]
    reference, bound = engine.oracle(configuration, sizes)
    gap = np.abs(reference - loss.value[0])
    assert (gap <= bound + loss.drift[0]).all()
    assert (bound < 1e-11).all()
    other, _ = engine.oracle(configured(prompt_length=4), sizes)
    assert (np.abs(other - loss.value[0]) > 1e-6).all()


def test_the_oracle_answers_for_what_cancels_in_its_loss() -> None:
    # near the best layer the loss is 1e-13 of the terms that it is the sum of
    configuration = configured(
        dimension=1, spectrum=[0.5252485864854707], prompt_length=48, U=[[0.96]], u=1.0
    )
    engine, sizes = LinearAttention(), [1.0] * 60
    start = engine.initial([configuration], frozenset({"loss"}))
    steps = ConstantSteps(np.array([1.0]))
    loss = engine.run(start, steps, len(sizes), frozenset({"loss"})).measured["loss"]
    reference, bound = engine.oracle(configuration, sizes)
    assert (np.abs(reference - loss.value[0]) <= bound + loss.drift[0]).all()
    # each of the terms is about 0.5, so that none is known to less than 2^-54
    assert bound.min() > 2.0**-54
    assert bound.max() < 1e-12


def test_what_is_drawn_is_written_out_as_the_same_layer() -> None:
    engine = LinearAttention()
    drawn = configured(init="balanced_margin", U=None, u=None, seed=7)
    given = completed(
        icl_linear_attention, finder.theorem("xu23_thm31_spectral@2"), engine.explicit(drawn)
    )
    names = frozenset({"loss", "tau_min"})
    one, two = (engine.initial([each], names).measured for each in (drawn, given))
    assert all(np.array_equal(one[name].value, two[name].value) for name in names)
    assert given["init"] == "given"


def test_the_two_readings_part_where_n_is_not_m() -> None:
    """Near its minimum a balanced layer has lambda_min(tau) = u^2, half of alpha0 as printed."""
    found = {}
    for version, dimension in itertools.product((1, 2), (1, 2)):
        size = [[0.5 if i == j else 0.0 for j in range(dimension)] for i in range(dimension)]
        given = {"dimension": dimension, "prompt_length": 4, "init": "given", "U": size,
                 "u": float(np.linalg.norm(size)), "parameters": {"c1": 0.99, "c2": 1.01}}  # fmt: skip
        theorem = finder.theorem(f"xu23_thm31_spectral@{version}")
        configuration = completed(icl_linear_attention, theorem, given)
        rows = run_task(Task(theorem, icl_linear_attention, (configuration,)), finder.theorem)
        (row,) = (one for one in rows if one.claim == "least-eigenvalue")
        found[version, dimension] = str(row.finding.verdict)
    assert found == {(1, 1): "held", (1, 2): "violated", (2, 1): "held", (2, 2): "held"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"U": None}, "init=given needs the matrix U"),
        ({"U": [[1, 0, 0], [0, 1, 0]]}, "with dimension 2 it must be square"),
        ({"spectrum": [1.0]}, "shape (2,)"),
        ({"spectrum": [1.0, 0.0]}, "must lie in 0.001..1000"),
        ({"prompt_length": 0}, "must lie in"),
        ({"width": 3}, "no axis “width”"),
        ({"u": "one"}, "must be a number"),
    ],
)
def test_bad_layers_are_refused_in_a_sentence(given: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        configured(**given)
    assert said in str(caught.value)


def test_the_declaration_names_an_engine_that_emits_what_it_promises() -> None:
    engine = engine_of(icl_linear_attention)
    names = frozenset(one.name for one in icl_linear_attention.emits)
    start = engine.initial([configured()], names)
    known = icl_linear_attention.known(configured())
    trace = engine.run(start, ConstantSteps(np.array([0.01])), 1, names)
    assert names <= {*start.measured, *trace.measured, *known}
    assert json.loads(json.dumps(configured())) == configured()

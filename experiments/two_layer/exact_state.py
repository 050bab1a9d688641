"""A reduced problem and a state of it in balls, and every quantity that one state determines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, arb_mat

from experiments.two_layer.norms import Array
from harness.expressions.balls import absolute, exact, maximum, minimum, power, sqrt
from harness.expressions.spectra import (
    UNIT_BALL,
    eigenvalues,
    frobenius,
    from_array,
    singular_values,
)

Configuration = Mapping[str, Any]


class ExactProblem:
    """The reduced problem of one configuration; its doubles are exact."""

    def __init__(self, configuration: Configuration, X: Array, Y: Array) -> None:
        self.squared = configuration["loss"] == "squared"
        self.X, self.Y = from_array(X), from_array(Y)
        self.inputs, self.outputs = Y.shape
        self.diagonal = bool(np.array_equal(X, np.diag(np.diagonal(X))))
        self.ratio = exact(float(configuration["ratio"]))

    @cached_property
    def target(self) -> arb_mat:
        if not self.diagonal:
            return self.X.solve(self.Y)
        places = ((i, j) for i in range(self.inputs) for j in range(self.outputs))
        entries = [self.Y[i, j] / self.X[i, i] for i, j in places]
        return arb_mat(self.inputs, self.outputs, entries)

    @cached_property
    def stretches(self) -> list[arb]:
        """Singular values of X, descending."""
        if not self.diagonal:
            return singular_values(self.X)
        entries = [absolute(self.X[i, i]) for i in range(self.inputs)]
        return [maximum(*entries), minimum(*entries)]

    @property
    def K(self) -> arb:
        return power(self.stretches[0], 2) if self.squared else self.ratio

    @property
    def mu(self) -> arb:
        return power(self.stretches[-1], 2) if self.squared else arb(1)


RUN: dict[str, Callable[[ExactProblem], arb]] = {
    "inputs": lambda problem: arb(problem.inputs),
    "K": lambda problem: problem.K,
    "mu": lambda problem: problem.mu,
    "norm_Y": lambda problem: frobenius(problem.Y),
    "smin_Y": lambda problem: singular_values(problem.Y)[-1],
    "smin_target": lambda problem: singular_values(problem.target)[-1],
    "smax_target": lambda problem: singular_values(problem.target)[0],
}


class ExactState:
    """Weights in balls and, computed once, what follows from them; see snapshot.py for the names.

    ``missing`` zero eigenvalues of D were cut off with the hidden layer.
    """

    def __init__(self, problem: ExactProblem, W1: arb_mat, W2: arb_mat, missing: int) -> None:
        self.problem, self.W1, self.W2, self.missing = problem, W1, W2, missing
        self.width = W1.ncols()

    def after(self, step: arb) -> ExactState:
        """The state after one exact step of this size."""
        W1, W2 = self.W1 - self.A * step, self.W2 - self.B * step
        return ExactState(self.problem, W1, W2, self.missing)

    def within(self, radius: arb) -> ExactState:
        """All states whose weights differ from these by at most the radius, entry by entry."""
        if radius == 0:
            return self
        W1, W2 = (_widened(part, radius) for part in (self.W1, self.W2))
        return ExactState(self.problem, W1, W2, self.missing)

    def middle(self) -> ExactState:
        """The state at the midpoints of the weights."""
        return ExactState(self.problem, self.W1.mid(), self.W2.mid(), self.missing)

    @cached_property
    def P(self) -> arb_mat:
        return self.W1 * self.W2

    @cached_property
    def E(self) -> arb_mat:
        return self.problem.Y - self.problem.X * self.P

    @cached_property
    def G(self) -> arb_mat:
        if self.problem.squared:
            return -(self.problem.X.transpose() * self.E)
        gap = self.problem.ratio - 1
        entries = [-(r + gap * r.tanh()) for r in self.E.entries()]
        return arb_mat(self.E.nrows(), self.E.ncols(), entries)

    @cached_property
    def A(self) -> arb_mat:
        return self.G * self.W2.transpose()

    @cached_property
    def B(self) -> arb_mat:
        return self.W1.transpose() * self.G

    @cached_property
    def s1(self) -> list[arb]:
        return singular_values(self.W1)

    @cached_property
    def s2(self) -> list[arb]:
        return singular_values(self.W2)

    @cached_property
    def product_values(self) -> list[arb]:
        return singular_values(self.P)

    @cached_property
    def imbalances(self) -> list[arb]:
        """Eigenvalues of the reduced D, descending."""
        return eigenvalues(self.W1.transpose() * self.W1 - self.W2 * self.W2.transpose())

    @property
    def loss(self) -> arb:
        half = power(frobenius(self.E), 2) / 2
        if self.problem.squared:
            return half
        logs = sum((log_cosh(r) for r in self.E.entries()), arb(0))
        return half + (self.problem.ratio - 1) * logs

    @property
    def grad_norm(self) -> arb:
        return sqrt(power(frobenius(self.A), 2) + power(frobenius(self.B), 2))

    @property
    def lamn_W1W1(self) -> arb:
        rank = self.problem.inputs
        return power(self.s1[rank - 1], 2) if self.width >= rank else arb(0)

    @property
    def lamm_W2W2(self) -> arb:
        rank = self.problem.outputs
        return power(self.s2[rank - 1], 2) if self.width >= rank else arb(0)

    def eigenvalue(self, rank: int, sign: int) -> arb:
        """lambda_rank(sign D): the rank-th largest of the reduced ones and the missing zeros."""
        values = self.imbalances if sign > 0 else [-one for one in reversed(self.imbalances)]
        zeros = self.missing
        if rank > len(values) + zeros:
            return arb(0)
        found = [values[rank - 1]] if rank <= len(values) else []
        if zeros:
            found.append(minimum(0, values[rank - zeros - 1]) if rank > zeros else arb(0))
        return maximum(*found)

    def increment(self, step: arb) -> arb_mat:
        """D(t+1) - D(t) for an exact step."""
        return (self.A.transpose() * self.A - self.B * self.B.transpose()) * (step * step)

    def smoothness(self, step: arb) -> arb:
        """The bound of transitions.py between this state and the next."""
        following, K, eta = self.after(step), self.problem.K, absolute(step)
        tops = power(maximum(self.s1[0], following.s1[0]), 2)
        tops += power(maximum(self.s2[0], following.s2[0]), 2)
        along = frobenius(self.A * self.W2 + self.W1 * self.B)
        across = frobenius(self.A * self.B)
        return K * tops + frobenius(self.G) + K * (eta * along + eta * eta * across)


def _widened(matrix: arb_mat, radius: arb) -> arb_mat:
    widened = [entry + radius * UNIT_BALL for entry in matrix.entries()]
    return arb_mat(matrix.nrows(), matrix.ncols(), widened)


def _smin(state: ExactState) -> arb:
    values = state.product_values
    return values[-1] if state.width >= len(values) else arb(0)


STEP: dict[str, Callable[[ExactState], arb]] = {
    "loss": lambda state: state.loss,
    "grad_norm": lambda state: state.grad_norm,
    "residual": lambda state: frobenius(state.E),
    "distance": lambda state: frobenius(state.P - state.problem.target),
    "product_grad": lambda state: frobenius(state.G),
    "smax_W1": lambda state: state.s1[0],
    "smax_W2": lambda state: state.s2[0],
    "smin_W": _smin,
    "smax_W": lambda state: state.product_values[0],
    "tau_min": lambda state: state.lamn_W1W1 + state.lamm_W2W2,
    "lamn_W1W1": lambda state: state.lamn_W1W1,
    "lamm_W2W2": lambda state: state.lamm_W2W2,
    "lam1_D": lambda state: state.eigenvalue(1, 1),
    "lamn_D": lambda state: state.eigenvalue(state.problem.inputs, 1),
    "lam1_mD": lambda state: state.eigenvalue(1, -1),
    "lamm_mD": lambda state: state.eigenvalue(state.problem.outputs, -1),
}


def log_cosh(value: arb) -> arb:
    """log cosh, accurate relative to its size near 0 and far from it."""
    size = absolute(value)
    if size > 1:
        return size + (-2 * size).exp().log1p() - arb(2).log()
    return power(size.sinh(), 2).log1p() / 2

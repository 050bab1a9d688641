"""Quantities of a stack of perceptrons, each with its assumed rounding error, (B,) and (B,)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from experiments.kernels.layers import empirical_ntk_by_layers
from experiments.kernels.network import Network
from experiments.mlp.network import Array, Stack
from experiments.two_layer.norms import norm, singular_values

ASSUMED = 2.0**-44
"""Relative rounding error assumed of what is computed: 512 units of roundoff."""

Pair = tuple[Array, Array]


class Path:
    """What a run remembers of its past: the start, the largest residual and gradient."""

    def __init__(self, stack: Stack, wanted: frozenset[str]) -> None:
        self.start = [V.copy() for V in stack.layers]
        self.targets = norm(stack.Y)
        self.residual = self.slope = np.zeros(len(stack))
        self.signs: list[Array] | None = None
        if "sign_change" in wanted:
            self.signs = stack.preactivations()
        self.kernel: Array | None = None
        if "linearization_gap" in wanted:
            self.kernel = kernels(stack)
            self.linear = _vectors(stack.residual)

    def step(self, sizes: Array) -> None:
        """The linearised network takes the same step."""
        if self.kernel is not None:
            moved = (self.kernel @ self.linear[:, :, None])[:, :, 0]
            self.linear = self.linear - sizes[:, None] * moved


class State:
    """A stack at one step of its path: what is measured there, each thing computed once.

    ``X`` (B, N, d), ``Y`` and ``residual`` = f(X) - Y (B, N, m) and ``weights``, the W_l, may be read by
    a user's measures; they belong to the engine and are overwritten by its next step.
    """

    def __init__(self, stack: Stack, path: Path, t: int) -> None:
        self.stack, self.path, self.t = stack, path, t
        self.X, self.Y, self.residual = stack.X, stack.Y, stack.residual
        self.size = norm(stack.residual)
        path.residual = np.fmax(path.residual, self.size)

    @property
    def weights(self) -> list[Array]:
        stack = self.stack
        return [V / scale for V, scale in zip(stack.layers, stack.scales, strict=True)]

    @property
    def unsure(self) -> Array:
        """Assumed error of the residual."""
        return residual_error(self.path.residual, self.path.targets)

    @cached_property
    def slope(self) -> Array:
        """|grad L|_F over all W_l."""
        pairs = zip(self.stack.gradients(), self.stack.scales, strict=True)
        found = together([scale * norm(one) for one, scale in pairs])
        self.path.slope = np.fmax(self.path.slope, found)
        return found

    @cached_property
    def moved(self) -> list[Pair]:
        """|W_l - W_l(0)|_F by layer."""
        stack, exact = self.stack, self.t == 0
        found = []
        for V, start, scale in zip(stack.layers, self.path.start, stack.scales, strict=True):
            distance = norm(V - start) / scale
            found.append((distance, ASSUMED * (distance + norm(V) / scale) * (not exact)))
        return found

    @cached_property
    def largest(self) -> list[Array]:
        """sigma_max(W_l) by layer."""
        return [singular_values(_finite(W))[:, 0] for W in self.weights]

    @cached_property
    def spectrum(self) -> Array:
        """Eigenvalues of the empirical NTK, ascending, (B, mN)."""
        return np.asarray(np.linalg.eigvalsh(_finite(kernels(self.stack))))


def residual_error(largest: Array, targets: Array | float) -> Array:
    """Assumed error of a residual, from the largest so far and |Y|."""
    return ASSUMED * (targets + largest)


def loss_pair(size: Array, unsure: Array) -> Pair:
    """1/2 |R|^2 from |R| and its error."""
    return size * size / 2, size * unsure + unsure * unsure / 2


def kernels(stack: Stack) -> Array:
    """The empirical NTK J J', (B, mN, mN); no 1/N and no 1/h."""
    weights = tuple(V / scale for V, scale in zip(stack.layers, stack.scales, strict=True))
    network = Network(weights, (), stack.activation, stack.scales)
    return empirical_ntk_by_layers(network, stack.X)


def _finite(matrices: Array) -> Array:
    """Zero where a row is not finite: LAPACK refuses those, and they end anyway."""
    good = np.asarray(np.isfinite(matrices).all(axis=(1, 2)))
    return matrices if good.all() else np.where(good[:, None, None], matrices, 0.0)


def _vectors(residual: Array) -> Array:
    """vec of the N x m residuals, output by output, as the kernel's rows."""
    return residual.swapaxes(1, 2).reshape(len(residual), -1)


def together(norms: list[Array]) -> Array:
    """The norm of the whole from the norms of its parts."""
    return np.asarray(np.sqrt(np.sum([one * one for one in norms], axis=0)))


def _relative(value: Array) -> Pair:
    return value, ASSUMED * np.abs(value)


def _grad_norm(state: State) -> Pair:
    return state.slope, ASSUMED * state.path.slope


def _movement(state: State) -> Pair:
    return together([one for one, _ in state.moved]), together([e for _, e in state.moved])


def _movement_layers(state: State) -> Pair:
    values, errors = (np.max(parts, axis=0) for parts in zip(*state.moved, strict=True))
    return values, errors


def _spectral(index: int) -> Callable[[State], Pair]:
    def found(state: State) -> Pair:
        return state.spectrum[:, index], ASSUMED * np.abs(state.spectrum).max(axis=1)

    return found


def _sign_change(state: State) -> Pair:
    """Signs within rounding of zero, then or now, count as unsure."""
    changed = unsure = np.zeros(len(state.size))
    total = 0
    assert state.path.signs is not None
    for now, then in zip(state.stack.preactivations(), state.path.signs, strict=True):
        near = [abs(z) <= ASSUMED * abs(z).max(axis=(1, 2), keepdims=True) for z in (now, then)]
        changed = changed + ((now > 0) != (then > 0)).sum(axis=(1, 2))
        unsure = unsure + (near[0] | near[1]).sum(axis=(1, 2)) * (state.t > 0)
        total += now[0].size
    return changed / total, unsure / total + ASSUMED * changed / total


def _linearization_gap(state: State) -> Pair:
    gap = _vectors(state.residual) - state.path.linear
    value = norm(gap[:, :, None])
    sizes = state.size + norm(state.path.linear[:, :, None])
    return value, (state.unsure + ASSUMED * sizes) * (state.t > 0)


QUANTITIES: dict[str, Callable[[State], Pair]] = {
    "training_loss": lambda state: loss_pair(state.size, state.unsure),
    "misfit": lambda state: (state.size, state.unsure),
    "grad_norm": _grad_norm,
    "movement": _movement,
    "movement_first": lambda state: state.moved[0],
    "movement_last": lambda state: state.moved[-1],
    "movement_layers": _movement_layers,
    "smax_first": lambda state: _relative(state.largest[0]),
    "smax_last": lambda state: _relative(state.largest[-1]),
    "smax_layers": lambda state: _relative(np.max(state.largest, axis=0)),
    "ntk_min": _spectral(0),
    "ntk_max": _spectral(-1),
    "sign_change": _sign_change,
    "linearization_gap": _linearization_gap,
}
"""Step symbols."""

RUN_QUANTITIES: dict[str, Callable[[Stack], Array]] = {
    "smax_data": lambda stack: singular_values(stack.X)[:, 0],
    "norm_targets": lambda stack: norm(stack.Y),
}
"""Run symbols."""

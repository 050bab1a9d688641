"""Numbers along the runs of a stack, as the harness reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.mlp.quantities import (
    ASSUMED,
    QUANTITIES,
    Pair,
    State,
    loss_pair,
    residual_error,
    together,
)
from experiments.two_layer.norms import Array, Flags
from harness.running.protocol import Measured, Trace, leading

LIMIT = 1e75
"""A run ends where its residual is larger."""

FLOOR = 2.0**10
"""A step is resolved while it changes the loss by more than its assumed error times this."""

NOTE: Mapping[str, Any] = {"assumed_error": ASSUMED}
Measure = Callable[[Any], Any]


def measured(state: State, wanted: frozenset[str], own: Mapping[str, Measure]) -> dict[str, Pair]:
    """Everything wanted at one state; the loss always."""
    found = {name: QUANTITIES[name](state) for name in wanted & QUANTITIES.keys()}
    found["training_loss"] = QUANTITIES["training_loss"](state)
    for name in wanted & own.keys():
        value = np.asarray(own[name](state), dtype=np.float64).reshape(-1)
        found[name] = value, ASSUMED * np.abs(value)
    return found


def usable(state: State, found: Mapping[str, Pair]) -> Flags:
    """Which rows are finite and of a size that can be computed with."""
    good = state.size < LIMIT
    for pair in found.values():
        good &= np.isfinite(pair[0]) & np.isfinite(pair[1])
    return good


class Recorder:
    """Fills (B, T+1) arrays state by state; rows that have ended stay NaN."""

    def __init__(self, count: int, horizon: int) -> None:
        self._shape = count, horizon + 1
        self._columns: dict[str, Pair] = {}
        self.alive = np.zeros(self._shape, dtype=bool)
        self.sizes = np.full((count, horizon), np.nan)

    def state(self, t: int, found: Mapping[str, Pair], alive: Flags) -> None:
        """What was measured at step t, and which rows are still running."""
        self.alive[:, t] = alive
        for name, pair in found.items():
            if name not in self._columns:
                self._columns[name] = np.full(self._shape, np.nan), np.full(self._shape, np.nan)
            for column, values in zip(self._columns[name], pair, strict=True):
                column[:, t] = np.where(alive, values, np.nan)

    def whole(self, squares: Array, targets: Array, scales: Sequence[float], sizes: Array) -> None:
        """All states at once: the squared residual, then the squared gradients by V_l if taken.

        ``squares`` is (1, B, T + 1) or (1 + L, B, T + 1); the numbers are those of :meth:`state`.
        """
        size = np.sqrt(squares[0])
        unsure = residual_error(np.fmax.accumulate(size, axis=1), targets[:, None])
        pairs = {"training_loss": loss_pair(size, unsure), "misfit": (size, unsure)}
        good = size < LIMIT
        if len(squares) > 1:
            slope = together([s * np.sqrt(one) for s, one in zip(scales, squares[1:], strict=True)])
            pairs["grad_norm"] = slope, ASSUMED * np.fmax.accumulate(slope, axis=1)
            good &= np.isfinite(slope)
        self.alive = np.logical_and.accumulate(good, axis=1)
        for name, pair in pairs.items():
            value, error = (np.where(self.alive, one, np.nan) for one in pair)
            self._columns[name] = value, error
        self.sizes = np.where(self.alive[:, :-1], sizes[:, None], np.nan)

    @classmethod
    def joined(cls, parts: Sequence[Recorder]) -> Recorder:
        """The rows of all parts, in their order."""
        whole = cls(sum(len(one.alive) for one in parts), parts[0].sizes.shape[1])
        whole.alive, whole.sizes = (
            np.concatenate([getattr(one, name) for one in parts]) for name in ("alive", "sizes")
        )
        for name in parts[0]._columns:
            value, error = zip(*(one._columns[name] for one in parts), strict=True)
            whole._columns[name] = np.concatenate(value), np.concatenate(error)
        return whole

    def at(self, t: int) -> dict[str, Measured]:
        """What was measured at one state, (B, 1)."""
        return {
            name: Measured.within(value[:, t : t + 1], error[:, t : t + 1])
            for name, (value, error) in self._columns.items()
        }

    def trace(self, wanted: frozenset[str], run: Mapping[str, Measured]) -> Trace:
        """The finished trace: what is wanted, and where it ends."""
        found = {**run}
        found |= {n: Measured.within(*pair) for n, pair in self._columns.items() if n in wanted}
        if "eta" in wanted:
            eta = np.concatenate([self.sizes, np.full((self._shape[0], 1), np.nan)], axis=1)
            found["eta"] = Measured(eta, np.zeros_like(eta), np.zeros_like(eta))
        finite = leading(self.alive)
        resolved = np.minimum(finite, self._resolved())
        return Trace(found, self.sizes, finite, resolved, [NOTE] * self._shape[0])

    def _resolved(self) -> NDArray[np.int64]:
        """States before all further change of the loss is lost in rounding."""
        value, error = self._columns["training_loss"]
        with np.errstate(invalid="ignore"):
            change = np.abs(np.diff(value, axis=1)) > FLOOR * error[:, :-1]
        states = np.where(change, np.arange(change.shape[1]) + 2, 1)
        return np.asarray(states.max(axis=1, initial=1), dtype=np.int64)

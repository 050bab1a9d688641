"""Numbers along the training of a module, and the rounding error assumed of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from harness.errors import UsageError
from harness.modules.stack import Stack
from harness.running.functions import with_error
from harness.running.protocol import Array, Measured, Trace, leading

FLOOR = 2.0**20
"""A loss is resolved while it exceeds its own error by this factor, a change of it by the root."""


class Recorder:
    """Fills (B, T+1) arrays step by step; rows that end stay NaN.

    ``own`` are the user's measures by name, those in ``along`` taken at every state. ``minimum`` is
    the infimum of the loss, if stated; ``relative`` the rounding error assumed.
    """

    def __init__(
        self,
        wanted: frozenset[str],
        own: Mapping[str, Callable[[Any], Any]],
        along: frozenset[str],
        minimum: float | None,
        relative: float,
        shape: tuple[int, int],
    ) -> None:
        count, horizon = shape
        self._own = {name: measure for name, measure in own.items() if name in wanted}
        self._along, self._minimum, self._relative = along, minimum, relative
        self._wanted = wanted
        # the horizon is told by the loss and its gradient
        names = (wanted & {"loss", "movement"}) | self._own.keys() | {"training_loss", "grad_norm"}
        self._columns = {
            name: tuple(np.full(self._shape(name, count, horizon), np.nan) for _ in range(2))
            for name in sorted(names)
        }
        self._peaks = {name: np.zeros(count) for name in ("training_loss", "grad_norm")}
        self._sizes = np.full((count, horizon), np.nan)
        self._alive = np.zeros((count, horizon + 1), dtype=bool)

    def _shape(self, name: str, count: int, horizon: int) -> tuple[int, int]:
        return count, 1 if name in self._own and name not in self._along else horizon + 1

    def state(self, t: int, stacks: Sequence[Stack]) -> None:
        """Measure what is wanted at step t; a row with anything that is not finite ends.

        Raises UsageError where a loss is below the minimum stated for it.
        """
        relative = self._relative
        value = _each(stacks, Stack.loss)
        alive = np.concatenate([one.alive for one in stacks])
        with np.errstate(invalid="ignore", over="ignore"):
            peak = self._peak("training_loss", value)
            error = relative * np.sqrt(np.abs(value) * peak) + relative**2 * peak
            found = {"training_loss": (value, error)}
            if "loss" in self._columns and self._minimum is not None:
                excess = value - self._minimum
                if (alive & (excess < -error)).any():
                    least = float(np.nanmin(value[alive]))
                    raise UsageError(f"the loss {least!r} is below its stated minimum.")
                found["loss"] = excess, error + np.spacing(np.abs(excess))
            norm = _each(stacks, Stack.grad_norm)
            found["grad_norm"] = norm, relative * self._peak("grad_norm", norm)
            size = _each(stacks, Stack.size)
            if "movement" in self._columns:
                moved = _each(stacks, Stack.movement)
                found["movement"] = moved, relative * (moved + size * (t > 0))
        for name in self._own:
            if name in self._along or t == 0:
                found[name] = self._measured(name, stacks)
        alive &= np.isfinite(size)
        for value, error in found.values():
            alive &= np.isfinite(value) & np.isfinite(error)
        start = 0
        for stack in stacks:
            stack.alive = alive[start : start + len(stack)]
            start += len(stack)
        self._alive[:, t] = alive
        for name, pair in found.items():
            for column, one in zip(self._columns[name], pair, strict=True):
                column[:, t] = np.where(alive, one, np.nan)

    def _peak(self, name: str, value: Array) -> Array:
        """The largest size so far."""
        self._peaks[name] = np.fmax(self._peaks[name], np.abs(value))
        return self._peaks[name]

    def _measured(self, name: str, stacks: Sequence[Stack]) -> tuple[Array, Array]:
        pairs = [
            with_error(_plain(self._own[name](stack.state(row))), self._relative)
            if alive
            else (np.nan, np.nan)
            for stack in stacks
            for row, alive in enumerate(stack.alive)
        ]
        return np.array([value for value, _ in pairs]), np.array([error for _, error in pairs])

    def step(self, t: int, sizes: Array) -> None:
        """The step sizes from t to t+1."""
        self._sizes[:, t] = np.where(self._alive[:, t], sizes, np.nan)

    def at(self, t: int) -> dict[str, Measured]:
        """What was measured at one state, (B, 1); run symbols as they are."""
        return {
            name: Measured.within(
                *(one if one.shape[1] == 1 else one[:, t : t + 1] for one in pair)
            )
            for name, pair in self._columns.items()
            if name in self._wanted
        }

    def trace(self, notes: Sequence[Mapping[str, Any]]) -> Trace:
        """The finished trace."""
        measured = {
            name: Measured.within(*pair)
            for name, pair in self._columns.items()
            if name in self._wanted
        }
        if "eta" in self._wanted:
            eta = np.concatenate([self._sizes, np.full((len(self._sizes), 1), np.nan)], axis=1)
            exact = np.zeros_like(eta)
            measured["eta"] = Measured(eta, exact, exact)
        finite = leading(self._alive)
        return Trace(measured, self._sizes, finite, self._resolved(finite), notes)

    def _resolved(self, finite: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many states come before the loss, or all further change of it, is lost in rounding."""
        value, error = self._columns["training_loss"]
        with np.errstate(invalid="ignore", over="ignore"):
            if self._minimum is not None:
                held = self._alive & (value - self._minimum > FLOOR * error)
                return np.minimum(finite, leading(held))
            change = np.full(value.shape, np.inf)
            change[:, :-1] = self._sizes * self._columns["grad_norm"][0][:, :-1] ** 2
            moving = self._alive & (change > np.sqrt(FLOOR) * error)
        # the last state has no step of its own to be told by
        moving[:, -1] = False
        last = np.where(
            moving.any(axis=1),
            moving.shape[1] - np.argmax(moving[:, ::-1], axis=1) + 1,
            value.shape[1],
        )
        return np.asarray(np.minimum(finite, last), dtype=np.int64)


def _each(stacks: Sequence[Stack], measure: Callable[[Stack], Array]) -> Array:
    """What all stacks measure, (B,); NaN where every row has ended."""
    return np.concatenate(
        [measure(one) if one.alive.any() else np.full(len(one), np.nan) for one in stacks]
    )


def _plain(value: Any) -> Any:
    """What a measure returned, without tensors."""
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    return value.item() if isinstance(value, Tensor) else value

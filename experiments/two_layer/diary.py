"""What a recorded run leaves behind: how far each step moved the weights and how it turned.

Of each step are kept the squared norm of the displacement and its inner product with the one
before, for W1, W2 and P; lengths and turns of the paths follow from these afterwards, for all
states at once. The weights themselves are kept at every so many states.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.two_layer.chord import SLACK, Way
from experiments.two_layer.lean import Log
from experiments.two_layer.norms import SAFETY, UNIT, Array, Flags
from experiments.two_layer.snapshot import Snapshot
from experiments.two_layer.transport import PATHS

MEMORY = 2**26
"""Bytes of weights that are kept along the runs of a group."""
FLOOR = 2.0**-500
"""Added to lengths: covers what underflow takes from the squares of displacements."""


class Diary:
    """Notes of a run from which any of its states can be enclosed, and measured later."""

    def __init__(self, names: frozenset[str], state: Snapshot, horizon: int) -> None:
        count, states = len(state.W1), horizon + 1
        self.names, self.batch = names, state.batch
        weights = 8 * (state.W1.size + state.W2.size)
        self.spacing = max(1, -(-states * weights // MEMORY))
        kept = -(-states // self.spacing)
        self._kept = (
            np.zeros((kept, *state.W1.shape)),
            np.zeros((kept, *state.W2.shape)),
        )
        self._size, self._product, self._rounding, self._carried = np.zeros((4, states, count))
        self._paths = {PATHS[name] for name in names}
        self._shapes = state.W1[0].size, state.W2[0].size, state.P[0].size
        # of W1, W2 and P: at t, the step that led there, and how it went on from the one before
        self._squares, self._inner = np.zeros((2, 3, states, count, 1, 1))
        self._rows = slice(None)
        self._last: list[Array | None] = [None, None, None]
        self._room: tuple[Array, ...] = ()

    def state(self, t: int, state: Snapshot, rounding: Array, carried: Array) -> None:
        """The state at step t, reached with these bounds of its rounding."""
        self.seen(t, state.W1, state.W2, state.P)
        self._size[t], self._product[t] = state.size, state.errors.product
        self._rounding[t], self._carried[t] = rounding, carried

    def beginning(self, rows: slice) -> None:
        """The rows whose states follow, see `seen`."""
        self._rows, self._last, self._room = rows, [None, None, None], ()

    def seen(self, t: int, W1: Array, W2: Array, P: Array) -> None:
        """The state of those rows at step t; how it goes on follows in `moved`."""
        if t % self.spacing == 0:
            for kept, weights in zip(self._kept, (W1, W2), strict=True):
                kept[t // self.spacing, self._rows] = weights
        if "product" in self._paths:
            # room that is there already: fresh memory costs more than the products in it
            before, *changes = self._room or [np.empty_like(P) for _ in range(3)]
            if self._room:
                self._noted(2, t, np.subtract(P, before, out=changes[t % 2]))
            np.copyto(before, P)
            self._room = (before, *changes)

    def moved(self, t: int, first: Array, second: Array) -> None:
        """The displacements of W1 and W2, up to their sign, by the step to t.

        They must stay as they are until those of the step after are here.
        """
        self._noted(0, t, first)
        self._noted(1, t, second)

    def _noted(self, which: int, t: int, change: Array) -> None:
        row, column = change.reshape(len(change), 1, -1), change.reshape(len(change), -1, 1)
        np.matmul(row, column, out=self._squares[which, t, self._rows])
        last = self._last[which]
        if last is not None:
            np.matmul(last, column, out=self._inner[which, t, self._rows])
        self._last[which] = row

    def bounded(self, log: Log, steps: Array, rounding: Array, carried: Array) -> None:
        """Size and bounds of all states (T + 1, B), as `state` has them."""
        self._size[:], self._product[:] = log.size, log.errors.product
        self._rounding[:], self._carried[:] = rounding, carried

    def ways(self, alive: Flags) -> dict[str, Way]:
        """The paths from the first state to the others, (B, S)."""
        squares, inner = self._squares[..., 0, 0], self._inner[..., 0, 0]
        places = {"first": [0], "second": [1], "both": [0, 1], "product": [2]}
        found = {}
        for path in sorted(self._paths & places.keys()):
            at = places[path]
            entries = sum(self._shapes[one] for one in at)
            step = _at_most(squares[at].sum(axis=0), entries)
            slips = SAFETY * UNIT * (step + self._size) + FLOOR
            notes = squares[at].sum(axis=0), inner[at].sum(axis=0), slips
            found[path] = Way.of(step + slips, *notes, entries, alive)
        if "imbalance" in self._paths:
            size, committed = self._size, self._rounding
            ahead = [
                _at_most(square, entries) + committed
                for square, entries in zip(squares[:2], self._shapes[:2], strict=True)
            ]
            rest = (2 * size + 3 * committed) * committed
            lengths = (np.hypot(ahead[0] ** 2, ahead[1] ** 2) + rest) * SLACK
            found["imbalance"] = Way.straying(lengths, alive)
        return found

    def rows(self, name: str) -> Array:
        """One of size, product, rounding and carried, (B, S)."""
        return np.asarray(getattr(self, f"_{name}").T)

    def weights(self, segments: NDArray[np.int64], rows: NDArray[np.int64]) -> Snapshot:
        """The states at the beginnings of these segments of these rows."""
        first, second = (kept[segments, rows] for kept in self._kept)
        return Snapshot(self.batch.taken(rows), first, second)


def _at_most(squares: Array, entries: int) -> Array:
    """Roots of sums of so many squares, as they were computed."""
    return np.asarray(np.sqrt(squares) * (SLACK + entries * UNIT))

"""Loss-only runs of the squared loss in rotated data: the recorder's steps in few calls of numpy.

Configurations are taken some at a time, so that weights and gradients stay in the cache; every
result goes into an array that is there already. Operations and their order are those of the
snapshot, hence so are the bits. Whether a row has diverged is told from its norms afterwards: the
others do not notice.
"""

from __future__ import annotations

import numpy as np

from experiments.two_layer.lean import Log, Watch, log_of
from experiments.two_layer.losses import Squared
from experiments.two_layer.norms import Array, Flags, transposed
from experiments.two_layer.snapshot import Snapshot

CACHE = 150_000
"""Numbers in the weights, gradients and targets of the configurations taken at a time."""


def covers(state: Snapshot) -> bool:
    """Whether this is a group of diagonal data in double precision under the squared loss."""
    loss = state.batch.loss
    return (
        isinstance(loss, Squared)
        and isinstance(loss.scales, np.ndarray)
        and state.batch.precision is np.float64
    )


def stepped(
    state: Snapshot, usable: Flags, numbers: Array, horizon: int, watch: Watch | None = None
) -> tuple[Log, Flags]:
    """The norms (T + 1, B) along the run of constant steps (B,), and the usable states (B, T + 1)."""
    batch, loss = state.batch, state.batch.loss
    assert isinstance(loss, Squared)
    assert loss.scales is not None
    steps = np.where(usable, numbers, 0.0)[:, None, None]
    count = len(steps)
    sizes = 2 * (state.W1[0].size + state.W2[0].size) + 5 * batch.Y[0].size
    some = max(1, CACHE // sizes)
    squares = np.empty((5, horizon + 1, count))
    for begin in range(0, count, some):
        rows = slice(begin, begin + some)
        if watch is not None:
            watch.beginning(rows)
        weights = state.W1[rows], state.W2[rows]
        problem = batch.Y[rows], loss.scales[rows], steps[rows]
        squares[:, :, rows] = _squares(horizon, *weights, *problem, watch)
    return log_of(batch, squares, usable)


def _squares(
    horizon: int,
    W1: Array,
    W2: Array,
    Y: Array,
    scales: Array,
    steps: Array,
    watch: Watch | None,
) -> Array:
    """|W1|^2, |W2|^2, |E|^2, |G|^2, |G' G|^2 at every state, (5, T + 1, B)."""
    count, _, outputs = Y.shape
    W1, W2 = W1.copy(), W2.copy()
    found = np.empty((5, horizon + 1, count, 1, 1))
    E, G = both = np.empty((2, *Y.shape))
    P, scaled = np.empty((2, *Y.shape))
    flipped, gram = _turned(Y), np.empty((count, outputs, outputs))
    # two of each: who watches compares a step with the one before
    changes = [(np.empty_like(W1), np.empty_like(W2)) for _ in range(1 if watch is None else 2)]
    W2_rows = _turned(W2)
    # written out, as a loop over few columns costs more than the products in it
    scales, minus, sizes = (
        np.repeat(one, outputs, axis=2) for one in (scales, -scales, steps + 0 * scales)
    )
    outer = np.multiply if outputs == 1 else np.matmul
    pairs = [
        (one.reshape(*one.shape[:-2], 1, -1), one.reshape(*one.shape[:-2], -1, 1))
        for one in (W1, W2, both, gram)
    ]
    squares = [(one[0], one[1], one[2:4], one[4]) for one in found.swapaxes(0, 1)]
    for t in range(horizon + 1):
        np.matmul(W1, W2, out=P)
        np.multiply(scales, P, out=E)
        np.subtract(Y, E, out=E)
        np.multiply(minus, E, out=G)
        np.copyto(flipped, transposed(G))
        np.matmul(flipped, G, out=gram)
        for (row, column), square in zip(pairs, squares[t], strict=True):
            np.matmul(row, column, out=square)
        np.multiply(sizes, G, out=scaled)
        np.copyto(W2_rows, transposed(W2))
        if watch is not None:
            watch.seen(t, W1, W2, P)
        A, B = changes[t % len(changes)]
        outer(scaled, W2_rows, out=A)
        np.matmul(transposed(W1), scaled, out=B)
        if watch is not None and t < horizon:
            watch.moved(t + 1, A, B)
        np.subtract(W1, A, out=W1)
        np.subtract(W2, B, out=W2)
    return found[..., 0, 0]


def _turned(like: Array) -> Array:
    """Room for the transposes of these matrices."""
    return np.empty((len(like), like.shape[2], like.shape[1]))

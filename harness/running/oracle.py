"""Compares the engine with its own plain implementation on a share of the runs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from harness.running.configuration import digest
from harness.running.task import Run
from harness.vocabulary.symbol import Quantity

ONE_IN = 97
"""About one run in a hundred is repeated by the oracle, chosen by the hash of its configuration."""

LOSSES = ("loss", "training_loss")
"""What an oracle repeats: the first of these that its experiment emits."""


def compared(emits: Iterable[Quantity]) -> frozenset[str]:
    """The symbol that an oracle would repeat, if there is one."""
    names = {one.name for one in emits}
    return frozenset([name for name in LOSSES if name in names][:1])


def disagreements(run: Run) -> dict[int, str]:
    """Rows whose loss differs from the oracle's by more than both rounding bounds, and why."""
    oracle = getattr(run.engine, "oracle", None)
    names = compared(run.task.experiment.emits) & run.trace.measured.keys()
    if oracle is None or not names:
        return {}
    wrong: dict[int, str] = {}
    loss = run.trace.measured[min(names)]
    for index, text in enumerate(run.task.texts):
        if int(digest(text), 16) % ONE_IN:
            continue
        states = int(run.trace.finite[index])
        sizes = run.trace.step_sizes[index, : max(states - 1, 0)]
        reference, error = oracle(run.task.configurations[index], sizes.tolist())
        gap = np.abs(reference - loss.value[index, :states])
        with np.errstate(all="ignore"):
            far = ~(gap <= error + loss.drift[index, :states])
        if far.any():
            step = int(np.argmax(far))
            wrong[index] = (
                f"the engine's loss {float(loss.value[index, step])!r} at step {step} differs from the "
                f"plain autograd loop's {float(reference[step])!r} by more than rounding"
            )
    return wrong

"""Rigorous balls for every quantity along an exact run from a recorded state.

The reduced doubles and the floating-point steps are recomputed bit for bit as the engine took them;
the state reached is then exact. ``drift`` is, as in the engine, the norm of the sum of the exact
increments: from the recorded states up to there, along the exact run after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from flint import arb, arb_mat

from experiments.two_layer.exact_run import ExactRun
from experiments.two_layer.exact_state import RUN, STEP, Configuration, ExactProblem, ExactState
from experiments.two_layer.fast import walked
from experiments.two_layer.setup import assembled
from experiments.two_layer.snapshot import Snapshot
from harness.expressions.ball_algebra import Along, Value
from harness.expressions.balls import exact
from harness.expressions.spectra import frobenius, from_array


def enclosed(
    configuration: Configuration,
    step_sizes: Sequence[float],
    begin: int,
    wanted: frozenset[str],
    radius: float = 0.0,
    compiled: bool = False,
) -> dict[str, Value]:
    """Run symbols as balls, step symbols along the states from ``begin`` on; see protocol.py.

    ``compiled``: the recorded states are those of the compiled kernel.

    Where every state within the radius is meant, ``drift`` is known from the initial state only:
    the others were not reached by recorded steps.
    """
    recorded = _recorded(configuration, step_sizes[:begin], compiled)
    run = ExactRun(recorded[-1], begin, step_sizes, radius)
    found: dict[str, Value] = {name: RUN[name](run.problem) for name in wanted & RUN.keys()}
    for name in wanted & STEP.keys():
        found[name] = _along(run, STEP[name])
    transitions: dict[str, Callable[[int], arb]] = {
        "eta": run.size,
        "drift_step": lambda step: frobenius(run.state(step).increment(run.size(step))),
        "smoothness": lambda step: run.state(step).smoothness(run.size(step)),
    }
    if begin == 0 or radius == 0:
        before = zip(recorded[:-1], step_sizes, strict=False)
        transitions["drift"] = _drift(run, [one.increment(exact(size)) for one, size in before])
    return found | {name: Along(transitions[name]) for name in wanted & transitions.keys()}


def _along(run: ExactRun, quantity: Callable[[ExactState], arb]) -> Along:
    return Along(lambda step: quantity(run.state(step)))


def _drift(run: ExactRun, recorded: Sequence[arb_mat]) -> Callable[[int], arb]:
    def drift(step: int) -> arb:
        width = run.state(step).width
        taken = (run.state(k).increment(run.size(k)) for k in range(run.begin, step))
        return frobenius(sum([*recorded, *taken], arb_mat(width, width)))

    return drift


def _recorded(
    configuration: Configuration, step_sizes: Sequence[float], compiled: bool
) -> list[ExactState]:
    """The floating-point states of the run as exact ones, the last at the end."""
    with np.errstate(all="ignore"):
        batch, W1, W2 = assembled([configuration])
        layers = [(W1, W2)]
        if compiled:
            layers += walked(Snapshot(batch, W1, W2), step_sizes)
        else:
            for size in step_sizes:
                layers.append(Snapshot(batch, *layers[-1]).advanced(np.array([size])))
    problem = ExactProblem(configuration, batch.X[0], batch.Y[0])
    return [
        ExactState(problem, from_array(W1[0]), from_array(W2[0]), batch.missing)
        for W1, W2 in layers
    ]

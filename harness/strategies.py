"""Hypothesis strategies for configurations, from the same spaces that draws come from."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.running.configuration import MAX_SEED, completed, step_choices
from harness.sampling.draw import HORIZONS, STEP_SIZES, refused
from harness.vocabulary.definition import Parameter
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Theorem

SMALL_HORIZONS = tuple(steps for steps in HORIZONS if steps <= 10)


@st.composite
def configurations(
    draw: st.DrawFn, /, theorem: Theorem, experiment: Experiment, **fixed: Any
) -> dict[str, Any]:
    """Complete configurations of an experiment for a theorem, simple values first.

    Keyword arguments pin axes: ``configurations(theorem, experiment, init="given")`` draws
    arbitrary weight matrices.
    """
    chosen: dict[str, Any] = {}
    for axis in experiment.axes:
        if axis.name in fixed:
            chosen[axis.name] = fixed[axis.name]
        elif (value := draw(axis.domain.strategy(chosen))) is not None:
            chosen[axis.name] = value
    if experiment.randomness:
        chosen["seed"] = fixed.get("seed", draw(st.integers(0, MAX_SEED)))
    if experiment.trajectory:
        chosen["steps"] = fixed.get("steps", draw(st.sampled_from(SMALL_HORIZONS)))
        chosen["step_size"] = fixed.get("step_size", draw(_step_sizes(theorem)))
    chosen["parameters"] = {one.name: draw(_parameter_values(one)) for one in theorem.parameters}
    try:
        found = completed(experiment, theorem, chosen)
    except UsageError:
        # axes that do not go together; not a configuration at all
        assume(False)
        raise
    assume(not refused(theorem, experiment, found))
    return found


def _step_sizes(theorem: Theorem) -> st.SearchStrategy[Any]:
    choices = step_choices(theorem)
    return st.sampled_from(choices) if choices else st.floats(*STEP_SIZES)


def parameter_range(one: Parameter) -> tuple[float, float]:
    """Where a parameter is tried: up to a hundred times nearer to either end than its grid.

    Beyond that every constant over- or underflows and nothing is put to the test.
    """
    low = one.low + (min(one.grid) - one.low) / 100
    high = min(100 * max(one.grid), one.high - (one.high - max(one.grid)) / 100)
    return low, high


def _parameter_values(one: Parameter) -> st.SearchStrategy[float]:
    """The grid first, then values between."""
    return st.sampled_from(one.grid) | st.floats(*parameter_range(one))

"""Draws made a column at a time are those made one configuration at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from harness import Axis, Experiment, UsageError, choice, integers, reals, separated, symbol
from harness.discovery import finder
from harness.running.configuration import (
    MAX_SEED,
    canonical,
    canonical_each,
    finished,
    step_choices,
)
from harness.running.replicated import about_chance
from harness.sampling.draw import (
    HORIZONS,
    ONE_STEP_HORIZONS,
    STEP_SIZES,
    TRIES,
    draws,
    refused,
)
from harness.sampling.plan import fitting
from harness.sampling.source import Source, sources
from harness.vocabulary.kinds import Exponent
from harness.vocabulary.space import depending, matrix, vector
from harness.vocabulary.theorem import Claim, Theorem

SEED = 11
NETWORK = {one.id: one for one in finder.experiments()}["two_layer_linear"]
STEERED = ("xu23_thm32_linear_rate@2", "xu25_thm32_linear_rate@1", "xu23_drift@1")


def one_by_one(
    theorem: Theorem, on: Experiment, count: int, fixed: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Each from a stream of its own, axis by axis, everything checked."""
    for index in range(count):
        (rng,) = sources(range(index, index + 1), SEED, theorem.id, on.id)
        for _ in range(TRIES + 1):
            full = one(theorem, on, rng, fixed)
            pinned = (axis.name for axis in on.axes if axis.name in fixed)
            kept = all(full.get(axis) == fixed[axis] for axis in pinned)
            if kept and not refused(theorem, on, full):
                break
        yield full


def one(theorem: Theorem, on: Experiment, rng: Source, fixed: Mapping[str, Any]) -> dict[str, Any]:
    axes: dict[str, Any] = {}
    for axis in on.axes:
        given = axis.name in fixed
        value = fixed[axis.name] if given else axis.domain.draw(rng, axes)
        if value is None and not given:
            value = axis.default
        if value is not None:
            axes[axis.name] = value
    rest: dict[str, Any] = {"seed": rng.integers(0, MAX_SEED + 1)}
    if on.trajectory:
        short = all(claim.one_step for claim in theorem.claims)
        horizons, steps = ONE_STEP_HORIZONS if short else HORIZONS, step_choices(theorem)
        rest["steps"] = horizons[rng.integers(0, len(horizons))]
        low, high = STEP_SIZES
        rest["step_size"] = (
            steps[rng.integers(0, len(steps))] if steps else low * (high / low) ** rng.random()
        )
    rest |= {key: fixed[key] for key in ("seed", "steps", "step_size") if key in fixed}
    drawn = {p.name: p.grid[rng.integers(0, len(p.grid))] for p in theorem.parameters}
    if parameters := drawn | fixed.get("parameters", {}):
        rest["parameters"] = parameters
    return finished(on, theorem, axes, rest)


PAIRS = [
    (header.ref, on.id)
    for header in finder.installed().theorems
    for on in fitting(finder.theorem(header.ref), finder.experiments())
    # these pin the axis that they sweep
    if not any(isinstance(claim.kind, Exponent) for claim in finder.theorem(header.ref).claims)
]


@pytest.mark.parametrize(("ref", "name"), PAIRS)
def test_the_catalogue_draws_as_one_by_one(ref: str, name: str) -> None:
    theorem = finder.theorem(ref)
    on = next(one for one in finder.experiments() if one.id == name)
    count = 150 if ref in STEERED else 25
    fixed = {"seed": SEED} if about_chance(theorem) else {}
    together = list(draws(theorem, on, SEED, count, {}))
    assert [repr(found) for found in together] == [
        repr(found) for found in one_by_one(theorem, on, count, fixed)
    ]


@pytest.mark.parametrize(
    ("ref", "fixed"),
    [
        ("xu23_thm32_linear_rate@2", {"init": "given", "steps": 7}),
        ("xu23_thm32_linear_rate@2", {"data": "conditioned", "parameters": {"c1": 0.3}}),
        ("xu25_thm32_linear_rate@1", {"data": "given", "features": 2, "step_size": 0.25}),
        ("xu23_drift@1", {"loss": "logcosh", "seed": 5}),
    ],
)
def test_pinned_draws_are_those_made_one_by_one(ref: str, fixed: dict[str, Any]) -> None:
    theorem = finder.theorem(ref)
    together = list(draws(theorem, NETWORK, SEED, 60, fixed))
    assert [repr(found) for found in together] == [
        repr(found) for found in one_by_one(theorem, NETWORK, 60, fixed)
    ]


x = symbol("x", "measured", "run")


DOMAINS = (
    integers(1, 20), integers(1, 10**6, log=True), reals(-1, 3), reals(0.01, 10, log=True),
    choice("a", "b"), vector(3, integers(0, 4)), matrix(2, 3, reals(-1, 1)),
    matrix(2, 0, reals(-1, 1)), separated(3, 0.0, 1.0, 0.1),
    depending(lambda before: integers(0, before["a0"])),
    depending(lambda before: WIDE if before["a4"] == "a" else vector(2, reals(0, 1))),
)  # fmt: skip
WIDE = reals(0, 1e6)


def every_domain() -> Experiment:
    """An axis of each kind."""
    axes = tuple(Axis(f"a{at}", domain, None) for at, domain in enumerate(DOMAINS))
    return Experiment("every_domain", "", axes, frozenset({x}), "nowhere:Nothing", ("init",))


def test_every_domain_of_the_vocabulary_draws_as_one_by_one() -> None:
    theorem = Theorem(title="T", id="t", claims=[Claim("c", x <= 1)])
    together = list(draws(theorem, every_domain(), SEED, 5_000, {}))
    assert [repr(found) for found in together] == [
        repr(found) for found in one_by_one(theorem, every_domain(), 5_000, {})
    ]


def test_bad_pinned_values_are_refused_before_the_first_draw() -> None:
    theorem = finder.theorem("xu23_drift@1")
    for fixed, words in (
        ({"steps": 0}, "steps=0"),
        ({"seed": -1}, "seed=-1"),
        ({"step_size": "big"}, "step_size"),
        ({"parameters": {"nothing": 1}}, "no parameter"),
        ({"scale": -1.0}, "scale=-1.0"),
    ):
        with pytest.raises(UsageError, match=words):
            next(draws(theorem, NETWORK, SEED, 3, fixed))


def test_configurations_encoded_together_read_as_each_by_itself() -> None:
    mark = "\x00"
    configurations = [{"b": index / 3, "a": [1, {"z": 0, "y": None}]} for index in range(600)]
    assert list(canonical_each(configurations)) == list(map(canonical, configurations))
    odd = [{"a": [mark, mark]}, {"a": mark}, {"a": [1, mark, 2]}]
    assert list(canonical_each(odd)) == list(map(canonical, odd))
    assert list(canonical_each([])) == []

"""Configurations: completed, checked, canonical, drawn alike whatever came before."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from harness import Axis, Claim, Experiment, Parameter, Theorem, UsageError, choice, integers, reals
from harness.running.configuration import canonical, completed, default_step, step_choices
from harness.sampling.draw import draws
from harness.symbols import eta, loss, smoothness, width
from harness.vocabulary.theorem import Hypothesis, Step

c = Parameter("c", 0, 1, (0.25, 0.5))
EXPERIMENT = Experiment(
    id="plain",
    title="",
    axes=(
        Axis("width", integers(1, 9), 3),
        Axis("scale", reals(0.5, 2.0), 1.0),
        Axis("law", choice("gauss", "zero"), "gauss"),
    ),
    emits=frozenset({loss, eta, smoothness, width}),
    engine="nowhere:Nothing",
    randomness=("init",),
    trajectory=True,
)


def statement() -> Theorem:
    return Theorem(
        title="T",
        id="t",
        hypotheses=[Hypothesis("wide", "wide", width >= 7)],
        claims=[Claim("c", loss.next <= c * loss)],
        step=Step(limit=1 / smoothness, fractions=(1.0, 0.5), rules={"newton": 1 / smoothness}),
    )


def test_what_is_not_given_takes_its_default() -> None:
    assert completed(EXPERIMENT, statement(), {"width": 5}) == {
        "width": 5, "scale": 1.0, "law": "gauss", "seed": 0, "steps": 1,
        "step_size": {"fraction": 1.0, "of": "t@1"}, "parameters": {"c": 0.25},
    }  # fmt: skip


def test_completing_twice_changes_nothing() -> None:
    once = completed(EXPERIMENT, statement(), {"step_size": 1, "seed": 3})
    assert canonical(completed(EXPERIMENT, statement(), json.loads(canonical(once)))) == canonical(
        once
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"width": 10}, "width=10: must lie in 1..9"),
        ({"width": True}, "whole number"),
        ({"width": 3.0}, "whole number"),
        ({"scale": float("nan")}, "scale=NaN"),
        ({"scale": "1"}, "must be a number"),
        ({"law": "cauchy"}, "must be one of gauss, zero"),
        ({"widht": 3}, "no axis “widht”"),
        ({"seed": -1}, "seed=-1"),
        ({"seed": 2**63}, "seed=9223372036854775808"),
        ({"steps": 0}, "steps=0"),
        ({"step_size": -0.1}, "step_size=-0.1"),
        ({"step_size": float("inf")}, "step_size"),
        ({"step_size": {"fraction": 0, "of": "t@1"}}, "step_size"),
        ({"step_size": {"fraction": 1}}, "step_size"),
        ({"parameters": {"c": 1.0}}, "strictly between 0 and 1"),
        ({"parameters": {"k": 1.0}}, "no parameter “k”"),
        ({"parameters": [1]}, "must be an object"),
    ],
    ids=str,
)
def test_a_wrong_value_is_named_with_what_it_must_be(given: Any, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        completed(EXPERIMENT, statement(), given)
    assert expected in str(caught.value)


def test_a_step_size_is_tried_as_the_theorem_says() -> None:
    assert default_step(statement()) == {"fraction": 1.0, "of": "t@1"}
    assert step_choices(statement()) == [
        {"fraction": 1.0, "of": "t@1"},
        {"fraction": 0.5, "of": "t@1"},
        {"rule": "newton", "of": "t@1"},
    ]
    plain = dataclasses.replace(statement(), step=None)
    assert default_step(plain) == 0.01
    assert step_choices(plain) == []


def drawn(count: int, seed: int = 1, **fixed: Any) -> list[str]:
    return [canonical(one) for one in draws(statement(), EXPERIMENT, seed, count, fixed)]


def test_the_index_th_draw_is_the_same_whatever_is_drawn_besides() -> None:
    assert drawn(20)[:5] == drawn(5)
    assert drawn(5) == drawn(5)
    assert drawn(5) != drawn(5, seed=2)


def test_versions_of_one_theorem_face_the_same_draws() -> None:
    second = statement().revised(2, "corrected", {c: c})
    first, other = (
        [json.loads(canonical(one)) for one in draws(which, EXPERIMENT, 1, 10, {"step_size": 0.1})]
        for which in (statement(), second)
    )
    assert first == other


def test_draws_are_steered_to_where_the_theorem_speaks() -> None:
    assert {json.loads(one)["width"] for one in drawn(60)} == {7, 8, 9}


def test_pinned_values_stay_and_the_rest_varies() -> None:
    found = [json.loads(one) for one in drawn(30, law="zero", steps=4, parameters={"c": 0.5})]
    assert {one["law"] for one in found} == {"zero"}
    assert {one["steps"] for one in found} == {4}
    assert {one["parameters"]["c"] for one in found} == {0.5}
    assert len({one["seed"] for one in found}) == 30
    assert len({one["scale"] for one in found}) == 30


def test_a_pinned_value_that_breaks_a_hypothesis_is_still_run() -> None:
    assert {json.loads(one)["width"] for one in drawn(3, width=2)} == {2}


def test_draws_stay_inside_their_domains() -> None:
    for one in draws(statement(), EXPERIMENT, 9, 50, {}):
        assert completed(EXPERIMENT, statement(), one) == one


def test_an_unknown_pin_is_refused_before_anything_is_drawn() -> None:
    with pytest.raises(UsageError, match="no axis “nonsense”"):
        drawn(1, nonsense=1)


def test_an_axis_is_no_measurement_of_the_same_name() -> None:
    from harness import experiment, integers, symbol
    from harness.sampling.plan import fitting, missing

    size, measured = symbol("axis_size", "size", "configuration"), symbol("axis_x", "x", "run")

    @experiment(emits=[], axis_size=integers(1, 2), axis_x=integers(1, 2))
    def emits_nothing(axis_size: int, axis_x: int) -> dict[Any, Any]:
        return {}

    of_size = Theorem(title="S", claims=(Claim("c", size <= 2),))
    of_both = Theorem(title="B", claims=(Claim("c", measured <= size),))
    assert fitting(of_size, [emits_nothing]) == [emits_nothing]
    assert missing(of_both, emits_nothing) == ["axis_x"]

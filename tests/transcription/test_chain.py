"""Links of a proof: judged in order on the draws of the check, the first false one named."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import pytest

from harness import (
    Claim,
    Definition,
    Hypothesis,
    Link,
    Parameter,
    Probability,
    Scaling,
    Theorem,
    UsageError,
    Verdict,
    check,
    experiment,
    integers,
    symbol,
)
from harness.reporting.links import closing, records
from harness.session import Options
from harness.transcription.chain import check_chain, of_links
from harness.transcription.homogeneity import misfits
from harness.vocabulary.experiment import Experiment

n = symbol("n", "size", "configuration")
x = symbol("x", "the size again", "run")
y = symbol("y", "its double, needed by a link alone", "run")


def lab(dies_at: int = 0) -> Experiment:
    @experiment(emits=[n, x, y], n=integers(1, 40))
    def sizes(n: int) -> dict[Any, Any]:
        if n == dies_at:
            raise RuntimeError("no value")
        return {x: (float(n), 0.0), y: (2.0 * n, 0.0)}

    return sizes


GOOD = (
    Link("twice", "y is twice x", y <= 2 * x, "(1)"),
    Link("room", "a quarter is left", x <= 4 * y / 3),
    Link("below", "hence", x <= n + 3, trivial=2 * n),
)
FALSE = Link("even", "x is at most 30", x <= 30)
LARGE = Hypothesis("large", "x is at least 5", x >= 5)
TRUE_CLAIM = Claim("c", x <= n + 3)
FALSE_CLAIM = Claim("c", x <= 20, expected=Verdict.VIOLATED, because="n may be 40")


def theorem(*links: Link, claim: Claim = TRUE_CLAIM, **more: Any) -> Theorem:
    return Theorem(title="T", id="t", claims=[claim], chain=links, hypotheses=[LARGE], **more)


def chain(one: Theorem, made: Experiment | None = None, **options: Any) -> Any:
    wanted = Options(experiment="sizes", **options)
    return check_chain(one, [made or lab()], wanted)


def test_links_are_judged_in_order_under_the_hypotheses() -> None:
    found = chain(theorem(*GOOD))
    assert [link.id for link, _ in found.summaries] == ["twice", "room", "below"]
    assert all(one.verdict is Verdict.HELD for _, one in found.summaries)
    assert all(one.counts[Verdict.VOID] for _, one in found.summaries)
    assert (found.first_false, found.code) == (None, 0)
    assert closing(found) == ["no link was refuted"]


def test_slack_is_that_of_a_hand_computation() -> None:
    found = chain(theorem(*GOOD), configuration={"n": 9})
    twice, room, below = (dict(one) for one in records(found))
    # 18 <= 18, 9 <= 24, 9 <= 12
    assert (twice["slack_median"], twice["slack_least"]) == (1.0, 1.0)
    assert room["slack_least"] == pytest.approx(24 / 9, rel=1e-15)
    assert below["slack_median"] == pytest.approx(12 / 9, rel=1e-15)


def test_median_and_least_slack_are_taken_over_the_held_rows() -> None:
    found = chain(theorem(Link("room", "", x <= n + 3)))
    sizes = {json.loads(row.configuration)["n"] for row in found.report.rows}
    spoken = sorted(n for n in sizes if n >= 5)
    factors = sorted((n + 3) / n for n in spoken)
    middle = len(factors) // 2
    (record,) = records(found)
    assert record["held"] == len(spoken)
    assert record["slack_least"] == pytest.approx(factors[0], rel=1e-15)
    assert record["slack_median"] == pytest.approx(
        1 / ((1 / factors[middle] + 1 / factors[~middle]) / 2), rel=1e-12
    )


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_planted_false_link_is_the_first_named(place: int) -> None:
    planted = [*GOOD]
    planted.insert(place, FALSE)
    also = Link("later", "false too, and on more rows", x <= 9)
    found = chain(theorem(*planted, also))
    assert found.first_false is FALSE
    told = "\n".join(closing(found))
    assert "first false link: even (x is at most 30) on " in told
    assert "x = 31.0 against <= 30.0" in told
    marked = [one["link"] for one in records(found) if one["first_false"] == "yes"]
    assert marked == ["even"]


def test_the_simplest_counterexample_is_shown_and_comes_again() -> None:
    found = chain(theorem(FALSE))
    row = found.counterexample(FALSE)
    again = chain(theorem(FALSE), configuration=json.loads(row.configuration))
    assert [one.finding for one in again.report.rows] == [row.finding]
    (record,) = records(found)
    assert record["reproduce"].startswith("boundcheck chain t@1 --experiment sizes --config ")
    assert (record["value"], record["bound"], record["sense"]) == (31.0, 30.0, "<=")


def test_links_see_the_draws_of_the_check() -> None:
    one = theorem(*GOOD)
    drawn = check(one, experiments=[lab()], options=Options(experiment="sizes", seed=5))
    linked = chain(one, seed=5).report
    assert {row.configuration for row in linked.rows} == {row.configuration for row in drawn.rows}


@pytest.mark.parametrize(
    ("links", "claim", "dies_at", "code"),
    [
        (GOOD, TRUE_CLAIM, 0, 0),
        ((*GOOD, FALSE), TRUE_CLAIM, 0, 1),
        ((*GOOD, FALSE), FALSE_CLAIM, 0, 0),
        (GOOD, FALSE_CLAIM, 0, 1),
        (GOOD, TRUE_CLAIM, 7, 1),
        ((*GOOD, FALSE), FALSE_CLAIM, 7, 1),
        ((Link("idle", "", x <= n + 3, trivial=n),), TRUE_CLAIM, 0, 3),
    ],
)
def test_the_code_follows_from_the_links_and_the_declaration(
    links: tuple[Link, ...], claim: Claim, dies_at: int, code: int
) -> None:
    assert chain(theorem(*links, claim=claim), lab(dies_at)).code == code


def test_a_broken_link_is_told() -> None:
    found = chain(theorem(*GOOD), lab(7))
    assert any(line.startswith("broken: twice: RuntimeError") for line in closing(found))


own = Parameter("own", 0, 1, (0.5,))


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (theorem(), "gives no chain"),
        (theorem(Link("a", "", x <= n + own)), "parameter “own” of its own"),
        (
            theorem(
                Link("a", "", x <= Definition("d", 3 * n)),
                claim=Claim("c", x <= Definition("d", 2 * n)),
            ),
            "d has two different definitions",
        ),
        (
            theorem(GOOD[0], claim=dataclasses.replace(TRUE_CLAIM, kind=Probability(0.1, "rng"))),
            "speaks of chance",
        ),
    ],
)
def test_a_chain_that_cannot_be_judged_is_refused(one: Theorem, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        of_links(one)


def test_an_experiment_must_emit_what_the_links_read() -> None:
    @experiment(emits=[n, x], n=integers(1, 3))
    def poor(n: int) -> dict[Any, Any]:
        return {x: n}

    with pytest.raises(UsageError, match="does not emit y"):
        check_chain(theorem(GOOD[0]), [poor], Options(experiment="poor"))


def test_links_are_named_once_and_hold_one_comparison() -> None:
    with pytest.raises(UsageError, match="link “twice” stands twice"):
        theorem(GOOD[0], GOOD[0])
    with pytest.raises(UsageError, match="decided"):
        of_links(theorem(Link("a", "", x <= x)))


def test_replacements_reach_the_links_and_a_revision_may_bring_its_own() -> None:
    d = Definition("d", n + 3)
    first = theorem(Link("a", "", x <= d, trivial=2 * d), claim=Claim("c", x <= d))
    e = Definition("e", n + 4)
    (link,) = first.revised(2, "corrected", {d: e}).chain
    assert (link.statement, link.trivial) == (x <= e, 2 * e)
    (other,) = first.revised(2, "corrected", {d: e}, chain=(GOOD[0],)).chain
    assert other is GOOD[0]


def test_links_must_scale_like_claims() -> None:
    units = Scaling("units", {n: 1, x: 1, y: 1})
    wrong = theorem(
        Link("squared", "", x**2 <= n), Link("idle", "", x <= n, trivial=n**2),
        claim=Claim("c", x <= n), scalings=[units],
    )  # fmt: skip
    places = [one.split(":")[0] for one in misfits(dataclasses.replace(wrong, hypotheses=()))]
    assert places == ["scaling units, link squared", "scaling units, link idle"]


def test_slack_against_zero() -> None:
    from harness.reporting.links import slack

    assert slack(0.0) == math.inf
    assert math.isnan(slack(math.nan))

"""A finite space is looked at completely, and the search says so."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from harness import (
    Claim,
    Hypothesis,
    Theorem,
    choice,
    depending,
    experiment,
    integers,
    symbol,
    vector,
)
from harness.cli.main import main
from harness.searching.stress import stress
from harness.vocabulary.verdict import Verdict
from tests.searching.conftest import Case, Counting

product = symbol("product_f", "the product of the entries", "run")
length = symbol("size", "how many entries", "configuration")


@experiment(
    emits=[length, product],
    size=choice(2, 3),
    entries=depending(lambda before: vector(before["size"], integers(-1, 1))),
)
def products(size: int, entries: list[int]) -> dict[object, int]:
    found = 1
    for one in entries:
        found *= one
    return {product: found}


def case(*hypotheses: Hypothesis, bound: int = 1) -> Theorem:
    made = Theorem(
        title="products", claims=[Claim("bounded", product <= bound)], hypotheses=list(hypotheses)
    )
    return dataclasses.replace(made, id="products")


def test_every_configuration_is_run_once(counting: Counting) -> None:
    own, calls = counting(products)
    search = stress(case(), "bounded", own, budget=2000)
    # 3^2 + 3^3
    assert (search.tried, search.exhausted, search.met) == (36, 36, 36)
    assert search.spent == {"all values": 36}
    # the closest row is judged once more
    assert len(calls) == 37
    assert search.code == 0


def test_what_a_hypothesis_refuses_unrun_was_looked_at_too() -> None:
    search = stress(case(Hypothesis("short", "two entries", length <= 2)), "bounded", products)
    assert (search.tried, search.exhausted) == (9, 36)


def test_a_violation_anywhere_is_found() -> None:
    # the product is 1 only for 1 1, (-1)(-1), and four of the triples
    search = stress(case(bound=0), "bounded", products)
    assert search.violated[0].finding.verdict is Verdict.VIOLATED
    assert search.exhausted == 36
    assert len(search.violated) >= 1


@pytest.mark.parametrize("budget", [1, 35])
def test_a_smaller_budget_does_not_claim_everything(budget: int) -> None:
    search = stress(case(), "bounded", products, budget=budget)
    assert search.exhausted == 0
    assert search.tried <= budget


def test_a_continuum_is_never_exhausted(corner: Case) -> None:
    assert stress(corner[0], "sum", corner[1], budget=60).exhausted == 0


def test_the_command_says_so(root: Path, tmp_path: Path, capsys: Any) -> None:
    path = root / "benchmarks" / "falsification" / "o16_strict_saddle_depth3.py"
    main(["stress", str(path), "--out", str(tmp_path)])
    told = capsys.readouterr().out
    assert "all 36 configurations of the space, 27 of them refused unrun" in told
    assert "violated (all 36 configurations of the space" in told

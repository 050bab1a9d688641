"""The race: finds, stays quiet, repeats itself, continues where it was killed."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import numpy as np
import pytest

from harness.discovery import finder
from harness.searching.evaluation import Arena
from harness.searching.race import SHARES, race
from harness.searching.stress import stress
from harness.storing.store import Store
from harness.vocabulary.verdict import Verdict
from tests.searching.conftest import Case, Counting

ALLOWED = 300


@pytest.mark.parametrize("seed", range(5))
def test_the_admm_counterexample_is_found_and_shrunk_to_the_smallest_there_is(
    admm: Case, seed: int
) -> None:
    theorem, experiment = admm
    search = stress(theorem, "converges", experiment, seed=seed, budget=2000)
    assert search.discoveries[0].evaluations <= ALLOWED
    assert search.simplest is not None
    assert search.simplest.finding.verdict is Verdict.VIOLATED
    entries = json.loads(search.simplest.configuration)["A"]
    # exhaustive over {0,1,2}^{3x3}: no divergent matrix has a smaller sum than the published one
    assert sum(map(sum, entries)) == 12
    assert {entry for row in entries for entry in row} == {1, 2}


@pytest.mark.parametrize("seed", range(3))
def test_a_rare_corner_is_found_and_rounded(corner: Case, seed: int) -> None:
    search = stress(corner[0], "sum", corner[1], seed=seed)
    assert search.simplest is not None
    x = json.loads(search.simplest.configuration)["x"]
    # three numbers of [-4, 4] whose sum exceeds 11: 4 + 4 + 4, and nothing cheaper is whole
    assert x == [4.0, 4.0, 4.0]
    assert search.worst is not None
    assert search.worst.finding.value == pytest.approx(12)
    assert search.code == 1


def test_equality_is_no_violation_however_long_it_is_searched(attained: Case) -> None:
    search = stress(attained[0], "least", attained[1], budget=1500)
    assert not search.violated
    assert not search.broken
    assert search.code == 0
    assert search.tried + search.gradients == 1500
    # the search gets to where the bound is attained
    assert search.closest is not None
    assert search.closest.finding.ratio == pytest.approx(1, abs=1e-6)
    assert set(search.spent) >= {"CMA-ES", "gradient", "space filling", "refinement"}


def test_one_seed_gives_one_search(corner: Case) -> None:
    first, again = (stress(corner[0], "sum", corner[1], seed=3, budget=400) for _ in range(2))
    evaluations = [(one.method, one.evaluations) for one in first.discoveries]
    assert evaluations == [(one.method, one.evaluations) for one in again.discoveries]
    assert first.spent == again.spent
    assert [repr(row) for row in first.violated] == [repr(row) for row in again.violated]


def test_another_seed_gives_another_search(corner: Case) -> None:
    theorem, own = corner
    closest = []
    for seed in (3, 4):
        arena = Arena(theorem, theorem.claims[0], own, finder.theorem, 40)
        race(arena, seed, {}, frozenset({"space filling"}))
        closest.append(arena.closest)
    assert closest[0] is not None
    assert closest[0] != closest[1]


def test_no_global_generator_is_touched(attained: Case) -> None:
    numpy_before, python_before = np.random.get_state(), random.getstate()  # noqa: NPY002
    search = stress(attained[0], "least", attained[1], budget=400)
    numpy_after = np.random.get_state()  # noqa: NPY002
    assert search.spent["CMA-ES"] > 0
    assert all(np.array_equal(a, b) for a, b in zip(numpy_before, numpy_after, strict=True))
    assert python_before == random.getstate()


def test_a_killed_search_continues_from_what_it_had(
    corner: Case, counting: Counting, tmp_path: Path
) -> None:
    theorem, own = corner
    whole, calls = counting(own)
    reference = stress(theorem, "sum", whole, seed=1, budget=600)
    needed = len(calls)

    dying, begun = counting(own)
    original = dying.engine

    def killed(**axes: object) -> object:
        if len(begun) >= 40:
            raise KeyboardInterrupt
        return original(**axes)

    object.__setattr__(dying, "engine", killed)
    with Store(tmp_path) as store, pytest.raises(KeyboardInterrupt):
        stress(theorem, "sum", dying, seed=1, budget=600, store=store)
    resumed, rest = counting(own)
    with Store(tmp_path) as store:
        found = stress(theorem, "sum", resumed, seed=1, budget=600, store=store)
    assert [repr(row) for row in found.violated] == [repr(row) for row in reference.violated]
    assert len(rest) <= needed - 16
    third, once_more = counting(own)
    with Store(tmp_path) as store:
        stress(theorem, "sum", third, seed=1, budget=600, store=store)
    # nothing is left but gradients, which are not kept, and the rows that are judged again: in floats, and certified on balls
    assert len(once_more) <= 3 * (len(found.violated) + 1) + found.gradients


def test_a_declared_witness_is_looked_at_and_said_to_be_one(root: Path) -> None:
    theorems, own = finder.select([str(root / "examples" / "admm_three_blocks.py")])
    search = stress(theorems[0], "converges", own[0], budget=600)
    assert search.discoveries[0].method == "declared witness"
    assert search.discoveries[0].evaluations == 1
    assert any(one.method in SHARES for one in search.discoveries)


def test_a_space_of_few_values_is_searched_completely(admm: Case) -> None:
    theorem, experiment = admm
    fixed = {"A": [[1, 1, 1], [1, 1, 2], [1, 2, 2]]}
    search = stress(theorem, "converges", experiment, fixed=fixed, budget=50)
    assert search.tried == 1
    assert len(search.violated) == 1


def test_networks_shrink_to_given_matrices_of_small_whole_numbers() -> None:
    search = stress(finder.theorem("xu23_thm31_spectral@1"), "least-eigenvalue", budget=120)
    assert search.simplest is not None
    found = json.loads(search.simplest.configuration)
    assert (found["data"], found["init"]) == ("given", "given")
    assert max(found["features"], found["outputs"], found["width"], found["samples"]) <= 2
    rows = itertools.chain.from_iterable(found[name] for name in ("X", "Y", "W1", "W2"))
    assert {abs(entry) for row in rows for entry in row} <= {0, 0.5, 1, 2}
    assert search.simplest.finding.certified == "violated"

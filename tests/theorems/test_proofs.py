"""The proofs of the catalogue, link by link: where the printed ones break, and that others do not."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from harness.discovery import finder
from harness.options import Options
from harness.sampling.plan import PROFILES, Profile
from harness.transcription.chain import Chain, check_chain
from tests.theorems.networks import drawn, evaluator, measured, number, top
from theorems.convergence.imbalance import layer, lower
from theorems.convergence.xu23_setting import p1

THEOREMS = [finder.theorem(header.ref) for header in finder.installed().theorems]
WITH_CHAIN = [theorem for theorem in THEOREMS if theorem.chain]


class Chains(dict[str, Chain]):
    """Every proof by its theorem, put to the test when it is asked for."""

    def __missing__(self, ref: str) -> Chain:
        (theorem,) = (one for one in WITH_CHAIN if one.ref == ref)
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(PROFILES, "quick", Profile("quick", 25, 1, 0.5))
            self[ref] = check_chain(theorem, (), Options(experiment="two_layer_linear"))
        return self[ref]


@pytest.fixture(scope="module")
def chains() -> Chains:
    return Chains()


@pytest.mark.parametrize(
    ("ref", "link"),
    [
        ("xu23_thm31_spectral@1", ("second-layer", "first-layer")),
        ("xu23_thm31_spectral@2", ()),
        ("xu23_thm32_linear_rate@1", ("least-eigenvalue",)),
        ("xu23_thm32_linear_rate@2", ()),
        ("xu25_eq104@1", ("growing-step",)),
        ("xu25_eq104@2", ()),
    ],
)
def test_the_first_false_link_of_each_proof(
    chains: Chains, ref: str, link: tuple[str, ...]
) -> None:
    found = chains[ref].first_false
    assert (found.id if found else None) in (link or (None,))
    assert chains[ref].code == 0
    if found is not None:
        row = chains[ref].counterexample(found)
        assert row is not None
        assert row.finding.certified == "violated"


def test_both_layers_of_the_printed_margin_fail_each_where_its_rank_is_too_small(
    chains: Chains,
) -> None:
    for name, too_small in (("second-layer", "outputs"), ("first-layer", "inputs")):
        rows = [one for one in chains["xu23_thm31_spectral@1"].report.violations
                if one.claim == name]  # fmt: skip
        assert rows
        for row in rows:
            sizes = {**json.loads(row.configuration), "inputs": json.loads(row.notes)["rank"]}
            other = "inputs" if too_small == "outputs" else "outputs"
            # sigma_m(W) is 0 for m > n, sigma_n(W) for n > m
            assert sizes[too_small] > sizes[other]


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 4), (3, 2, 2), (4, 2, 9), (2, 2, 3)])
def test_the_layers_bound_their_gram_matrices_and_add_up(shape: tuple[int, int, int]) -> None:
    """Against numpy, with the singular values of W itself as margins (Min et al. 2022, Lemma 8)."""
    n, m, h = shape
    for seed in range(20):
        one = drawn(n, m, h, seed)
        D = one.W1.T @ one.W1 - one.W2 @ one.W2.T
        for sign, gram, k in (("+", one.W2.T @ one.W2, m), ("-", one.W1 @ one.W1.T, n)):
            E = D if sign == "+" else -D
            sigma = np.sqrt(abs(top(one.W.T @ one.W if k == m else one.W @ one.W.T, k)))
            up, down = max(top(E, 1), 0), max(top(-E, k), 0)
            bound = (-up + down + np.sqrt((up + down) ** 2 + 4 * sigma**2)) / 2
            # singular values that are 0 by rank come out as the root of a rounding error
            assert top(gram, k) >= bound - 1e-7
            found = evaluator([one], 1e-3, {})(layer(sign, sigma, now=True))
            assert float(found.lo[0, 0]) - 1e-7 <= bound <= float(found.hi[0, 0]) + 1e-7


@pytest.mark.parametrize("seed", range(5))
def test_the_two_layers_are_the_lower_bound(seed: int) -> None:
    one = drawn(3, 3, 12, seed)
    evaluate = evaluator([one], 1e-3, {})
    total = layer("+", p1) + layer("-", p1)
    expected = number(evaluate, lower("alpha0", p1, p1))
    assert number(evaluate, total) == pytest.approx(expected, rel=1e-9)


def test_the_last_links_are_the_claims(chains: dict[str, Any]) -> None:
    for theorem in WITH_CHAIN:
        stated = {str(claim.statement) for claim in theorem.claims}
        assert str(theorem.chain[-1].statement) in stated


def test_measured_terms_of_tau_add_up() -> None:
    from harness.symbols import lamm_W2W2, lamn_W1W1, tau_min

    values = measured(drawn(2, 3, 4, 1), 0.1)
    assert values[lamn_W1W1] + values[lamm_W2W2] == values[tau_min]

"""Brackets of true neighbours in the falsification benchmark against constants found otherwise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.discovery import finder
from harness.searching.bracket import Bracket
from harness.searching.tighten import tighten
from harness.session import lookup_among

PAIRS = "benchmarks/falsification"


def _bracket(root: Path, selector: str, claim: str, budget: int) -> Bracket:
    theorems, own = finder.select([str(root / PAIRS / selector)])
    return tighten(theorems[0], claim, own[0], lookup_among(theorems), budget=budget)


def _worst_of_nesterov() -> float:
    """The largest (k + 1)^2 f(x_k) / (2 R^2) over curvatures on a fine grid, one of them at a time.

    Both sides are sums over the coordinates, so their ratio is largest along a single one.
    """
    curvature = np.concatenate([np.linspace(0.01, 0.05, 4001), np.linspace(0.05, 1, 2001)])
    x = y = np.ones_like(curvature)
    worst = np.zeros_like(curvature)
    for k in range(41):
        worst = np.maximum(worst, (k + 1) ** 2 * curvature * x**2 / 4)
        after = (1 - curvature) * y
        x, y = after, after + k / (k + 3) * (after - x)
    return float(worst.max())


def test_nesterov(root: Path) -> None:
    bracket = _bracket(root, "o06_nesterov_monotone.py::nesterov_rate", "rate", 300)
    worst = _worst_of_nesterov()
    assert bracket.needed == pytest.approx(worst, rel=1e-3)
    assert bracket.needed <= worst * (1 + 1e-6)
    assert bracket.printed_constant == 2
    assert bracket.needed_constant == 2 * bracket.needed
    assert bracket.relaxing


def test_softmax_attains_a_half(root: Path) -> None:
    bracket = _bracket(root, "o18_softmax_049.py::one_half", "constant", 100)
    assert 0.99 < bracket.needed < 1
    assert bracket.printed_constant == 0.5


def test_pl_rate(root: Path) -> None:
    # along the flattest axis (1 - mu/L)^2 against 1 - mu/L, and mu/L is at least 0.1/10
    bracket = _bracket(root, "o23a_pl_rate.py::plain", "rate", 1500)
    assert 0.985 < bracket.needed <= 0.99


def test_a_negative_bound_is_no_weaker_for_being_doubled(root: Path) -> None:
    # a promise of more than all of log P fails; that a good part of it is promised is known
    selector = "o20_subgaussian_without_linear_term.py::bernstein"
    bracket = _bracket(root, selector, "tail", 300)
    assert 0.7 < bracket.needed < 1
    assert not bracket.relaxing

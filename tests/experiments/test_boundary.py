"""The boundary cases of the two-layer network: the edges they are meant to be, and what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.two_layer_linear import two_layer_linear
from harness import check
from harness.session import Options
from harness.vocabulary.verdict import Verdict

COMPLETE = [two_layer_linear.complete(dict(case)) for case in two_layer_linear.boundary]


def sizes(one: dict[str, Any]) -> tuple[int, int, int, int]:
    return one["samples"], one["features"], one["outputs"], one["width"]


EDGES = {
    "N = 1": lambda N, n, m, h: N == 1 < n,
    "n = 1": lambda N, n, m, h: n == 1 < m,
    "m = 1": lambda N, n, m, h: m == 1 < n,
    "h = 1": lambda N, n, m, h: h == 1 < min(n, m),
    "all one": lambda N, n, m, h: n == m == h == 1,
    "n = m": lambda N, n, m, h: n == m > 1,
    "h = min(n, m)": lambda N, n, m, h: h == min(n, m) > 1,
    "h = n + m": lambda N, n, m, h: h == n + m,
}


@pytest.mark.parametrize("edge", EDGES)
def test_every_edge_of_the_sizes_is_there(edge: str) -> None:
    assert any(EDGES[edge](*sizes(one)) for one in COMPLETE)


def test_the_values_at_the_edges(start: Any) -> None:
    given = [{**one, "seed": 0} for one in COMPLETE if one["init"] == "given"]
    _, found = start(*(one for one in given if one["outputs"] == 1))
    loss, size = found["loss"].value[:, 0], found["smax_W1"].value[:, 0]
    targets, second = found["norm_Y"].value[:, 0], found["smax_W2"].value[:, 0]
    still = (size == 0) & (second == 0)
    assert np.any(still & (targets > 0))
    assert np.any((targets == 0) & still)
    assert np.any((size == 0) & (second > 0))
    assert np.any((loss == 0) & (size > 0))


def test_cases_complete_to_different_configurations() -> None:
    assert len({str(sorted(one.items())) for one in COMPLETE}) == len(two_layer_linear.boundary)


@pytest.mark.parametrize("name", ["xu23_drift", "xu23_thm31_spectral@2", "xu25_thm31*"])
def test_nothing_breaks_or_stays_open_at_the_boundary(few: Any, name: str) -> None:
    few(0)
    report = check(name, options=Options())
    rows = [row for row in report.rows if report.origin(row) == "boundary"]
    assert len(rows) >= len(two_layer_linear.boundary)
    assert {row.finding.verdict for row in rows} <= {Verdict.HELD, Verdict.VOID, Verdict.VACUOUS}

"""The streams of draws: uniform, tied to position and key, endless."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from harness.sampling.source import PAGE, Source, sources

FALSE_ALARM = 1e-6
CELLS = 20


def first(one: Source, count: int) -> list[float]:
    return [one.random() for _ in range(count)]


def test_a_stream_depends_on_key_and_index_alone() -> None:
    whole = [first(one, 3 * PAGE) for one in sources(range(40), 7, "theorem", "experiment")]
    part = [first(one, 3 * PAGE) for one in sources(range(13, 29), 7, "theorem", "experiment")]
    assert part == whole[13:29]
    for label in ((8, "theorem", "experiment"), (7, "theoreme", "xperiment")):
        other = [first(one, PAGE) for one in sources(range(40), *label)]
        assert not {x for row in whole for x in row} & {x for row in other for x in row}


def test_streams_read_in_any_order_are_the_same() -> None:
    apart = [first(one, 2 * PAGE) for one in sources(range(5), 1)]
    together = sources(range(5), 1)
    columns = [[one.random() for one in reversed(together)] for _ in range(2 * PAGE)]
    assert [[row[4 - i] for row in columns] for i in range(5)] == apart


def test_pages_are_those_of_numpys_generator() -> None:
    """Another way to the same numbers: numpy's own stepping of the counter."""
    import hashlib

    key = int.from_bytes(hashlib.sha256(b"7").digest()[:16], "big")
    plain = np.random.Generator(np.random.Philox(key=key)).random((4, PAGE))
    assert [first(one, PAGE) for one in sources(range(4), 7)] == plain.tolist()


def chi_square_bound(freedom: int) -> float:
    """Exceeded with probability at most FALSE_ALARM: f + 2 sqrt(f x) + 2 x (Laurent, Massart)."""
    x = -math.log(FALSE_ALARM)
    return freedom + 2 * math.sqrt(freedom * x) + 2 * x


@pytest.mark.parametrize("what", ["along a stream", "across streams", "neighbours", "integers"])
def test_numbers_are_uniform(what: str) -> None:
    if what == "along a stream":
        (one,) = sources(range(5, 6), 3)
        cells = [int(CELLS * x) for x in first(one, 20_000)]
    elif what == "across streams":
        cells = [int(CELLS * one.random()) for one in sources(range(20_000), 3)]
    elif what == "integers":
        cells = [one.integers(-4, CELLS - 4) + 4 for one in sources(range(20_000), 3)]
    else:
        pairs = pairwise(one.random() for one in sources(range(20_000), 3))
        cells = [4 * int(4 * x) + int(4 * y) for x, y in pairs]
    counts = np.bincount(cells)
    assert len(counts) == (16 if what == "neighbours" else CELLS)
    expected = len(cells) / len(counts)
    statistic = float(((counts - expected) ** 2 / expected).sum())
    assert statistic < chi_square_bound(len(counts) - 1)


def test_the_uniformity_test_has_power() -> None:
    """Three per cent more in a cell of twenty, as a source of squared numbers would give."""
    squared = np.bincount([int(CELLS * one.random() ** 2) for one in sources(range(20_000), 3)])
    expected = 20_000 / CELLS
    assert float(((squared - expected) ** 2 / expected).sum()) > chi_square_bound(CELLS - 1)

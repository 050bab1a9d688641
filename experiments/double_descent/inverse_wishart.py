"""Mean and variance of tr((X'X)^+), X standard Gaussian, in exact fractions.

With W = G'G, G of shape (m, k) with m >= k, the trace of the inverse is e_{k-1}(W) / det W, e_j the elementary
symmetric functions of the eigenvalues. The density of W times det(W)^-s is that of m - 2 s rows up to a
factor, so that E (e_{k-1} / det)^s is E det^-s, known as det W is a product of independent chi-squared
numbers, times E e_{k-1}^s at m - 2 s rows: a polynomial in Gaussian entries, by Cauchy and Binet a sum
of squared minors, averaged term by term.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations, product
from math import prod
from typing import Any

from harness import double_descent as s
from harness.vocabulary.experiment import Axis, Experiment
from harness.vocabulary.space import depending, integers

FEWEST = 3
"""The largest min(n, p): minors are of one size less."""
Entries = tuple[tuple[int, int], ...]


def minor(rows: tuple[int, ...], columns: tuple[int, ...]) -> list[tuple[int, Entries]]:
    """The terms of the determinant of that part of G: sign and entries."""
    terms = []
    for order in permutations(range(len(columns))):
        inversions = sum(a > b for a, b in combinations(order, 2))
        entries = tuple((row, columns[at]) for row, at in zip(rows, order, strict=True))
        terms.append(((-1) ** inversions, entries))
    return terms


def averaged(*minors: list[tuple[int, Entries]]) -> int:
    """Mean of the product of the squares of minors, by the moments 1, 3, 15, ... of each entry."""
    total = 0
    for chosen in product(*(one for one in minors for _ in range(2))):
        times = Counter(entry for _, entries in chosen for entry in entries).values()
        if all(one % 2 == 0 for one in times):
            sign = prod(one for one, _ in chosen)
            total += sign * prod(prod(range(1, one, 2)) for one in times)
    return total


@cache
def symmetric(rows: int, size: int, power: int) -> int:
    """E e_{size-1}(G'G)^power for a Gaussian G of shape (rows, size), power 1 or 2."""
    order = size - 1
    places = [
        (i, a) for i in combinations(range(rows), order) for a in combinations(range(size), order)
    ]
    # every place is as good as the first
    first = minor(*places[0])
    if power == 1:
        return len(places) * averaged(first)
    return len(places) * sum(averaged(first, minor(*place)) for place in places)


def trace_moment(most: int, fewest: int, power: int) -> Fraction:
    """E tr(W^-1)^power for W of ``most`` rows and size ``fewest``; most - fewest >= 2 power."""
    scale = Fraction(1)
    for degrees in range(most - fewest + 1, most + 1):
        # E (chi-squared)^-power
        scale /= prod(degrees - 2 * one for one in range(1, power + 1))
    return scale * symmetric(most - 2 * power, fewest, power)


def exact_spread(rows: int, columns: int) -> dict[Any, Any]:
    fewest, most = min(rows, columns), max(rows, columns)
    mean = trace_moment(most, fewest, 1)
    square = trace_moment(most, fewest, 2) if most - fewest >= 4 else float("inf")
    return {s.trace_mean: mean, s.trace_variance: square - mean**2}


def _columns(rows: int) -> Any:
    return integers(1, min(FEWEST, rows - 2)) if rows > FEWEST else integers(rows + 2, rows + 6)


exact_inverse_wishart = Experiment(
    id="exact_inverse_wishart",
    title="Mean and variance of the trace of an inverse Wishart matrix, in exact fractions",
    axes=(
        Axis("rows", integers(1, 9), 1, "n"),
        Axis("columns", depending(lambda before: _columns(before["rows"])), 5, "p"),
    ),
    emits=frozenset({s.rows, s.columns, s.trace_mean, s.trace_variance}),
    engine=exact_spread,
)

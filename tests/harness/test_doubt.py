"""Which enclosed steps might change a finding, on a few numbers each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from harness import Claim, symbol
from harness.expressions.interval import Interval
from harness.judging.doubt import doubtful, spread_out
from harness.judging.trajectory import Conditions, Sides

quantity = symbol("doubted_quantity", "a number a step")
ABOVE, BELOW = Claim("above", quantity >= 1), Claim("below", quantity <= 1)
EXACTLY_ONE = (1.0, 1.0)


def asked(
    claim: Claim,
    values: Sequence[tuple[float, float]],
    bounds: Sequence[tuple[float, float]] | None = None,
    trivial: float | None = None,
    enclosed: Sequence[int] = (1, 2),
    **masks: Sequence[bool],
) -> list[int]:
    """The steps asked for; all hypotheses hold unless ``met`` or ``open`` say otherwise."""

    def interval(ends: Sequence[tuple[float, float]]) -> Interval:
        return Interval(*np.array(ends).T[:, None, :])

    value, bound = interval(values), interval(bounds or [EXACTLY_ONE] * len(values))
    floor = None if trivial is None else Interval.exact(np.full(value.shape, trivial))
    sides = Sides(value, bound, bound - value, floor)
    flags = {
        name: np.array([masks.get(name, [name != "open"] * len(values))])
        for name in ("met", "open")
    }
    present = np.ones(value.shape, dtype=bool)
    where = Conditions(
        **flags,
        present=present,
        finite=present,
        broken=[()],
        settled=np.zeros(value.shape, dtype=np.int8),
    )
    mask = np.isin(np.arange(len(values)), enclosed)[None, :]
    return np.flatnonzero(doubtful(claim, sides, where, mask)[0]).tolist()


@pytest.mark.parametrize(
    ("claim", "values", "expected"),
    [
        # measured 3 and 2: what stays above 2 cannot be the tightest, what reaches below can
        (ABOVE, [(3, 3), (2.1, 2.9), (1.9, 2.5), (2, 2)], [2]),
        (BELOW, [(0.5, 0.5), (0.1, 0.4), (0.2, 0.6), (0.3, 0.3)], [2]),
        # on both sides of its bound
        (ABOVE, [(1.1, 1.1), (0.9, 8.0), (2.0, 3.0), (2, 2)], [1]),
        # outside, measured or enclosed: the whole row
        (ABOVE, [(0.9, 0.9), (2.0, 3.0), (2.0, 3.0), (2, 2)], [1, 2]),
        (ABOVE, [(2, 2), (0.5, 0.6), (2.5, 3.0), (2, 2)], [1]),
        # not a number
        (ABOVE, [(2, 2), (np.nan, np.nan), (2.5, 3.0), (2, 2)], [1]),
        (ABOVE, [(2, 2), (1.5, np.inf), (2.5, np.inf), (2, 2)], [1, 2]),
    ],
)
def test_sign_and_tightest_step(claim: Claim, values: Any, expected: list[int]) -> None:
    assert asked(claim, values) == expected


def test_of_equal_margins_the_first_is_reported() -> None:
    """Against a bound of exactly 0 every relative margin is 1."""
    values = [(3, 3), (2, 4), (2, 4), (5, 5)]
    zero = [(0.0, 0.0)] * 4
    assert asked(Claim("positive", quantity >= 0), values, zero) == []
    assert asked(Claim("positive", quantity >= 0), values[1:], zero[1:], enclosed=(0, 1)) == [0, 1]


def test_what_may_be_an_equality_is_measured() -> None:
    assert asked(Claim("same", quantity <= 1), [(0.5, 0.5), (0.9, 1.0), (0.1, 0.2), (1, 1)]) == [1]
    from sympy import Eq

    assert asked(
        Claim("equal", Eq(quantity, 1)), [(1, 1), (0.9, 1.1), (1, 1), (1, 1)], enclosed=(1,)
    ) == [1]


def test_where_the_theorem_does_not_speak_nothing_is_asked() -> None:
    values = [(3, 3), (0.5, 4), (0.5, 4), (2, 2)]
    assert asked(ABOVE, values, met=[True, False, True, True]) == [2]


def test_progress_and_triviality() -> None:
    """Bound 1 and trivial value 0: of 3 a third is promised, of 2 a half."""
    assert asked(ABOVE, [(3, 3), (2.2, 2.9), (2.5, 2.6), (2, 2)], trivial=0.0) == []
    bounds = [(1, 1), (0.9, 1.1), (0.2, 0.9), (1, 1)]
    values = [(3, 3), (4, 5), (4, 5), (2, 2)]
    # whether the bound says anything at the second state is open
    assert asked(ABOVE, values, bounds, trivial=1.0 - 2**-10) == [1]
    # measured progress 1/2 at most; 1.4 of 2.7 is more, though its margin is larger than 1/2
    assert asked(BELOW, [(0, 0), (-9.0, -5.0), (0.5, 0.6), (0.5, 0.5)], trivial=2.0) == [2]


def test_the_last_step_of_a_rate_is_measured() -> None:
    rate = Claim("rate", quantity <= 1, trivial=2, rate=True)
    values = [(0.9, 0.9), (0.1, 0.2), (0.1, 0.2)]
    assert 2 in asked(rate, values, trivial=2.0)
    assert 1 in asked(rate, values, trivial=2.0, met=[True, True, False])


def test_a_round_looks_at_both_ends_of_a_stretch() -> None:
    enclosed = np.ones((2, 40), dtype=bool)
    enclosed[:, [0, 39]] = False
    enclosed[1, 20] = False
    wanted = enclosed.copy()
    wanted[0, :5] = False
    chosen = spread_out(wanted, enclosed)
    assert not (chosen & ~wanted).any()
    assert chosen[0, [5, 6, 37, 38]].all()
    assert chosen[1, [1, 2, 18, 19, 21, 22, 37, 38]].all()
    assert 0 < chosen[0].sum() < wanted[0].sum()
    assert not spread_out(np.zeros_like(wanted), enclosed).any()

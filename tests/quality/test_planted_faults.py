"""Faults planted in theorems and in the engine: the check that is named notices each of them.

A fault that strengthens a bound shows up as a violation; one that weakens it cannot, and must be
noticed by a control that no longer breaks, or by room left where the bound is attained.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import pytest

from harness.discovery import finder
from tests.quality.checks import CAUGHT_BY, ELSEWHERE
from tests.quality.engine_faults import MEASURING, TRAINING
from tests.quality.records import Fault
from tests.quality.theorem_faults import STRONGER, WEAKER

FAULTS = (*STRONGER, *WEAKER, *TRAINING, *MEASURING)
NOTICED = [pytest.param(one, id=one.id) for one in FAULTS if one.caught_by in CAUGHT_BY]
UNNOTICED = [pytest.param(one, id=one.id) for one in FAULTS if one.caught_by in ELSEWHERE]

Complaints = list[str]
_healthy: dict[str, Complaints] = {}


def without_the_fault(check: str, fault: Fault, effort: int) -> Complaints:
    """What the check says of the shipped theorem and engine; faults share the answer."""
    kind = check, fault.theorem, fault.claim, fault.draws, effort
    key = json.dumps([*kind, dict(fault.pins), fault.witness], sort_keys=True)
    if key not in _healthy:
        _healthy[key] = CAUGHT_BY[check](fault, finder.theorem(fault.theorem), effort)
    return _healthy[key]


def with_the_fault(check: str, fault: Fault, effort: int) -> Complaints:
    with pytest.MonkeyPatch.context() as patch:
        fault.plant(patch)
        return CAUGHT_BY[check](fault, fault.alter(finder.theorem(fault.theorem)), effort)


@pytest.mark.parametrize("fault", NOTICED)
def test_the_named_check_notices_the_fault(fault: Fault, effort: int) -> None:
    assert without_the_fault(fault.caught_by, fault, effort) == []
    assert with_the_fault(fault.caught_by, fault, effort), fault.what


@pytest.mark.parametrize("fault", UNNOTICED)
def test_a_fault_left_to_other_checks_passes_all_of_these(fault: Fault, effort: int) -> None:
    for check in CAUGHT_BY.keys() - {"attained"}:
        assert with_the_fault(check, fault, effort) == [], check


def test_every_check_has_a_fault_to_notice(record_property: Callable[[str, object], None]) -> None:
    counts = Counter(fault.caught_by for fault in FAULTS)
    assert counts.keys() - set(ELSEWHERE) == CAUGHT_BY.keys()
    assert len({fault.id for fault in FAULTS}) == len(FAULTS) >= 24
    told, left = (
        ", ".join(
            f"{check} {count}" for check, count in counts.items() if (check in CAUGHT_BY) is here
        )
        for here in (True, False)
    )
    record_property("figure", f"planted faults noticed, by check: {told}; left to others: {left}")

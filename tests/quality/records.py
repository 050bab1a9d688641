"""A planted fault: what is wrong, how it gets there, and which check must notice it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from harness.vocabulary.theorem import Theorem

Alter = Callable[[Theorem], Theorem]
Plant = Callable[[pytest.MonkeyPatch], None]


def _unaltered(theorem: Theorem) -> Theorem:
    return theorem


def _nothing(patch: pytest.MonkeyPatch) -> None:
    """Leaves the engine as it is."""


@dataclass(frozen=True)
class Fault:
    """``alter`` plants it in the theorem, ``plant`` in the engine; ``caught_by`` names the check.

    ``draws`` is how many configurations a check needs for it, ``pins`` what they share; ``witness`` is a configuration at which ``claim`` is
    attained.
    """

    id: str
    what: str
    caught_by: str
    theorem: str = "xu25_thm31_local_rate"
    alter: Alter = _unaltered
    plant: Plant = _nothing
    draws: int = 40
    pins: Mapping[str, Any] = field(default_factory=dict)
    claim: str = ""
    witness: Mapping[str, Any] | None = None

"""Verdicts, as the sentences a reader sees, and how several combine into one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What a check says. There is no "verified": the best is ``held``, not refuted here."""

    HELD = "held"
    VIOLATED = "violated"
    UNDECIDED = "undecided"
    VOID = "void"
    VACUOUS = "vacuous"
    BROKEN = "broken"
    UNTESTED = "untested"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Verdict.HELD: "hypotheses met, and within the bound beyond doubt of rounding or chance",
    Verdict.VIOLATED: "hypotheses met, outside the bound, and neither rounding nor chance explains it",
    Verdict.UNDECIDED: "rounding, or too few samples, leaves both possible",
    Verdict.VOID: "a hypothesis is not met: the theorem says nothing here",
    Verdict.VACUOUS: "the bound is no better than what holds anyway, or the horizon too short to tell",
    Verdict.BROKEN: "an exception, or non-finite values before anything could be judged",
    Verdict.UNTESTED: "no row was held, violated or undecided: nothing was put to the test",
}

_DECISIVE = (Verdict.VIOLATED, Verdict.UNDECIDED, Verdict.HELD)


def over_rows(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on a claim from those of its rows.

    Any violated row decides; else any undecided one; else any held one. Void, vacuous and broken
    rows put nothing to the test; broken ones fail the run on their own account.
    """
    seen = set(verdicts)
    return next((verdict for verdict in _DECISIVE if verdict in seen), Verdict.UNTESTED)

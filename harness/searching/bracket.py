"""What is known of the constant of one claim, and how it is told."""

from __future__ import annotations

import math
from dataclasses import dataclass

from harness.judging.row import Row
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.theorem import Claim, Theorem


@dataclass(frozen=True)
class Bracket:
    """What is known of the constant of one claim.

    The claim is printed with factor 1. ``needed``: with this factor in its place it is violated
    by ``example``, a judged row of the claim so changed; NaN where no configuration was found.
    ``row`` is the same configuration judged on the claim as printed. ``alive``: the share of
    configurations, evenly spread, on which the claim says something. ``printed_constant``: the
    number that is multiplied, NaN where it is none, ``places`` how often it stands there.
    ``relaxing``: the claim weakens as the constant grows. ``script`` replays the example.
    """

    theorem: Theorem
    claim: Claim
    experiment: Experiment
    constant: str = ""
    needed: float = math.nan
    example: Row | None = None
    row: Row | None = None
    alive: float = math.nan
    tried: int = 0
    seconds: float = 0.0
    printed_constant: float = math.nan
    relaxing: bool = False
    places: int = 1
    script: str | None = None

    @property
    def gap(self) -> float:
        """How many times larger the printed guarantee could be, or the constant is, at most.

        For a single constant: how far the nearest factor that breaks the claim is from 1.
        """
        if not self.needed > 0:
            return math.nan
        return self.needed if self.constant and self.needed > 1 else 1 / self.needed

    @property
    def needed_constant(self) -> float:
        """The value of the printed number at which the claim is violated; NaN if it has none."""
        if self.constant or self.relaxing:
            return self.printed_constant * self.needed
        return self.printed_constant / self.needed

    @property
    def certified(self) -> bool:
        """Whether the violation that ``needed`` rests on is shown in balls."""
        return self.example is not None and bool(self.example.finding.certified)

    @property
    def name(self) -> str:
        """Theorem, claim and experiment."""
        return f"{self.theorem.ref} {self.claim.id} on {self.experiment.id}"

    @property
    def printed_text(self) -> str:
        """The constant as it is printed."""
        if not _says(self.printed_constant):
            return f"{self.constant or 'guarantee'} x 1"
        value = f"{self.printed_constant:.7g}"
        if not self.constant:
            return f"C = {value}"
        return f"{self.constant} = {value}" if self.constant.isidentifier() else self.constant

    @property
    def needed_text(self) -> str:
        """What the constant must be, with the word that the evidence allows."""
        how = "certified needed" if self.certified else "needed (margin)"
        if math.isnan(self.needed):
            return "nothing found"
        if not _says(self.printed_constant):
            return f"{how}: x {self.needed:.7g}"
        at = f"c {'>=' if self.relaxing else '<='} {self.needed_constant:.7g}"
        return f"{how}: {at}, x {self.needed:.7g}"


def _says(number: float) -> bool:
    """Whether it is a number other than the factor 1 that every guarantee has."""
    return not math.isnan(number) and number != 1

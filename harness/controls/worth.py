"""What a pass of a claim is worth: the outcome of every control, as records and in figures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from harness.judging.row import Row
from harness.transcription.formulas import disagreements
from harness.transcription.homogeneity import misfits
from harness.vocabulary.theorem import Theorem
from harness.vocabulary.verdict import Verdict


@dataclass(frozen=True)
class Outcome:
    """One control of one claim.

    ``control``: mutant, hypothesis, declared, coverage or transcription; ``change``: what was changed, or what
    was counted; ``outcome`` in words; ``rows``: on how many rows the change could show;
    ``refuted``: on how many it did; ``example``: a row that shows it.
    """

    theorem: str
    version: int
    claim: str
    control: str
    kind: str
    change: str
    outcome: str
    rows: int = 0
    refuted: int = 0
    figure: float = math.nan
    example: Row | None = None


@dataclass(frozen=True)
class Worth:
    """The controls of one claim."""

    theorem: str
    version: int
    claim: str
    outcomes: tuple[Outcome, ...]
    met: float
    vacuous: float
    largest_width: int | None

    @property
    def mutants(self) -> list[Outcome]:
        """The mutants that ask for more on some row; the others are not counted."""
        return [o for o in self.outcomes if o.control == "mutant" and o.rows]

    @property
    def caught(self) -> int:
        return sum(one.refuted > 0 for one in self.mutants)

    @property
    def score(self) -> str:
        """Mutants caught out of those counted, "53/57"; empty where there are none."""
        return f"{self.caught}/{len(self.mutants)}" if self.mutants else ""

    @property
    def sharpening(self) -> float:
        """The smallest factor on the guarantee that the same runs refute; NaN if none was."""
        scaled = (one.figure for one in self.mutants if one.kind == "scaled" and one.refuted)
        return min(scaled, default=math.nan)

    @property
    def failed(self) -> list[Outcome]:
        """Declared controls that did not break the claim."""
        return [o for o in self.outcomes if o.control == "declared" and not o.refuted]


def mutant_outcomes(
    theorem: Theorem, claim: str, found: Mapping[str, Mapping[str, Any]]
) -> Iterator[Outcome]:
    """One a mutant: caught, missed, or no sharper than the claim anywhere it speaks."""
    for change, counts in found.items():
        refuted = counts["refuted"] if counts["sharper"] else 0
        outcome = "caught" if refuted else "missed" if counts["sharper"] else "not sharper"
        figure = 1 / counts["scale"] if counts["scale"] else math.nan
        yield Outcome(
            theorem.id, theorem.version, claim, "mutant", counts["kind"], change, outcome,
            counts["sharper"], refuted, figure,
        )  # fmt: skip


def hypothesis_outcome(
    theorem: Theorem,
    claim: str,
    hypothesis: str,
    counts: Mapping[str, Any],
    example: Row | None,
    anyway: bool,
) -> Outcome:
    """Needed, with an example; or no violation found on the rows where it alone fails.

    ``anyway``: the claim is violated with every hypothesis met, so that nothing can be said.
    """
    tried, violated = counts["tried"], counts["violated"]
    confirmed = not anyway and example is not None and example.finding.verdict is Verdict.VIOLATED
    if anyway:
        outcome = "the claim fails with it, too"
    elif confirmed:
        outcome = "needed"
    elif tried:
        outcome = f"no violation found in {tried}"
    else:
        outcome = "never failed alone"
    return Outcome(
        theorem.id, theorem.version, claim, "hypothesis", "dropped", hypothesis, outcome,
        tried, violated if confirmed else 0, example=example if confirmed else None,
    )  # fmt: skip


def declared_outcome(theorem: Theorem, claim: str, name: str, row: Row) -> Outcome:
    """Whether a control of the theorem itself broke its claim."""
    broke = row.finding.verdict is Verdict.VIOLATED
    outcome = "broke the claim" if broke else f"did not break the claim ({row.finding.verdict})"
    return Outcome(
        theorem.id, theorem.version, claim, "declared", "control", name, outcome, 1, int(broke),
        example=row,
    )  # fmt: skip


def size_outcome(
    theorem: Theorem, claim: str, hypothesis: str, pairs: Sequence[Sequence[float]]
) -> Outcome:
    """How much of a size the hypothesis asks for, against how much there was."""
    required, present = (median(one[side] for one in pairs) for side in (0, 1))
    text = f"asks for {required:g} (median), {present:g} there"
    return Outcome(
        theorem.id, theorem.version, claim, "coverage", "size", hypothesis, text, len(pairs),
        sum(there < needed for needed, there in pairs), required,
    )  # fmt: skip


def transcription_outcomes(theorem: Theorem) -> list[Outcome]:
    """What scales as it must not, and formulas of the docstring that are not those of the claims.

    They belong to no claim in particular; a statement without slips has none.
    """
    slips = [("homogeneity", one) for one in misfits(theorem)]
    slips += [("formula", one) for one in disagreements(theorem)]
    return [
        Outcome(theorem.id, theorem.version, "", "transcription", kind, kind, text, 1, 1)
        for kind, text in slips
    ]


def coverage(rows: Sequence[Row], widths: Sequence[int | None]) -> tuple[float, float, int | None]:
    """Shares of rows with hypotheses met and with a vacuous bound, and the largest width held."""
    verdicts = [row.finding.verdict for row in rows]
    met = sum(v not in (Verdict.VOID, Verdict.BROKEN) for v in verdicts) / len(rows)
    vacuous = sum(v is Verdict.VACUOUS for v in verdicts) / len(rows)
    alive = [
        width
        for width, verdict in zip(widths, verdicts, strict=True)
        if verdict in (Verdict.HELD, Verdict.VIOLATED) and width is not None
    ]
    return met, vacuous, max(alive, default=None)

"""What is handed over of violated claims, of which rows, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.handing.carried import NotCarriedError
from harness.handing.latex import as_fragment
from harness.handing.names import identifier, stem
from harness.handing.record import as_record
from harness.handing.regression import as_test
from harness.handing.scripts import finished, script_for
from harness.judging.row import Row
from harness.reporting.violations import simplest
from harness.running.steps import Lookup
from harness.storing.table import write_atomically
from harness.vocabulary.experiment import Experiment
from harness.vocabulary.kinds import Chance
from harness.vocabulary.theorem import Claim, Theorem
from harness.vocabulary.verdict import Verdict

FOLDER = "counterexamples"
TRIES = 12
"""Violated rows of a claim, shortest configurations first, of which the shortest script is kept."""


@dataclass(frozen=True)
class HandedOver:
    """The scripts written, and in a line each why there is none for a claim."""

    scripts: tuple[Path, ...] = ()
    remarks: tuple[str, ...] = ()


def write_counterexamples(
    folder: Path,
    rows: Sequence[Row],
    pairs: Sequence[tuple[Theorem, Experiment]],
    lookup: Lookup,
    first: Sequence[Row] = (),
    last: Sequence[Row] = (),
) -> HandedOver:
    """Script, record, LaTeX and test of each violated claim, in ``folder``/counterexamples.

    They are of the row among ``first``, which a search calls the simplest, else of the row that
    makes the shortest script, else of the simplest. Rows among ``last`` (the worst) get a script
    of their own. What an earlier run left there for these claims is replaced or removed. Claims
    about chance have a record and a test, but no single run to be written out.
    """
    done: set[str] = set()
    scripts: list[Path] = []
    remarks: list[str] = []
    for theorem, experiment in pairs:
        for claim in theorem.claims:
            place = _Place(folder / FOLDER, theorem, claim, experiment, lookup)
            found = [row for row in rows if _shows(row, theorem, claim, experiment)]
            if place.stem in done:
                continue
            place.clear()
            if not found:
                continue
            done.add(place.stem)
            place.folder.mkdir(exist_ok=True)
            mine = {row.fingerprint for row in found}
            chosen = [row for row in first if row.fingerprint in mine]
            worst = [row for row in last if row.fingerprint in mine]
            written, why = place.write(found, chosen, worst)
            scripts += written
            remarks += [f"{theorem.ref} {claim.id}: {one}" for one in why]
    return HandedOver(tuple(scripts), tuple(remarks))


def _shows(row: Row, theorem: Theorem, claim: Claim, experiment: Experiment) -> bool:
    """Whether the row is a violation of this claim that counts."""
    return (
        row.finding.verdict is Verdict.VIOLATED
        and row.decides
        and (row.theorem, row.version) == (theorem.id, theorem.version)
        and (row.claim, row.experiment) == (claim.id, experiment.id)
    )


@dataclass(frozen=True)
class _Place:
    """Where the files of one claim go."""

    folder: Path
    theorem: Theorem
    claim: Claim
    experiment: Experiment
    lookup: Lookup

    @property
    def stem(self) -> str:
        return stem(self.theorem.id, self.theorem.version, self.claim.id)

    @property
    def test(self) -> Path:
        name = identifier(self.theorem.id, self.theorem.version, self.claim.id)
        return self.folder / f"{name}.py"

    def clear(self) -> None:
        """Remove what an earlier run left there."""
        self.test.unlink(missing_ok=True)
        for ending in (".py", ".worst.py", ".json", ".tex"):
            (self.folder / f"{self.stem}{ending}").unlink(missing_ok=True)

    def write(
        self, found: Sequence[Row], chosen: Sequence[Row], worst: Sequence[Row]
    ) -> tuple[list[Path], list[str]]:
        """The scripts written, and why there is none, or none of a row that was chosen."""
        single = not isinstance(self.claim.kind, Chance) and not found[0].samples_planned
        row, script, remarks = (
            simplest(found),
            None,
            ["no script: its runs have seeds of their own"],
        )
        if single:
            row, script, remarks = self._best(found, chosen)
            run = finished(row, self.theorem, self.experiment, self.lookup)
            self._put(".tex", as_fragment(row, self.theorem, run))
        self._put(".json", as_record(row))
        write_atomically(self.test, as_test(row))
        written = [] if script is None else [self._put(".py", script)]
        for one in worst if script is not None else ():
            text, why = self._tried(one)
            written += [] if text is None else [self._put(".worst.py", text)]
            remarks += [f"no script of the worst point: {why}"] if text is None else []
        return written, remarks

    def _put(self, ending: str, text: str) -> Path:
        path = self.folder / f"{self.stem}{ending}"
        write_atomically(path, text)
        return path

    def _best(
        self, found: Sequence[Row], chosen: Sequence[Row]
    ) -> tuple[Row, str | None, list[str]]:
        """The row to be handed over, its script, and why it has none or is not the one chosen."""
        shortest = sorted(found, key=lambda row: (len(row.configuration), row.configuration))
        first: tuple[Row, str] | None = None
        texts: list[tuple[int, Row, str]] = []
        for row in [*chosen, *shortest][:TRIES]:
            text, why = self._tried(row)
            first = first or (row, why)
            texts += [] if text is None else [(len(text), row, text)]
            if texts and (chosen or callable(self.experiment.engine)):
                break  # what was chosen counts; scripts of a function differ in numbers only
        assert first is not None
        if not texts:
            return first[0], None, [f"no script: {first[1]}"]
        _, row, text = min(texts, key=lambda one: one[0])
        other = bool(chosen) and first[1] != ""
        return row, text, [f"the script shows another point: {first[1]}"] if other else []

    def _tried(self, row: Row) -> tuple[str | None, str]:
        try:
            return script_for(row, self.theorem, self.experiment, self.lookup), ""
        except NotCarriedError as why:
            return None, str(why)

"""What is said about a recorded run: what it lacks, what is ignored, what its symbols mean."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence

from harness.tracing.covering import Cover
from harness.tracing.recording import ERROR, Recording
from harness.vocabulary.symbol import Quantity
from harness.vocabulary.theorem import Theorem

CLOSE = 0.8
"""How alike two names must be for one to be taken for a slip of the other."""


def described(one: Quantity) -> str:
    """A symbol with its meaning and normalisation."""
    return f"{one.name} ({one.meaning.text})"


def legend(cover: Cover) -> list[str]:
    """The symbols that are read, a line each."""
    return [f"{one.name}: {one.meaning.text}" for one in cover.used.values()]


def named(file: str, run: str) -> str:
    """The file, and the run where it has several."""
    return f"{file}, run {run}" if run else file


def ignored(recording: Recording, covers: Sequence[Cover], needed: Iterable[Quantity]) -> str:
    """One line that names the columns nothing reads, with the symbols they may be meant for."""
    used = {name for cover in covers for name in cover.used}
    used |= {name + ERROR for name in used}
    missing = {one.name for one in needed} - recording.symbols
    unread = [name for name in recording.sheet.columns if name in recording.symbols - used]
    if not unread:
        return ""
    return f"ignored columns: {', '.join(name + _meant(name, missing) for name in unread)}"


def unknown(name: str, known: Collection[str]) -> str:
    """That no theorem reads a symbol of this name, with the nearest one."""
    return f"no theorem chosen reads a symbol {name}{_meant(name, known)}"


class Omissions:
    """Says what is left out of theorem after theorem; each symbol is explained once."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._explained: set[Quantity] = set()

    def of(self, theorem: Theorem, cover: Cover) -> list[str]:
        """Claims that are not judged and hypotheses that are not checked, and what they lack."""
        alike: dict[tuple[Quantity, ...], list[str]] = {}
        for claim, missing in cover.lacking.items():
            alike.setdefault(missing, []).append(claim)
        lines = [
            f"not run: {theorem.ref} {', '.join(claims)}: {self._lacks(missing)}"
            for missing, claims in alike.items()
        ]
        for name in cover.unseen if cover.reach.claims else ():
            what = "assumed" if name in cover.reach.assumed else "so its rows stay undecided"
            lacks = self._lacks(cover.unseen[name])
            lines.append(f"not checked: {theorem.ref} hypothesis “{name}”, {what}: {lacks}")
        return lines

    def _lacks(self, missing: Sequence[Quantity]) -> str:
        text = _lacks(self._file, missing, self._explained)
        self._explained |= set(missing)
        return text


def nothing_to_judge(
    file: str, theorems: Sequence[Theorem], covers: Sequence[Cover], ignored: str
) -> str:
    """Why no claim can be judged, by the claim that lacks least."""
    nearest = min(
        (
            (len(missing), f"{theorem.ref} {claim}: {_lacks(file, missing)}")
            for theorem, cover in zip(theorems, covers, strict=True)
            for claim, missing in cover.lacking.items()
        ),
        key=lambda one: one[0] or len(theorems) + 1_000,
    )[1]
    nearest += f"; {ignored}" if ignored else ""
    return f"no claim can be judged on {file}; the nearest is {nearest}."


def single_precision(file: str, error: float) -> str:
    """That float32 numbers were found."""
    return (
        f"{file} holds float32 numbers only: a relative error of {error:g} is assumed "
        "(--trace-error sets another)"
    )


def _lacks(file: str, missing: Sequence[Quantity], explained: Collection[Quantity] = ()) -> str:
    if not missing:
        return "a claim about chance, and a recorded run is a single draw"
    names = (one.name if one in explained else described(one) for one in missing)
    return f"{file} lacks {', '.join(names)}"


def _meant(name: str, known: Collection[str]) -> str:
    plain = {_plain(one): one for one in sorted(known)}
    close = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=CLOSE)
    return f" (did you mean {plain[close[0]]}?)" if close else ""


def _plain(name: str) -> str:
    """The name without case and with one kind of separator."""
    return re.sub(r"[\W_]+", "_", name).lower()

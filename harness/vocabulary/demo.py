"""A demonstration as a record: one experiment, a statement as printed and as corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Demo:
    """What ``boundcheck demo NAME`` shows.

    ``pairs``: selectors "ID@VERSION" of a statement as printed and as corrected, the first pair the
    one whose ``claim`` is searched and tightened; ``fixed`` pins axes; ``script`` writes the exact
    script of a violating configuration; ``opening`` and ``remark`` are printed first and last.
    """

    title: str
    opening: str
    pairs: tuple[tuple[str, str], ...]
    claim: str
    fixed: Mapping[str, Any]
    script: Callable[[Mapping[str, Any]], str]
    remark: str = ""

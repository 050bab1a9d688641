"""Links: the intermediate inequalities of a proof, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy


@dataclass(frozen=True)
class Link:
    """One inequality on the way from the hypotheses of a theorem to its claims.

    ``statement`` is a comparison like that of a claim, with ``trivial`` and ``start`` as there;
    ``sentence`` says in words what it asserts, ``source`` where the proof has it ("(C.2)"). Its
    constants are those of the theorem; it may read symbols that no claim needs.
    """

    id: str
    sentence: str
    statement: Any
    source: str = ""
    trivial: sympy.Expr | int | None = None
    start: int = 0

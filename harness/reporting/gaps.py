"""The table of printed constants beside those that are certainly needed, as Markdown."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence

from harness.searching.bracket import Bracket

_HEAD = (
    "| theorem | claim | printed | needed | gap | evidence | alive |\n|---|---|---|---|---|---|---|"
)
_LEGEND = """\
*printed*: the number in front of the bound (of what it promises beyond the trivial value, where the
claim has one), or the whole guarantee taken as 1. *needed*: with this in its place a configuration
violates the claim, so the best constant lies between the two. *gap*: the ratio of the two; 1 means
that the bound is attained, and less than 1 that the claim is false as printed. *evidence*:
`certified` where balls show that violation, `margin` where it rests on the rounding errors that the
experiment states. *alive*: the share of configurations, evenly spread over the space, on which the
claim says something."""


def gap_table(brackets: Sequence[Bracket], command: Sequence[str]) -> str:
    """A Markdown document: the command, a row a bracket, what the columns mean."""
    lines = [_line(one) for one in brackets]
    made = f"Made by\n\n    {shlex.join(command)}\n"
    return "\n".join(["# How tight the bounds are", "", made, _HEAD, *lines, "", _LEGEND, ""])


def _line(one: Bracket) -> str:
    relation = "" if math.isnan(one.needed) else "> " if one.relaxing else "< "
    if math.isnan(one.needed):
        needed, gap, evidence = "nothing found", "", ""
    else:
        number = one.needed_constant
        needed = f"{relation}{_rounded(one.needed if math.isnan(number) else number)}"
        gap = f"{one.gap:.4g}"
        evidence = "certified" if one.certified else "margin"
    printed = 1.0 if math.isnan(one.printed_constant) else one.printed_constant
    alive = "" if math.isnan(one.alive) else f"{one.alive:.0%}"
    cells = (f"`{one.theorem.ref}`", one.claim.id, _rounded(printed), needed, gap, evidence, alive)
    return f"| {' | '.join(cells)} |"


def _rounded(number: float) -> str:
    return f"{number:.7g}"

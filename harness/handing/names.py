"""Names of the files of a violated claim; no two claims of a theorem share one."""

from __future__ import annotations

import re

from harness.running.configuration import digest


def stem(theorem: str, version: int, claim: str) -> str:
    """What the names of script, record and LaTeX begin with."""
    # what a file system may refuse is written as a number
    return re.sub(r"[^\w.@+-]", lambda odd: f"%{ord(odd[0]):x}", f"{theorem}@{version}-{claim}")


def identifier(theorem: str, version: int, claim: str) -> str:
    """The name of the test and of its file; every import mode of pytest takes it."""
    plain = re.sub(r"\W", "_", f"test_{theorem}__v{version}__{claim}")
    # where other names come to the same identifier, a hash keeps them apart
    alone = re.fullmatch(r"\w+", theorem) and re.fullmatch(r"(?:[^\W_]|-)+", claim)
    return plain if alone else f"{plain}_{digest(theorem, claim)[:6]}"

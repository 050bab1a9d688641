"""``boundcheck new``: a commented theorem file that runs at once."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.errors import UsageError

TEMPLATE = '''"""{title}: say here what is claimed, under which hypotheses, and where it was read."""

from harness import Claim, Hypothesis, Theorem

# Symbols are what experiments measure: `python -c "import harness.symbols; help(harness.symbols)"`.
# Your own: symbol("name", "its meaning and normalisation", "configuration" | "run" | "step").
from harness.symbols import eta, grad_norm, loss, smoothness

{name} = Theorem(
    title="{title}",
    source="",  # bibkey, Theorem 1.2
    provenance="derived",  # read | derived | remembered
    # Where a hypothesis fails the verdict is "void": the theorem says nothing there.
    hypotheses=[Hypothesis("short step", "the step is at most 1/K", eta * smoothness <= 1)],
    # loss.next is one step later, loss.at(0) the initial one; `trivial` is what holds anyway.
    claims=[Claim("descent", loss.next <= loss - eta / 2 * grad_norm**2, trivial=loss)],
)
'''


def run(options: argparse.Namespace) -> int:
    """Write NAME.py here; UsageError when the name is none or the file is there already."""
    name = str(options.name).removesuffix(".py")
    if not name.isidentifier():
        raise UsageError(f"“{name}” cannot name a theorem: use letters, digits and underscores.")
    path = Path(f"{name}.py")
    text = TEMPLATE.format(name=name, title=name.replace("_", " ").capitalize())
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already; choose another name.") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}).") from error
    print(f"wrote {path}; now run: boundcheck check {path}")
    return 0

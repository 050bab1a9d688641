"""A violation as a pytest file: red today, green once the statement is repaired."""

from __future__ import annotations

import json
import pprint

from harness.handing.names import identifier
from harness.judging.row import Row

TEMPLATE = '''"""{title}

Run with pytest from the folder in which the violation was found. It passes once the claim holds at
this configuration, or the hypotheses leave it out.
"""

from harness import Options, check

THEOREM = {selector}
CONFIGURATION = {configuration}


def {name}():
    options = Options(configuration=CONFIGURATION, experiment={experiment}{replicates})
    rows = check(THEOREM, options=options).to_dicts()
    (row,) = (row for row in rows if row["claim"] == {claim})
    sides = f"{{row['quantity']}} = {{row['value']!r}} against {{row['sense']}} {{row['bound']!r}}"
    assert row["verdict"] in ("held", "vacuous", "void"), f"{{row['verdict']}}: {{sides}} {{row['reason']}}"
'''


def as_test(row: Row) -> str:
    """The text of the file; it uses nothing but what `harness` exports."""
    ref = f"{row.theorem}@{row.version}"
    configuration = json.loads(row.configuration)
    return TEMPLATE.format(
        title=f"A configuration that violated {row.claim} of {ref}.".replace('"', "'"),
        selector=_text(f"{row.path}::{ref}" if row.path else ref),
        configuration=pprint.pformat(configuration, width=96, compact=True),
        name=identifier(row.theorem, row.version, row.claim),
        experiment=_text(row.experiment),
        replicates=f", replicates={row.samples_planned}" if row.samples_planned else "",
        claim=_text(row.claim),
    )


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

"""``boundcheck list``: what there is, read from headers alone."""

from __future__ import annotations

import argparse
import json
from itertools import groupby
from typing import Any

from harness.discovery.finder import Found, installed
from harness.discovery.headers import Header


def run(options: argparse.Namespace) -> int:
    """Print the installed theorems."""
    found = installed()
    if options.json:
        print(json.dumps([_record(one, found) for one in found.theorems], indent=1))
    else:
        print(_text(found))
    return 0


def _record(header: Header, found: Found) -> dict[str, Any]:
    return {
        "id": header.id,
        "version": header.version,
        "topic": header.topic,
        "title": header.title,
        "reading": header.reading,
        "source": header.source,
        "provenance": header.provenance,
        "claims": [{"id": claim.id, "kind": claim.kind} for claim in header.claims],
        "experiments": fitting(header, found),
        "path": header.path,
    }


def fitting(header: Header, found: Found) -> list[str]:
    """The installed experiments on which a check would put the theorem to the test."""
    return [one.id for one in found.experiments if header.symbols <= one.symbols | {"t"}]


def _text(found: Found) -> str:
    lines = []
    for topic, headers in groupby(found.theorems, key=lambda one: one.topic):
        lines.append(f"{topic or 'theorems'}/")
        for one in headers:
            lines.append(f"  {one.ref}  {one.title}")
            kinds = sorted({claim.kind for claim in one.claims})
            details = [one.reading, one.source, one.provenance, ", ".join(kinds)]
            lines.append(f"      {' · '.join(filter(None, details))}")
            lines.append(f"      claims: {', '.join(claim.id for claim in one.claims)}")
            lines.append(f"      experiments: {', '.join(fitting(one, found)) or 'none fits'}")
    lines += [f"broken: {one.module}: {one.reason}" for one in found.broken]
    return "\n".join(lines)

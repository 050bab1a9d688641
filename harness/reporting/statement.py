"""A theorem as a person reads it: Unicode mathematics, LaTeX, BibTeX or JSON."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sympy

from harness.errors import UsageError
from harness.vocabulary.definition import Parameter, Root, closure
from harness.vocabulary.kinds import Law
from harness.vocabulary.symbol import Quantity
from harness.vocabulary.theorem import Theorem

_WIDTH = 110


def as_text(theorem: Theorem) -> str:
    """The whole statement in Unicode mathematics."""
    head = f"{theorem.ref}  {theorem.title}"
    lines = [head, "=" * len(head)]
    about = [theorem.source, theorem.reading, f"statement {theorem.provenance}"]
    lines += [" · ".join(filter(None, about)), "", theorem.doc, "", "Symbols"]
    for one in closure(*theorem.expressions()):
        if isinstance(one, Quantity):
            lines.append(f"  {one.name}: {one.meaning.text}")
    if theorem.parameters:
        lines += ["", "Parameters"]
        lines += [f"  {_parameter(one)}" for one in theorem.parameters]
    if theorem.definitions:
        lines += ["", "Definitions"]
        for one in theorem.definitions:
            lines.append(f"  {one.name}" + (f": {one.text}" if one.text else ""))
            if isinstance(one, Root):
                which = "first" if one.smallest else "only"
                lines.append(
                    f"    the {which} {one.unknown.name} > {one.low} at which this is zero:"
                )
            lines.append(_pretty(one.expression, "    "))
    lines += ["", "Hypotheses"]
    for hypothesis in theorem.hypotheses:
        lines.append(f"  {hypothesis.id}: {hypothesis.sentence}")
        lines += [_pretty(part, "    ") for part in hypothesis.relations]
    lines += ["", "Claims"]
    for claim in theorem.claims:
        kind = claim.kind.name + (f" over {claim.kind.over}" if hasattr(claim.kind, "over") else "")
        lines.append(f"  {claim.id} ({kind})")
        lines.append(_pretty(claim.statement, "    "))
        if isinstance(claim.kind, Law):
            lines.append(f"    with the distribution function of {claim.bound.name}")
            lines.append(_pretty(claim.kind.cdf, "    "))
        if claim.because:
            lines.append(f"    known to be false: {claim.because}")
    return "\n".join(lines)


def as_latex(theorem: Theorem) -> str:
    """Definitions, hypotheses and claims as LaTeX, one display each."""
    lines = [f"% {theorem.ref}: {theorem.title} ({theorem.source})"]
    for one in theorem.definitions:
        equation = sympy.latex(one.expression)
        if isinstance(one, Root):
            unknown = sympy.latex(one.unknown)
            equation = rf"\text{{root in }} {unknown} \text{{ of }} {equation} = 0"
            lines.append(rf"\[ {sympy.latex(one)} = {equation} \]")
        else:
            lines.append(rf"\[ {sympy.latex(one)} := {equation} \]")
    for hypothesis in theorem.hypotheses:
        lines.append(f"% hypothesis {hypothesis.id}: {hypothesis.sentence}")
        lines += [rf"\[ {sympy.latex(part)} \]" for part in hypothesis.relations]
    for claim in theorem.claims:
        lines += [f"% claim {claim.id}", rf"\[ {sympy.latex(claim.statement)} \]"]
    return "\n".join(lines)


def as_record(theorem: Theorem) -> dict[str, Any]:
    """The statement for a machine."""
    return {
        "id": theorem.id,
        "version": theorem.version,
        "topic": theorem.topic,
        "title": theorem.title,
        "source": theorem.source,
        "provenance": theorem.provenance,
        "reading": theorem.reading,
        "fingerprint": theorem.fingerprint,
        "needs": sorted(one.name for one in theorem.needs),
        "parameters": {one.name: list(one.grid) for one in theorem.parameters},
        "definitions": {one.name: str(one.expression) for one in theorem.definitions},
        "hypotheses": [
            {"id": one.id, "sentence": one.sentence, "predicate": str(one.predicate)}
            for one in theorem.hypotheses
        ],
        "claims": [
            {
                "id": one.id,
                "kind": one.kind.name,
                "statement": str(one.statement),
                "expected": str(one.expected),
                "because": one.because,
            }
            for one in theorem.claims
        ],
    }


def as_bibtex(theorem: Theorem) -> str:
    """The BibTeX entry of the theorem's source; UsageError when there is none."""
    key = theorem.source.partition(",")[0].strip()
    for folder in _bibliographies(theorem):
        for file in sorted(folder.glob("*.bib")):
            entry = re.search(
                rf"^@\w+\{{{re.escape(key)},.*?^\}}", file.read_text(encoding="utf-8"), re.M | re.S
            )
            if key and entry:
                return entry.group(0)
    raise UsageError(f"{theorem.ref}: no BibTeX entry “{key}” was found beside it.")


def _bibliographies(theorem: Theorem) -> list[Path]:
    """Folders to look in: the theorem's own, and those above it inside its package."""
    folders = [*Path(theorem.path).resolve().parents[:2]]
    spec = find_spec("theorems")
    return folders + [Path(one) for one in (spec.submodule_search_locations or [] if spec else [])]


def _parameter(one: Parameter) -> str:
    tried = ", ".join(f"{value:g}" for value in one.grid)
    text = f": {one.text}" if one.text else ""
    return f"{one.name} in ({one.low:g}, {one.high:g}), tried at {tried}{text}"


def _pretty(expression: sympy.Basic, indent: str) -> str:
    text = sympy.pretty(expression, use_unicode=True, wrap_line=True, num_columns=_WIDTH)
    return "\n".join(indent + line for line in text.splitlines())

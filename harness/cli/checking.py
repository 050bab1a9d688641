"""``boundcheck check``: theorems on experiments, a table, CSV files, an exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.options import DEFAULT_ENGINE, DEFAULT_SEED, Options
from harness.reporting.console import progress_bar, said
from harness.reporting.table import as_json, closing, summary_table
from harness.reporting.tex import as_tex
from harness.session import check
from harness.storing.manifest import read_manifest, write_manifest
from harness.vocabulary.space import parsed


def run(options: argparse.Namespace) -> int:
    """Check, write the files, print the table."""
    _refuse_mixture(options)
    chosen = chosen_options(options)
    assert chosen.out is not None
    out = chosen.out
    with progress_bar(quiet=options.quiet) as progress:
        report = check(
            *options.selectors,
            options=chosen,
            progress=progress,
            before=lambda plan: write_manifest(out, chosen, options.selectors, plan),
        )
    for remark in report.remarks:
        print(f"boundcheck: {remark}", file=sys.stderr)
    if options.json:
        print(as_json(report))
    elif options.tex:
        print(as_tex(report, read_manifest(out)))
    elif not options.quiet:
        said(summary_table(report), sys.stdout)
        print(closing(report, out))
    return report.exit_code


def chosen_options(options: argparse.Namespace) -> Options:
    """The options of a check, every value looked at; UsageError otherwise."""
    return Options(
        profile=options.profile,
        seed=DEFAULT_SEED if options.seed is None else at_least("--seed", options.seed, 0),
        jobs=at_least("--jobs", options.jobs, 1),
        experiment=options.experiment,
        fixed=_fixed(options),
        configuration=None if options.config is None else configuration(options.config),
        replicates=at_least("--replicates", options.replicates, 0),
        out=output_folder(options.out),
        device=options.device,
        traces=options.traces,
        assume=tuple(options.assume),
        trace_error=options.trace_error,
        ledger=None if options.ledger is None else Path(options.ledger),
        scheduler=options.scheduler,
        engine=options.engine,
    )


def _refuse_mixture(options: argparse.Namespace) -> None:
    """UsageError for options that contradict each other.

    Nothing is drawn where runs were recorded, and a cluster knows its own workers.
    """
    if options.scheduler is not None:
        if options.jobs > 1:
            raise UsageError("--scheduler goes without --jobs: the cluster has its own workers.")
        if options.traces is not None:
            raise UsageError("--scheduler goes without --traces: the runs are recorded already.")
    if options.traces is None:
        return
    for name in ("data", "targets", "seed", "device"):
        if getattr(options, name) is not None:
            raise UsageError(f"--traces goes without --{name}: the runs are recorded already.")
    if options.engine != DEFAULT_ENGINE:
        raise UsageError("--traces goes without --engine: the runs are recorded already.")


def output_folder(name: str) -> Path:
    """The output folder, made and seen to be writable; UsageError otherwise."""
    folder = Path(name)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--out {name}: is a file; name a folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".boundcheck-probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"--out {name}: cannot be written ({error.strerror}).") from error
    return folder


def pinned(settings: Sequence[str]) -> dict[str, Any]:
    """The axes that AXIS=VALUE texts set; UsageError for any other text."""
    fixed: dict[str, Any] = {}
    for setting in settings:
        axis, equals, text = setting.partition("=")
        if not equals or not axis:
            raise UsageError(f"--set {setting}: write AXIS=VALUE.")
        fixed[axis] = parsed(text)
    return fixed


def _fixed(options: argparse.Namespace) -> dict[str, Any]:
    fixed = pinned(options.settings)
    if options.targets is not None and options.data is None:
        raise UsageError("--targets goes with --data FILE.")
    if options.data is not None:
        targets = 1 if options.targets is None else options.targets
        fixed |= {"data": "csv", "file": options.data, "targets": targets}
    return fixed


def configuration(text: str) -> Mapping[str, Any]:
    """A configuration from the JSON given, or from the file it names."""
    if not text.lstrip().startswith("{"):
        try:
            text = Path(text).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--config {text}: neither JSON nor a readable file.") from error
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"--config: not JSON (line {error.lineno}: {error.msg}).") from error
    if not isinstance(found, dict):
        raise UsageError("--config: must be a JSON object, axis by axis.")
    return found


def at_least(name: str, value: int, low: int) -> int:
    """The value of an option; UsageError when it is too small."""
    if value < low:
        raise UsageError(f"{name} {value}: must be at least {low}.")
    return value

"""How hard the quality tests try, and the figures that they leave behind."""

from __future__ import annotations

import os

import pytest

FULL = 20


@pytest.fixture(scope="session")
def effort() -> int:
    """1 in the everyday suite, 20 under BOUNDCHECK_QUALITY=full: a factor on draws and seeds."""
    return FULL if os.environ.get("BOUNDCHECK_QUALITY") == "full" else 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Lists what tests recorded with ``record_property("figure", "...")``."""
    figures = [
        str(text)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
        for name, text in report.user_properties
        if name == "figure"
    ]
    if figures:
        terminalreporter.section("figures")
        for text in sorted(figures):
            terminalreporter.write_line(text)

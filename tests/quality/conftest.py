"""How hard the quality tests try, and the figures that they leave behind."""

from __future__ import annotations

import pytest

from tests.quality.effort import EFFORT


@pytest.fixture(scope="session")
def effort() -> int:
    """A factor on draws and seeds."""
    return EFFORT


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

"""The pytest plugin: a theorem visible in a test module becomes one test item a claim.

Nothing heavy is imported here: pytest loads this file in every project of the environment. A
module attribute can only be a theorem once the vocabulary has been imported by somebody else.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

PROFILES = ("quick", "standard", "thorough")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("boundcheck", "bound checks")
    group.addoption("--bound-profile", choices=PROFILES, default="quick", help="how much to run")
    group.addoption("--bound-seed", type=int, default=None, metavar="N", help="root of all draws")
    group.addoption("--bound-csv", default=None, metavar="PATH", help="write every row there")
    group.addoption("--bound-device", default=None, metavar="D", help="device of the experiments")
    group.addoption(
        "--bound-engine",
        choices=("default", "fast"),
        default="default",
        help="what takes the steps",
    )


def pytest_pycollect_makeitem(collector: Any, name: str, obj: object) -> Any:
    """Theorem records become nodes; everything else is left to pytest."""
    vocabulary = sys.modules.get("harness.vocabulary.theorem")
    if vocabulary is None or not isinstance(obj, vocabulary.Theorem):
        return None
    from harness.pytest_nodes import theorem_node

    return theorem_node(collector, name, obj)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """One section that names violations, with the simplest and the worst point of each."""
    if "harness.pytest_nodes" in sys.modules:
        from harness.pytest_nodes import write_section

        write_section(terminalreporter, config)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the CSV asked for, whole or not at all."""
    if session.config.getoption("--bound-csv") and not hasattr(session.config, "workerinput"):
        from harness.pytest_nodes import write_csv

        write_csv(session.config)

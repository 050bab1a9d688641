"""The installed theorems and experiments by name: ``from harness.catalogue import xu23_drift``.

A name gives the latest version of a theorem; its file is imported on first use.
"""

from __future__ import annotations

from typing import Any

from harness.errors import UsageError


def __getattr__(name: str) -> Any:
    from harness.discovery import finder

    if name.startswith("__"):
        raise AttributeError(name)
    for experiment in finder.experiments():
        if experiment.id == name:
            return experiment
    try:
        return finder.theorem(name)
    except UsageError as error:
        raise AttributeError(str(error)) from error


def __dir__() -> list[str]:
    from harness.discovery.finder import installed

    found = installed()
    return sorted({one.id for one in found.theorems} | {one.id for one in found.experiments})

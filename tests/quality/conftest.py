"""How much effort the simulations take: little with every run of the tests, much on demand."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def effort() -> int:
    """Factor on the number of repetitions: 1, or 20 where BOUNDCHECK_QUALITY=full."""
    return 20 if os.environ.get("BOUNDCHECK_QUALITY") == "full" else 1

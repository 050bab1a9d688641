"""The one exception that a user meets: what is wrong, where, and what to do."""

from __future__ import annotations


class UsageError(Exception):
    """Bad input. Its message is one clear sentence; the command line exits with code 2."""

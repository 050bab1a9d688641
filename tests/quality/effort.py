"""How hard the quality tests try."""

from __future__ import annotations

import os

EFFORT = 20 if os.environ.get("BOUNDCHECK_QUALITY") == "full" else 1
"""1 in the everyday suite, 20 under BOUNDCHECK_QUALITY=full."""

"""The accuracy that both limits of diagonal linear networks leave open."""

from __future__ import annotations

from harness import Parameter

eps = Parameter("eps", 0, 10, (0.25, 1.0), "relative excess of the norm", r"\epsilon")

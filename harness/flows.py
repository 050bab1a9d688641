"""Symbols of gradient flows of their own kind, for theorem files: ``from harness.flows import spread``.

All of it belongs to one run. W = U U' follows W' = W Y + Y W - 2 W^2; entries are in the basis where Y is
diagonal, largest eigenvalue first.
"""

from __future__ import annotations

from harness.vocabulary.symbol import symbol

RUN = "run"

first_start = symbol("first_start", "entry (1, 1) of W(0), n = 2", RUN, "w_{11}")
mixed_start = symbol("mixed_start", "entry (1, 2) of W(0), n = 2", RUN, "w_{12}")
second_start_entry = symbol("second_start_entry", "entry (2, 2) of W(0), n = 2", RUN, "w_{22}")
first_end = symbol("first_end", "entry (1, 1) of W(T), n = 2", RUN, "W_{11}")
mixed_end = symbol("mixed_end", "entry (1, 2) of W(T), n = 2", RUN, "W_{12}")
second_end = symbol("second_end", "entry (2, 2) of W(T), n = 2", RUN, "W_{22}")

spread = symbol(
    "spread", "M: largest eigenvalue of W(0)/a and of its inverse, whichever is larger", RUN, "M"
)

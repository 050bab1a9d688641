"""Changes of units that the statements about least squares survive.

INPUTS: the training inputs times a number, the weights divided by it. LABELS: labels, their noise and
the weights together. TEST: the fresh inputs alone.
"""

from __future__ import annotations

from harness import Scaling
from harness import double_descent as s

SPECTRUM = (*s.spectra, s.ridge, s.loading)
RISKS = (s.risk_descent, s.risk_heavy, s.risk_flow, s.risk_ridge)

BAYES = (s.bayes_descent, s.bayes_flow, s.bayes_ridge)

INPUTS = Scaling(
    "inputs",
    {
        **dict.fromkeys(SPECTRUM, 2),
        **dict.fromkeys(
            (s.loaded_trace, s.loaded_trace_after, *s.inverses, s.duration, s.step), -2
        ),
        **dict.fromkeys(s.offsets, -1),
        **dict.fromkeys(RISKS, -2),
    },
)

LABELS = Scaling(
    "labels",
    {
        **dict.fromkeys(s.offsets, 1),
        **dict.fromkeys((s.label_noise, *RISKS, *BAYES), 2),
    },
)
TEST = Scaling("test", dict.fromkeys((*s.tests.values(), *RISKS, *BAYES), 2))
KERNEL = Scaling("kernel", dict.fromkeys((s.gram_1, s.gram_2, s.jitter), 1))
TARGETS = Scaling(
    "targets",
    dict.fromkeys((s.signal, s.leftover, s.test_error, s.null_risk, s.risk_now, s.risk_change), 1),
)
"""Squared labels, at inputs of variance 1."""

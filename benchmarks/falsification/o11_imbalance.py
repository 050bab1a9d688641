"""Gradient descent leaves the imbalance of a two-layer linear network alone. (The flow does.)

False claim: D = W1'W1 - W2W2' does not change at finite steps. Counterexample (derived): for scalars
u+^2 - v+^2 = (u^2 - v^2)(1 - eta^2 r^2), r = uv - y.
True neighbours (derived): |D(t+1) - D(t)|_F <= eta^2 |grad L|^2; its sum, by the triangle
inequality; and at most 2 eta (L(0) - L(t)) for a constant step where every step satisfies the
descent inequality.
The experiment is the shipped one, whose rounding bounds are its own.
"""

from harness import Claim, Hypothesis, Sum, Theorem, Verdict
from harness.symbols import drift, drift_step, eta, grad_norm, loss

conserved = Theorem(
    title="The imbalance is conserved by gradient descent",
    provenance="derived",
    claims=[
        Claim("conserved", drift_step <= 0, expected=Verdict.VIOLATED,
              because="it is conserved by the flow; a step changes it by order eta^2")
    ],
)
slow_drift = Theorem(
    title="A step moves the imbalance by at most the squared gradient",
    provenance="derived",
    claims=[Claim("one-step", drift_step <= eta**2 * grad_norm**2)],
)
drift_and_descent = Theorem(
    title="Descent bounds the drift of the imbalance",
    provenance="derived",
    hypotheses=[
        Hypothesis("descent", "the step descends", loss.next <= loss - eta / 2 * grad_norm**2)
    ],
    claims=[
        Claim("by-gradients", drift <= Sum(eta**2 * grad_norm**2), start=1),
        Claim("by-loss", drift <= 2 * eta.at(0) * (loss.at(0) - loss), start=1),
    ],
)

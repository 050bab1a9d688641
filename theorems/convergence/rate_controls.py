"""Controls of the statements with many claims: what must break each of them, near a fitted start."""

from __future__ import annotations

from typing import Any

from harness import Control
from harness.symbols import drift, loss, mu, smax_W, smax_W1, smax_W2, smin_W, tau_min
from theorems.convergence.witnesses import ALMOST_FITTED, ONE_WEIGHT_EACH, STEPPED_TOO_FAR, TIGHT
from theorems.convergence.xu23_setting import alpha_t

NEAR: dict[str, Any] = {**ONE_WEIGHT_EACH, "step_size": 1e-5, "steps": 40, "parameters": TIGHT}
FITTED: dict[str, Any] = {**ALMOST_FITTED, "steps": 40, "step_size": 1e-5}
HALF = {tau_min: tau_min / 2}
TWICE = {smax_W1: 2 * smax_W1, smax_W2: 2 * smax_W2}


def doubled(*claims: str, configuration: dict[str, Any] = NEAR) -> tuple[Control, ...]:
    """The rate of each claim with twice the mu."""
    return tuple(
        Control(f"mu-doubled-{one}", one, {mu: 2 * mu}, configuration=configuration)
        for one in claims
    )


LINEAR_RATE = (
    *doubled("one-step", "product", "geometric"),
    Control(
        "half-the-first-loss", "rate-ordered", {loss.at(0): loss.at(0) / 2}, configuration=NEAR
    ),
    Control("mu-a-million-times", "rate-positive", {mu: 10**6 * mu}, configuration=NEAR),
    Control("step-too-long", "rate-below-one", drop="step limit", configuration=STEPPED_TOO_FAR),
)
ADAPTIVE = (
    *doubled("one-step", "product-rho", "product-rho-hat", "product-f", "product-f0"),
    Control("mu-a-million-times", "rho-nonnegative", {mu: 10**6 * mu}, configuration=NEAR),
    Control("alpha-doubled", "rho-below-rho-hat", {alpha_t: 2 * alpha_t}, configuration=NEAR),
    Control("alpha-halved", "rho-hat-below-f", {alpha_t: alpha_t / 2}, configuration=NEAR),
    Control("step-too-long", "f-below-one", drop="step limit", configuration=STEPPED_TOO_FAR),
)
GENERAL_LOSS = (
    *doubled("one-step", "geometric", configuration=FITTED),
    Control("half-of-T", "least-of-T", HALF, configuration=FITTED),
    Control("half-of-mu_t", "rate-ordered", HALF, configuration=FITTED),
    Control("half-of-T-in-mu_t", "local-pl", HALF, configuration=FITTED),
    Control("twice-the-weights", "largest-of-T", TWICE, configuration=FITTED),
    Control("twice-the-weights-in-K_t", "local-smoothness", TWICE, configuration=FITTED),
    Control("half-of-W", "least-singular-value", {smin_W: smin_W / 2}, configuration=FITTED),
    Control("twice-W", "largest-singular-value", {smax_W: 2 * smax_W}, configuration=FITTED),
    Control("drift-ten-thousandfold", "drift", {drift: 10**4 * drift}, configuration=FITTED),
)

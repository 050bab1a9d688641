r"""Local descent lemma and local PL inequality, for every weight and every step (Theorem 3.1).

Setting. L(W1, W2) = l(W1 W2) - min l with l K-smooth and mu-strongly convex; mu_t, K_t the local
constants of xu25_setting; any width, any weights, any step eta >= 0.
Hypotheses. None beyond the setting.
Statement.

    descent: L(t+1) <= L(t) - (eta - K_t eta^2 / 2) |grad L(t)|_F^2
    pl: 1/2 |grad L(t)|_F^2 >= mu_t L(t)
    drift: |D(t+1) - D(t)|_F <= 2 eta^2 K (sigma_max(W1)^2 + sigma_max(W2)^2) L(t)

Source. Xu, Min, Tarmoun, Mallada, Vidal, TMLR 04/2025, Theorem 3.1 (arXiv 2505.11664).
Remarks. Neither inequality holds globally for an overparametrized model: there mu would be 0 and K
infinite. The first needs smoothness only, the second only the PL inequality of l. sigma_min(T)^2
counts lambda_n and lambda_m, which are 0 for h < n and h < m: with the least *non-zero* singular
values instead, the PL inequality fails. Both are tight for n = m = h = 1 near the minimum. The rate
that follows is xu25_thm31_local_rate. The one-step drift bound rests on |grad l|^2 <= 2 K L alone.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Step, Theorem
from harness.symbols import K, drift_step, eta, grad_norm, loss, mu, smax_W2, tau_min
from theorems.convergence.imbalance import drift_step_bound
from theorems.convergence.scalings import SCALINGS
from theorems.convergence.witnesses import ALMOST_FITTED
from theorems.convergence.xu25_setting import K_t, inverse_K_t, mu_t

NEAR: dict[str, Any] = {**ALMOST_FITTED, "step_size": 0.2}
NARROW: dict[str, Any] = {
    "data": "given", "X": [[1, 0], [0, 1]], "Y": [[1, 0], [0, 1]],
    "init": "given", "W1": [[1], [0]], "W2": [[1, 0]], "step_size": 0.1,
}  # fmt: skip
ONE_LAYER: dict[str, Any] = {**NEAR, "W2": [[0]]}

theorem = Theorem(
    title="Local descent lemma and local Polyak-Lojasiewicz inequality",
    source="xu2025, Theorem 3.1",
    hypotheses=(Hypothesis("step", "eta >= 0", eta >= 0),),
    claims=(
        Claim(
            "descent", loss.next <= loss - eta * (1 - K_t * eta / 2) * grad_norm**2, trivial=loss
        ),
        Claim("pl", grad_norm**2 / 2 >= mu_t * loss, trivial=0),
        Claim("drift", drift_step <= drift_step_bound),
    ),
    step=Step(limit=inverse_K_t, fractions=(1.0, 0.01, 0.1, 0.5, 1.9, 10.0)),
    scalings=SCALINGS,
    controls=(
        Control("K-a-quarter", "descent", {K: K / 4}, configuration=NEAR),
        Control("mu-doubled", "pl", {mu: 2 * mu}, configuration=NEAR),
        Control("least-non-zero", "pl", {tau_min: smax_W2**2}, configuration=NARROW),
        Control("K-halved-drift", "drift", {K: K / 2}, configuration=ONE_LAYER),
    ),
)

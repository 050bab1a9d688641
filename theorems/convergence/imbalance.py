"""What margin and imbalance say of the spectra of a two-layer linear network.

Setting. W = W1 W2 with W1 in R^{n x h}, W2 in R^{h x m}, D = W1' W1 - W2 W2'; tau is the operator
U -> U W2' W2 + W1 W1' U, with lambda_min(tau) = lambda_n(W1 W1') + lambda_m(W2' W2) and
lambda_max(tau) = sigma_max(W1)^2 + sigma_max(W2)^2. With [x]_+ = max(x, 0):

    lambda_+ = [lambda_1(D)]_+     Delta_+ = lambda_+ - [lambda_n(D)]_+
    lambda_- = [lambda_1(-D)]_+    Delta_- = lambda_- - [lambda_m(-D)]_+
    Delta = [lambda_n(D)]_+ + [lambda_m(-D)]_+
    lower(p, q) = (-Delta_+ + sqrt((Delta_+ + Delta)^2 + 4 p^2)) / 2
                + (-Delta_- + sqrt((Delta_- + Delta)^2 + 4 q^2)) / 2
    upper(r) = (lambda_+ + sqrt(lambda_+^2 + 4 r^2)) / 2 + (lambda_- + sqrt(lambda_-^2 + 4 r^2)) / 2

Statement. lower(p, q) <= lambda_min(tau) and lambda_max(tau) <= upper(r), provided p <= sigma_m(W),
q <= sigma_n(W) and sigma_max(W) <= r.
Source. Min, Tarmoun, Vidal, Mallada, arXiv 2105.06351 v3 (2022), Proposition 1; ``layer`` is its
Lemma 8: the two terms bound lambda_m(W2' W2) and lambda_n(W1 W1') once [lambda_m(-D)]_+ is moved
to the first and [lambda_n(D)]_+ to the second.
Remark. The same number without cancellation, (Delta (2 Delta_+ + Delta) + 4 p^2) / (2 (Delta_+ +
sqrt(...))), tells a positive bound from one that is exactly 0; it is 0/0 for balanced weights
without margin, so ``as_quotient`` serves only to ask for the sign. sigma_m(W) is 0 if m > n, and
sigma_n(W) is 0 if n > m: hence the index tests ``tall``, for p, and ``flat``, for q. D is read at
step 0, or with ``now`` at the current step.
"""

from __future__ import annotations

import sympy

from harness import Definition, Max, Min, sqrt
from harness import symbols as s

tau_max = Definition(
    "tau_max", s.smax_W1**2 + s.smax_W2**2, "largest eigenvalue of tau", r"\lambda_{\max}(\tau)"
)
drift_step_bound = 2 * s.eta**2 * s.K * tau_max * s.loss
"""Above |D(t+1) - D(t)|_F for every step size."""

_beyond, _below = s.inputs - s.outputs + 1, s.outputs - s.inputs + 1
tall = Definition("tall", Min(1, Max(0, _beyond)), "1 if m <= n, else 0", r"[m \leq n]")
flat = Definition("flat", Min(1, Max(0, _below)), "1 if n <= m, else 0", r"[n \leq m]")


def _side(sign: str, now: bool) -> tuple[Definition, Definition, sympy.Expr]:
    """lambda_+, Delta_+ and [lambda_n(D)]_+; for "-" their counterparts of -D."""
    pair = (s.lam1_D, s.lamn_D) if sign == "+" else (s.lam1_mD, s.lamm_mD)
    first, rank = pair if now else (one.at(0) for one in pair)
    full, time = Max(rank, 0), "t" if now else "0"
    name = f"{'plus' if sign == '+' else 'minus'}_{time}"
    top = Definition(f"lambda_{name}", Max(first, 0), "", rf"\lambda_{{{sign}}}({time})")
    gap = Definition(f"Delta_{name}", top - full, "", rf"\Delta_{{{sign}}}({time})")
    return top, gap, full


def layer(sign: str, margin: sympy.Expr, now: bool = False) -> sympy.Expr:
    """Below lambda_m(W2' W2) for "+", where margin <= sigma_m(W); for "-" the same of W1 and n."""
    (top, _, _), (_, _, other) = _side(sign, now), _side("-" if sign == "+" else "+", now)
    return (sqrt((top + other) ** 2 + 4 * margin**2) - top + other) / 2


def lower(
    name: str, p: sympy.Expr, q: sympy.Expr, now: bool = False, as_quotient: bool = False
) -> Definition:
    """Below lambda_min(tau) when p <= sigma_m(W) and q <= sigma_n(W)."""
    (_, plus, full_plus), (_, minus, full_minus) = _side("+", now), _side("-", now)
    time = "t" if now else "0"
    D = Definition(f"Delta_{time}", full_plus + full_minus, "", rf"\Delta({time})")
    expression = sympy.S.Zero
    for gap, margin in ((plus, p), (minus, q)):
        root = sqrt((gap + D) ** 2 + 4 * margin**2)
        quotient = (D * (2 * gap + D) + 4 * margin**2) / (root + gap)
        expression += (quotient if as_quotient else root - gap) / 2
    return Definition(name, expression, "lower bound on lambda_min(tau)")


def upper(name: str, r: sympy.Expr, now: bool = False) -> Definition:
    """Above lambda_max(tau) when sigma_max(W) <= r."""
    tops = [_side(sign, now)[0] for sign in "+-"]
    expression = sum((top + sqrt(top**2 + 4 * r**2) for top in tops), sympy.S.Zero) / 2
    return Definition(name, expression, "upper bound on lambda_max(tau)")

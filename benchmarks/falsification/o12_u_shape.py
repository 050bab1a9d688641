"""The expected test error is U-shaped in the number of features used. (It descends twice.)

False claim: for least squares on the first p of d Gaussian features, n samples, the risk first
falls and then rises: risk(j) <= max(risk(i), risk(k)) for i < j < k.
Counterexample: n = 10, d = 40, |beta|^2 = 1 spread evenly, noise variance 1/25: 26/25 at p = 0,
189/25 at p = 8, infinite at p = 9..11, 819/100 at p = 12, 2331/2900 at p = 40.
Risk (Belkin, Hsu and Xu 2020, remembered): with S = |beta left out|^2 + noise it is
S (1 + p/(n - p - 1)) for p <= n - 2, |beta used|^2 (1 - n/p) + S (1 + n/(p - n - 1)) for p >= n + 2.
True neighbour (derived): with the features in order of falling |beta| it is U-shaped on p <= n - 2,
since S_p - beta_{p+1}^2 (n - 1 - p), whose sign is that of the next increment, never falls with p.
Rounding: none; j^-decay is the double next to it, taken exactly.
"""

from fractions import Fraction
from itertools import accumulate

from harness import Claim, Theorem, Verdict, experiment, integers, reals, symbol

hump = symbol("hump", "largest risk(j) / max(risk(i), risk(k)), i < j < k <= d", "run")
classical = symbol("hump_classical", "the same with k <= n - 2", "run")


def risks(n, squares, noise):
    """The finite expected risks, by number of features used."""
    used = [0, *accumulate(squares)]
    found = {}
    for p, inside in enumerate(used):
        outside = used[-1] - inside + noise
        if p <= n - 2:
            found[p] = outside * (1 + Fraction(p, n - p - 1))
        elif p >= n + 2:
            found[p] = inside * (1 - Fraction(n, p)) + outside * (1 + Fraction(n, p - n - 1))
    return found


def humped(risk):
    """How far the worst middle value exceeds the larger of the least values on its two sides."""
    left, right = list(accumulate(risk, min)), list(accumulate(risk[::-1], min))[::-1]
    sides = (max(one, other) for one, other in zip(left, right[2:], strict=False))
    return max((one / side for one, side in zip(risk[1:], sides, strict=False) if side), default=0)


@experiment(
    emits=[hump, classical],
    n=integers(3, 20), features=integers(1, 60), decay=reals(0, 3), noise=reals(0, 1),
)
def growing_model(n, features, decay, noise):
    """beta_j^2 is proportional to j^-decay, and they sum to 1."""
    shares = [Fraction(float(j) ** -decay) for j in range(1, features + 1)]
    risk = risks(n, [one / sum(shares) for one in shares], Fraction(noise))
    return {hump: humped(list(risk.values())),
            classical: humped([value for p, value in risk.items() if p <= n - 2])}


u_shape = Theorem(
    title="The risk is U-shaped in the number of features",
    provenance="remembered",
    claims=[Claim("u-shape", hump <= 1, expected=Verdict.VIOLATED, because="double descent")],
)
u_shape_classical = Theorem(
    title="The risk is U-shaped below the interpolation threshold",
    provenance="derived",
    claims=[Claim("u-shape", classical <= 1)],
)

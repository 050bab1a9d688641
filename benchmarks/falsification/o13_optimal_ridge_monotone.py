"""Optimally tuned ridge regression has non-increasing expected risk in n, whatever the inputs.

False. Nakkiran, Venkat, Kakade and Ma (ICLR 2021): x = e1 with probability q, else scale e2, noise
on e2 only. More samples make e2 likelier to be seen at all, and its noise then costs more than one
ridge parameter, tuned for e1, can take back: q = 0.95, scale 100, noise variance 80, beta = e1 give
the risks .2475, .3874, .5560 at n = 1, 2, 3 (remembered, recomputed). The risk is an exact sum over
how often e1 is seen. Its minimum over lambda = t / (1 - t) in [0, infinity] is enclosed, not read
off a grid: on a cell of t no term is below its bias at the left end plus its variance at the right.

True neighbour (their isotropic theorem): Gaussian inputs, equal noise, lambda = d sigma^2 /
|beta|^2. By rotation invariance the risk is the mean over X of sigma^2 tr((X'X + lambda)^-1), and
that falls with each row of X, so the claim holds on every draw (derived).
"""

import math

import numpy as np

from harness import Claim, Theorem, Verdict, experiment, integers, reals, symbol, vector

risk = symbol("risk", "expected excess risk at the best lambda, n samples", "run", "R_n")
risk_after = symbol("risk_after", "the same with n + 1 samples", "run", "R_{n+1}")
trace = symbol("trace", "sigma^2 tr((X'X + lambda)^-1), n rows", "run", "T_n")
trace_after = symbol("trace_after", "the same with n + 1 rows", "run", "T_{n+1}")


def best_risk(n, q, scale, noise, beta):
    """A middle and a radius that hold the least expected risk over all lambda."""
    seen = np.arange(n + 1)
    chance = np.array([math.comb(n, k) for k in seen]) * q**seen * (1 - q) ** (n - seen)
    weight = np.concatenate([q * chance, (1 - q) * scale**2 * chance])
    gram = np.concatenate([seen * 1.0, (n - seen) * scale**2])
    signal, sigma = (np.repeat(np.square(two), n + 1) for two in (beta, noise))
    never = weight[gram == 0] @ signal[gram == 0]
    weight, gram, signal, sigma = (one[gram > 0] for one in (weight, gram, signal, sigma))

    def below(low, high):
        """No more than the risk anywhere on the cell; the risk itself where it is a point."""
        low, high = low[:, None], high[:, None]
        bias = low / (gram * (1 - low) + low)
        fit = gram * (1 - high) / (gram * (1 - high) + high)
        return never + (signal * bias**2 + sigma / gram * fit**2) @ weight

    ridges = np.logspace(-4, 8, 97)
    edges = np.array([0, *(ridges / (1 + ridges)), 1])
    low, high, least = edges[:-1], edges[1:], below(edges, edges).min()
    for _ in range(9):
        cuts = np.linspace(low, high, 5)
        low, high = cuts[:-1].ravel(), cuts[1:].ravel()
        least = min(least, below(low, low).min(initial=least))
        promising = below(low, high) < least
        low, high = low[promising], high[promising]
    lowest = below(low, high).min(initial=least)
    rounding = 1e-12 * least + (1e-300 if any(beta) else 0)  # squares may underflow
    return (least + lowest) / 2, (least - lowest) / 2 + rounding


@experiment(emits=[risk, risk_after], n=integers(1, 4), q=reals(0.5, 0.99),
            scale=reals(1, 100, log=True), noise=vector(2, reals(0, 10)), beta=vector(2, reals(0, 1)))
def two_directions(n, q, scale, noise, beta):
    """Inputs e1 with probability q, else scale e2; a noise level and a coefficient for each."""
    return {risk: best_risk(n, q, scale, noise, beta),
            risk_after: best_risk(n + 1, q, scale, noise, beta)}


@experiment(emits=[trace, trace_after], n=integers(1, 12), d=integers(1, 6),
            sigma=reals(0.1, 3), norm=reals(0.1, 3))
def gaussian_inputs(n, d, sigma, norm, rng):
    """Rows of X are standard Gaussian; the last one is the sample that is added."""
    X, ridge = rng.standard_normal((n + 1, d)), d * sigma**2 / norm**2
    moved = 1e-14 * (np.sum(X**2) + ridge)  # bounds the error of each eigenvalue (Weyl)

    def shrunk(rows):
        values = np.linalg.eigvalsh(rows.T @ rows) + ridge
        return sigma**2 * np.sum(1 / values), sigma**2 * np.sum(2 * moved / (values * (values - moved)))

    return {trace: shrunk(X[:n]), trace_after: shrunk(X)}


any_inputs = Theorem(
    title="Optimal ridge is sample-monotone for every input law",
    source="nakkiran2021", provenance="remembered",
    claims=[Claim("monotone", risk_after <= risk, expected=Verdict.VIOLATED,
                  because="two directions with unequal noise (Nakkiran et al., 2021)")],
)
isotropic_inputs = Theorem(
    title="Optimal ridge is sample-monotone for isotropic Gaussian inputs",
    source="nakkiran2021", provenance="derived",
    claims=[Claim("monotone", trace_after <= trace)],
)

"""Optimally tuned ridge regression has non-increasing expected risk in n, whatever the inputs.

False. Nakkiran, Venkat, Kakade and Ma (ICLR 2021): x = e1 with probability q, else scale e2, noise
on e2 only. More samples make e2 likelier to be seen at all, and its noise then costs more than one
ridge parameter, tuned for e1, can take back: q = 0.95, scale 100, noise variance 80, beta = e1 give
the risks .2475, .3874, .5560 at n = 1, 2, 3 (remembered, recomputed). The risk is an exact sum over
how often e1 is seen. With n samples some lambda of a grid is taken; with n + 1 a number is given that
no lambda goes below: on a cell of t = lambda / (1 + lambda) no term is less than its bias at the left
end plus its variance at the right.

True neighbour (their isotropic theorem): Gaussian inputs, equal noise, lambda = d sigma^2 /
|beta|^2. By rotation invariance the risk is the mean over X of sigma^2 tr((X'X + lambda)^-1), and
that falls with each row of X, so the claim holds on every draw (derived).
"""

import math

import numpy as np

from harness import Claim, Theorem, Verdict, eigenvalues, experiment, integers, reals, symbol, vector

risk = symbol("risk", "expected excess risk at the best lambda of a grid, n samples", "run", "R_n")
risk_after = symbol("risk_after", "no more than that at any lambda, n + 1 samples", "run", "R_{n+1}")
trace = symbol("trace", "sigma^2 tr((X'X + lambda)^-1), n rows", "run", "T_n")
trace_after = symbol("trace_after", "the same with n + 1 rows", "run", "T_{n+1}")


def best_risk(n, q, scale, noise, beta):
    """The least expected risk on a grid of lambda, and a number below the risk at any lambda."""
    chance = np.array([math.comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(n + 1)])
    never = q * chance[0] * beta[0] ** 2 + (1 - q) * scale**2 * chance[n] * beta[1] ** 2
    weight = np.concatenate([q * chance[1:], (1 - q) * scale**2 * chance[:-1]])
    gram = np.concatenate([np.arange(1, n + 1), np.arange(n, 0, -1) * scale**2])
    signal, sigma = (np.repeat(np.square(two), n) for two in (beta, noise))

    def below(low, high):
        """No more than the risk anywhere on the cell; the risk itself where it is a point."""
        low, high = low[:, None], high[:, None]
        bias = low / (gram * (1 - low) + low)
        fit = (1 - high) / (gram * (1 - high) + high)
        return never + (signal * bias**2 + sigma * gram * fit**2) @ weight

    ridges = np.logspace(-3, 6, 1500)
    edges = np.array([0, *(ridges / (1 + ridges)), 1])
    return np.min(below(edges, edges)), np.min(below(edges[:-1], edges[1:]))


@experiment(emits=[risk, risk_after], n=integers(1, 4), q=reals(0.5, 0.99),
            scale=reals(1, 100, log=True), noise=vector(2, reals(0, 10)), beta=vector(2, reals(0, 1)))
def two_directions(n, q, scale, noise, beta):
    """Inputs e1 with probability q, else scale e2; a noise level and a coefficient for each."""
    return {risk: best_risk(n, q, scale, noise, beta)[0],
            risk_after: best_risk(n + 1, q, scale, noise, beta)[1]}


@experiment(emits=[trace, trace_after], n=integers(1, 12), d=integers(1, 6),
            sigma=reals(0.1, 3), norm=reals(0.1, 3))
def gaussian_inputs(n, d, sigma, norm, rng):
    """Rows of X are standard Gaussian; the last one is the sample that is added."""
    X, ridge = rng.standard_normal((n + 1, d)), d * sigma**2 / norm**2
    found = [sigma**2 * np.sum(1 / (eigenvalues(Z.T @ Z) + ridge)) for Z in (X[:n], X)]
    return dict(zip((trace, trace_after), found, strict=True))


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

"""The spectral radius of a product of weight matrices is at most the product of their radii."""

import numpy as np

from harness import Claim, Hypothesis, Theorem, experiment, matrix, reals, spectral_radius, symbol

product = symbol("product", "spectral radius of AB", "run", r"\rho(AB)")
radii = symbol("radii", "spectral radius of A times that of B", "run", r"\rho(A)\rho(B)")
skew = symbol("skew", "|A - A'| + |B - B'|", "run")


@experiment(emits=[product, radii, skew], A=matrix(2, 2, reals(-2, 2)), B=matrix(2, 2, reals(-2, 2)),
            mirrored=reals(0, 1))
def two_layers(A, B, mirrored):
    """Recurrent layers A and B, made symmetric where mirrored is above 1/2."""
    A, B = np.array(A), np.array(B)
    if mirrored > 0.5:
        A, B = (A + A.T) / 2, (B + B.T) / 2
    return {product: spectral_radius(A @ B), radii: spectral_radius(A) * spectral_radius(B),
            skew: np.abs(A - A.T).sum() + np.abs(B - B.T).sum()}


any_layers = Theorem(
    title="Layers with radii below 1 compose to one below 1",
    provenance="conjecture",
    claims=[Claim("product", product <= radii)],
)
symmetric_layers = Theorem(
    title="Symmetric layers with radii below 1 compose to one below 1",
    provenance="derived",
    hypotheses=[Hypothesis("symmetric", "A and B are symmetric", skew <= 0)],
    claims=[Claim("product", product <= radii)],
)

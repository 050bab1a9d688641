"""Gradient descent with the Polyak step (f - f*) / |grad f|^2 decreases the loss at every step."""

import numpy as np

from harness import Claim, Hypothesis, Theorem, experiment, matrix, reals, symbol, vector

loss = symbol("loss_before", "f(x), f* = 0", "run", "f(x)")
loss_after = symbol("loss_after", "f(x+)", "run", "f(x^+)")
away = symbol("away", "|x|, the minimum is at 0", "run", "|x|")
away_after = symbol("away_after", "|x+|", "run", "|x^+|")
moving = Hypothesis("moving", "the loss is not yet zero", loss >= 1e-12)


@experiment(emits=[loss, loss_after, away, away_after],
            A=matrix(2, 2, reals(-3, 3)), x=vector(2, reals(-3, 3)))
def polyak(A, x):
    """f(x) = |Ax|^2 / 2, convex, with minimum 0 at x = 0."""
    A, x = np.array(A), np.array(x)

    def f(x):
        return (A @ x) @ (A @ x) / 2

    gradient = A.T @ (A @ x)
    after = x - f(x) / (gradient @ gradient) * gradient if f(x) > 0 else x
    return {loss: f(x), loss_after: f(after),
            away: np.linalg.norm(x), away_after: np.linalg.norm(after)}


monotone_loss = Theorem(
    title="The Polyak step decreases the loss",
    provenance="conjecture",
    hypotheses=[moving],
    claims=[Claim("descent", loss_after <= loss)],
)
nearer = Theorem(
    title="The Polyak step decreases the distance to the minimum",
    source="polyak1969", provenance="remembered",
    hypotheses=[moving],
    claims=[Claim("nearer", away_after <= away)],
)

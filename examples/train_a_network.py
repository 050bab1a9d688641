"""A network of tanh units with fixed outer weights: the descent lemma for any step below 2/K.

f(x) = sum_j a_j tanh(w_j . x), a_j = +-1/sqrt(h), loss 1/2 |f(X) - y|^2. As |f| <= sqrt(h), tanh' <= 1
and |tanh''| <= 4/(3 sqrt 3), K = sum_i |x_i|^2 (1 + (sqrt(h) + |y_i|) 4/(3 sqrt(3 h))) bounds the
Hessian everywhere.
"""

import torch

from harness import Claim, Control, Hypothesis, Step, Theorem, integers, module_experiment, symbol
from harness.symbols import eta, grad_norm, training_loss

K = symbol("K_everywhere", "upper bound of |Hessian of the training loss|_2 at all weights", "run")


class Tanh(torch.nn.Module):
    def __init__(self, width, inputs):
        super().__init__()
        self.hidden = torch.nn.Linear(inputs, width, bias=False)
        self.register_buffer("a", (2 * torch.randint(2, (width,)).double() - 1) / width**0.5)

    def forward(self, X):
        return torch.tanh(self.hidden(X)) @ self.a


def bound(net):
    h = net.configuration["width"]
    curved = 1 + (h**0.5 + net.Y.abs()) * 4 / (3 * (3 * h) ** 0.5)
    return (net.X.square().sum(dim=1) * curved).sum()


small_network = module_experiment(
    Tanh, lambda rng, samples, inputs: (rng.normal(size=(samples, inputs)), rng.normal(size=samples)),
    lambda outputs, y: (outputs - y).square().sum() / 2,
    measures={K: bound}, name="small_network",
    width=integers(1, 32), inputs=integers(1, 6), samples=integers(1, 12),
)
descent = Theorem(
    title="Descent lemma for a small network", source="nesterov2018, Lemma 1.2.3",
    hypotheses=[Hypothesis("step", "the step is at most 2/K", eta <= 2 / K)],
    claims=[Claim("descent", training_loss.next <= training_loss - eta * (1 - eta * K / 2) * grad_norm**2)],
    step=Step(limit=2 / K, fractions=(1, 0.5, 0.1)),
    controls=[Control("no curvature", "descent", replace={K: 0 * K},
                      configuration={"width": 4, "inputs": 2, "samples": 4})],
)

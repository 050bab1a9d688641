"""A training loop of one's own, recorded and then checked.

    python examples/trace_torch.py run.csv
    boundcheck check xu25_thm31_local_descent_pl xu25_thm31_local_rate --traces run.csv
"""
import csv
import sys

import torch


def train(path, steps=60, eta=0.02, stride=1.0, share=1.0):
    """Two linear layers, full-batch gradient descent in double precision.

    ``stride`` (how many times longer the step is than recorded) and ``share`` (a factor before the
    loss) spoil the loop on purpose.
    """
    seed = torch.Generator().manual_seed(1)
    X, W1, W2, target = (torch.randn(*shape, generator=seed, dtype=torch.float64) / 2
                         for shape in ((20, 3), (3, 8), (8, 2), (3, 2)))
    Y, scales = X @ target, torch.linalg.svdvals(X)  # no noise: the least loss is 0
    W1.requires_grad_(), W2.requires_grad_()
    with open(path, "w", newline="") as file:
        log = csv.writer(file)
        log.writerow(["t", "eta", "loss", "grad_norm", "K", "mu", "smax_W1", "smax_W2", "smax_W",
                      "tau_min"])
        for t in range(steps):
            loss = share * ((Y - X @ W1 @ W2) ** 2).sum() / 2  # a sum over samples, with the 1/2
            grads = torch.autograd.grad(loss, (W1, W2))
            with torch.no_grad():
                s1, s2, s = (torch.linalg.svdvals(W) for W in (W1, W2, W1 @ W2))
                log.writerow(float(value) for value in (
                    t, eta, loss, sum((g**2).sum() for g in grads).sqrt(), scales[0] ** 2,
                    scales[-1] ** 2, s1[0], s2[0], s[0], s1[2] ** 2 + s2[1] ** 2))
                W1 -= eta * stride * grads[0]
                W2 -= eta * stride * grads[1]


if __name__ == "__main__":
    train(sys.argv[1])

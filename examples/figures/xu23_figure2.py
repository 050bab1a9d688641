"""Figure 2 of Xu, Min, Tarmoun, Mallada, Vidal (AISTATS 2023): step sizes of several analyses.

    python examples/figures/xu23_figure2.py FOLDER

Balanced weights with a margin, X = I, n = 20, m = 1, three repetitions, 200 steps: Theorem 3.2's fixed step,
Algorithm 1, and the steps of Arora et al. (2018), Theorem 2, and Du et al. (2018), Theorem 3.1, which give no
rate and so no bound. The text has noise 0.01, h = 1000, c1 = 1/2, c2 = 3/2, p1^3/(49152 |Y|_F^4) and
eps = |Y|_F; the authors' public code, used here, 0.04, h = 500, c1 = 0.8, c2 = 1.2, 10^5 in place of 49152
and eps = |Y|_F/2.

Which reproduces: the code's noise gives the published L(0) = 10^-1.8, the text's 10^-3. Order and
shape of the curves are those published; the levels of all step sizes there are higher and would fit
targets |Y|_F of about 0.6, where W(0) ~ N(0, 1/4) makes 2.2.
"""
import sys

import numpy as np
from curves import curve, plain, save

CONSTANTS = {"c1": 0.8, "c2": 1.2}
REF = "xu23_prop32_adaptive@1"


def problem(seed, size=20, width=500, noise=0.04):
    """Data and weights as in the authors' public code."""
    rng = np.random.default_rng(seed)
    product = rng.normal(0, 0.5, (size, 1))
    U, s, V = np.linalg.svd(product, full_matrices=False)
    W1, W2 = np.zeros((size, width)), np.zeros((width, 1))
    W1[:, :1], W2[:1] = U * np.sqrt(s), np.sqrt(s)[:, None] * V
    return {"X": np.eye(size), "Y": product + noise * rng.standard_normal((size, 1)), "W1": W1, "W2": W2}


def arora(one, t):
    """Their step, the same at every t."""
    norm = np.linalg.norm(one["Y"])
    margin = norm - np.linalg.norm(one["Y"] - one["W1"] @ one["W2"])
    return max(margin, 0) ** 3 / (1e5 * norm**4)


def du(one, t):
    """Their step at t: Y has rank 1."""
    norm = np.linalg.norm(one["Y"])
    return np.sqrt(norm / 2) / (100 * (t + 1) * norm**1.5)


def figure(folder, repetitions=3, steps=200, **sizes):
    """Losses, bounds and steps."""
    problems = [problem(seed, **sizes) for seed in range(1, repetitions + 1)]
    panel, curves = "loss", []
    for series, rule, claim in (("fixed step", "f0", "product-f0"), ("Algorithm 1", "f", "product-f")):
        step = {"rule": rule, "of": REF, "parameters": CONSTANTS}
        curves.append(curve(panel, series, REF, claim, problems, steps, step, CONSTANTS))
    curves += [plain(panel, series, problems, steps, size)
               for series, size in (("Arora et al.", arora), ("Du et al.", du))]
    save(folder, "xu23_figure2", curves, with_steps=True)
    return curves


if __name__ == "__main__":
    figure(*sys.argv[1:] or ["."])

"""Figure 1 of Xu, Min, Tarmoun, Mallada, Vidal (TMLR 04/2025): how tight Theorem 3.2 is.

    python examples/figures/xu25_figure1.py FOLDER

A constant step with bound (17), and growing steps (19) for h = rhobar and h = rho with bound (20), on nine
settings; thirty repetitions, 50 steps; n = m = 10, X orthogonal, W1, W2 ~ N(0, 1), Y = X W1 W2 + s E with
E ~ N(0, 1), c = 1/2, d = 1.01, as the text prints them; no code of this paper is public. The numbers above
its panels, sigma^2 = 0.01, 0.1, 1, are s: the published L(0) falls by 10^4 from the last to the first.

Which reproduces: the text, for the growing steps: h = 500 and s = 1 give a bound of about 10^-20 for h = rho after
50 steps, published 10^-18.5, from L(0) = 10^1.7, published 10^1.4. The published bound of the constant step hardly
falls, here to 10^-14: its step must be smaller than eta_max, and is not printed. (20) prints the product
over k = 1..t; it runs over k < t.
"""
import sys

import numpy as np
from curves import curve, save

CONSTANTS = {"c": 0.5, "d": 1.01}
THEOREM, APPENDIX = "xu25_thm32_linear_rate@2", "xu25_eq104@1"
SERIES = (
    ("constant step", THEOREM, "geometric", {"fraction": 1.0}),
    ("h = rhobar", APPENDIX, "one-step", {"rule": "greedy_bar"}),
    ("h = rho", THEOREM, "one-step", {"rule": "greedy"}),
)


def problem(seed, noise, width, size=10):
    """Data and weights of section 4."""
    rng = np.random.default_rng(seed)
    X = np.linalg.qr(rng.standard_normal((size, size)))[0]
    W1, W2 = rng.standard_normal((size, width)), rng.standard_normal((width, size))
    return {"X": X, "Y": X @ W1 @ W2 + noise * rng.standard_normal((size, size)), "W1": W1, "W2": W2}


def figure(folder, repetitions=30, steps=50, widths=(500, 1000, 4000), noises=(0.01, 0.1, 1.0), **sizes):
    """Losses and bounds for each width and noise."""
    curves = []
    for width in widths:
        for noise in noises:
            problems = [problem(seed, noise, width, **sizes) for seed in range(1, repetitions + 1)]
            for series, ref, claim, step in SERIES:
                size = {**step, "of": ref, "parameters": CONSTANTS}
                curves.append(curve(f"h = {width}, sigma^2 = {noise:g}", series, ref, claim, problems,
                                    steps, size, CONSTANTS))
    save(folder, "xu25_figure1", curves)
    return curves


if __name__ == "__main__":
    figure(*sys.argv[1:] or ["."])

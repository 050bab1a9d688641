"""Double-descent curves: the theory, the exact mean at finite n, and what is measured.

    python examples/double_descent.py curves.csv [curves.png]

Columns: curve (synthetic, diabetes, digits), n, p, theory (limit n, p -> infinity), exact (mean at this n and
p, infinite within 1 of p = n), measured (median of 21 draws). Real data have no theory here.
The picture needs matplotlib.
"""
import csv
import math
import sys

import numpy as np

from experiments.double_descent.frozen import features
from experiments.double_descent.sweep import LABEL_NOISE, TEST_POINTS, test_error

SAMPLES, DRAWS, NOISE = 40, 21, 0.25
WIDTHS = (2, 5, 10, 20, 30, 36, 38, 40, 42, 44, 50, 60, 80, 120, 200, 400)


def theory(p):
    """Gaussian features, |beta| = 1, in the limit with p/n fixed (Hastie et al., 2022)."""
    g = p / SAMPLES
    if g == 1:
        return math.inf
    return NOISE * (1 + g / (1 - g)) if g < 1 else 1 - 1 / g + NOISE * (1 + 1 / (g - 1))


def exact(p):
    """The same at this very n (Belkin, Hsu, Xu, 2020)."""
    n = SAMPLES
    if abs(n - p) <= 1:
        return math.inf
    return NOISE * (n - 1) / (n - p - 1) if p < n else 1 - n / p + NOISE * (p - 1) / (p - n - 1)


def gaussian(p, rng):
    X, beta = rng.standard_normal((SAMPLES, p)), np.eye(p)[0]
    y = X @ beta + math.sqrt(NOISE) * rng.standard_normal(SAMPLES)
    return float(np.sum((np.linalg.lstsq(X, y, rcond=None)[0] - beta) ** 2)) + NOISE


def network(data):
    """Random ReLU features of real data, noisy labels."""
    def risk(p, rng):
        Z, Y = features(data, "relu", p, SAMPLES + TEST_POINTS, rng)
        noisy = Y[:SAMPLES, :1] + LABEL_NOISE * rng.standard_normal((SAMPLES, 1))
        return test_error(Z, Y[:, :1], noisy, 0.0)
    return risk


def curves():
    """A row for every curve and width; medians, because at p = n there is no mean."""
    for name, risk in (("synthetic", gaussian), *((one, network(one)) for one in ("diabetes", "digits"))):
        for p in WIDTHS:
            draws = [risk(p, np.random.default_rng([p, draw])) for draw in range(DRAWS)]
            known = (theory(p), exact(p)) if name == "synthetic" else ("", "")
            yield [name, SAMPLES, p, *known, float(np.median(draws))]


LABELS = {
    "synthetic": "Gaussian features", "diabetes": "diabetes, random ReLU features",
    "digits": "digits, random ReLU features",
}  # fmt: skip


def draw(rows, picture):
    """Test error against the number of features, on logarithmic axes."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 4.4), layout="constrained")
    for name, label in LABELS.items():
        mine = [row for row in rows if row[0] == name]
        axes.plot(WIDTHS, [row[5] for row in mine], "o-", markersize=4, label=f"{label}: median")
    axes.plot(WIDTHS, [exact(p) for p in WIDTHS], "k--", label="Gaussian features: exact mean")
    fine = [p / 4 for p in range(4 * WIDTHS[0], 4 * WIDTHS[-1] + 1)]
    axes.plot(fine, [theory(p) for p in fine], "k:", linewidth=1, label="Gaussian features: limit")
    axes.axvline(SAMPLES, color="0.7", zorder=0)
    axes.set(xscale="log", yscale="log", xlabel=f"features p (grey: p = n = {SAMPLES} samples)",
             ylabel="mean squared test error", title="Least-norm fit, noisy labels")
    ticks = (2, 5, 10, 20, 40, 100, 200, 400)
    axes.set_xticks(ticks, labels=ticks)
    axes.set_xticks([], minor=True)
    axes.set_ylim(0.2, 1.5 * max(row[5] for row in rows))
    axes.legend(fontsize="small", loc="upper left")
    figure.savefig(picture, dpi=150)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("Give the table to write, and the picture if there is to be one.")
    found = list(curves())
    with open(sys.argv[1], "w", newline="") as file:
        csv.writer(file).writerows([["curve", "n", "p", "theory", "exact", "measured"], *found])
    if len(sys.argv) == 3:
        draw(found, sys.argv[2])

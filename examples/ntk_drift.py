"""How far the tangent kernel of a two-layer network drifts in training, against its width.

    python examples/ntk_drift.py drift.csv [drift.png]

Columns: network, h, drift (largest |Theta_t - Theta_0|_F along the way), gap (largest distance of the errors to
those of the linearized network), both medians over 20 starts, and slope, the exponent of the drift fitted over
all widths. The picture needs matplotlib. Theory: -1 for the first two networks, -1/2 for the third; ReLU between.
"""
import csv
import sys

import numpy as np

from experiments.lazy_training.growing_width import widened
from harness import lazy_training as s

WIDTHS, STARTS = (64, 128, 256, 512, 1024, 2048, 4096, 8192), 20
NETWORKS = {
    "tanh": (0, 1, 1), "softplus": (0, 0, 1), "softplus, equal signs": (0, 0, 0), "relu": (1, 0, 1),
}  # fmt: skip
ANGLES, MISFIT, PACE, STEPS = (0.0, 1.0, 2.25), (1.0, -1.0, 0.5), 1.0, 8


def measured(network, h):
    """Medians of drift and gap."""
    found = [
        widened(*NETWORKS[network], ANGLES, MISFIT, PACE, STEPS, h, np.random.default_rng([h, start]))
        for start in range(STARTS)
    ]
    return [float(np.median([one[name] for one in found])) for name in (s.tangent_drift, s.linear_gap)]


def curves():
    """A row for every network and width."""
    for network in NETWORKS:
        rows = [measured(network, h) for h in WIDTHS]
        slope = float(np.polyfit(np.log(WIDTHS), np.log([drift for drift, _ in rows]), 1)[0])
        for h, row in zip(WIDTHS, rows, strict=True):
            yield [network, h, *row, slope]


def write(rows, table):
    with open(table, "w", newline="") as file:
        csv.writer(file).writerows([["network", "h", "drift", "gap", "slope"], *rows])


def draw(rows, picture):
    """Drift against width, on logarithmic axes, beside the slopes of the theory."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 4.4), layout="constrained")
    for network in NETWORKS:
        mine = [row for row in rows if row[0] == network]
        axes.plot(WIDTHS, [row[2] for row in mine], "o-", markersize=4,
                  label=f"{network} ({mine[0][4]:.2f})")
    lines = (("tanh", -1, "--"), ("softplus, equal signs", -0.5, ":"))
    for network, power, style in lines:
        top = 1.5 * next(row[2] for row in rows if row[0] == network)
        axes.plot(WIDTHS, [top * (h / WIDTHS[0]) ** power for h in WIDTHS], f"k{style}",
                  label=f"theory ({power})")
    axes.set(xscale="log", yscale="log", xlabel="width h",
             ylabel=r"largest $|\Theta_t - \Theta_0|_F$, median",
             title=f"Drift of the tangent kernel in {STEPS} steps")
    axes.set_xticks(WIDTHS, labels=WIDTHS)
    axes.set_xticks([], minor=True)
    axes.legend(title="network (slope)", fontsize="small")
    figure.savefig(picture, dpi=150)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("Give the table to write, and the picture if there is to be one.")
    found = list(curves())
    write(found, sys.argv[1])
    if len(sys.argv) == 3:
        draw(found, sys.argv[2])

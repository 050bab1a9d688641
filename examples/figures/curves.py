"""Losses along runs of two-layer linear networks beside what a theorem guarantees; CSV, and a plot.

Curves are means of log10 over repetitions; where a loss stays flat at its end, rounding is all that is left. The plot needs matplotlib (pip install 'boundcheck[plot]').
"""
import csv
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from harness.catalogue import two_layer_linear
from harness.discovery import finder
from harness.running.engines import engine_of
from harness.running.measure import finished_run
from harness.running.task import Task
from harness.running.view import View
from harness.symbols import loss

COLUMNS = ("panel", "series", "t", "mean_log10_loss", "sd_log10_loss", "mean_log10_bound",
           "mean_log10_step")


@dataclass
class Curve:
    """One line of one panel: arrays of shape (repetitions, steps + 1); no step follows the last state."""

    panel: str
    series: str
    loss: np.ndarray
    bound: np.ndarray
    step: np.ndarray


def curve(panel, series, ref, claim, problems, steps, step_size, parameters):
    """Train on every problem {X, Y, W1, W2}; the bound is that of a claim of a theorem.

    ``step_size`` as in a configuration. The bound of a claim about one step is multiplied up.
    Raises SystemExit where a hypothesis does not hold certainly.
    """
    theorem = finder.theorem(ref)
    configurations = tuple(
        two_layer_linear.complete({
            "loss": "squared", "data": "given", "init": "given", "samples": len(one["X"]),
            "features": len(one["W1"]), "outputs": len(one["W2"][0]), "width": len(one["W2"]),
            **{name: part.tolist() for name, part in one.items()},
            "seed": 0, "steps": steps, "step_size": step_size, "parameters": parameters,
        })
        for one in problems
    )
    task = Task(theorem, two_layer_linear, configurations)
    run = finished_run(task, engine_of(two_layer_linear), finder.theorem)
    view = View(run, theorem.hypotheses)

    def along(expression):
        found = view.evaluated(expression)
        return np.broadcast_to((found.lo + found.hi) / 2, (len(problems), found.lo.shape[1]))

    unmet = [name for name, (holds, _) in view.met(True).by_name.items() if not holds[:, :-1].all()]
    if unmet:
        raise SystemExit(f"{panel}, {series}: {theorem.ref} does not speak: {', '.join(unmet)}")
    said = next(one for one in theorem.claims if one.id == claim)
    measured, bound = along(loss), along(said.bound)
    if said.quantity == loss.next:
        rate = bound[:, :steps] / measured[:, :steps]
        bound = measured[:, :1] * np.cumprod(np.insert(rate, 0, 1, axis=1), axis=1)
    return Curve(panel, series, measured, bound, run.trace.step_sizes)


def plain(panel, series, problems, steps, size):
    """The same with step ``size(problem, t)`` and no bound: a step rule of no theorem here."""
    losses, sizes = np.empty((len(problems), steps + 1)), np.empty((len(problems), steps))
    for row, one in enumerate(problems):
        X, Y, W1, W2 = one["X"], one["Y"], one["W1"], one["W2"]
        for t in range(steps + 1):
            E = Y - X @ W1 @ W2
            losses[row, t] = (E**2).sum() / 2
            if t < steps:
                sizes[row, t] = eta = size(one, t)
                W1, W2 = W1 + eta * X.T @ E @ W2.T, W2 + eta * W1.T @ X.T @ E
    return Curve(panel, series, losses, np.full_like(losses, np.nan), sizes)


def write(path, curves):
    """One row a state of a curve."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for one in curves:
            logs = np.log10(one.loss)
            columns = [logs.mean(axis=0), logs.std(axis=0), np.log10(one.bound).mean(axis=0)]
            step = np.append(np.log10(one.step).mean(axis=0), np.nan)
            for t, row in enumerate(zip(*columns, step, strict=True)):
                table.writerow([one.panel, one.series, t, *(x if np.isfinite(x) else "" for x in row)])


def plot(path, curves, columns=3, with_steps=False):
    """Losses as lines, bounds dashed, one panel each; ``with_steps``: one more panel of step sizes.

    Later lines are thinner, so that those that coincide are all seen.
    """
    if importlib.util.find_spec("matplotlib") is None:
        print(f"no {path}: matplotlib is not installed (pip install 'boundcheck[plot]')")
        return
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    panels = list(dict.fromkeys(one.panel for one in curves))
    count = len(panels) + with_steps
    figure = Figure(figsize=(4.2 * min(count, columns), 3.4 * -(-count // columns)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(-(-count // columns), min(count, columns), squeeze=False).ravel()
    for axis, panel in zip(axes, panels, strict=False):
        lines = [one for one in curves if one.panel == panel]
        for color, one in enumerate(lines):
            logs = np.log10(one.loss)
            mean, sd = logs.mean(axis=0), logs.std(axis=0)
            axis.plot(mean, f"C{color}", linewidth=thickness(color), label=one.series)
            axis.fill_between(np.arange(len(mean)), mean - sd, mean + sd, color=f"C{color}", alpha=0.2)
            bound = np.log10(one.bound).mean(axis=0)
            axis.plot(bound, f"C{color}--", linewidth=thickness(color))
        axis.set(title=panel, xlabel="step t", ylabel="log10 L(t), mean and sd")
    if with_steps:
        for color, one in enumerate(curves):
            step = np.log10(one.step).mean(axis=0)
            axes[count - 1].plot(step, f"C{color}", linewidth=thickness(color))
        axes[count - 1].set(title="step sizes", xlabel="step t", ylabel="log10 of the step size, mean")
    for axis in axes[count:]:
        axis.set_visible(False)
    handles, labels = axes[0].get_legend_handles_labels()
    bound = Line2D([], [], color="0.4", linestyle="--")
    figure.legend([*handles, bound], [*labels, "bound"], loc="outside lower center", ncols=len(labels) + 1)
    figure.savefig(path, dpi=150)


def thickness(place):
    return max(0.8, 3.2 - 0.8 * place)


def save(folder, name, curves, **layout):
    """FOLDER/NAME.csv, and FOLDER/NAME.png where matplotlib is there."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / f"{name}.csv", curves)
    plot(folder / f"{name}.png", curves, **layout)

"""Recorded runs as experiments: a table with one row a step, from any loop in any framework.

``boundcheck check ID --traces run.csv`` reads columns named like symbols (loss, eta, lam1_D; `boundcheck
show ID` says what each means and how it is normalised). Row t holds the state before step t and the
step size taken from it; what belongs to a step (eta) may be empty in the last row. Optional columns:

* ``run`` names the run a row belongs to, where a file holds several;
* ``t`` or ``step`` counts the rows of a run from 0;
* ``NAME_error`` bounds the absolute error of NAME, for small differences of large numbers.

Symbols that do not change during a run are constant columns, or given by ``--set inputs=3``; the
theorem's free constants by ``--set 'parameters={"c1":0.5}'``. The step size is what was recorded: a
theorem's step limit only serves as its hypothesis. Claims that lack symbols are not run, and are
named. Where a hypothesis cannot be checked its rows are undecided unless ``--assume HYPOTHESIS``.

Every number carries a relative error of 2^-44 (``--trace-error R`` sets another; numbers that are
all float32 get 1e-5) and half a unit in the last place written: see :mod:`harness.tracing.engine`.
A claim about one step speaks of the exact step from the recorded state, so the loop's own rounding in
that step belongs to this error, too.
"""

# Each target does all its own set-up on a fresh machine: Python 3.11 or newer is all it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= 2

FALSE := benchmarks/falsification
GAPS := xu23_thm32_linear_rate xu23_thm31_spectral@2 xu23_prop31 xu23_lem31_onestep xu23_drift \
	xu25_thm31_local_descent_pl xu25_thm31_local_rate xu25_eq104@2 \
	$(FALSE)/o06_nesterov_monotone.py::nesterov_rate $(FALSE)/o11_imbalance.py::slow_drift \
	$(FALSE)/o11_imbalance.py::drift_and_descent $(FALSE)/o18_softmax_049.py::one_half \
	$(FALSE)/o20_subgaussian_without_linear_term.py::bernstein $(FALSE)/o23a_pl_rate.py::plain \
	$(FALSE)/o23c_ntk_constant.py::nearly_constant_kernel

.PHONY: check test quality falsify lint thorough gaps gaps-all worth bench clean

## check: put the whole catalogue to the test (the main job); CSV files in boundcheck-results/
check: $(READY)
	$(BIN)/boundcheck check --jobs $(JOBS)

## test: the test suite
test: $(READY)
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist worksteal

## quality: the quality of our own judgement, at full effort, with its figures
quality: $(READY)
	BOUNDCHECK_QUALITY=full OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/quality -n $(JOBS)

## falsify: known-false claims are refuted, their true neighbours are not; table in boundcheck-falsify/
falsify: $(READY)
	$(BIN)/python benchmarks/falsify.py --jobs $(JOBS)

## lint: style, types, import contracts
lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

## thorough: the catalogue on many thousand configurations
thorough: $(READY)
	$(BIN)/boundcheck check --profile thorough --jobs $(JOBS) --out boundcheck-thorough

## gaps: the table docs/GAPS.md of constants printed and needed, about ten minutes (3: some unknown)
gaps: $(READY)
	$(BIN)/boundcheck tighten $(GAPS) --budget 1000 --jobs $(JOBS) --out boundcheck-gaps \
		--markdown docs/GAPS.md || test $$? -eq 3

## gaps-all: every claim of the catalogue with fewer configurations, docs/GAPS-CATALOGUE.md
gaps-all: $(READY)
	$(BIN)/boundcheck tighten '*' --budget 200 --jobs $(JOBS) --out boundcheck-gaps \
		--markdown docs/GAPS-CATALOGUE.md || test $$? -eq 3

## worth: the table docs/CONTROLS.md of sharper bounds that the catalogue's own runs refute
worth: $(READY)
	$(BIN)/boundcheck controls '*' --jobs $(JOBS) --out boundcheck-controls --markdown docs/CONTROLS.md

## bench: speed, beside other ways of doing the same; a table and bench.json (QUICK=--quick: minutes)
bench: $(READY) .venv-jax
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python benchmarks/bench.py $(QUICK) --jax .venv-jax/bin/python

# for the benchmark only; without it the rows beside jax are left out, and a line says so
.venv-jax:
	$(PYTHON) -m venv $@
	-$@/bin/python -m pip install --quiet jax

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $(READY)

clean:
	rm -rf $(VENV) .venv-jax boundcheck-results boundcheck-thorough boundcheck-gaps boundcheck-controls boundcheck-falsify

# Each target does all its own set-up on a fresh machine: Python 3.11 or newer is all it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= 2

.PHONY: check test quality lint thorough bench clean

## check: put the whole catalogue to the test (the main job); CSV files in boundcheck-results/
check: $(READY)
	$(BIN)/boundcheck check --jobs $(JOBS)

## test: the test suite
test: $(READY)
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS)

## quality: the quality of our own judgement, at full effort, with its figures
quality: $(READY)
	BOUNDCHECK_QUALITY=full OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/quality -n $(JOBS)

## lint: style, types, import contracts
lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

## thorough: the catalogue on many thousand configurations
thorough: $(READY)
	$(BIN)/boundcheck check --profile thorough --jobs $(JOBS) --out boundcheck-thorough

## bench: speed, beside other ways of doing the same; a table and bench.json
bench: $(READY)
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python benchmarks/bench.py

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $(READY)

clean:
	rm -rf $(VENV) boundcheck-results boundcheck-thorough

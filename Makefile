# Medråd. `make serve` and `make test` do everything on a fresh machine; the README says what else there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check -q
RUNTIME := $(VENV)/runtime.stamp
TESTING := $(VENV)/testing.stamp

.PHONY: serve install ingest test check lint eval lock clean

serve: install ingest
	@$(BIN)/medraad serve

install: $(RUNTIME)
	@$(BIN)/python -m ingest.model
	@$(BIN)/python -m ingest.words

ingest: install
	@$(BIN)/medraad ingest

test: $(TESTING) install
	@$(BIN)/python -m pytest

check: $(TESTING) install lint
	@$(BIN)/python -m pytest

lint: $(TESTING)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

eval: $(TESTING) ingest
	@$(BIN)/python -m eval

$(RUNTIME): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Medråd trenger Python 3.11 eller nyere.") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installerer pakker i $(VENV) …"
	@$(PIP) install -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# torch first, by its exact version: the newest one would bring gigabytes of GPU libraries.
$(TESTING): requirements-dev.lock $(RUNTIME)
	@echo "Installerer det testene trenger …"
	@$(PIP) install -r requirements-dev.lock
	@touch $@

lock: $(TESTING)
	@$(BIN)/python -m tests.lock

clean:
	rm -rf $(VENV) var

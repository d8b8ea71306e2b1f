# Medråd. `make serve` and `make test` do everything on a fresh machine; the README says what else there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check -q
RUNTIME := $(VENV)/runtime.stamp
TESTING := $(VENV)/testing.stamp

.PHONY: serve install ingest test check lint eval gate api model-server test-model lock clean

# A document that cannot be used is named and does not keep the others from answering.
serve: install
	@$(BIN)/medraad ingest || $(BIN)/medraad status
	@$(BIN)/medraad serve

# Compiled once here: where Python may not write beside the code, each start would compile it anew.
install: $(RUNTIME)
	@$(BIN)/python -m compileall -q ingest assistant eval
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

# Fails where answers have become worse than eval/thresholds.toml allows; CI calls it.
gate: $(TESTING) ingest
	@$(BIN)/python -m eval --split dev --no-baseline --gate >var/gate.txt || { tail -20 var/gate.txt; exit 1; }
	@tail -1 var/gate.txt

# Every operation of the API, 2,000 made-up requests each; about an hour.
api: $(TESTING) ingest
	@nice -n 10 $(BIN)/python -m tests.openapi

model-server: install
	@nice -n 19 $(BIN)/python -m eval.localmodel --port 8081

# With model-server running in another shell.
test-model: install ingest
	@MEDRAAD_CHAT_MODEL=local MEDRAAD_CHAT_BASE_URL=http://127.0.0.1:8081/v1 MEDRAAD_CHAT_TIMEOUT=3600 \
	 MEDRAAD_CHAT_FIRST_TOKEN_TIMEOUT=3600 MEDRAAD_CHAT_MAX_TOKENS=160 MEDRAAD_CHAT_PASSAGES=1500 \
	 $(BIN)/python -m eval.transcript --questions 30 --out var/transcript.md

$(RUNTIME): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Medråd trenger Python 3.11 eller nyere.") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installerer pakker i $(VENV) …"
	@$(PIP) install -r requirements.lock
	@PYTHONWARNINGS=ignore $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# torch is pinned there to a build for the CPU: the newest one would bring gigabytes of GPU libraries.
$(TESTING): requirements-dev.lock $(RUNTIME)
	@echo "Installerer det testene trenger …"
	@$(PIP) install -r requirements-dev.lock
	@touch $@

lock: $(TESTING)
	@$(BIN)/python -m tests.lock

clean:
	rm -rf $(VENV) var

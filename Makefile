# One command each; every target makes .venv first when it is missing or older than the locks.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check format docs bench soak mutants requirements lock clean

VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock
DEV_LOCK := requirements-dev.lock
TITANPY_LOCK := requirements-titanpy.lock
TITANPY := $(VENV)/titanpy/.made
SEEDS ?= 1000
SEED_BASE ?= 0
EXPORTS ?= 5000
EVENTS ?= 20000
LONG := tests/simulation tests/journey/servicetitan/test_gated_export.py tests/journey/servicetitan/test_day_without_books.py
ARGS ?=
NODE_PACKAGES := $(patsubst %,%/node_modules/.package-lock.json,tests/contract/node tests/browser/node)

# The first of these that is Python 3.11 to 3.13, else any newer one. PYTHON=/path/to/python overrides.
CANDIDATES := python3 python3.13 python3.12 python3.11 python
SUITS = -c 'import sys; sys.exit(not $(1))' >/dev/null 2>&1
PYTHON ?= $(shell for p in $(CANDIDATES); do $$p $(call SUITS,(3, 11) <= sys.version_info[:2] <= (3, 13)) && { command -v $$p; exit; }; done; \
	for p in $(CANDIDATES); do $$p $(call SUITS,sys.version_info[:2] >= (3, 11)) && { command -v $$p; exit; }; done)

help: ## show what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 20

setup: $(VENV)/.tools $(TITANPY) | $(NODE_PACKAGES) ## make .venv with everything needed to work on Tieout
	@echo "Ready: $(BIN)/tieout, and make test, make check, make demo."

demo: $(VENV)/.runtime ## start the hub with the demonstration systems and print the address
	@$(BIN)/tieout demo $(ARGS)

test: $(VENV)/.tools $(TITANPY) | $(NODE_PACKAGES) ## run every test
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: $(VENV)/.tools ## format, lint, types, imports, vendor words, documents
	@$(BIN)/python scripts/check.py $(ARGS)

format: $(VENV)/.tools ## put the code into its normal form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix --quiet .

docs: $(VENV)/.tools ## write the tables in docs/ that repeat what the product knows
	@$(BIN)/python scripts/docs_tables.py

bench: $(VENV)/.tools ## measure throughput and latency on this machine
	@$(BIN)/tieout bench --page docs/benchmarks.md $(ARGS)

soak: $(VENV)/.tools ## run SEEDS seeds of the simulation from SEED_BASE on, EXPORTS documents at once, EVENTS on a day without books
	@SEEDS=$(SEEDS) SEED_BASE=$(SEED_BASE) EXPORTS=$(EXPORTS) EVENTS=$(EVENTS) $(BIN)/python -m pytest $(LONG) $(ARGS)

mutants: $(VENV)/.tools ## break one guarantee at a time and see that the simulation notices
	@SEEDS=$(SEEDS) SEED_BASE=$(SEED_BASE) $(BIN)/python scripts/mutants.py $(ARGS)

requirements: $(VENV)/.tools ## print which requirement numbers are proved by which tests
	@$(BIN)/python scripts/requirements.py $(ARGS)

lock: $(VENV)/.tools ## write the lock files again from pyproject.toml
	@$(BIN)/python scripts/lock.py $(ARGS)

clean: ## remove .venv and caches; data directories stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Tieout needs Python 3.11 or newer and found none: install it, or run make PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian and Ubuntu: python3-venv), then run make again"; exit 1; }

$(VENV)/.runtime: $(LOCK) pyproject.toml | $(BIN)/python
	@echo "Installing what Tieout needs into $(VENV) (once, or after a change of the lock)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.tools: $(DEV_LOCK) $(VENV)/.runtime
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(DEV_LOCK)
	@touch $@

# A client of ServiceTitan that needs older versions of what the rest uses; tests run it as a process of its own.
$(TITANPY): $(TITANPY_LOCK) | $(BIN)/python
	@rm -rf $(@D)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target $(@D) -r $(TITANPY_LOCK)
	@touch $@

# The vendor's Node SDK and the accessibility rules are run by tests; without Node they say so in one line.
%/node_modules/.package-lock.json: %/package-lock.json
	@if command -v npm >/dev/null 2>&1; then npm ci --prefix $* --no-audit --no-fund --ignore-scripts --loglevel=error >/dev/null \
		|| echo "The Node packages of $* could not be installed; the tests that use them will say so."; fi

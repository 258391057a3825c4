# On the Record. `make run` shows it at work, `make test` tests it; both set up what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The sample run has a home of its own, so that it never touches yours.
SAMPLE_HOME ?= data/sample

.DEFAULT_GOAL := help
.PHONY: help install run test test-slow test-all lint bench docs site audit requirements clean

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

install: $(VENV)/.installed ## Set up .venv with ontherecord and the duckdb client in its bin

# `compat` puts this folder on Python's path. By default, a finder comes after the path, where Python first takes
# a clone named `ontherecord` in the current folder for the package.
# Requirements name every package, so nothing is resolved; each is checked by its hash.
PIP_INSTALL := $(BIN)/pip install -qq --disable-pip-version-check --no-deps
$(VENV)/.installed: requirements.txt pyproject.toml
	@echo "Setting up $(VENV): about 170 packages, a minute the first time ..."
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || { echo "Python 3.11 to 3.14 is needed. Choose one: make PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@$(PIP_INSTALL) --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Adding what tests, lint and benchmarks need to $(VENV): about 120 packages ..."
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

run: install ## Load the sample articles by a Prefect flow and ask who is quoted most
	@$(BIN)/ontherecord ingest tests/articles --home $(SAMPLE_HOME) --prefect
	@$(BIN)/ontherecord sql --home $(SAMPLE_HOME) --file sql/queries/most_quoted_people.sql

# Three at a time, on two processors too: many wait for servers and other processes.
PYTEST := $(BIN)/pytest -n 3 --no-loadscope-reorder

test: $(VENV)/.installed-dev ## Run the tests but for the slow ones: ten minutes
	@$(PYTEST) -m "not slow"

test-slow: $(VENV)/.installed-dev ## Run the slow tests: kills, full disks, clusters, servers, clocks
	@$(PYTEST) -m "slow"

test-all: ## Run all tests
	@$(MAKE) test
	@$(MAKE) test-slow

lint: $(VENV)/.installed-dev ## Check style, types and SQL
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar --quiet sql

bench: $(VENV)/.installed-dev ## Measure quotes and speakers against the gold sets, where they are
	@$(BIN)/python bench/accuracy.py polnear --ids eval150
	@$(BIN)/python bench/accuracy.py conllpp20

docs: $(VENV)/.installed-dev ## Generate the pages of commands, settings, tables and queries
	@$(BIN)/python docs/pages.py

site: $(VENV)/.installed-dev ## Build the docs into build/site, and fail on dead links
	@$(BIN)/sphinx-build -q -W --keep-going -c docs -d build/site-cache . build/site
	@echo "Open build/site/index.html"

audit: $(VENV)/.installed-dev ## Say which pinned packages have known holes or are old; fails if that could not be checked
	@$(BIN)/python .ci/audit.py

COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --quiet \
	--generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --custom-compile-command 'make requirements'
requirements: $(VENV)/.installed-dev ## Pin the newest versions pyproject.toml allows, with hashes, and list their licences and ages
	@$(COMPILE) --extra dev --upgrade --output-file requirements-dev.txt > /dev/null
	@$(COMPILE) --extra forms --constraint requirements-dev.txt --output-file requirements.txt > /dev/null
	@$(BIN)/python .ci/packages.py

clean: ## Remove .venv and the sample run
	@rm -rf $(VENV) $(SAMPLE_HOME) build *.egg-info

# On the Record. `make run` shows it at work, `make test` tests it; both set up what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The sample run has a home of its own, so that it never touches yours.
SAMPLE_HOME ?= data/sample

.DEFAULT_GOAL := help
.PHONY: help install run test lint bench docs audit requirements clean

help: ## Say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

install: $(VENV)/.installed ## Set up .venv with ontherecord and the duckdb client in its bin

$(VENV)/.installed: requirements.txt pyproject.toml
	@echo "Setting up $(VENV): about 150 packages, a minute or two the first time ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one with make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@# The requirements name every package there is, so nothing needs resolving; each is checked by its hash.
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: install ## Load the sample articles by a Prefect flow and ask who is quoted most
	@$(BIN)/ontherecord ingest tests/articles --home $(SAMPLE_HOME) --prefect
	@$(BIN)/ontherecord sql --home $(SAMPLE_HOME) --file sql/queries/most_quoted_people.sql

test: install ## Run the tests
	@# Three at a time, on two processors too: many wait for servers and other processes.
	@$(BIN)/pytest -n 3 --no-loadscope-reorder

lint: install ## Check style, types and SQL
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar --quiet sql

bench: install ## Measure quotes and speakers against the gold sets, where they are
	@$(BIN)/python bench/accuracy.py polnear --ids eval150
	@$(BIN)/python bench/accuracy.py conllpp20

docs: install ## Make docs/dictionary.md and docs/queries.md from the sample articles
	@$(BIN)/python docs/pages.py

audit: install ## Say which pinned packages have known holes, as far as the network reaches
	@$(BIN)/python .ci/audit.py

requirements: install ## Pin pyproject.toml's dependencies anew, with hashes, into requirements.txt
	@echo '# Every package, pinned and hashed, made from pyproject.toml by `make requirements`. Do not edit by hand.' > requirements.txt.new
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade --quiet \
		--generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-header >> requirements.txt.new
	@mv requirements.txt.new requirements.txt

clean: ## Remove .venv and the sample run
	@rm -rf $(VENV) $(SAMPLE_HOME) build *.egg-info

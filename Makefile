# Two commands: `make run` serves the graph, `make test` proves it. Both set up what they need.
.DELETE_ON_ERROR:
.PHONY: run test retest check bench build clean

PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
CONSTRAINTS := .ci/constraints.txt

run: .venv/run
	@$(BIN)/stadtwissen releases list | grep -q '^\*' || $(BIN)/stadtwissen build
	@$(BIN)/stadtwissen serve --port $(PORT)

build: .venv/run
	$(BIN)/stadtwissen build

test: .venv/test
	@sh .ci/programs test
	@.ci/test

retest: .venv/test
	@sh .ci/programs test
	@.ci/test again

check: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/turtlefmt --check ontology shapes

bench: .venv/test
	@sh .ci/programs bench
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf .venv data/build dist

.venv/run: pyproject.toml $(CONSTRAINTS) .ci/assets sparql_api/package-lock.json
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=…")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint $(CONSTRAINTS) --editable .
	@sh .ci/assets
	touch $@

.venv/test: .venv/run
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint $(CONSTRAINTS) --editable '.[test]'
	touch $@

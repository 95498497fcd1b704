# Two commands do everything: `make ingest` reads the inbox into the register, `make test` runs the tests.
# Each sets up .venv by itself, from the pinned lock, once; again only where the lock, pyproject.toml, the Python
# or the place of the project has changed. Each also asks once for the programs that read scans and .doc files.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
INBOX ?= corpus/inbox
REGISTER ?= outputs/register.db
GOLD ?= corpus/gold
TRAIN ?= ../shared/gold/dev ../shared/gold/seeds

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
HERE := $(shell $(PYTHON) -c 'import os, sys, zlib; print("%d.%d-%08x" % (*sys.version_info[:2], zlib.crc32(os.fsencode(os.getcwd()))))' 2>/dev/null)
RUNTIME := $(VENV)/.runtime-$(HERE)
DEV := $(VENV)/.dev-$(HERE)
SYSTEM := $(VENV)/.system
BROWSER := $(VENV)/.browser

.PHONY: help setup system ingest web test lint types train eval gate gate-update bench load fuzz samples pictures lock check clean

help: ## List every target
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: $(RUNTIME) $(SYSTEM) ## Make .venv with what the congvan command needs
	@echo "$(BIN)/congvan is ready"

system: $(RUNTIME) ## Install what reads scans and .doc files (Tesseract, LibreOffice Writer) with apt
	@.ci/system && touch $(SYSTEM)

ingest: $(RUNTIME) $(SYSTEM) ## Read new documents into the register (INBOX=folder, REGISTER=file)
	@$(BIN)/congvan ingest --lenient --register "$(REGISTER)" "$(INBOX)"

web: $(RUNTIME) ## Open the register in a browser (REGISTER=file, ARGS="--port 8080 --open")
	@$(BIN)/congvan web --register "$(REGISTER)" $(ARGS)

test: $(DEV) $(SYSTEM) $(BROWSER) ## Run all tests
	@$(BIN)/python tests/parts.py

lint: $(DEV) ## Check style and formatting (ruff)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(DEV) ## Check types (mypy, strict in extractors/)
	@$(BIN)/mypy

train: $(RUNTIME) $(SYSTEM) ## Fit the weights of confidence to gold (TRAIN="folder folder", ARGS=--write keeps them)
	@$(BIN)/python -m pipeline.training $(TRAIN) $(ARGS)

eval: $(RUNTIME) $(SYSTEM) ## Score the extraction against hand-made gold, and list every miss (GOLD=folder)
	@$(BIN)/congvan evaluate --errors "$(GOLD)"

gate: $(DEV) $(SYSTEM) ## Fail where a figure is lower than pinned in corpus/gate.json
	@$(BIN)/python -m pipeline.gate check

gate-update: $(DEV) $(SYSTEM) ## Pin the figures reached (to lower one: ARGS='--allow-regression --reason "..."')
	@$(BIN)/python -m pipeline.gate update $(ARGS)

bench: $(DEV) $(SYSTEM) ## Measure speed: extraction against pdfplumber, an unchanged folder again, tables of 50,000 rows
	@$(BIN)/python tests/bench.py
	@$(BIN)/python tests/bench_queries.py
	@$(BIN)/python tests/bench_export.py

load: $(DEV) ## Let 50 people use the pages for two minutes at 100,000 obligations (ARGS="--seconds 30 --kill")
	@$(BIN)/python tests/load_web.py $(ARGS)

fuzz: $(DEV) ## Feed damaged files to the readers (ARGS="--minutes 5 --seed 1")
	@nice $(BIN)/python tests/fuzz.py $(ARGS)

samples: $(DEV) $(SYSTEM) ## Make the sample documents again from corpus/sources
	@$(BIN)/python corpus/make_samples.py

pictures: $(DEV) $(SYSTEM) ## Take the pictures of docs/pictures anew, of the samples in the browser
	@$(BIN)/python tests/web/pictures.py

lock: ## Pin the newest versions that pyproject.toml allows, with hashes
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@build/lock/bin/uv pip compile $(LOCK_FLAGS) pyproject.toml --extra build --output-file requirements.lock
	@build/lock/bin/uv pip compile $(LOCK_FLAGS) pyproject.toml --extra build --extra dev \
		--constraints requirements.lock --output-file requirements-dev.lock
LOCK_FLAGS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"

check: ## Everything that CI runs
	@.ci/run

clean: ## Remove .venv and caches; the inbox and outputs/ stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements.lock pyproject.toml
	@.ci/venv "$(PYTHON)" $(VENV)
	@$(PIP) --only-binary :all: --require-hashes -r requirements.lock
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.runtime-* && touch $@

$(DEV): $(RUNTIME) requirements-dev.lock
	@$(PIP) --only-binary :all: --require-hashes -r requirements-dev.lock
	@rm -f $(VENV)/.dev-* && touch $@

$(SYSTEM): .ci/system | $(RUNTIME)
	@.ci/system
	@touch $@

$(BROWSER): .ci/browser | $(RUNTIME)
	@.ci/browser
	@touch $@

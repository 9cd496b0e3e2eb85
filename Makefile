# The newcomer's door. `make` alone lists what can be asked for.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

# A prompt is text: taken as it was typed, never expanded by make, and handed on in the
# environment, so that quotes, apostrophes and dollar signs arrive as they are.
unexport PROMPT
export QL_DEMO_PROMPT := $(value PROMPT)
export PYTHON

SOURCES := $(wildcard apps/*/src packages/*/src) tests benchmarks evaluation
# Each process of tests has servers of its own, which is why there are few; one more than a small
# machine has cores, because they wait half of their time. Files stay whole, and in their order.
IN_PARALLEL := --numprocesses $(shell n=$$(nproc); echo $$((n > 3 ? 4 : n + 1))) --dist loadfile --no-loadscope-reorder
BIN := .venv/bin

.PHONY: help setup up down demo test test-fast test-local-model lint format bench evaluate

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## Make .venv and get what the machine lacks; quick when there is nothing to do.
	@infrastructure/setup/setup.sh

up: setup ## Start the platform in the background.
	@$(BIN)/quantumlayer up

down: ## Stop the platform.
	@if [[ -x $(BIN)/quantumlayer ]]; then $(BIN)/quantumlayer down; else echo "nothing is set up"; fi

demo: setup ## Generate, verify and test an application: make demo PROMPT="A library service …"
	@$(BIN)/quantumlayer demo $(if $(ACCEPT_PARTIAL),--accept-partial) $${QL_DEMO_PROMPT:+-- "$$QL_DEMO_PROMPT"}

test: lint ## Run every check and every test.
	@$(BIN)/pytest $(IN_PARALLEL)

test-fast: setup ## Run the tests that take less than five seconds each.
	@$(BIN)/pytest $(IN_PARALLEL) -m "not slow"

test-local-model: setup ## Ask a real model of 135M parameters through router and gateway.
	@$(BIN)/pytest tests/local_model

lint: setup ## Check format, lint, types and the doors between the packages.
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy $(SOURCES)
	@$(BIN)/lint-imports --no-logo

format: setup ## Format the sources and fix what can be fixed.
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

bench: setup ## Run one benchmark: make bench NAME=run
	@[[ -n "$(NAME)" && -f "benchmarks/$(NAME).py" ]] || { \
	  echo "make bench NAME=…, one of: $(filter-out __%,$(notdir $(basename $(wildcard benchmarks/*.py))))" >&2; \
	  exit 2; }
	@$(BIN)/python -m benchmarks.$(NAME)

evaluate: setup ## Check what a model makes by checks it never saw: make evaluate MODEL=… SET=stacks MEMORY=both
	@$(BIN)/python -m evaluation $(if $(MODEL),--model $(MODEL)) $(if $(SET),--set $(SET)) $(if $(MEMORY),--memory $(MEMORY)) $(SENTENCES)

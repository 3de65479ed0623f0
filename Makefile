# Two commands matter: make run, make test. Everything they need lands in .venv and var.
PYTHON ?= python3
PORT ?= 8000
SEED ?= $(shell date +%s)
SECONDS ?= 60
BIN := .venv/bin
RUNTIME := .venv/.runtime
DEV := .venv/.dev
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header
ENGLISH := portal/translations/en/LC_MESSAGES/messages.po
MARKS := --keyword lazy_gettext --keyword lazy_pgettext:1c,2
export PORT
# Compiled modules are kept: the tests start many processes, each three times as slow without.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check browser chaos bench translations lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: $(RUNTIME) ## Start everything, with sample people, on http://localhost:8000 (PORT=…)
	@exec $(BIN)/flask --app wsgi dev

test: check browser ## Run every check and every test
	@$(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=loadgroup

check: $(DEV) ## Run the checks that need no test: style, types, arrows of the house, templates
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --lint --quiet --profile=jinja templates

browser: $(DEV) # The browser that the tests drive: found or installed
	@$(BIN)/python -m tests.browser.chromium

chaos: $(DEV) ## A long storm over real processes (SEED=…, SECONDS=…)
	@CHAOS_SEED=$(SEED) CHAOS_SECONDS=$(SECONDS) $(BIN)/pytest --capture=no tests/chaos/test_chaos.py

bench: $(DEV) ## Measure speed, each figure beside its baseline
	@$(BIN)/python -m bench

translations: $(DEV) ## Bring the English catalogue up to date with the texts in code and templates
	@$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml $(MARKS) --no-wrap \
		--add-location file --sort-by-file --output .venv/texts.pot .
	@$(BIN)/pybabel --quiet update --locale en --input-file .venv/texts.pot --output-file $(ENGLISH) \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100

lock: $(DEV) ## Pin the newest versions that fit together, with hashes
	@$(COMPILE) --upgrade requirements.in --output-file requirements.txt
	@$(COMPILE) --upgrade requirements-dev.in --output-file requirements-dev.txt

clean: ## Remove .venv and every cache; sample data in var stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements.txt
$(DEV): requirements-dev.txt
$(RUNTIME) $(DEV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "$(PYTHON) is not Python 3.11 or newer; name one: make PYTHON=python3.12 …" >&2; \
		exit 1; }
	@echo "Installing $< into .venv …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@ $(RUNTIME)

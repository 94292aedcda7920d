# make verify   install into .venv, derive and judge every result, compare with PyTorch
# make test     install the development tools too, run the tests
# make sweep    the slow tests: the kernel against ball arithmetic on 10,000 random expressions
# make lint     ruff, pyright, import-linter
# make site     the records of a run, unless they are current, then the site, into site/
# make serve    the same, and a server that shows an edit as soon as it is saved
# make test-site   the site in a real browser: Debian's chromium, or CHROMIUM=/path/to/it
# make gpu      the numeric checks on a CUDA device, from the checkout, with the Python that has torch
#
# PYTHON=python3.12 make test   chooses the interpreter;  VENV=dir chooses where it installs.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
PYTEST_ARGS ?=

BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
HOUSE := pyproject.toml constraints.txt

.DEFAULT_GOAL := verify
.PHONY: verify test sweep lint site serve test-site gpu clean

verify: $(VENV)/.installed
	$(BIN)/gradproof verify

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

sweep: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n $(WORKERS) -m slow --timeout 600 $(PYTEST_ARGS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

# Never quietly: -q would silence the warnings that --strict counts, and the build would pass.
site: $(VENV)/.installed-site
	$(BIN)/python -m gradproof.site.records
	$(BIN)/python -m gradproof.site.experiment_records
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --site-dir .cache/site
	rm -rf site && mv .cache/site site # a build that fails leaves the last site as it was

serve: $(VENV)/.installed-site
	$(BIN)/python -m gradproof.site.records
	$(BIN)/python -m gradproof.site.experiment_records
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve --dirty --no-strict

test-site: $(VENV)/.installed-site-test
	$(BIN)/python -m gradproof.site.records
	$(BIN)/python -m gradproof.site.experiment_records
	$(BIN)/python -m pytest -n $(WORKERS) -m browser tests/site $(PYTEST_ARGS)

gpu:
	@$(PYTHON) -c "import torch, sympy" 2>/dev/null || { echo "make gpu runs in the checkout, with a Python that has" \
	  "torch, NumPy and SymPy; '$(PYTHON)' has not. Name one: make gpu PYTHON=python3.12" >&2; exit 1; }
	PYTHONPATH=. $(PYTHON) -m numeric --device cuda --dtype float64 --dtype float32

clean:
	rm -rf $(VENV)

# The stamps make a second run install nothing, until the requirements change.
$(VENV)/.installed: $(HOUSE) | $(BIN)/python
	$(INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: $(HOUSE) | $(BIN)/python
	$(INSTALL) -e ".[dev]"
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-site: $(HOUSE) | $(BIN)/python
	$(INSTALL) -e ".[site]"
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-site-test: $(HOUSE) | $(BIN)/python
	$(INSTALL) -e ".[site-test]"
	@touch $@ $(VENV)/.installed-dev $(VENV)/.installed-site $(VENV)/.installed

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "gradproof needs Python 3.11, 3.12 or 3.13;" \
	  "'$(PYTHON)' was not found. Name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || { \
	  echo "gradproof needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is $$($(PYTHON) -V)." \
	  "Name another: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

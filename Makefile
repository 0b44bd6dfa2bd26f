# On a fresh machine: Python 3.11 or newer, git and make. `make help` lists what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
BENCHMARKS := $(wildcard benchmarks/*.py)
SECONDS := 3600
FUZZED := book glossary pronunciation markdown
CODE := src tests $(if $(BENCHMARKS),benchmarks)
# One process more than there are cores, as many tests wait. Each has a part of the suite from the beginning, so
# that what the tests of a module share is made once, as a rule, and takes from the others when it is done.
SPREAD = --numprocesses $$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)') --dist worksteal

.DEFAULT_GOAL := help
.PHONY: book test soak lint readers mbrola fuzz audit wheels clean help

book: $(VENV)/.ready ## build this repository's book: build/*.epub and audio/*.mp3
	@$(BIN)/hakawati build

# Modules stay compiled whatever the machine is set to: tests start thousands of processes.
test: lint readers mbrola ## check style and types, then run every test and measure what they reach
	@$(BIN)/coverage erase
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest $(SPREAD) --durations 25 --cov --cov-report term

soak: $(VENV)/.ready-dev ## run the tests that go on for many minutes: builds killed at every moment
	@$(BIN)/python -m pytest --numprocesses auto -m soak

lint: $(VENV)/.ready-dev ## check style and types only
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/ruff format --check --quiet $(CODE) || { $(BIN)/ruff format --check $(CODE); exit 1; }
	@$(BIN)/mypy --no-error-summary $(CODE)
	@echo "Style and types are sound."

readers: $(VENV)/.ready-dev ## install the reading systems that the tests open books with
	@$(BIN)/python -m tests.readers.install

mbrola: $(VENV)/.ready-dev ## fetch MBROLA and its voices, which the tests listen to
	@$(BIN)/python -m tests.voices.mbrola_packages

fuzz: $(VENV)/.ready-dev ## fuzz what reads books, led by coverage: SECONDS for each of FUZZED
	@$(PIP) --editable '.[dev,fuzz]'
	@for target in $(FUZZED); do $(BIN)/python -m tests.fuzz $$target --seconds $(SECONDS) || failed=1; done; \
	  exit $${failed:-0}

audit: $(VENV)/.made ## ask whether a pinned dependency has a known vulnerability
	@test -x .cache/audit/bin/pip-audit || $(PYTHON) -m venv .cache/audit
	@.cache/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	@.cache/audit/bin/python tests/distribution/audit.py .cache/audit/bin/pip-audit constraints.txt

wheels: $(VENV)/.made ## build the package, and use it on every Python that is here, or on PYTHONS
	@$(BIN)/python tests/distribution/wheels.py .cache/wheels $(PYTHONS)

clean: ## remove what was made, the store of spoken clips and .venv too
	rm -rf $(VENV) .cache
	find audio build -mindepth 1 ! -name README.md -delete
	rm -rf .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache

help: ## show this
	@echo "make …"
	@sed -n 's/^\([a-z]*\):.*## /  \1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 10

$(VENV)/.ready: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Hakawati and what it needs into $(VENV) …"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Hakawati and what its tests need into $(VENV) …"
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.ready

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Hakawati needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1 || true)." >&2; \
	  echo "Name one that is new enough: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make $(VENV); on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

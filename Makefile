# Two commands do everything on a fresh machine: `make run` and `make test`.
PORT ?= 8501
HOST ?= 127.0.0.1
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
TORCH := $(shell sed -n 's/^\(torch==.*\)/\1/p' requirements.txt)
export OMP_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test soak lint types layers unit browser peers bench clean chromium postgresql

run: $(VENV)/.run-ready
	$(BIN)/streamlit run .streamlit/serve.py --server.port $(PORT) --server.address $(HOST)

test: lint types layers unit browser

lint: $(VENV)/.test-ready
	$(BIN)/ruff check .

types: $(VENV)/.test-ready
	$(BIN)/mypy

layers: $(VENV)/.test-ready
	$(BIN)/lint-imports

unit: $(VENV)/.test-ready postgresql
	$(BIN)/pytest -q -n 2 --dist worksteal causal_core tests --ignore tests/browser --ignore tests/soak

browser: $(VENV)/.test-ready chromium
	# A page that a loaded machine kept waiting gets a second look, alone; twice is a failure.
	$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests/browser || $(BIN)/pytest -q --last-failed tests/browser

# Long runs, in no hurry: kills at random moments, and how often bands hold the truth.
soak: $(VENV)/.test-ready
	$(BIN)/pytest -q tests/soak
	$(BIN)/python -m benchmarks.coverage

peers:
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip install -q -r benchmarks/peers-requirements.txt
	$(PYTHON) -m venv .venv-discovery-peers
	.venv-discovery-peers/bin/pip install -q -r benchmarks/discovery-peers-requirements.txt
	# For its networks only: what it would bring along is not needed.
	.venv-discovery-peers/bin/pip install -q --no-deps pgmpy==1.1.2

bench: $(VENV)/.run-ready
	$(BIN)/python -m benchmarks.journey

clean:
	rm -rf $(VENV) .rungs .artifacts .mypy_cache .ruff_cache .pytest_cache .hypothesis

# torch goes first and alone: nothing else may pull another build of it.
$(VENV)/.run-ready: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet "$(TORCH)" 2>&1 | (grep -v "is ignored: it is neither a file" || true)
	$(BIN)/pip install --quiet -r requirements.txt 2>&1 | (grep -v "is ignored: it is neither a file" || true)
	$(BIN)/python -c "import streamlit, torch, pytorch_lightning"
	touch $@

$(VENV)/.test-ready: tests/requirements.txt $(VENV)/.run-ready
	$(BIN)/pip install --quiet -r tests/requirements.txt 2>&1 | (grep -v "is ignored: it is neither a file" || true)
	$(BIN)/python -c "import pytest, playwright, hypothesis"
	touch $@

chromium:
	@command -v chromium >/dev/null || $(call debian,chromium)

postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || $(call debian,postgresql)

define debian
{ test "$$(id -u)" = 0 || { echo "Install Debian's package “$(1)” as root."; exit 1; }; \
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $(1) >/dev/null; }
endef

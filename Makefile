# Every target makes the virtual environment first when there is none; those for developers add
# what tests and checks need.
#   make setup                      the package alone, PyTorch as the package index gives it
#   make setup TORCH_INDEX=URL      another build of PyTorch, e.g. https://download.pytorch.org/whl/cpu

PYTHON ?= python3
VENV ?= .venv
TORCH_INDEX ?=
DEMO := results/demo
POCKET ?= results/pocket
CORES ?= 2
BIN := $(VENV)/bin
READY := $(VENV)/.ready$(if $(TORCH_INDEX),-torch)
DEV := $(VENV)/.ready-dev
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Tests load models without the command line, which sets one thread for tiny ones by itself.
test test-fast: export OMP_NUM_THREADS = 1
test test-fast: export OMP_WAIT_POLICY = PASSIVE

.PHONY: setup links demo test test-fast test-cuda test-page check format campaign study study-full bench train-pocket clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "uig needs Python 3.11 or newer; give make PYTHON=...")'
	@echo "setting up $(VENV); this takes a few minutes the first time"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) $(if $(TORCH_INDEX),--force-reinstall --index-url $(TORCH_INDEX)) torch
	@$(PIP) --editable .
	@touch $@ $(VENV)/.ready

$(DEV): $(READY)
	@echo "adding what tests and checks need to $(VENV)"
	@$(PIP) --editable '.[dev]'
	@touch $@

links:
	@test -d uig_cli/benchmarks && test -d uig_cli/prompts || { echo "make check needs two symbolic links that this copy of the repository lacks; make them with: ln -sf ../benchmarks ../prompts uig_cli/" >&2; exit 1; }

# A prompt that the loop repairs, one that it breaks, then 264 of them, scored, compared, as a page.
FIRST := a drawing of a blue diamond that is above three red triangles
SECOND := please draw a striped pink square that is to the right of three striped blue diamonds

demo: setup
	$(BIN)/uig refine --prompt "$(FIRST)" --prompt "$(SECOND)" --out $(DEMO)/refine
	$(BIN)/uig eval tiif --split long --method direct --method uig --out $(DEMO)/tiif
	$(BIN)/uig compare $(DEMO)/tiif:direct $(DEMO)/tiif:uig
	$(BIN)/uig report $(DEMO)/refine
	$(BIN)/uig report $(DEMO)/tiif
	@echo
	@echo "pocket, the built-in model, drew all this on this machine; the pictures were read exactly."
	@echo "Open the page and look at what the loop repaired and what it broke, picture by picture:"
	@echo "  file://$(abspath $(DEMO))/tiif/page/index.html"
	@echo "The two prompts above, the first repaired, the second broken, are on a page of their own:"
	@echo "  file://$(abspath $(DEMO))/refine/page/gallery.html"

test: $(DEV)
	$(BIN)/python -m pytest -n auto --dist loadgroup

test-fast: $(DEV)
	$(BIN)/python -m pytest -m "not slow"

test-cuda: $(DEV)
	$(BIN)/python -m pytest -m cuda -rs

# The page in a Chromium that is installed already; fails without one. UIG_CHROMIUM=PATH names it.
test-page: export OMP_NUM_THREADS = 1
test-page: $(DEV)
	@$(PIP) --editable '.[page-tests]'
	$(BIN)/python -m pytest tests/browser

check: links $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What docs/reliability.md tells of: an hour or so of kills, full disks, damage and hostile texts.
campaign: $(DEV)
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.campaign

# What docs/study.md tells of: about an hour on two cores; stopped, it goes on where it was.
study: $(DEV)
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.study --figures

# With the methods and templates that the study leaves out; no limit to its time.
study-full: $(DEV)
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.study --full --figures

bench: $(DEV)
	$(BIN)/python -m tests.bench

# Goes on where a broken-off training was; a process of one thread for each of CORES cores.
train-pocket: setup
	OMP_NUM_THREADS=1 $(BIN)/torchrun --standalone --nproc-per-node $(CORES) -m uig_cli.training $(POCKET)

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

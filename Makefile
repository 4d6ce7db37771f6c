# `make` lists the targets. Everything runs in .venv with locked versions; PYTHON=python3.12 selects the interpreter.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
WORKERS ?= 2
# Of `make rehearsal`; `s5vh rehearse --help` describes them
FRACTION ?= 0.003
REHEARSAL ?= rehearsal
BIN := .venv/bin
# pip would compile all modules, one after the other. Those of packages' own tests and of what a run does not load are
# left out, two fifths; they are compiled if they are ever needed. Modules that cannot be compiled, such as templates,
# are no fault.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
NOT_COMPILED := /(tests|testing|_inductor|networkx|physics|pip|pygments|setuptools)/
READY := .venv/.ready
DEV_READY := .venv/.dev-ready
DOCS_READY := .venv/.docs-ready
COMPILE := $(BIN)/python -m compileall -qq -j 0 -x '$(NOT_COMPILED)' .venv/lib || true

.PHONY: help setup demo rehearsal test test-slurm lint format docs dag gallery lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(READY) ## create .venv with the locked versions

$(READY): envs/cpu.lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "s5vh needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1 | head -n 1); try: make PYTHON=python3.12" >&2; exit 2; }
	@echo "Setting up .venv (once; a few minutes, mostly PyTorch)"
	@$(PYTHON) -m venv .venv || { \
	  echo "s5vh: $(PYTHON) cannot create virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }
	@$(INSTALL) --requirement envs/cpu.lock.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@$(COMPILE)
	@touch $@

# What tests and checks need on top.
$(DEV_READY): $(READY) envs/dev.lock.txt envs/triton.lock.txt
	@echo "Adding what tests and checks need to .venv (once)"
	@$(INSTALL) --requirement envs/cpu.lock.txt --requirement envs/dev.lock.txt
	@$(BIN)/python -c 'import importlib.util as u; raise SystemExit(u.find_spec("triton") is None)' || \
	  $(INSTALL) --no-deps --requirement envs/triton.lock.txt
	@$(COMPILE)
	@touch $@

demo: $(READY) ## run the built-in demo, from data to report
	@S5VH_PARENT=$$PPID $(BIN)/snakemake all --configfile config/demo.yaml
	@echo
	@echo "Done. Open $(CURDIR)/results/report.html in a browser."
	@echo "Tables are in results/tables, figures in results/figures, logs in logs."

rehearsal: $(READY) ## run the papers' grid on random features of their shapes: FRACTION=1 for the full size
	@S5VH_PARENT=$$PPID $(BIN)/s5vh rehearse --output-dir $(REHEARSAL) --fraction $(FRACTION) \
	  $(if $(DATASETS),--datasets $(DATASETS)) $(if $(DTYPE),--dtype $(DTYPE)) $(if $(PROFILE),--profile $(PROFILE)) \
	  $(if $(CONFIGFILE),--configfile $(CONFIGFILE)) $(if $(FULL_GRID),--full-grid) $(if $(UNTRAINED),--untrained)

test: $(DEV_READY) ## run all tests
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal

test-slurm: $(READY) ## run a demo on a Slurm cluster of its own that breaks (docs/cluster.md)
	@$(BIN)/python tests/slurm/try_slurm.py

lint: $(DEV_READY) ## check style, rules and generated files
	@PATH="$(CURDIR)/$(BIN):$$PATH" && \
	  ruff check . && ruff format --check . && \
	  snakefmt --check --line-length 120 Snakefile rules workflow/Snakefile && \
	  snakemake --lint && s5vh schema --check

format: $(DEV_READY) ## format code and rules, and write the generated files
	@PATH="$(CURDIR)/$(BIN):$$PATH" && \
	  ruff check --fix . && ruff format . && \
	  snakefmt --line-length 120 Snakefile rules workflow/Snakefile && s5vh schema

docs: $(DOCS_READY) ## build the documentation into site/; broken links are errors
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo "Open $(CURDIR)/site/index.html in a browser."

$(DOCS_READY): $(READY) envs/docs.lock.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement envs/docs.lock.txt
	@touch $@

dag: $(READY) ## draw the rule graph
	@$(BIN)/python workflow/pictures/rulegraph.py

gallery: $(READY) ## draw docs/pictures from the demo with five seeds
	@$(BIN)/snakemake figure1a figure1b figure3 examples gmap aspects convergence \
	  --configfile workflow/pictures/five_seeds.yaml
	@$(BIN)/python workflow/pictures/copy_figures.py

lock: ## write envs/*.lock.txt from the packages in .venv, after upgrading them
	@$(BIN)/python envs/lock.py

# `results` and the others may be links to another disk: their contents go, the links stay.
clean: ## remove results, logs, site and caches; .venv and data stay
	@if [ -d results ]; then find results/ -mindepth 1 ! -path results/README.md -delete; fi
	@for folder in logs site .snakemake .pytest_cache .ruff_cache .hypothesis; do \
	  if [ -L $$folder ]; then find $$folder/ -mindepth 1 -delete; else rm -rf $$folder; fi; done
	@echo "results and logs are gone; remove .venv by hand for a fresh setup"

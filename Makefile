# Two commands do everything on a fresh machine: `make run` and `make test`.
export DO_NOT_TRACK = 1
PYTHON ?= python3
WAREHOUSE ?= data/warehouse
MINUTES ?= 60
SEED ?= 1

.PHONY: run test test-all venv lint docs fuzz lock clean

run: .venv/ready  ## set up, build the sample warehouse, print the three views
	@.venv/bin/warwire run seeds/raw --warehouse $(WAREHOUSE)
	@for view in mentions_per_force mentions_per_town mentions_per_outlet; do \
	  echo; echo "$$view"; \
	  .venv/bin/warwire sql "select * from $$view limit 12" --brief --warehouse $(WAREHOUSE) || exit 1; done
	@echo
	@echo "Next: .venv/bin/warwire explain mentions_per_town raqqa   shows the sentences behind a number."
	@echo "      .venv/bin/warwire run FOLDER --warehouse DIR        reads your own files."

test: .venv/ready lint  ## set up, check style and types, run every test
	@.venv/bin/pytest
	@echo "Next: make run   builds the sample warehouse and prints its views."

lint: .venv/ready
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/mypy

venv: .venv/ready  ## make .venv with the warwire command
	@echo "Ready. Next: .venv/bin/warwire --help"

.venv/ready: requirements.lock pyproject.toml
	@echo "Setting up .venv from requirements.lock (about a minute, once) ..."
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

docs: .venv/ready  ## write docs/dictionary.md anew
	@.venv/bin/python -m flows.document docs/dictionary.md

fuzz: .venv/ready  ## break inputs of every format at random for MINUTES (an hour) and say what came of it
	@.venv/bin/python -m benchmarks.robust --minutes $(MINUTES) --seed $(SEED) --keep data/fuzz --write benchmarks/robust.md

lock:  ## resolve requirements.lock anew (needs uv)
	uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --extra dev --extra export --no-annotate --no-header pyproject.toml -o requirements.lock

clean:
	rm -rf .venv data build dist .mypy_cache .ruff_cache .pytest_cache

# Every command of the project, one line each. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run test fast check bench mutants lock clean
BIN := .venv/bin
READY := .venv/.ready

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Make the environment (.venv) that everything below uses

# The stamp makes the second call free; a changed lock or setup.cfg installs again into the same environment.
$(READY): requirements-dev.txt setup.cfg pyproject.toml
	@test -x $(BIN)/python || "$$(tools/python)" -m venv .venv
	@echo "Installing into .venv (about 25 seconds the first time)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## Serve http://127.0.0.1:8000 with the demo exercise and print a sign-in link for each role (PORT=... changes the port)
	@$(BIN)/priority run

test: setup ## Install the browser if there is none, then run every test
	@chromium="$$(tools/browser)" && PRIORITY_CHROMIUM="$$chromium" $(BIN)/pytest -n 2

fast: setup ## Run the tests that need neither a browser nor patience
	@$(BIN)/pytest -n 2 -m "not browser and not slow"

check: setup ## Lint, formatting, types, and the laws of the house (documents, pages, imports, licences)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest tests/house

bench: setup ## Measure the engine beside its peers and beside C, as docs/benchmarks.md shows (ARGS="--write" keeps the table)
	@$(BIN)/python -m benchmarks.run $(ARGS)

mutants: setup ## Change aggregation in a thousand small ways and print which changes no test notices (half an hour)
	@tools/mutants

lock: ## Resolve requirements*.in into the hash-locked requirements*.txt (needs the network)
	@tools/lock

clean: ## Remove the environment and every cache; the application's data in instance/ stays
	@rm -rf .venv .venv-bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov test-results build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

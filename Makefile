# The front door. `make help` lists what there is; every target installs what it lacks, and is safe to repeat.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# What `scripts/prepare.py` found or installed is linked here, so that no target depends on the caller's PATH.
export PATH := $(CURDIR)/.tools/bin:$(PATH)

PREPARE := python3 scripts/prepare.py
UV_RUN := uv run --frozen --no-sync
SOURCES := operator monitor bench compat tests e2e scripts examples
STATIC := operator/flower_operator/static monitor/flower_monitor/static
DASHBOARD_INPUT := $(shell find dashboard -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
# Building a cluster from nothing takes minutes: it is shown as it goes, and no test's time limit runs meanwhile.
E2E_OPTIONS := --capture=sys --timeout=1500 -o timeout_func_only=true --durations=12

.PHONY: help
help:  ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: demo
demo: dashboard  ## a cluster with two teams' Celery apps, their monitors and the fleet page; stays up
	python3 -m e2e.demo up

.PHONY: demo-down
demo-down:  ## stop the demo and remove all it made
	python3 -m e2e.demo down

# Three for each processor: most tests wait for other programs most of the time.
PYTEST_WORKERS ?= $(shell echo $$((3 * $$(nproc))))

.PHONY: test
test: environment dashboard servers  ## unit and integration tests, Python and TypeScript
	cd dashboard && npm test
	$(UV_RUN) pytest -n $(PYTEST_WORKERS) --dist loadgroup $(PYTEST_ARGS)

.PHONY: e2e
e2e: environment dashboard  ## tests on real pods: kind, our image, our chart
	$(UV_RUN) pytest -p no:xdist $(E2E_OPTIONS) e2e $(PYTEST_ARGS)

# `make bench` is the short paired series; `make bench BENCH="soak --rate 20000"` any other one (docs/benchmarks.md).
BENCH ?= series
BENCH_RUN := UV_PROJECT_ENVIRONMENT=.venv-bench uv run --frozen --no-sync

.PHONY: bench
bench:  ## Flower and flower-monitor by the same load, tables on stdout (ten minutes, longer where others work)
	$(PREPARE) uv redis
	UV_PROJECT_ENVIRONMENT=.venv-bench uv sync --frozen --no-default-groups --extra monitor --group bench --quiet
	$(BENCH_RUN) python -m bench $(BENCH)

# `make bench-operator BENCH_OPERATOR="--monitors 100 1000 5000 --out curve.json"`; `--help` lists what there is.
BENCH_OPERATOR ?=

.PHONY: bench-operator
bench-operator: environment dashboard  ## the operator over 1,000 FlowerMonitors at a real API server, a table on stdout
	$(PREPARE) assets
	$(UV_RUN) python -m bench.controlplane $(BENCH_OPERATOR)

# `make compat COMPAT="--brokers redis --groups control"` asks less; `--help` lists what there is.
COMPAT ?=

.PHONY: compat
compat: environment  ## the same questions to Flower 2.2.0 and to flower-monitor: same, better or different, by route
	$(PREPARE) redis rabbitmq
	UV_PROJECT_ENVIRONMENT=.venv-bench uv sync --frozen --no-default-groups --extra monitor --group bench --quiet
	$(UV_RUN) python -m compat $(COMPAT)

# `make bench-pages BENCH_PAGES="--store FILE --seconds 60"`; `--help` says how the store is filled.
BENCH_PAGES ?= --help

.PHONY: bench-pages
bench-pages: environment dashboard  ## the list of tasks in Chromium: first load, filter, scrolling, live
	$(PREPARE) redis chromium
	$(UV_RUN) python -m tests.dashboard.measure_pages $(BENCH_PAGES)

# They are not kept in git: 140 files that change with every change of the pages.
.PHONY: screenshots
screenshots: environment dashboard  ## pictures of every page into docs/images/pages, to be looked at
	$(PREPARE) redis chromium assets
	$(UV_RUN) python -m tests.dashboard.screenshots

.PHONY: check
check: environment dashboard/node_modules  ## all linters and type checkers
	$(MAKE) --no-print-directory -j2 -O check-python check-dashboard

.PHONY: check-python
check-python:
	$(UV_RUN) ruff format --check $(SOURCES)
	$(UV_RUN) ruff check $(SOURCES)
	$(UV_RUN) mypy
	$(UV_RUN) lint-imports
	$(UV_RUN) yamllint --strict .

.PHONY: check-dashboard
check-dashboard:
	cd dashboard && npm run check

.PHONY: format
format: environment dashboard/node_modules  ## put all sources in their form
	$(UV_RUN) ruff check --fix $(SOURCES)
	$(UV_RUN) ruff format $(SOURCES)
	cd dashboard && npm run format

.PHONY: image
image: dashboard  ## build the container image (flower-operator:dev)
	python3 -m e2e.cluster build flower-operator:dev

.PHONY: dashboard
dashboard: dashboard/dist/.built  ## build the pages into both programs

.PHONY: environment
environment:  ## the Python environment in .venv
	$(PREPARE) uv
	uv sync --frozen --all-extras --all-groups --no-group bench --compile-bytecode --quiet
# Tests start hundreds of processes; where PYTHONDONTWRITEBYTECODE is set, each would compile everything anew.
	$(UV_RUN) python -m compileall -q operator monitor bench tests

# Optional at home: what is missing makes its tests skip, with the reason. In CI it is an error.
.PHONY: servers
servers:  ## what the tests use: Redis, RabbitMQ, nginx, Chromium, promtool, kube-apiserver, helm 4 and 3
	$(PREPARE) redis rabbitmq nginx chromium promtool assets helm helm3

.PHONY: node
node:
	$(PREPARE) node

dashboard/node_modules: dashboard/package-lock.json | node
	cd dashboard && npm ci --no-audit --no-fund --loglevel=error
	touch $@

dashboard/dist/.built: dashboard/node_modules $(DASHBOARD_INPUT)
	cd dashboard && npm run build
	for folder in $(STATIC); do rm -rf $$folder && cp -r dashboard/dist $$folder; done
	touch $@

.PHONY: clean
clean:  ## remove what was built here (caches outside stay)
	rm -rf .venv .venv-bench .tools dist dashboard/dist dashboard/node_modules $(STATIC) .mypy_cache .ruff_cache .pytest_cache

# The same names everywhere: here, in the README and in CI. Each target makes the environment it needs.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run build test check eval bench load screens faults cluster clean

run: $(VENV)/run.stamp
	$(BIN)/python -m assistant build
	$(BIN)/python app.py

build: $(VENV)/run.stamp
	$(BIN)/python -m assistant build

# Fast tests on both processors, file by file, then those in a real browser. PYTEST_ARGS adds options.
test: $(VENV)/test.stamp
	sh tests/install_browser.sh
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)
	$(BIN)/python -m pytest -m browser -n 2 --dist loadfile $(PYTEST_ARGS)

check: $(VENV)/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Figures on our own questions; OUTSIDE=FOLDER adds the question files of another folder.
eval: $(VENV)/run.stamp
	$(BIN)/python -m assistant eval $(if $(OUTSIDE),--outside $(OUTSIDE))

# Beside LangChain, Haystack, LlamaIndex and txtai, each in an environment of its own; report in out/bench/RESULTS.md.
# BENCH=quick for a quarter of an hour; STARD=FOLDER and OUTSIDE=FOLDER add statutes and further questions.
BENCH ?= full
bench: $(VENV)/run.stamp
	$(BIN)/python eval/benchmarks/bench.py --plan $(BENCH) $(if $(STARD),--stard $(STARD)) $(if $(OUTSIDE),--outside $(OUTSIDE))

# Many users at once, for some minutes; figures in out/load.md.
load: $(VENV)/test.stamp
	$(BIN)/python -m pytest -m load $(PYTEST_ARGS)

# Pictures of every state of the page in out/screens, to be looked at.
screens: $(VENV)/test.stamp
	sh tests/install_browser.sh
	$(BIN)/python -m pytest -m screens $(PYTEST_ARGS)

# Killed, out of disk, damaged, changed while asked, for some minutes; figures in out/faults.md.
faults: $(VENV)/test.stamp
	$(BIN)/python -m pytest -m fault tests/faults $(PYTEST_ARGS)

# Ingestion by two Ray nodes into PostgreSQL, workers and driver killed; some minutes, loopback only.
cluster: $(VENV)/cluster.stamp
	sh tests/alone.sh $(BIN)/python -m pytest -m cluster tests/cluster $(PYTEST_ARGS)

clean:
	rm -rf $(VENV) out build *.egg-info

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "找不到 Python 3.11 或更新的版本，请先安装，或用 make PYTHON=路径 指定。"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

$(VENV)/cluster.stamp: pyproject.toml $(VENV)/test.stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check -e ".[ray]"
	@touch $@

$(VENV)/test.stamp: pyproject.toml $(VENV)/run.stamp | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install -q --disable-pip-version-check -e ".[encoder,langchain,postgres,milvus,test,check]"
	@touch $@

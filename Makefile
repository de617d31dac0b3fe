# Herbier: every command a newcomer needs. They ask only for Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILT := $(VENV)/wheel

.PHONY: install run test check format bench soak mutants messages guide lock wheel clean

install: $(VENV)/.installed

# The lock file pins every package; the project itself is installed in place.
$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Herbier needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned packages into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: install
	$(BIN)/herbier serve seeds

test: install
	$(BIN)/python -m pytest -n auto

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(BUILT)/bin/herbier
	$(BIN)/python tests/bench/run.py --herbier $<

# Judges that are too heavy for every machine read what Herbier writes, in an environment of their own; and the tests
# are run on the wheel, whose hot path is machine code, some of them on more than every run has time for.
soak: install $(BUILT)/bin/herbier
	HERBIER_SOAK=1 $(BUILT)/bin/python -m pytest -n auto
	@test -x $(VENV)/soak/bin/python || $(PYTHON) -m venv $(VENV)/soak
	$(VENV)/soak/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/soak/requirements.txt
	$(VENV)/soak/bin/python tests/soak/wikidata.py $(BIN)/herbier

# Small changes of the core, which the tests of its own folders must see; it takes some minutes.
mutants: install
	$(BIN)/python tests/mutants/run.py

# What is told is taken from the source into the catalogues, which a person then translates.
LOCALE := src/herbier/locale
messages: install
	$(BIN)/pybabel --quiet extract --no-default-keywords --keywords Message --charset utf-8 --width 120 --add-location file \
		--sort-by-file --project Herbier --header-comment "# What Herbier tells." --output-file $(LOCALE)/herbier.pot src/herbier
	$(BIN)/pybabel --quiet update --domain herbier --input-file $(LOCALE)/herbier.pot --output-dir $(LOCALE) \
		--width 120 --ignore-pot-creation-date
	$(BIN)/pybabel --quiet compile --domain click --directory $(LOCALE)

# The guide's page on problems is made from the codes, a file each in src/herbier/locale/problems.
guide: install
	$(BIN)/python -c 'from herbier.guide import write_pages; write_pages()'

# Writes requirements.lock anew from pyproject.toml, for every platform and Python from 3.11 on.
lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --no-emit-index-url \
		--no-header --upgrade --quiet --output-file requirements.lock

# The wheel is made from a copy, since compiled modules beside the source would be imported in its place.
SOURCES := pyproject.toml README.md LICENSE mapping ontology shapes src
wheel: install
	@rm -rf build/wheel && mkdir -p build/wheel && cp -R $(SOURCES) build/wheel
	@if command -v $${CC:-cc} >/dev/null && test -f "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h"; then \
		echo "Compiling the hot path, which takes a minute ..."; export HATCH_BUILD_HOOK_ENABLE_MYPYC=1; \
	else echo "No C compiler, or no headers of Python: the wheel will be of plain Python, and slower."; fi; \
	cd build/wheel && $(CURDIR)/$(BIN)/python -m hatchling build -t wheel -d $(CURDIR)/dist

# The wheel as users have it, with the packages of the checkout.
$(BUILT)/bin/herbier: $(shell find $(SOURCES) -type f -not -name '*.pyc')
	@rm -rf dist $(BUILT)
	@$(MAKE) --no-print-directory wheel
	@$(BIN)/python -m venv --without-pip $(BUILT)
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > $$($(BUILT)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/packages.pth
	@$(BIN)/python -m pip --quiet --disable-pip-version-check --python $(BUILT)/bin/python install --no-deps dist/*.whl

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

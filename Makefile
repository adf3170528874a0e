# What there is to do with a checkout; `make` alone lists it.
# It needs Python 3.11 or newer with venv, and nothing else.

PORT ?= 8000
BIN := .venv/bin
INSTALLED := .venv/.installed
CATALOGUE := crmlite/translations/zh/LC_MESSAGES/messages.mo
PYTEST := $(BIN)/python -m pytest --numprocesses logical --dist worksteal
UV := uv==0.13.9

.DEFAULT_GOAL := help
.PHONY: help install demo deploy test check lint types imports templates translations locked nightly bench lock icons clean

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) $(CATALOGUE) ## Make .venv with everything that crmlite and its checks need

demo: install ## Serve a book with demo data; PORT=8000 says where, WITH="retail" switches packs on
	@scripts/demo.sh $(PORT) $(WITH)

deploy: ## Install for real use: TO=/opt/crmlite says where, without the tools of developers
	@test -n "$(TO)" || { echo "Say where to: make deploy TO=/opt/crmlite" >&2; exit 1; }
	@umask 022; scripts/make_venv.sh $(TO)
	@umask 022; $(TO)/bin/python scripts/runtime_lock.py > $(TO)/requirements.txt
	@umask 022; $(TO)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(TO)/requirements.txt
	@umask 022; $(TO)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall . $(PACKS)
	@echo "$(TO)/bin/crmlite is version $$($(TO)/bin/crmlite version)."

test: install ## Run the tests, on SQLite and PostgreSQL; ARGS="-k word" picks some
	$(PYTEST) $(ARGS)

check: lint types imports templates translations locked test ## Run everything that must pass before a change is done

lint: install ## Look for mistakes and for code that is not formatted
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: install ## Check the types
	$(BIN)/mypy

imports: install ## Check who imports whom
	$(BIN)/lint-imports --no-logo

templates: install ## Check the templates and the files they use
	$(BIN)/python scripts/lint_templates.py
	$(BIN)/djlint --lint --quiet crmlite
	$(BIN)/python scripts/icons.py --check
	$(BIN)/python scripts/vendor.py

translations: install ## Merge the translations and check that none is missing
	$(BIN)/python scripts/translations.py merge compile check

locked: install ## Check that requirements.lock fits pyproject.toml and this .venv
	$(BIN)/python scripts/check_lock.py

nightly: install ## Run what `make test` leaves for the night, and all that tells figures, then measure
	@failed=0; \
	$(PYTEST) -m "slow or figure" -o faulthandler_timeout=1800 $(ARGS) || failed=1; \
	$(MAKE) bench || failed=1; \
	exit $$failed

bench: install ## Measure, and print each figure beside its target
	$(BIN)/python -m bench

lock: install ## Choose the versions in requirements.lock anew where pyproject.toml asks for it
	$(BIN)/python -m venv .venv/uv
	.venv/uv/bin/pip install --quiet $(UV)
	.venv/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --python-version 3.11 --custom-compile-command "make lock" --group dev pyproject.toml --output-file requirements.lock

icons: install ## Put the icons in use into the sprite (fetches them with npm)
	$(BIN)/python scripts/icons.py

clean: ## Remove what make has made; instance/ stays
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf crmlite/translations/zh crmlite/translations/*/LC_MESSAGES/*.mo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv that was copied or moved here with the checkout is made anew: its programs lead elsewhere.
ifneq ($(shell cat $(INSTALLED) 2>/dev/null),$(CURDIR))
.PHONY: $(INSTALLED)
endif

PACKS := $(dir $(wildcard plugins/*/pyproject.toml))

$(INSTALLED): requirements.lock pyproject.toml $(wildcard plugins/*/pyproject.toml)
	@scripts/make_venv.sh .venv
	@echo "Installing the libraries that crmlite stands on. The first time this takes a minute or two."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(addprefix --editable ,. $(PACKS))
	@echo '$(CURDIR)' > $@

$(CATALOGUE): $(INSTALLED) scripts/translations.py $(wildcard crmlite/translations/parts/*.po)
	@$(BIN)/python scripts/translations.py merge compile

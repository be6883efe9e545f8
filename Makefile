# Loyal's commands. `make` alone lists them.

# The first Python that is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
MANAGE = .venv/bin/python manage.py
# Enough for production settings to accept them; drawn anew each time.
SECRET = $$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(48))')
TEMPLATES = $(wildcard templates)

.PHONY: help run setup setup-run test test-faults check pins

help:
	@echo "make run         start Loyal on this machine, on PORT (8000)"
	@echo "make test        all checks and all tests"
	@echo "make setup       build .venv, with what checks Loyal"
	@echo "make test-faults  workers killed, servers restarted, mail servers at fault, at length"
	@echo "make check       the checks alone"
	@echo "make bench-NAME  a measurement of bench/, such as bench-send"
	@echo "make screenshots  every page in both languages and two widths, into docs/screenshots"
	@echo "make pins        write the pinned requirements anew (needs uv)"

run: setup-run
	@exec .venv/bin/python -m config.run

setup-run: python
	@$(PYTHON) config/install.py

setup: python
	@$(PYTHON) config/install.py --development

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo "Loyal needs Python 3.11 or newer, and none was found on this machine." >&2; exit 1; }

test: check
	@.venv/bin/python -m pytest -n 2

test-faults: setup
	@LOYAL_FAULTS=long .venv/bin/python -m pytest tests/campaigns/delivery/test_faults.py \
		tests/campaigns/delivery/test_killed.py -s

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	$(if $(TEMPLATES),.venv/bin/djlint $(TEMPLATES) --lint --quiet)
	.venv/bin/lint-imports
	DJANGO_SETTINGS_MODULE=config.settings.test $(MANAGE) makemigrations --check --dry-run
	@echo "check --deploy, on production settings"
	@env DJANGO_SETTINGS_MODULE=config.settings.production DATABASE_URL=postgres://localhost/loyal \
		REDIS_URL=redis://localhost EMAIL_URL=smtp://localhost SITE_URL=https://loyal.example.test \
		ALLOWED_HOSTS=loyal.example.test SECRET_KEY=$(SECRET) ADDRESS_KEY_SECRET=$(SECRET) \
		DKIM_SIGNED_BY_SERVER=true $(MANAGE) check --deploy --fail-level WARNING

bench-%: setup
	@.venv/bin/python -m bench.$(subst -,_,$*)

PIN = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make pins"
pins:
	@command -v uv >/dev/null || { echo "make pins needs uv: see https://docs.astral.sh/uv/" >&2; exit 1; }
	$(PIN) requirements.in -o requirements.txt
	$(PIN) requirements-dev.in -o requirements-dev.txt

.PHONY: screenshots
screenshots: setup
	@.venv/bin/python -m pytest tests/screenshots.py -q

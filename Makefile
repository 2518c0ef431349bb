# Everything that people do with the site. It needs make and Python 3.11 or newer, no more.

help: ## list what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1 | /p' Makefile | awk -F'|' '{ printf "%-14s%s\n", $$1, $$2 }'

run: ## make the site ready and serve it (PORT=8001 HOST=0.0.0.0 change where)
	@sh deploy/setup.sh requirements.txt && exec .venv/bin/python manage.py serve

staff: ## create a staff account
	@sh deploy/setup.sh requirements.txt && exec .venv/bin/python manage.py staff

backup: ## make one checked file of database and uploads, while the site runs
	@sh deploy/setup.sh requirements.txt && exec .venv/bin/python manage.py backup

restore: ## put a backup back (FILE=..., IDENTITY=key.txt if encrypted, OVERWRITE=yes)
	@sh deploy/setup.sh requirements.txt && exec .venv/bin/python manage.py restore \
		--identity "$${IDENTITY-}" --overwrite "$${OVERWRITE-}" -- "$${FILE-}"

test: ## run the tests, those in a real browser too (ARGS="-k home" chooses some)
	@sh deploy/setup.sh requirements-dev.txt && sh tests/run.sh $(ARGS)

check: ## run those that need no browser and no server, in a minute or so
	@sh deploy/setup.sh requirements-dev.txt && sh tests/run.sh check $(ARGS)

lint: ## look for mistakes in code, templates, migrations and settings
	@sh deploy/setup.sh requirements-dev.txt
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/djlint templates --lint --quiet
	@echo "manage.py makemigrations --check; manage.py check --deploy"
	@$(DEPLOYED) .venv/bin/python manage.py makemigrations --check --dry-run
	@$(DEPLOYED) .venv/bin/python -W error manage.py check --deploy --fail-level WARNING

messages: ## bring the translations up to date with the code
	@sh deploy/setup.sh requirements-dev.txt && .venv/bin/python locale/update.py

bench: ## measure weight, queries, speed, growth and staleness (ARGS="speed" chooses)
	@sh deploy/setup.sh requirements-dev.txt && .venv/bin/python -m tests.bench $(ARGS)

# Settings as on a live server; an empty SECRET_KEY stands for a random one.
DEPLOYED = SITE_URL=https://example.org SECRET_KEY= DEBUG= DATABASE_URL=sqlite://:memory:

.PHONY: help run staff backup restore test check lint messages bench

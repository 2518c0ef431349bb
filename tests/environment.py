"""The environment that every test has, whatever stands in .env or in the shell.

A pytest plugin (see pyproject.toml), since it must come before the settings are read. Only
DATABASE_URL is kept: with it the same tests run on PostgreSQL.
"""

import atexit
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_folder = tempfile.TemporaryDirectory(prefix="aware-tests-")
atexit.register(_folder.cleanup)

# An empty variable is one that is not set, and keeps .env from setting it.
NEUTRAL = dict.fromkeys(
    [
        "ADMIN_ALLOWED_IPS",
        "ALLOWED_HOSTS",
        "BACKUP_DIR",
        "BACKUP_KEEP",
        "BACKUP_RECIPIENT",
        "CACHE_URL",
        "DATABASE_URL",
        "DEBUG",
        "EMAIL_FROM",
        "EMAIL_URL",
        "HOST",
        "HSTS_SUBDOMAINS",
        "MEDIA_ROOT",
        "PORT",
        "SECRET_KEY",
        "SENTRY_DSN",
        "SITE_URL",
        "TRUSTED_PROXIES",
        "VAR_DIR",
        "WEB_CONCURRENCY",
    ],
    "",
)


def clean_environment(**variables):
    """For a process of its own: this one's environment, with none of the site's variables."""
    unwanted = ("DJANGO_SETTINGS_MODULE", "GUNICORN_CMD_ARGS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**kept, **NEUTRAL, **variables}


os.environ.update(
    NEUTRAL,
    DATABASE_URL=os.environ.get("DATABASE_URL", ""),
    VAR_DIR=_folder.name,
    SITE_URL="http://localhost:8000",
    SECRET_KEY="the tests' own, which signs nothing that anybody keeps",
    CACHE_URL="locmemcache://",
    EMAIL_URL="consolemail://",
)
(Path(_folder.name) / "static").mkdir()  # WhiteNoise warns when there is none

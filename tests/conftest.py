import io
import os
import shutil

import pytest
from django.core.cache import cache
from django.core.management import call_command

from awareness import search
from pages import frame
from tests.site import running_site


def pytest_collection_modifyitems(config, items):
    """The browser last: it is slow, and what is wrong shows sooner without it.

    On PostgreSQL only what touches the database: the rest would say again what it said on SQLite.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if os.environ["DATABASE_URL"].startswith("postgres"):
        config.hook.pytest_deselected(
            items=[item for item in items if not touches_the_database(item)]
        )
        items[:] = [item for item in items if touches_the_database(item)]


def touches_the_database(item):
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return bool(marked) or not {"db", "transactional_db"}.isdisjoint(item.fixturenames)


@pytest.fixture(autouse=True)
def own_process(settings, tmp_path, monkeypatch):
    """Each test is a process that has just started, with files of its own."""
    settings.VAR_DIR = tmp_path
    settings.BACKUP_DIR = tmp_path / "backups"
    monkeypatch.setattr(frame, "_held", None)
    monkeypatch.setattr(search, "_indexes", {})
    cache.clear()  # tries at signing in are counted there
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
    # Names without a hash, so that nothing needs to be collected first.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def starter(db):
    """The starter content, as `make run` puts it into an empty database."""
    call_command("load_starter", stdout=io.StringIO())


@pytest.fixture(scope="session")
def first_start(tmp_path_factory):
    """The site that ran once in an empty folder, and was stopped by Ctrl-C."""
    with running_site(tmp_path_factory.mktemp("first")) as site:
        site.stop()
    return site


@pytest.fixture(scope="session")
def make_folder(first_start, tmp_path_factory):
    """`make_folder()`: a copy of what it left there, to start again in, or to spoil."""

    def make_folder():
        folder = tmp_path_factory.mktemp("copy") / "var"
        return shutil.copytree(first_start.folder, folder)

    return make_folder

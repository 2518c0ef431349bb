import fcntl
import gc
import io
import os
import pickle
import shutil
import signal
import sqlite3

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections
from django.template import Template

from awareness import search
from awareness.content import reading
from awareness.desk.alerts.baseline import look
from awareness.mailers import mail_settings
from awareness.web.generation import Generation
from pages import site_context
from tests import factories
from tests.accounts.signing_in import account, code_of, signed_in
from tests.html import read
from tests.site import Site, running_site

_starter = {}  # the rows of each table
_migrated = sqlite3.connect(":memory:")  # the database as migrations leave it


def pytest_configure():
    """A shell's background job is deaf to Ctrl-C, and so is all that it starts."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def quick(django_test_environment):
    """No test asks which templates made a page, with what; and what was imported is no garbage."""
    Template._render = lambda self, context: self.nodelist.render(context)
    gc.freeze()
    gc.set_threshold(20_000)


def pytest_collection_modifyitems(items):
    """The browser last: what is wrong shows sooner without it. Of its tests the long ones first, so
    that no worker waits for them at the end. A real start is slow."""
    is_marked = lambda item, name: item.get_closest_marker(name) is not None  # noqa: E731
    items.sort(key=lambda i: (is_marked(i, "browser"), not is_marked(i, "slow")))
    for item in items:
        if "first_start" in item.fixturenames:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            connection.connection.backup(_migrated)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """A test that empties the tables takes away the roles, which migrations made: put them back.
    On PostgreSQL such tests come last instead: --dist load."""
    result = yield
    mark = item.get_closest_marker("django_db")
    if mark and mark.kwargs.get("transaction") and connection.vendor == "sqlite":
        _migrated.backup(connection.connection)
    return result


@pytest.fixture(autouse=True)
def own_process(settings, tmp_path, monkeypatch):
    """Each test is a process that has just started, with files of its own."""
    settings.VAR_DIR = tmp_path
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(site_context, "_held", None)
    monkeypatch.setattr(search, "_indexes", {})
    monkeypatch.setattr(reading, "_latest", Generation())
    cache.clear()  # tries at signing in are counted there
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
    # Names without a hash, so that nothing needs to be collected first.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def mailer(settings):
    """Call it with a backend: that one sends the e-mail from now on."""

    def use(backend, **options):
        for name, value in mail_settings({"BACKEND": backend, "OPTIONS": options}).items():
            setattr(settings, name, value)

    return use


@pytest.fixture
def starter(db):
    """What `make run` puts into an empty database: loaded once for each worker, then copied."""
    models = [
        m for app in ("pages", "stats", "reversion") for m in apps.get_app_config(app).get_models()
    ]
    with connection.cursor() as cursor:
        if not _starter:
            call_command("load_starter", stdout=io.StringIO())
            for name in (model._meta.db_table for model in models):
                cursor.execute(f"SELECT * FROM {name}")
                _starter[name] = cursor.fetchall()
            return
        for name, rows in _starter.items():  # 10 ms instead of 150
            if rows:
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


@pytest.fixture(scope="session")
def for_all_workers(tmp_path_factory):
    """`for_all_workers(name, make)`: what `make(folder)` returns, made by the first who asks."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def for_all_workers(name, make):
        folder = shared / name
        made = folder / "made"
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                made.write_bytes(pickle.dumps(make(folder)))
        return pickle.loads(made.read_bytes())

    return for_all_workers


@pytest.fixture(scope="session")
def first_start(for_all_workers):
    """The site that ran once in an empty folder, and was stopped by Ctrl-C."""

    def start(folder):
        with running_site(folder / "var") as site:
            assert site.stop() == 0
        return site.folder, site.port

    return Site(*for_all_workers("first", start))


@pytest.fixture(scope="session")
def make_folder(first_start, tmp_path_factory):
    """`make_folder()`: a copy of what it left there, to start again in, or to spoil."""

    def make_folder(first=first_start.folder):
        folder = tmp_path_factory.mktemp("copy") / "var"
        shutil.copytree(first, folder, ignore=shutil.ignore_patterns("static"))
        # A thousand files that nobody writes into: a new one takes the place of an old one.
        shutil.copytree(first / "static", folder / "static", copy_function=os.link)
        return folder

    return make_folder


@pytest.fixture
def editor(db):
    return signed_in("editor", "Editor")


@pytest.fixture
def publisher(db):
    return signed_in("publisher", "Publisher")


@pytest.fixture
def other_publisher(db):
    return signed_in("other", "Publisher")


@pytest.fixture
def ann(db):
    """A publisher who has a password, and no second step."""
    return account("ann", "Publisher")


@pytest.fixture
def public_site(settings):
    """As on a public address."""
    settings.IS_LOCAL = False


@pytest.fixture
def enrol(django_capture_on_commit_callbacks):
    def enrol(client):
        """As a person does it, right after signing in."""
        page = read(client.get("/accounts/second-step/app/add/"))
        secret = page.one("code", class_="key").text
        with django_capture_on_commit_callbacks(execute=True):
            done = client.post("/accounts/second-step/app/add/", {"code": code_of(secret)})
        assert done["Location"] == "/accounts/second-step/codes/"
        codes = [code.text for code in read(client.get(done["Location"])).all("code")]
        assert len(codes) == 10

    return enrol


@pytest.fixture
def lines(db):
    """Three help lines that the guard has seen."""
    made = [factories.help_line(name=f"Line {n}", position=n * 10) for n in (1, 2, 3)]
    assert look() == []
    return made


@pytest.fixture
def line(lines):
    return lines[1]


@pytest.fixture
def replace_database(db):
    """A function that puts another database in the place of the site's, until the test ends."""
    working = connections["default"]

    def replace(**differently):
        lost = connections.create_connection("default")
        lost.settings_dict = {**working.settings_dict, "OPTIONS": {}, **differently}
        connections["default"] = lost

    yield replace
    if connections["default"] is not working:
        connections["default"].close()
        connections["default"] = working


@pytest.fixture
def gone(replace_database, tmp_path):
    """A function after which the site's database cannot be reached."""
    if connections["default"].vendor == "sqlite":
        return lambda: replace_database(NAME=str(tmp_path / "no-such-folder" / "db.sqlite3"))
    return lambda: replace_database(HOST="127.0.0.1", PORT="1")

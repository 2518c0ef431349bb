"""What must be true before the site is served: each step checks, or makes it so, or refuses.

Every step is whole or not done at all, and done again only when it must be, so that a start
that somebody interrupted is finished by the next one.
"""

import contextlib
import errno
import fcntl
import hashlib
import socket
import sqlite3
import tempfile
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from awareness.web.content_version import CONTENT_APPS
from awareness.web.logs import printable


class Refusal(Exception):
    """One sentence: what is wrong, and the way out. Names in it may be those of a strange file."""

    def __str__(self):
        return printable(super().__str__())


def reason(error):
    """The first line of what a system or a database says, as the end of a sentence."""
    text = str(getattr(error, "strerror", None) or error) or type(error).__name__
    return text.splitlines()[0].rstrip(".")


def check_folder(folder):
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will hold the database
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Refusal(
            f"The folder {folder} cannot be written to ({reason(error)}): "
            "give yourself the right to, or name another with VAR_DIR."
        ) from error


def check_port(host, port):
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, proto) as listener:
            # As gunicorn does: a port that was closed a moment ago is free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65535 else 8000
            by, way_out = "something else", ""
            if address_on(port):
                by, way_out = "this site, which is running already", f"open {address_on(port)}, or "
            problem = (
                f"Port {port} is in use by {by}: "
                f"{way_out}choose another with `make run PORT={other}`."
            )
        elif error.errno == errno.EACCES:
            problem = (
                f"Port {port} is kept for the system: "
                "choose one above 1023 with `make run PORT=8000`."
            )
        else:
            problem = f"HOST must be an address of this machine, and {host!r} is none."
        raise Refusal(problem) from error


def note_address():
    """Say to other commands where the site is. The kernel keeps the lock for as long as this
    process or a child of it lives, so that no note outlives what it says."""
    note = (settings.VAR_DIR / "served").open("a")
    fcntl.flock(note, fcntl.LOCK_SH)
    note.truncate(0)
    note.write(f"{settings.PORT} {settings.SITE_URL}")
    note.flush()
    return note


def address_on(port=None):
    """The address at which the site is being served (on this port, if one is named), or ""."""
    with contextlib.suppress(FileNotFoundError), (settings.VAR_DIR / "served").open() as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            its_port, address = note.read().split()
            return address if port in (None, int(its_port)) else ""
    return ""


def check_database():
    """It answers, can be written to, and is not ahead of this code."""
    keep_private()
    try:
        with connection.wrap_database_errors:
            reach()
        with transaction.atomic():  # on SQLite this takes the write lock: IMMEDIATE
            applied = MigrationExecutor(connection).loader.applied_migrations
        newer = ahead(applied)
    except (DatabaseError, ImproperlyConfigured) as error:
        raise Refusal(
            f"The database cannot be used ({reason(error)}): check DATABASE_URL, "
            "and that it is there and yours to write to."
        ) from error
    if newer:
        raise Refusal(
            f"The database is from a newer version of the site ({'.'.join(newer[0])} is not "
            "known here): update the site, or name another database with DATABASE_URL."
        )


def reach():
    """Ask PostgreSQL without the pool, which tries for long and keeps the reason to itself."""
    if connection.vendor == "postgresql":
        parameters = connection.get_connection_params()
        connection.Database.connect(**parameters).close()


def keep_private():
    """Whoever reads SQLite's files has the sessions of staff, and the keys of their second steps.
    The settings make new files private; these are of an earlier release, or somebody's copy.
    SQLite gives those that it makes the rights of the first."""
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):  # it is not there, or not this account's
            Path(f"{settings.DATABASE_FILE}{end}").chmod(0o600)


def ahead(applied):
    """Migrations that were applied, and come after all those that this code has.

    An unknown one that comes earlier was squashed into another since, and is no reason.
    """
    last = {}
    for app, name in MigrationExecutor(None).loader.disk_migrations:
        last[app] = max(name, last.get(app, ""))
    return sorted((app, name) for app, name in applied if name > last.get(app, ""))


def has_no_content():
    tables = set(connection.introspection.table_names())
    return not any(
        model._meta.db_table in tables and model._base_manager.exists()
        for app in CONTENT_APPS
        for model in apps.get_app_config(app).get_models()
    )


def migrate():
    """Apply what is missing. A step that fails leaves nothing of itself, on SQLite of none."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    with contextlib.closing(copy_of_database()) as before:
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except Exception as error:
            kept = "the steps before it were kept"
            if connection.vendor == "sqlite":
                connection.close()
                connection.ensure_connection()
                before.backup(connection.connection)
                kept = "it was put back as it was"
            raise Refusal(
                f"The database could not be brought up to date ({reason(error)}); {kept}."
            ) from error
    return True


def copy_of_database():
    """SQLite's is small enough to hold; PostgreSQL undoes each step of its own accord."""
    copy = sqlite3.connect(":memory:")
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.backup(copy)
    return copy


def load_starter(out):
    call_command("load_starter", stdout=out)


def collect_static():
    """Collect the static files again if any of them is not what it was the last time."""
    stamp = settings.VAR_DIR / "static.stamp"
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    now = fingerprint()
    if manifest.exists() and stamp.exists() and stamp.read_text() == now:
        return False
    # Before the first file goes and after the last one has come: what an interruption leaves
    # is never taken for the whole.
    try:
        stamp.unlink(missing_ok=True)
        manifest.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(now)
    except (OSError, ValueError) as error:  # ValueError: a file names one that is not there
        raise Refusal(f"The static files could not be collected: {reason(error)}.") from error
    return True


def fingerprint():
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            prefix = getattr(storage, "prefix", None) or ""
            seen.update(f"{prefix}/{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return seen.hexdigest()

"""What must be true before the site is served: each step checks, or makes it so, or refuses.

Every step is whole or not done at all, and done again only when it must be, so that a start
that somebody interrupted is finished by the next one.
"""

import contextlib
import errno
import fcntl
import hashlib
import ipaddress
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
    """Returns whether other machines can reach it."""
    try:
        kind = {"type": socket.SOCK_STREAM, "flags": socket.AI_PASSIVE}
        family, _, _, _, address = socket.getaddrinfo(host, port, **kind)[0]
        with socket.socket(family) as listener:
            # As gunicorn does: a port that was closed a moment ago is free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        another = f"choose another with `make run PORT={port + 1 if 1023 < port < 65535 else 8000}`"
        if error.errno != errno.EADDRINUSE:
            raise Refusal(
                f"The site cannot be at port {port} of HOST={host} ({reason(error)}): "
                f"{another}, or name an address of this machine as HOST."
            ) from error
        by, way_out = "something else", another
        if running := address_on(port):
            by = "this site, which is running already"
            way_out = f"open {running}, or {another}"
        raise Refusal(f"Port {port} is in use by {by}: {way_out}.") from error
    return not ipaddress.ip_address(address[0]).is_loopback


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
    make_private()
    try:
        if connection.vendor == "postgresql":  # its pool tries for long, and keeps the reason
            with connection.wrap_database_errors:
                connection.Database.connect(**connection.get_connection_params()).close()
        with transaction.atomic():  # on SQLite this takes the write lock: IMMEDIATE
            newer = ahead(MigrationExecutor(connection).loader.applied_migrations)
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


def make_private():
    """SQLite's files hold sessions and second steps. The settings make new ones private; these
    are of an earlier release, or somebody's copy."""
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
    """Apply what is missing. SQLite's database is small enough to hold a copy of, and is put back
    when a step fails; PostgreSQL undoes the step."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    is_sqlite, kept = connection.vendor == "sqlite", "the steps before it were kept"
    with contextlib.closing(sqlite3.connect(":memory:")) as copy:
        if is_sqlite:
            connection.ensure_connection()
            connection.connection.backup(copy)
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except Exception as error:
            if is_sqlite:
                connection.close()
                connection.ensure_connection()
                copy.backup(connection.connection)
                kept = "it was put back as it was"
            raise Refusal(
                f"The database could not be brought up to date ({reason(error)}); {kept}."
            ) from error
    return True


def collect_static():
    """Collect the static files again if any of them is not what it was the last time."""
    stamp = settings.VAR_DIR / "static.stamp"
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    now = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            now.update(f"{storage.location}/{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    if manifest.exists() and stamp.exists() and stamp.read_text() == now.hexdigest():
        return False
    # Before the first file goes and after the last one has come: what an interruption leaves
    # is never taken for the whole.
    try:
        stamp.unlink(missing_ok=True)
        manifest.unlink(missing_ok=True)  # half of one would stop the collecting
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(now.hexdigest())
    except (OSError, ValueError) as error:  # ValueError: a file names one that is not there
        raise Refusal(f"The static files could not be collected: {reason(error)}.") from error
    return True

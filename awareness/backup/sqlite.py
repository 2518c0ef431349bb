"""The database as one file: copied by SQLite itself while the site writes into it."""

import contextlib
import sqlite3
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings

from awareness.backup.archive import Altered
from awareness.backup.manifest import left_out
from awareness.web.models import ContentVersion
from awareness.web.startup import Refusal

FILE = "database.sqlite3"
BESIDE = ("-wal", "-shm", "-journal")  # what belongs to a database file, and to no other
UNREADABLE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
VERSION = ContentVersion._meta.db_table
HIGHEST = 2**62  # a version that can still be raised


def place():
    """Where the site's database is, or will be."""
    name = str(settings.DATABASES["default"]["NAME"])
    if "mode=memory" in name or ":memory:" in name:
        raise Refusal("The database is in memory alone: name a file with DATABASE_URL.")
    return Path(unquote(urlsplit(name).path) if name.startswith("file:") else name).resolve()


@contextlib.contextmanager
def connected(file, timeout=20):
    """Of a file that is there; each statement is a transaction of its own."""
    address = f"file:{quote(str(file))}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=timeout, isolation_level=None)
    with contextlib.closing(connection):
        yield connection


def snapshot(folder):
    """(the file, what there is in it)"""
    source, copied, file = place(), folder / "copied.sqlite3", folder / FILE
    if not source.is_file():
        raise Refusal(f"There is no database at {source} yet: `make run` makes one.")
    copied.touch(0o600)
    with connected(source) as live, connected(copied) as copy:
        live.backup(copy)
        there = tables_of(copy)
        gone = [table for table in left_out() if table in there]
        for table in gone:
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of our own
        # Without the remains of what was deleted, here or on the site.
        copy.execute("VACUUM INTO ?", [str(file)])
        facts = {
            "engine": "sqlite",
            "tools": 0,
            "migrations": migrations(copy) if "django_migrations" in there else {},
            "tables": counts(copy),
            "left_out": gone,
        }
    copied.unlink()
    if not facts["migrations"]:
        raise Refusal(f"There is no site in the database {source} yet: `make run` makes one.")
    return file, facts


def tables_of(database):
    found = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
    )
    return sorted(name for (name,) in found)


def counts(database):
    return {
        table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
        for table in tables_of(database)
    }


def migrations(database):
    return dict(database.execute("SELECT app, max(name) FROM django_migrations GROUP BY app"))


def check(file, manifest):
    """Whole in itself, and with as many rows as the backup says."""
    try:
        with connected(file) as database:
            said = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if said != "ok":
                raise Altered(f"SQLite finds damage in its database: {said.splitlines()[-1]}")
            if lost := database.execute("PRAGMA foreign_key_check").fetchone():
                raise Altered(f"a row of {lost[0]} in its database names another that is missing")
            if counts(database) != manifest.tables:
                raise Altered("its database does not hold the rows that its list says")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in UNREADABLE:
            raise Altered(f"SQLite cannot read its database ({error})") from error
        raise


# --- Putting it back -------------------------------------------------------------------


def has_content():
    """Whether anything is there that could be lost."""
    file = place()
    return file.exists() and bool(file.stat().st_size)


def described():
    return f"a database at {place()}"


def way_out():
    """With its log, in which the last rows may stand alone."""
    return f"move {place()}, and {place().name}-wal where there is one, elsewhere"


def raise_version(file):
    """Above what it was and what it is, so that no worker takes an old page for a new one."""
    highest = max(version_of(file), version_of(place()) if has_content() else 0)
    with connected(file) as database:
        database.execute(
            f"INSERT INTO {VERSION} (id, version) VALUES (1, ?) "  # noqa: S608 - a name of our own
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version",
            [min(highest, HIGHEST) + 1],
        )


def version_of(file):
    with connected(file) as database:
        if VERSION not in tables_of(database):
            return 0
        number = "CAST(max(version) AS INTEGER)"  # SQLite keeps words in a column of numbers, too
        row = database.execute(f"SELECT {number} FROM {VERSION}").fetchone()  # noqa: S608
        return row[0] or 0


def close_log():
    """Bring what stands in the old file's log into that file, and the log away.

    A log that is left beside the new file would be read into it. From here on the old file is
    whole by itself, until the new one takes its place in one step.
    """
    with connected(place(), timeout=2) as database:
        if database.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
            raise sqlite3.OperationalError("something else has it open")


def put(new, target):
    """In one step; a second time does nothing."""
    if not new.exists():
        return
    for end in BESIDE:  # of a file that is gone, or that had none: see close_log()
        Path(f"{target}{end}").unlink(missing_ok=True)
    new.replace(target)

"""The database as one file: copied by SQLite itself while the site writes into it."""

import contextlib
import sqlite3
from pathlib import Path

from django.conf import settings

from awareness.backup.archive import Damaged
from awareness.backup.common import sync
from awareness.backup.manifest import left_out
from awareness.web.models import ContentVersion
from awareness.web.startup import Refusal

VERSION = ContentVersion._meta.db_table


def connected(file, timeout=20):
    """Each statement is a transaction of its own."""
    return contextlib.closing(sqlite3.connect(file, timeout, isolation_level=None))


def snapshot(file):
    """Make this file, and return what there is in it."""
    source, copied = settings.DATABASE_FILE, file.with_name("copied.sqlite3")
    if not has_content():
        raise Refusal(f"There is no database at {source} yet: `make run` makes one.")
    with connected(source) as live, connected(copied) as copy:
        live.backup(copy)
        rows = counts(copy)
        if not rows.get("django_migrations"):
            raise Refusal(f"There is no site in the database {source} yet: `make run` makes one.")
        gone = [table for table in left_out() if table in rows]
        for table in gone:
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of our own
        # Without the remains of what was deleted, here or on the site.
        copy.execute("VACUUM INTO ?", [str(file)])
        applied = copy.execute("SELECT app, max(name) FROM django_migrations GROUP BY app")
        facts = {"migrations": dict(applied), "tables": counts(copy), "left_out": gone}
    copied.unlink()
    return {"tools": 0, **facts}


def counts(database):
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
    return {
        table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
        for (table,) in database.execute(tables).fetchall()
    }


def check(file, manifest):
    """Whole in itself, and with as many rows as the backup says."""
    with connected(file) as database:
        answer = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if answer != "ok":
            raise Damaged(f"SQLite finds damage in its database: {answer.splitlines()[-1]}")
        if counts(database) != manifest.tables:
            raise Damaged("its database does not hold the rows that its list says")


def has_content():
    """Whether anything is there that could be lost."""
    return settings.DATABASE_FILE.is_file() and bool(settings.DATABASE_FILE.stat().st_size)


def described():
    return f"the database {settings.DATABASE_FILE}"


def replace(new, _manifest, mark):
    """In one step, from which on the database carries this mark."""
    target = settings.DATABASE_FILE
    highest = close(target) if has_content() else 0
    with connected(new) as database:
        # Above what it was and what it is, so that no worker takes an old page for a new one.
        database.execute(
            f"INSERT INTO {VERSION} (id, version) VALUES (1, ?) "  # noqa: S608 - a name of our own
            "ON CONFLICT (id) DO UPDATE SET version = max(version + 1, excluded.version)",
            [highest + 1],
        )
        database.execute(f"PRAGMA user_version = {mark}")
    sync(new)
    for end in ("-wal", "-shm", "-journal"):  # of a file that is gone: close() left none
        Path(f"{target}{end}").unlink(missing_ok=True)
    new.replace(target)
    sync(target.parent)


def close(file):
    """The content version of the old one, whose log is brought into it.

    A log that is left beside the new file would be read into it. From here on the old file is
    whole by itself, until the new one takes its place.
    """
    with connected(file, timeout=2) as database:
        if database.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
            raise sqlite3.OperationalError("something else has it open")
        if VERSION not in counts(database):
            return 0
        row = database.execute(f"SELECT max(version) FROM {VERSION}").fetchone()  # noqa: S608
        return row[0] or 0


def carries(mark):
    """Whether the database is the one that a restore with this mark has put there."""
    if not has_content():
        return False
    with connected(settings.DATABASE_FILE) as database:
        return database.execute("PRAGMA user_version").fetchone()[0] == mark

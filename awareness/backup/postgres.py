"""The database by PostgreSQL's own tools: pg_dump writes it, pg_restore reads it.

What pg_restore reads is sent through one transaction of ours, so that what was there goes, what
comes is counted, and both happen or neither does. Only the site's own tables are copied and
replaced; where others stand beside them, nothing is put back.
"""

import itertools
import os
import re
import subprocess

import psycopg
from django.db import connection

from awareness.backup.archive import Damaged
from awareness.backup.manifest import left_out
from awareness.web.content_version import FUNCTION
from awareness.web.models import ContentVersion
from awareness.web.startup import Refusal

VERSION = ContentVersion._meta.db_table
# Two are meant for pages, not for this; the third is for whoever waits for another restore.
LIMITS = (
    "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; "
    "SET lock_timeout = '30s'"
)
# Whoever puts a backup back holds it until the database has decided.
LOCK = "SELECT pg_advisory_xact_lock(1096241746)"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
MARK = "SELECT obj_description(to_regclass(%s), 'pg_class')"
# What pg_restore of one version says and a server of another does not know, and what psql is told.
FOR_OTHERS = (b"SET ", b"\\")
COPY = re.compile(rb'COPY (?:[^ .]+\.)?"?([^ ".]+)"? \(')


def connected():
    """Past the site's pool, which tries for long and keeps the reason to itself."""
    database = psycopg.connect(**{**connection.get_connection_params(), "autocommit": True})
    database.execute(LIMITS)
    database.autocommit = False
    return database


def run(tool, *arguments, **environment):
    """One of PostgreSQL's tools; the first line of its complaint is an OSError."""
    try:
        done = subprocess.run(  # noqa: S603 - a command of our own
            [tool, *arguments],
            env={**os.environ, "LC_ALL": "C", **environment},
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        raise Refusal(
            f"{tool} is missing: install PostgreSQL's tools "
            "(on Debian and Ubuntu: apt-get install postgresql-client)."
        ) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise OSError(lines[0] if lines else f"{tool} ended with {done.returncode}")


# --- Copying ---------------------------------------------------------------------------


def snapshot(file):
    """Make this file, and return what there is in it, both of the same moment."""
    with connected() as database:
        database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        database.read_only = True
        tables = own_tables(database)
        if "django_migrations" not in tables:
            raise Refusal("There is no site in the database yet: `make run` makes one.")
        applied = database.execute("SELECT app, max(name) FROM django_migrations GROUP BY app")
        gone = [table for table in left_out() if table in tables]
        dump(database, file, tables, gone)
        return {
            "tools": database.info.server_version // 10000,
            "migrations": dict(applied.fetchall()),
            "tables": {**counts(database, tables), **dict.fromkeys(gone, 0)},
            "left_out": gone,
        }


def dump(database, file, tables, gone):
    """What this connection sees in this transaction, even if others write meanwhile."""
    question = "SELECT pg_export_snapshot(), current_schema()"
    moment, schema = database.execute(question).fetchone()
    # The password goes by the environment: a command line can be read by everybody.
    login, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    run(
        *("pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges"),
        *("--strict-names", "--lock-wait-timeout=60s", f"--snapshot={moment}", f"--file={file}"),
        *(f'--table="{schema}"."{table}"' for table in tables),
        *(f'--exclude-table-data="{schema}"."{table}"' for table in gone),
        *login[1:],
        **(environment or {}),
    )


def own_tables(database, also=()):
    """Those of the site's tables that are there."""
    models = connection.introspection.django_table_names()
    known = {"django_migrations", *models, *left_out(), *also}
    return [name for (name,) in database.execute(TABLES) if name in known]


def counts(database, tables):
    return {
        table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
        for table in tables
    }


def script(file):
    """What psql would be told, in a file beside it."""
    made = file.with_suffix(".sql")
    try:
        run("pg_restore", "--no-owner", "--no-privileges", f"--file={made}", file)
    except OSError as error:
        raise Damaged(f"its database cannot be read ({error})") from error
    return made


def check(file, manifest):
    """Readable to its end, and with as many rows as the backup says."""
    found = dict.fromkeys(manifest.tables, 0)
    with script(file).open("rb") as lines:
        for line in lines:
            if copy := COPY.match(line):
                found[copy[1].decode()] = sum(1 for _row in rows_of(lines))
    if found != manifest.tables:
        raise Damaged("its database does not hold the rows that its list says")


def rows_of(lines):
    """Those after a COPY."""
    return itertools.takewhile(lambda line: line != b"\\.\n", lines)


# --- Putting it back -------------------------------------------------------------------


def has_content():
    """Whether anything is there that could be lost."""
    with connected() as database:
        return bool(own_tables(database))


def described():
    return f"the database {connection.settings_dict['NAME']}"


def replace(file, manifest, mark):
    """All in one transaction, at whose end the database carries this mark."""
    try:
        with connected() as database:
            load(database, file, manifest, mark)
    except psycopg.Error:  # the last word of a database that went away may have been yes
        if not carries(mark):
            raise


def load(database, file, manifest, mark):
    database.execute(LOCK)
    refuse_others(database, manifest)
    highest = version_of(database)
    if there := own_tables(database, manifest.tables):
        database.execute("DROP TABLE " + ", ".join(f'"{table}"' for table in there))
    database.execute(FUNCTION)  # the triggers in the dump call it
    with script(file).open("rb") as lines:
        send(database, lines)
    database.execute("RESET search_path")  # the script's own is empty
    # Above what it was and what it is, so that no worker takes an old page for a new one.
    database.execute(
        f"INSERT INTO {VERSION} AS held (id, version) VALUES (1, %s) ON CONFLICT (id) "  # noqa: S608
        "DO UPDATE SET version = greatest(held.version + 1, excluded.version)",
        [highest + 1],
    )
    database.execute(f"COMMENT ON TABLE {VERSION} IS '{mark}'")


def refuse_others(database, manifest):
    """Whoever else works in this database, on this machine or another, must have stopped."""
    number = database.execute(OTHERS).fetchone()[0]
    if number:
        raise Refusal(
            f"Something else is connected to the database ({number} times): stop the site on "
            "every machine that runs it. Nothing was changed."
        )
    known = own_tables(database, manifest.tables)
    strange = [name for (name,) in database.execute(TABLES) if name not in known]
    if strange:
        raise Refusal(
            f"The database holds tables that this version of the site does not know ({strange[0]}"
            f"{', …' if len(strange) > 1 else ''}): name an empty one with DATABASE_URL. "
            "Nothing was changed."
        )


def send(database, lines):
    """Statements as they are, and the rows between them as a stream."""
    statements = []
    for line in lines:
        if COPY.match(line):
            database.execute(b"".join(statements))
            statements = []
            with database.cursor().copy(line) as copy:
                for row in rows_of(lines):
                    copy.write(row)
        elif not line.startswith(FOR_OTHERS):
            statements.append(line)
    database.execute(b"".join(statements))


def version_of(database):
    if database.execute("SELECT to_regclass(%s)", [VERSION]).fetchone()[0] is None:
        return 0
    return database.execute(f"SELECT max(version) FROM {VERSION}").fetchone()[0] or 0  # noqa: S608


def carries(mark):
    """Whether the database is the one that a restore with this mark has put there.

    Waits for that restore's transaction, which may outlive the process that began it.
    """
    with connected() as database:
        database.execute(LOCK)
        return database.execute(MARK, [VERSION]).fetchone()[0] == str(mark)

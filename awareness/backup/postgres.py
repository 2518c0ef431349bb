"""The database by PostgreSQL's own tools: pg_dump writes it, pg_restore reads it.

What pg_restore reads is sent through one transaction of ours, so that what was there goes, what
comes is counted, and both happen or neither does. Only the site's own tables are copied and
replaced; where others stand beside them, nothing is put back.
"""

import contextlib
import os
import re
import shutil
import subprocess

import psycopg
from django.db import connection
from psycopg import sql

from awareness.backup.archive import Altered
from awareness.backup.manifest import left_out
from awareness.web.content_version import FUNCTION
from awareness.web.models import ContentVersion
from awareness.web.startup import Refusal

FILE = "database.dump"
VERSION = ContentVersion._meta.db_table
LOCK = 0x41574152  # whoever puts a backup back holds it until the database has decided
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
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        database.execute(f"SET {limit} = 0")  # meant for pages, not for this
    database.autocommit = False
    return database


def tool(name, needed):
    """(the path of one of PostgreSQL's tools, its version), which must be new enough."""
    path = shutil.which(name)
    if path is None:
        raise Refusal(
            f"{name} is missing: install PostgreSQL's tools "
            "(on Debian and Ubuntu: apt-get install postgresql-client)."
        )
    said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout  # noqa: S603
    found = re.search(r"(\d+)[.\d]*", said)
    if not found or int(found[1]) < needed:
        raise Refusal(
            f"{name} is too old, version {needed} is needed: install it "
            f"(on Debian and Ubuntu: apt-get install postgresql-client-{needed})."
        )
    return path, int(found[1])


def run(command, environment=None):
    done = subprocess.run(  # noqa: S603 - a command of our own
        command,
        env={**os.environ, "LC_ALL": "C", **(environment or {})},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[0]
        raise OSError(said)


# --- Copying ---------------------------------------------------------------------------


def snapshot(folder):
    """(the file, what there is in it), both of the same moment."""
    file = folder / FILE
    with connected() as database:
        database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        database.read_only = True
        pg_dump, version = tool("pg_dump", database.info.server_version // 10000)
        moment = database.execute("SELECT pg_export_snapshot()").fetchone()[0]
        schema = database.execute("SELECT current_schema()").fetchone()[0]
        tables = own_tables(database)
        if "django_migrations" not in tables:
            raise Refusal("There is no site in the database yet: `make run` makes one.")
        applied = database.execute("SELECT app, max(name) FROM django_migrations GROUP BY app")
        gone = [table for table in left_out() if table in tables]
        facts = {
            "engine": "postgresql",
            "tools": version,
            "migrations": dict(applied.fetchall()),
            "tables": {**counts(database, tables), **dict.fromkeys(gone, 0)},
            "left_out": gone,
        }
        names = {table: f'"{schema}"."{table}"' for table in tables}
        # The password goes by the environment: a command line can be read by everybody.
        login, environment = connection.client.settings_to_cmd_args_env(
            connection.settings_dict, []
        )
        run(
            [
                pg_dump,
                "--format=custom",
                "--compress=0",
                "--no-owner",
                "--no-privileges",
                "--strict-names",
                "--lock-wait-timeout=60s",
                f"--snapshot={moment}",
                f"--file={file}",
                *(f"--table={name}" for name in names.values()),
                *(f"--exclude-table-data={names[table]}" for table in gone),
                *login[1:],
            ],
            environment,
        )
    return file, facts


def own_tables(database, also=()):
    """Those of the site's tables that are there."""
    models = connection.introspection.django_table_names()
    known = {"django_migrations", *models, *left_out(), *also}
    return [name for (name,) in database.execute(TABLES) if name in known]


def counts(database, tables):
    count = sql.SQL("SELECT count(*) FROM {}")
    return {
        table: database.execute(count.format(sql.Identifier(table))).fetchone()[0]
        for table in tables
    }


@contextlib.contextmanager
def script(dump, section):
    """What pg_restore would do, line by line."""
    path, _version = tool("pg_restore", 0)
    command = [path, "--no-owner", "--no-privileges", f"--section={section}", "--file=-", dump]
    reader = subprocess.Popen(  # noqa: S603 - a command of our own
        command,
        env={**os.environ, "LC_ALL": "C"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with reader:
        try:
            yield reader.stdout
        except BaseException:
            reader.kill()
            raise
        said = reader.stderr.read().decode(errors="replace").strip()
        if reader.wait():
            why = said.splitlines()[0] if said else "pg_restore ended early"
            why = why.removeprefix("pg_restore: ")
            raise Altered(f"pg_restore cannot read its database ({why})")


def rows_of(lines):
    """The rows after a COPY, up to its end."""
    for line in lines:
        if line == b"\\.\n":
            return
        yield line
    raise Altered("its database is cut short")


def check(dump, manifest):
    """Readable to its end, and with as many rows as the backup says."""
    tool("pg_restore", manifest.tools)
    found = dict.fromkeys(manifest.tables, 0)
    with script(dump, "data") as lines:
        for line in lines:
            if line.startswith(b"COPY "):
                if not (table := COPY.match(line)):
                    raise Altered("its database holds rows of no table")
                found[table[1].decode(errors="replace")] = sum(1 for _row in rows_of(lines))
    if found != manifest.tables:
        raise Altered("its database does not hold the rows that its list says")


# --- Putting it back -------------------------------------------------------------------


def has_content():
    """Whether anything is there that could be lost."""
    with connected() as database:
        return bool(own_tables(database))


def described():
    return f"the site's tables in the database {connection.settings_dict['NAME']}"


def way_out():
    return "name an empty database with DATABASE_URL"


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


def load(dump, manifest, mark):
    """All in one transaction, at whose end the database carries this mark."""
    with connected() as database:
        database.execute("SET LOCAL lock_timeout = '10s'")
        if not database.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK]).fetchone()[0]:
            raise Refusal("A backup is just being put back into this database: wait for it.")
        refuse_others(database, manifest)
        highest = version_of(database)
        path = database.execute("SELECT current_setting('search_path')").fetchone()[0]
        if there := own_tables(database, manifest.tables):
            tables = sql.SQL(", ").join(map(sql.Identifier, there))
            database.execute(sql.SQL("DROP TABLE {}").format(tables))
        database.execute(FUNCTION)  # the triggers in the dump call it
        for section in ("pre-data", "data", "post-data"):
            with script(dump, section) as lines:
                send(database, lines)
        database.execute("SELECT set_config('search_path', %s, false)", [path])
        there = own_tables(database, manifest.tables)
        if counts(database, there) != manifest.tables:
            raise Altered("its database does not hold the rows that its list says")
        raise_version(database, highest)
        comment = sql.SQL("COMMENT ON TABLE {} IS {}")
        database.execute(comment.format(sql.Identifier(VERSION), sql.Literal(mark)))


def send(database, lines):
    """Statements as they are, and the rows between them as a stream."""
    statements = []
    for line in lines:
        if line.startswith(b"COPY "):
            with database.cursor().copy(line) as copy:
                for row in rows_of(lines):
                    copy.write(row)
        elif not line.startswith(FOR_OTHERS):
            statements.append(line)
    if any(line.strip() and not line.startswith(b"--") for line in statements):
        database.execute(b"".join(statements))


def version_of(database):
    if database.execute("SELECT to_regclass(%s)", [VERSION]).fetchone()[0] is None:
        return 0
    row = database.execute(sql.SQL("SELECT max(version) FROM {}").format(sql.Identifier(VERSION)))
    return row.fetchone()[0] or 0


def raise_version(database, highest):
    """Above what it was and what it is, so that no worker takes an old page for a new one."""
    database.execute(
        sql.SQL(
            "INSERT INTO {0} AS held (id, version) VALUES (1, %s) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version"
        ).format(sql.Identifier(VERSION)),
        [max(highest, version_of(database)) + 1],
    )


def carries(mark):
    """Whether the database is the one that a restore with this mark would have left.

    Waits for that restore's transaction, which may outlive the process that began it.
    """
    with connected() as database:
        database.execute("SET LOCAL lock_timeout = '60s'")
        database.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return database.execute(MARK, [VERSION]).fetchone()[0] == mark

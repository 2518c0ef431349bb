"""Raises the content version with every change of a public table, in the database itself.

A trigger runs in the transaction of the change and costs no query. Nothing passes it by: forms,
bulk actions, ``QuerySet.update``, imports, ``loaddata``, SQL by hand
(docs/decisions/0008-finished-pages-in-memory.md).
"""

from django.apps import apps
from django.db import connection, transaction

from awareness.web.models import ContentVersion

# Every table of these apps counts as public, so that a new one cannot be forgotten.
CONTENT_APPS = ("pages", "stats")

NAME = "content_changed"
VERSION = ContentVersion._meta.db_table
# On SQLite and PostgreSQL alike; the row is made by the first change.
RAISE = (
    f"INSERT INTO {VERSION} (id, version) VALUES (1, 1) "  # noqa: S608 - names of our own
    f"ON CONFLICT (id) DO UPDATE SET version = {VERSION}.version + 1"
)
FUNCTION = (
    f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN {RAISE}; RETURN NULL; END $$"
)
PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def public_tables():
    """Those that are there: not all are while somebody migrates step by step."""
    there = set(connection.introspection.table_names())
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in CONTENT_APPS
    ]
    return [table for table in tables if {table, VERSION} <= there]


def triggers():
    """{name: the statement that makes it}, for the database in use."""
    made = {}
    for table in public_tables():
        if connection.vendor == "postgresql":
            name = f"{NAME}_{table}"
            made[name] = (
                f'CREATE TRIGGER "{name}" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE '
                f'ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION {NAME}()'
            )
            continue
        for event in ("insert", "update", "delete"):
            name = f"{NAME}_{table}_{event}"
            made[name] = f'CREATE TRIGGER "{name}" AFTER {event} ON "{table}" BEGIN {RAISE}; END'
    return made


def missing():
    """Those that the database lacks. SQLite drops them when a migration alters their table."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return {name: statement for name, statement in triggers().items() if name not in there}


def install(**_signal):
    """Make those that are missing, and count whatever happened without them as a change."""
    lacking = missing()
    if not lacking:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for statement in lacking.values():
            cursor.execute(statement)
        cursor.execute(RAISE)


def raise_version():
    """For what no trigger sees: a table that was put in place as a file, say."""
    with connection.cursor() as cursor:
        cursor.execute(RAISE)

"""A draft as the public page, made by the public views of the tables as they would be.

It is written into temporary tables, which this connection alone has and finds before those of the
same name: nobody waits for it, nobody else sees any of it, and nothing of it is kept. Not by the
page cache either, which this goes past, and not as the site context that error
pages show (pages/site_context.py asks ``is_previewing``).
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import DataError, connection, transaction
from django.utils import timezone

from awareness.web.cache_key import anonymous_environ

from .item_version import relations

NO_COLUMN = (OverflowError, DataError)  # a number in a draft that is too large for its table
AFTER_ALL = 2**40  # the number of a row that has none yet
_previewing = ContextVar("previewing", default=False)

is_previewing = _previewing.get


@contextmanager
def as_if_public(version):
    """The tables as if this were public now, until the end. Raises ValidationError if they could
    not be."""
    version = version.copy()
    item, now = version.item, timezone.now()
    item.pk = item.pk or AFTER_ALL
    if hasattr(item, "published"):
        begun = item.publish_at if item.published else now  # as publishing would have it
        item.published, item.publish_at, item.expire_at = True, min(now, begun or now), None
    item.validate_unique()
    with not_immediate(), transaction.atomic():
        write_copies(version)
        yield item
        transaction.set_rollback(True)


@contextmanager
def not_immediate():
    """Without the right to write, which SQLite gives to one at a time, and here to each
    transaction at its beginning (awareness/settings.py)."""
    connection.ensure_connection()
    mode = getattr(connection, "transaction_mode", None)
    connection.transaction_mode = None
    try:
        yield
    finally:
        connection.transaction_mode = mode


def write_copies(version):
    """The tables with the item's rows as the version has them. A copy numbers no row by itself."""
    item = version.item
    put(type(item), "id", item.pk, [item])
    for name, key in relations(type(item)).items():
        rows = version.inlines[name]
        for number, row in enumerate(rows, AFTER_ALL):
            row.pk = row.pk or number
            setattr(row, key.name, item)
        put(key.model, key.column, item.pk, rows)


def put(model, column, number, rows):
    """These, in the place of those that have this number in this column."""
    table, column = map(connection.ops.quote_name, (model._meta.db_table, column))
    place = {"sqlite": "temp", "postgresql": "pg_temp"}[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(  # names of our own
            f"CREATE TABLE {place}.{table} AS SELECT * FROM {table} "  # noqa: S608
            f"WHERE {column} <> {number:d}"
        )
    model._base_manager.bulk_create(rows)


@cache
def handler():
    return WSGIHandler()


def public_page(address):
    """What anybody would get who asks for this path and query, even within a transaction that may
    yet be undone: nothing of it is kept."""
    site, asked = urlsplit(settings.SITE_URL), urlsplit(f"/{address.lstrip('/')}")  # "//": a host
    path = unquote(asked.path).encode().decode("latin-1")  # as WSGI has it
    request = WSGIRequest(anonymous_environ((site.scheme, site.netloc, path, asked.query)))
    mark = _previewing.set(True)
    try:
        return handler().get_response(request)
    finally:
        _previewing.reset(mark)

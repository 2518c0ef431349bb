"""A draft as the public page, made by the public views of the tables as they would be.

It is written into temporary tables, which this connection alone has and finds before those of the
same name: nobody waits for it, nobody else sees any of it, and nothing of it is kept. Not by the
page cache either, which this goes past, and not as the site context that error
pages show (pages/site_context.py asks ``is_previewing``).
"""

import re
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from urllib.parse import unquote, urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import NoReverseMatch, path
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from awareness.web.cache_key import anonymous_environ
from awareness.web.csp import ADMIN_POLICY, PUBLIC_POLICY, set_policy

from . import drafts
from .item_version import ItemVersion, relations

LANGUAGES = dict(settings.LANGUAGES)
WIDTHS = ("desktop", "phone")
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
AFTER_ALL = 2**40  # the number of a row that has none yet
_previewing = ContextVar("previewing", default=False)

is_previewing = _previewing.get


@contextmanager
def as_if_public(version):
    """The tables as if this were public now, until the end. Raises ValidationError if they could
    not be."""
    item, now = version.item, timezone.now()
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
    site, asked = urlsplit(settings.SITE_URL), urlsplit(address)
    path = unquote(asked.path).encode().decode("latin-1")  # as WSGI has it
    request = WSGIRequest(anonymous_environ((site.scheme, site.netloc, path, asked.query)))
    mark = _previewing.set(True)
    try:
        return handler().get_response(request)
    finally:
        _previewing.reset(mark)


class Previews:
    """For DeskAdmin."""

    def public_path(self, item):
        """Where the public finds it; with a fragment if it is a part of a page."""
        return item.get_absolute_url()

    def path_of(self, item):
        """ "" of a draft that lacks an address yet."""
        try:
            return self.public_path(item)
        except (NoReverseMatch, ObjectDoesNotExist):
            return ""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        outer, inner = map(self.admin_site.admin_view, (self.preview_view, self.preview_page_view))
        return [
            path("<path:object_id>/preview/", outer, name=name),
            path("<path:object_id>/preview/page/", inner, name=f"{name}_page"),
            *super().get_urls(),
        ]

    def preview_of(self, request, object_id):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        item = self.get_object(request, object_id)
        live = item and ItemVersion.of(item)
        with suppress(drafts.Unreadable):  # the form says so
            return item and drafts.open_draft(live, drafts.draft_of(item))
        return live

    def preview_view(self, request, object_id):
        version = self.preview_of(request, object_id)
        if version is None:
            return self.gone(request, object_id)
        width, language = request.GET.get("width"), request.GET.get("language")
        chosen = {
            "width": width if width in WIDTHS else WIDTHS[0],
            "language": language if language in LANGUAGES else settings.LANGUAGE_CODE,
        }
        item = version.item
        fragment = urlsplit(self.path_of(item)).fragment
        context = {
            "title": _("Preview of “%s”") % item,
            "draft": drafts.draft_of(item),
            "chosen": chosen,
            "widths": [
                (name, label, urlencode(chosen | {"width": name}))
                for name, label in zip(WIDTHS, (_("Computer"), _("Phone")), strict=True)
            ],
            "languages": [
                (code, label, urlencode(chosen | {"language": code}))
                for code, label in LANGUAGES.items()
            ],
            "page": f"page/?language={chosen['language']}" + (f"#{fragment}" if fragment else ""),
        }
        response = self.page(request, "admin/desk/preview.html", item, context)
        set_policy(response, ADMIN_POLICY | {"frame-src": ["'self'"]})
        return response

    def preview_page_view(self, request, object_id):
        version = self.preview_of(request, object_id)
        if version is None:
            return self.gone(request, object_id)
        code = request.GET.get("language")
        code = code if code in LANGUAGES else settings.LANGUAGE_CODE
        if not self.path_of(version.item):
            return self.marked(_("It has no address yet, so there is no page to show."))
        try:
            with as_if_public(version), translation.override(code):
                page = public_page(urlsplit(self.path_of(version.item)).path).content.decode()
        except ValidationError:
            page = _("The draft cannot be shown because another item now has the same address.")
        return self.marked(page)

    def marked(self, page):
        """Without scripts, which the frame does not run. Links leave it, since no public page may
        be shown in one."""
        mark = format_html(
            '<div class="top"><div><p class="pending"><b>{}</b> {}</p></div></div>',
            _("Preview."),
            _("Only staff see this page."),
        )
        page = SCRIPT.sub("", page)
        page = page.replace("<head>", '<head><base target="_top">', 1)
        response = HttpResponse(page.replace("<body>", f"<body>{mark}", 1))
        set_policy(response, PUBLIC_POLICY | {"frame-ancestors": ["'self'"]})
        return xframe_options_sameorigin(lambda _request: response)(None)

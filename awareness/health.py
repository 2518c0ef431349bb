"""What the site says of itself to whatever watches over it: what a visitor would get."""

import sqlite3
from contextlib import closing
from math import inf

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from awareness.web.cache_key import cacheable_host
from awareness.web.content_version import VERSION
from awareness.web.generation import Generation
from awareness.web.logs import as_logged
from pages.views import help_page

SILENT = "The database does not answer."
DAMAGED = "The database answers, but the page with the help lines cannot be read from it."
BROKEN = "The page with the help lines cannot be made."
READ_ONLY = "The database cannot be written to: nothing can be saved."


@csrf_exempt
@require_safe
def healthz(request):
    """200 while a visitor gets /help/, made or held, and which part is ill. Never held itself."""
    ill = illness(request)
    if ill in ("", READ_ONLY):
        return HttpResponse(f"{ill or 'ok'}\n", "text/plain")
    cache = request.META.get("awareness.page_cache")
    path = reverse("pages:help")
    key = request.scheme, cacheable_host(request.get_host(), path), path, ""
    if cache and cache.find(key, old=True):
        ill += f" It is held in memory, and still served, as are {len(cache.pages) - 1} others."
        return HttpResponse(f"{ill}\n", "text/plain")
    response = HttpResponse(f"{ill} Nor is it held in memory.\n", "text/plain", status=503)
    return as_logged(response)  # by awareness.web.page_cache


def illness(request):
    """The part that is ill, in a sentence; "" if none is."""
    if request.META.get("awareness.database_gone"):
        return SILENT
    try:
        request.META["awareness.generation"] = Generation(until=inf, end=inf)  # read all of it anew
        help_page(request)
        return "" if may_write() else READ_ONLY
    except (OperationalError, InterfaceError):
        return SILENT
    except DatabaseError:
        return DAMAGED
    except Exception:  # whatever it is: awareness.web.page_cache writes it down
        return BROKEN


def may_write():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            return cursor.execute("SHOW transaction_read_only").fetchone()[0] == "off"
    try:  # somebody else who writes is no illness, and nothing to wait for
        name = connection.get_connection_params()["database"]
        with closing(sqlite3.connect(name, uri=True, timeout=0)) as other:
            other.execute(f"DELETE FROM {VERSION} WHERE 0")  # noqa: S608 - a name of our own
    except sqlite3.Error as error:
        return not error.sqlite_errorname.startswith("SQLITE_READONLY")
    return True

"""Pages for when something is wrong. Each shows the help lines, and needs no database."""

import errno
import sys
from contextlib import suppress

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from awareness.accounts.whom_to_ask import whom_to_ask_for
from awareness.content.context import versions
from awareness.desk import kept
from awareness.web import files
from awareness.web.csp import PUBLIC_POLICY, set_policy
from awareness.web.headers import is_staff_path
from awareness.web.inline import script, style
from awareness.web.logs import as_logged
from pages.site_context import held_context, latest_context

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
STYLE_FILE = '<link rel="stylesheet" href="/.errors/style.css">'
EXIT_FILE = ' src="/.errors/exit.js"><'
NEED_NONE = ("/healthz", "/robots.txt", "/favicon.ico", settings.MEDIA_URL)  # no database


def error_page(status, request=None, site_context=None, **context):
    """The page of this status (templates/400.html and so on) as a response."""
    context |= {"site_context": site_context or latest_context(request), "versions": versions("/")}
    response = HttpResponse(render_to_string(f"{status}.html", context), status=status)
    set_policy(response, PUBLIC_POLICY)  # under the staff's addresses too
    return response


def keep_files():
    """For nginx, which answers by itself what never reaches the site, and everything while that is
    away (deploy/nginx.conf). Its policy knows no hashes: style and script are files, too."""
    site_context, folder = latest_context(), settings.VAR_DIR / "errors"
    texts = {"style.css": style(), "exit.js": script("exit")}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for status in (400, 503):
                page = error_page(status, site_context=site_context).content.decode()
                page = page.replace(f"<style>{style()}</style>", STYLE_FILE)
                texts[f"{status}.{code}.html"] = page.replace(f">{script('exit')}<", EXIT_FILE)
    with suppress(OSError):  # of each file it is said
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)  # nginx has an account of its own
    for name, text in texts.items():
        files.keep(folder / name, text, 0o644)


def bad_request(request, exception=None):
    return error_page(400, request)


def permission_denied(request, exception=None):
    """Staff whose role does not allow something are told whose does."""
    is_staff = is_staff_path(request.path_info) and request.user.is_authenticated
    ask = whom_to_ask_for(request) if is_staff and request.resolver_match else ""
    return error_page(403, request, ask=ask)


def csrf_failure(request, reason=""):
    return kept.rescue(request) or error_page(403, request)


def page_not_found(request, exception=None):
    return error_page(404, request)


def too_many(request):
    """allauth's answer to whoever tries too often. On a page of the staff, so in its frame."""
    return render(request, "account/too_many.html", status=429)


def server_error(request):
    """Also of what our middleware cannot catch: a session that cannot be written, say."""
    return (
        no_database(request)
        if is_outage(sys.exception())
        else error_page(500, site_context=held_context())
    )


def is_outage(exception):
    """The database, or room on the disk, is missing: nobody's fault, and over when it is back."""
    full = isinstance(exception, OSError) and exception.errno in NO_ROOM
    return full or isinstance(exception, (OperationalError, InterfaceError))


def no_database(request):
    """It is gone, or full, or may only be read: whoever wrote something is told so."""
    unsaved = request.method == "POST" and is_staff_path(request.path_info)
    return error_page(503, site_context=held_context(), unsaved=unsaved)


def plain_pages(get_response):
    """Give a refused method a page too, and an unreachable database its own status."""

    def middleware(request):
        if request.META.get("awareness.database_gone") and not request.path_info.startswith(
            NEED_NONE
        ):
            # No thread waits for it once more, and awareness.web.page_cache wrote it down.
            return as_logged(no_database(request))
        response = get_response(request)
        if response.status_code == 405 and not is_staff_path(request.path_info):
            page = error_page(405, request)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(request, exception):
        if is_outage(exception):
            return no_database(request)
        if isinstance(exception, UnreadablePostError):  # whoever sent it has gone, or is silent
            return error_page(400, request)
        # A number in the address of a list that SQLite or the calendar cannot hold.
        if isinstance(exception, OverflowError) and request.method in ("GET", "HEAD"):
            return error_page(400, request)
        return None

    middleware.process_exception = process_exception
    return middleware

"""The one wrapper around every public view."""

from functools import partial, wraps

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from awareness.web.csp import EMBED_POLICY, POLICY, policy_of, set_policy


def sentence(words, status):
    """For whoever asked a file's address for what is not there."""
    return HttpResponse(f"{words}\n", "text/plain; charset=utf-8", status=status)


def is_page(response):
    is_html = response.get("Content-Type", "").startswith("text/html")
    return is_html and response.status_code == 200 and not response.streaming


def public(view=None, reads=(), methods=require_safe):
    """A page to read: GET and HEAD alone, the same for everybody, so that the page cache
    may hold it. Without a form it needs no CSRF check, which would answer a wrong method with
    "forbidden" and could set a cookie. ``reads`` are the keys that it looks for in the query: an
    address with any other is sent on without it (awareness/web/addresses.py)."""
    if view is None:
        return partial(public, reads=reads, methods=methods)

    @csrf_exempt
    @methods
    @wraps(view)
    def page(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.cacheable = request.method == "GET" and getattr(response, "cacheable", True)
        if is_page(response) and POLICY not in response:
            set_policy(response, policy_of(response.content.decode()))
        return response

    page.reads = frozenset(reads)
    return page


def uncached(view):
    """As a page, but made for each request: what is drawn for it lies on the disk."""
    return csrf_exempt(require_safe(view))


# A page with a form that reads and changes nothing. Its words come in the body of a POST, so that
# no address, history or log holds them.
form_page = public(methods=require_http_methods(["GET", "HEAD", "POST"]))


def open_data(view=None, reads=()):
    """A file for machines, which any other site may read."""
    if view is None:
        return partial(open_data, reads=reads)

    @wraps(view)
    def file(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return public(file, reads)


def embeddable(view):
    """A page without script that any other site may show in a frame. None but these: a page that
    could be framed could be covered, and a press on it be led elsewhere."""

    @wraps(view)
    def framed(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if is_page(response):
            set_policy(response, policy_of(response.content.decode()) | EMBED_POLICY)
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
            response.xframe_options_exempt = True
        return response

    return public(framed)

"""The one wrapper around every public view."""

from functools import partial, wraps

from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe


def public(view=None, reads=()):
    """A page to read: GET and HEAD alone, the same for everybody, so that awareness/pagecache.py
    may hold it. Without a form it needs no CSRF check, which would answer a wrong method with
    "forbidden" and could set a cookie. ``reads`` are the keys that it looks for in the query: an
    address with any other is sent on without it (awareness/addresses.py)."""
    if view is None:
        return partial(public, reads=reads)
    page = wraps(view)(csrf_exempt(require_safe(held(view))))
    page.reads = frozenset(reads)
    return page


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


def takes_words(view):
    """A page with a form that reads and changes nothing. Its words come in the body of a POST,
    so that no address, history or log holds them."""
    page = wraps(view)(csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(held(view))))
    page.reads = frozenset()
    return page


def held(view):
    @wraps(view)
    def page(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.may_be_held = request.method == "GET"
        return response

    return page

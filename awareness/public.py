"""The one wrapper around every public view."""

from functools import wraps

from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe


def public(view):
    """A page to read: GET and HEAD alone, the same for everybody, so that awareness/pagecache.py
    may hold it. Without a form it needs no CSRF check, which would answer a wrong method with
    "forbidden" and could set a cookie."""
    return wraps(view)(csrf_exempt(require_safe(held(view))))


def open_data(view):
    """A file for machines, which any other site may read."""

    @wraps(view)
    def file(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return public(file)


def takes_words(view):
    """A page with a form that reads and changes nothing. Its words come in the body of a POST,
    so that no address, history or log holds them."""
    return wraps(view)(csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(held(view))))


def held(view):
    @wraps(view)
    def page(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.may_be_held = request.method == "GET"
        return response

    return page

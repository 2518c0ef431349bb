"""The page cache's key of a request: (scheme, host, path, query)."""

from functools import lru_cache
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from awareness.web.addresses import LONG
from awareness.web.headers import is_staff_path

Environ = dict[str, Any]  # of PEP 3333
Key = tuple[str, str, str, str]

SESSION = settings.SESSION_COOKIE_NAME
NEVER_CACHED = (settings.STATIC_URL, "/healthz")


def cache_key(environ: Environ) -> Key | None:
    """None for what is never held. Keys of a query that the page does not read are gone by now:
    awareness/web/addresses.py."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    is_read = environ["REQUEST_METHOD"] in ("GET", "HEAD") and len(path) + len(query) <= LONG
    if not is_read or environ.get("SCRIPT_NAME"):
        return None
    host = cacheable_host(environ.get("HTTP_HOST", ""), path)
    return (environ["wsgi.url_scheme"], host, path, query) if host else None


@lru_cache(1024)
def cacheable_host(host: str, path: str) -> str | None:
    """Without its port, where Django accepts it, and pages at this path may be held; or None."""
    domain, _port = split_domain_port(host)
    if is_staff_path(path) or path.startswith(NEVER_CACHED):
        return None
    return domain if domain and validate_host(domain, settings.ALLOWED_HOSTS) else None


def is_anonymous(environ: Environ) -> bool:
    """Whether the request says nothing of who asks."""
    return "HTTP_AUTHORIZATION" not in environ and SESSION not in environ.get("HTTP_COOKIE", "")


def anonymous_environ(key: Key) -> Environ:
    """The request for this page by somebody of whom nothing is known."""
    scheme, host, path, query = key
    environ = {
        "REQUEST_METHOD": "GET",
        "wsgi.url_scheme": scheme,
        "HTTP_HOST": host,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
    }
    setup_testing_defaults(environ)  # the rest of what PEP 3333 asks for
    return environ

"""What a request says for the page cache: which page is read, and whether anybody in particular
asks. An address is (scheme, host, path, query), in one spelling for each page."""

from functools import lru_cache
from urllib.parse import parse_qsl, urlencode
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from awareness.addresses import LONG, meant_by
from awareness.security import is_staff_path

SESSION = settings.SESSION_COOKIE_NAME
NEVER_HELD = (settings.STATIC_URL, "/healthz")


def asked_for(environ):
    """The address that a request reads, if it is one that may be held."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or len(path) + len(query) > LONG:
        return None
    host, script = environ.get("HTTP_HOST", ""), environ.get("SCRIPT_NAME", "")
    return address_of(environ["wsgi.url_scheme"], host, script, path, query)


def is_nobodys(environ):
    """Whether the request says nothing of who asks."""
    return "HTTP_AUTHORIZATION" not in environ and SESSION not in environ.get("HTTP_COOKIE", "")


@lru_cache(1024)
def address_of(scheme, host, script, path, query):
    """(scheme, host, path, query) of a page that may be held, in one spelling; None of others."""
    host, query = known_host(host), known_query(path, query)
    if host is None or query is None or script:
        return None
    if is_staff_path(path) or path.startswith(NEVER_HELD):
        return None
    return scheme, host, path, query


def known_host(host):
    """A host that Django accepts, without its port; None for any other."""
    domain, _port = split_domain_port(host)
    return domain if domain and validate_host(domain, settings.ALLOWED_HOSTS) else None


def known_query(path, query):
    """The same query in one spelling; None when the page does not read a key of it."""
    if not query:
        return ""
    keys = meant_by(path).keys or frozenset()
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=len(keys))
    except ValueError:
        return None
    if not keys.issuperset(key for key, _value in pairs):
        return None
    return urlencode(sorted(dict(pairs).items()))


def as_nobody(address, database_gone=False):
    """The request for this page by somebody of whom nothing is known."""
    scheme, host, path, query = address
    environ = {
        "REQUEST_METHOD": "GET",
        "wsgi.url_scheme": scheme,
        "HTTP_HOST": host,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
        "awareness.database_gone": database_gone,
    }
    setup_testing_defaults(environ)  # the rest of what PEP 3333 asks for
    return environ

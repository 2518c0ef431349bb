"""Addresses that people pass on: short, clean, and one for each page."""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponsePermanentRedirect, QueryDict
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

TRACKING = re.compile(
    r"^(utm_.*|fbclid|gclid|gbraid|wbraid|msclkid|dclid|igshid|mc_[ce]id|_hs\w+)$", re.IGNORECASE
)


def absolute(path):
    """The public address of a path: always of SITE_URL, whatever host was asked for."""
    return f"{settings.SITE_URL}{path}"


def clean_addresses(get_response):
    """Send an address that carries somebody's tracking on to the same page without it."""

    def middleware(request):
        query = request.META.get("QUERY_STRING", "")
        if request.method in ("GET", "HEAD") and query:
            pairs = [(key, value) for key, values in QueryDict(query).lists() for value in values]
            kept = [pair for pair in pairs if not TRACKING.match(pair[0])]
            if len(kept) < len(pairs):
                target = escape_leading_slashes(escape_uri_path(request.path))
                return HttpResponsePermanentRedirect(
                    f"{target}?{urlencode(kept)}" if kept else target
                )
        return get_response(request)

    return middleware

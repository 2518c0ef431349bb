"""Addresses that people pass on: short, clean, and one for each page."""

import re
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from django.conf import settings
from django.http import HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.http import escape_leading_slashes

from awareness.web.csp import MOVED
from awareness.web.headers import is_staff_path
from awareness.web.language import in_language, language_of

LONG = 300  # characters of path and query: no page of ours has an address so long
KEEP_THEIRS = (settings.STATIC_URL, settings.MEDIA_URL)
ALWAYS_SMALL = "/go/"  # below it, so that no row has to be looked for; people type what they read
WORD = re.compile(r"[^\W_](.*[^\W_])?", re.DOTALL)  # from the first letter or digit to the last


def absolute(path):
    """The public address of a path: always of SITE_URL, whatever host was asked for."""
    return f"{settings.SITE_URL}{path}"


def tidied(path):
    """What an address means that somebody typed or a message cut: without capitals, a sentence's
    full stop or quotation mark, double slashes, and /en/."""
    words = [word[0] for part in path.lower().split("/") if (word := WORD.search(part))]
    if words[:1] == [settings.LANGUAGE_CODE]:
        del words[0]
    return "/".join(["", *words, ""])


class Meant(NamedTuple):
    path: str
    keys: frozenset | None  # what is read from the query; None: that is left alone
    is_certain: bool  # no row of the database has to be looked for


def in_english(path):
    return in_language(path, settings.LANGUAGE_CODE)


def keeps_query(path):
    return is_staff_path(path) or in_english(path).startswith(KEEP_THEIRS)


def view_at(path):
    with suppress(Resolver404), translation.override(language_of(path)):
        return resolve(path)
    return None


@lru_cache(1024)
def meant_by(path):
    """The page that somebody means who asks for this path."""
    if keeps_query(path):
        return Meant(path, None, True)
    tidy = tidied(path)
    for there, may_name_a_row in ((path, False), (tidy, True), (tidy[:-1], True)):
        view = None if keeps_query(there) else view_at(there)
        if view and (may_name_a_row or not view.captured_kwargs):
            is_certain = not view.captured_kwargs or in_english(there).startswith(ALWAYS_SMALL)
            return Meant(there, getattr(view.func, "reads", None), is_certain)
    return Meant(path, frozenset(), False)


def sent_on(method, path, query):
    """Where a request is sent: to the page's own address, without what the page does not read
    (somebody's tracking, mostly). None if it asks for that, or for what only the database knows."""
    if method not in ("GET", "HEAD"):
        return None
    meant = meant_by(path) if len(path) <= LONG else Meant(path, frozenset(), False)
    # As bytes, so that what is in no known encoding stays what it is.
    pairs = parse_qsl(query, keep_blank_values=True, encoding="latin-1") if query else []
    kept = [pair for pair in pairs if meant.keys is None or pair[0] in meant.keys]
    is_clean = not query or meant.keys is None or 0 < len(kept) == len(pairs)
    if is_clean and (meant.path == path or not meant.is_certain):
        return None
    there = escape_leading_slashes(quote(meant.path))
    return f"{there}?{urlencode(kept, encoding='latin-1')}" if kept else there


def clean_addresses(get_response):
    """For those whom the page cache has not sent on: Django alone answers as both do."""

    def middleware(request):
        query = request.META.get("QUERY_STRING", "")
        there = sent_on(request.method, request.path_info, query)
        if there:
            return HttpResponsePermanentRedirect(there, headers=MOVED)
        return get_response(request)

    return middleware

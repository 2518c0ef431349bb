"""The first layer sends whoever follows a shared or mistyped link to the page's own address, from
memory: without Django, and so without the database."""

from awareness.web.addresses import LONG, meant_by, sent_on
from awareness.web.page_cache import LOST
from tests.web.test_pagecache import (  # noqa: F401 - two are fixtures
    Answer,
    cache,
    one_connection,
    unwatched,
)

ADDED = ("fbclid", "igsh", "twclid", "li_fat_id", "mibextid", "_gl", "si", "utm_source", "by", "q")


def sent(path, query=""):
    """Where the first layer leads, with nothing behind it that could answer; None: nowhere."""
    return sent_on("GET", path, query)


def test_what_somebody_added_to_a_link_is_taken_off():
    for key in ADDED:
        for path in ("/", "/help/", "/es/help/", "/learn/signs/", "/robots.txt", "/search/"):
            assert sent(path, f"{key}=x%20y") == path, (path, key)
    assert sent("/help/", "fbclid") == sent("/help/", "&") == "/help/"
    assert sent("/help/", f"_gl={'x' * 3 * LONG}") == "/help/"
    assert sent("/updates/", "igsh=1&page=2") == "/updates/?page=2"
    assert sent("/statistics/data.csv", "si=1&place=US-MO&all=1") == (
        "/statistics/data.csv?place=US-MO&all=1"
    )


def test_each_page_keeps_what_it_reads_and_nothing_else():
    reads = "place=US-MO&measure=cases&from=2015&to=2024&as_of=2024-06-01&show=chart&all=1"
    for path in ("/statistics/", "/es/statistics/missouri/", "/statistics/chart.svg"):
        assert sent(path, reads) is None, path
    for path in ("/updates/", "/statistics/changes/"):
        assert sent(path, "page=2") is None, path
        assert sent(path, reads) == path
    for path in ("/help/", "/learn/signs/", "/statistics/changes/feed.atom", "/sitemap.xml"):
        assert sent(path, "page=2") == path
    for path in ("/embed/help/", "/es/embed/chart/missouri/", "/embed/badge.svg"):
        assert sent(path, "page=2") == path
    assert sent("/statistics/", "place=%F1%C3%B1&x=1") == "/statistics/?place=%F1%C3%B1"


def test_staff_and_what_is_drawn_keep_theirs():
    for path in (
        *("/admin/", "/admin/pages/section/", "/accounts/login/", "/es/accounts/login/"),
        *("/share/preview.png", "/es/share/card.pdf", "/share/kit.zip"),
        *("/static/css/staff.css", "/media/a.png", "/healthz"),
    ):
        assert sent(path, "next=/admin/&fbclid=1") is None, path


def test_it_needs_neither_django_nor_the_database(client):
    first_layer = unwatched(None)
    for method, more in (("GET", {}), ("HEAD", {}), ("GET", {"cookie": "sessionid=staff"})):
        answer = Answer(first_layer, "/es/help/", method, "igsh=x", **more)
        assert (answer.status, answer.body) == (301, b"")
        assert answer.headers["location"] == "/es/help/"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"  # for a badge
    assert sent_on("POST", "/help/", "fbclid=x") is None


def test_with_the_database_gone_a_shared_link_leads_to_the_held_page(cache, gone):  # noqa: F811
    held = {path: Answer(cache, path).body for path in ("/help/", "/es/help/", "/learn/signs/")}
    cache.answered -= 2 * LOST
    gone()
    for path, body in held.items():
        for query in ("fbclid=x", "igsh=x&utm_source=y"):
            there = Answer(cache, path, query=query).headers["location"]
            answer = Answer(cache, there)
            assert (answer.status, answer.body) == (200, body), (path, query)
    for typed in ("/HELP/", "/help", "/help.", "/help/\u201d".encode().decode("latin-1")):
        assert Answer(cache, typed, query="fbclid=x").headers["location"] == "/help/", typed


def test_no_long_or_made_up_address_is_remembered():
    before = meant_by.cache_info().currsize
    assert sent("/" + "a" * LONG, "fbclid=1") == "/" + "a" * LONG
    assert sent("/" + "." * 100_000 + "a" + "." * 100_000) is None
    assert meant_by.cache_info().currsize == before
    assert meant_by.cache_info().maxsize == 1024

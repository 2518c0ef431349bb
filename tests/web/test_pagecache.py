"""Pages in memory: what is held, for how long, and that it is always the right answer.

The refresher of these caches is this file: ``look()`` is what it does once a second.
"""

import contextlib
import gzip
import sqlite3
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import brotli
import pytest
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections, connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from awareness.content.reading import current_generation
from awareness.health import DAMAGED
from awareness.sitemaps import important_pages
from awareness.urls import handler500
from awareness.urls import urlpatterns as site_urls
from awareness.web import page_cache
from awareness.web.addresses import absolute
from awareness.web.cache_key import anonymous_environ, cacheable_host
from awareness.web.cached_response import accepted_encodings
from awareness.web.content_version import raise_version
from awareness.web.page_cache import RESPONSE, Django, PageCache
from awareness.web.public import public
from pages.models import CampaignLink, HelpLine, Section
from tests import factories
from tests.site import PATIENCE, until


def threads_in(name):
    """How many threads are inside of a function of this name."""
    frames = list(sys._current_frames().values())
    found = 0
    for frame in frames:
        while frame and frame.f_code.co_name != name:
            frame = frame.f_back
        found += frame is not None
    return found


LONG = "Words that are worth compressing. " * 100


class Answer:
    def __init__(self, cache, path="/", method="GET", query="", **headers):
        environ = anonymous_environ(("http", "localhost", path, query))
        environ["REQUEST_METHOD"] = method
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        answer = cache(environ, self.start)
        self.body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()

    def start(self, status, headers, exc_info=None):
        self.status = int(status[:3])
        self.headers = {name.lower(): value for name, value in headers}
        assert len(self.headers) == len(headers), "a header stands there twice"


@pytest.fixture(autouse=True)
def one_connection():
    """A request must not close the test's own: as Django's test client has it."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def unwatched(django, important=()):
    cache = PageCache(django, current_generation, important)
    cache.refresher = "this file"
    return cache


@pytest.fixture
def cache(starter):
    cache = unwatched(Django())
    cache.look()
    return cache


def ask(cache, *args, **kwargs):
    """The answer, and how many questions it asked the database."""
    with CaptureQueriesContext(connection) as asked:
        answer = Answer(cache, *args, **kwargs)
    return answer, len(asked)


# --- What is held ---------------------------------------------------------------------


def test_a_page_is_made_once(cache, client):
    for address in ("/", "/help/", "/es/help/", "/learn/signs/", "/updates/feed.atom"):
        first, _ = ask(cache, address)
        second, questions = ask(cache, address)
        assert questions == 0, address
        assert first.body == second.body == client.get(address).content, address
        assert first.headers == second.headers, address
        assert second.headers["cache-control"] == "no-store", address
        assert "default-src 'none'" in second.headers["content-security-policy"], address


NOT_FOR_EVERYBODY = [
    ("GET", "/", "", {"cookie": "sessionid=somebody"}),
    ("GET", "/", "", {"cookie": "a=b; sessionid=somebody"}),
    ("GET", "/", "", {"authorization": "Basic c29tZTpib2R5"}),
    ("POST", "/search/", "", {}),
    ("PUT", "/", "", {}),
    ("OPTIONS", "/", "", {}),
    ("GET", "/healthz", "", {}),
    ("GET", "/admin/login/", "", {}),
    ("GET", "/no/such/page/", "", {}),
    ("GET", "/help", "", {}),
    ("GET", "/", "nobody=reads-this", {}),
    ("GET", "/", "utm_source=news", {}),
    ("GET", "/", "", {"host": "forged.example"}),
    ("GET", "/", "", {"host": "localhost/../x"}),
    ("GET", "/", "", {"host": ""}),
]


def test_what_is_not_for_everybody_is_neither_kept_nor_served_from_memory(cache):
    for asked in NOT_FOR_EVERYBODY:
        method, address, query, headers = asked
        empty = unwatched(cache.django)
        empty.look()
        Answer(empty, address, method, query, **headers)
        assert not empty.pages, asked
        Answer(cache, address)
        held = dict(cache.pages)
        Answer(cache, address, method, query, **headers)
        assert dict(cache.pages) == held, asked


def views():
    def varies(request):
        return HttpResponse("ok", headers={"Vary": "Accept, Cookie"})

    return {
        "not_offered": lambda request: HttpResponse("ok"),
        "varies": public(varies),
        "streams": public(lambda request: StreamingHttpResponse(iter([b"a", b"b"]))),
        "failing": public(lambda request: 1 / 0),
        "gone": public(lambda request: HttpResponse(status=410)),
    }


def with_views(**views):
    """The site's addresses, and /NAME/ for each of these views."""
    own = [path(f"{name}/", view) for name, view in views.items()]
    urls = ModuleType("urls")
    urls.urlpatterns, urls.handler500 = [*own, *site_urls], handler500
    return urls


def test_an_answer_that_is_not_plain_and_good_is_not_kept(cache, settings):
    settings.ROOT_URLCONF = with_views(**views())
    for name in views():
        answers = [Answer(cache, f"/{name}/") for _ in range(2)]
        assert not cache.pages, name
        expected = {"failing": 500, "gone": 410}.get(name, 200)
        assert [answer.status for answer in answers] == [expected] * 2, name
        assert name != "streams" or answers[1].body == b"ab"


def test_an_answer_with_a_cookie_is_never_kept_nor_shared(db):
    """None leaves Django for a public page (awareness.web.headers.headers); should one ever."""

    def careless(environ, start_response):
        start_response("200 OK", [])
        response = HttpResponse("ok")
        response.set_cookie("a", "b")
        response.cacheable = True
        environ[RESPONSE] = response
        return response

    cache = unwatched(careless)
    assert cache.get(("http", "localhost", "/", "")) is None
    assert Answer(cache).body == b"ok"
    assert not cache.pages


def test_where_an_old_address_leads_is_asked_each_time(cache):
    row = factories.section(slug="old")
    for slug in ("new", "newer"):
        row.slug = slug
        row.save()
        answer = Answer(cache, "/learn/old/")
        assert (answer.status, answer.headers["location"]) == (301, f"/learn/{slug}/")
        assert answer.headers["cache-control"] == "no-store"
    assert not cache.pages


def test_where_a_short_address_leads_is_held_until_something_changes_or_ends(cache):
    factories.campaign_link(slug="word", page="/learn/signs/")
    ends = timezone.now() + factories.DAY
    for change, there in [
        ({}, "/learn/signs/"),
        ({"published": False}, "/"),  # the page, not the address
        ({"published": True, "expire_at": ends}, "/learn/signs/"),
    ]:
        Section.objects.filter(slug="signs").update(**change)
        cache.look()
        answers = [ask(cache, "/go/word/") for _ in range(2)]
        assert [answer.headers["location"] for answer, _ in answers] == [absolute(there)] * 2
        assert answers[1][1] == 0, "no question to the database"
    CampaignLink.objects.update(expire_at=ends - factories.DAY / 2)
    cache.look()
    assert cache.generation.until == (ends - factories.DAY / 2).timestamp()


def test_an_answer_that_others_wrap_is_held_all_the_same(cache):
    """As an error reporter does to WSGIHandler: what it returns can only be read and closed."""
    plain = Answer(cache).body
    inner = Django()

    class Wrapped:
        def __init__(self, response):
            self.response = response

        def __iter__(self):
            return iter(self.response)

        def close(self):
            self.response.close()

    wrapped = unwatched(lambda environ, start: Wrapped(inner(environ, start)))
    wrapped.look()
    assert Answer(wrapped).body == plain
    assert len(wrapped.pages) == 1


def test_nothing_of_the_visitor_gets_into_a_page(cache):
    odd = {
        "x_forwarded_host": "evil.example",
        "x_forwarded_proto": "https",
        "x_forwarded_for": "<script>",
        "accept_language": "es",
        "cookie": "django_language=es; csrftoken=x; messages=x",
        "referer": "https://evil.example/",
        "user_agent": "<script>alert(1)</script>",
        "x_http_method_override": "DELETE",
        "host": "LOCALHOST:8443",
    }
    first = Answer(cache, **odd)
    assert first.body == Answer(cache).body == Answer(unwatched(cache.django)).body
    for host in ("localhost", "LOCALHOST:80", "localhost:8443", "localhost."):
        Answer(cache, host=host)
    assert len(cache.pages) == 1, "one spelling of an address is one page"
    assert b"evil" not in first.body
    assert b"8443" not in first.body


# --- In which form ---------------------------------------------------------------------


ENCODINGS = {
    "": "",
    "gzip": "gzip",
    "gzip, deflate, br, zstd": "br",
    "GZIP": "gzip",
    "br;q=0, gzip": "gzip",
    "br; q=0.000, gzip ; q=0.5": "gzip",
    "gzip;q=0": "",
    "*": "",
    "*;q=0": "",
    "identity;q=0": "",
    "gzip ; q=0.0": "",
    "gzip;level=9": "gzip",
    ";;,=,;q=,": "",
    "brotli, xgzip": "",
    "\x00\xff": "",
}


def test_it_comes_in_a_form_that_was_asked_for(cache):
    plain = Answer(cache)
    for header, encoding in ENCODINGS.items():
        packed = Answer(cache, accept_encoding=header)
        unpack = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[encoding]
        assert packed.headers.get("content-encoding", "") == encoding, header
        assert unpack(packed.body) == plain.body, header
        assert int(packed.headers["content-length"]) == len(packed.body), header
        assert packed.headers["vary"] == "Accept-Encoding", header
        head = Answer(cache, method="HEAD", accept_encoding=header)
        assert (head.body, head.headers) == (b"", packed.headers), header


def test_an_encoding_that_is_refused_is_refused_for_what_is_not_held_too(cache):
    answer = Answer(cache, "/accounts/login/", accept_encoding="gzip;q=0")
    assert "content-encoding" not in answer.headers
    answer = Answer(cache, "/accounts/login/", accept_encoding="gzip;q=0.1")
    assert answer.headers["content-encoding"] == "gzip"
    assert accepted_encodings("gzip;q=1.0, br;q=0.1") == ["br", "gzip"]  # ours is the choice
    assert accepted_encodings("a" * 100_000) == []


def test_who_has_it_already_is_told_so(cache):
    tag = Answer(cache, accept_encoding="br").headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = Answer(cache, accept_encoding="br", if_none_match=known)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == tag
        assert answer.headers["cache-control"] == "no-store"
        assert "content-length" not in answer.headers
    assert Answer(cache, if_none_match=tag).status == 200  # another form has other bytes


def test_a_malformed_condition_is_none_and_a_part_is_answered_with_the_whole(cache):
    for header in ['"', "W/", "a, b", '"" , "x', "é", ",,,", '"*"', "\\" * 5000]:
        answer = Answer(cache, if_none_match=header, if_match=header, if_modified_since=header)
        assert answer.status == 200, header
        assert answer.body, header
    answer = Answer(cache, range="bytes=0-10", if_range='"x"')
    assert answer.status == 200
    assert len(answer.body) == int(answer.headers["content-length"]) > 1000


# --- How much --------------------------------------------------------------------------


def test_queries_without_end_hold_nothing_more(cache):
    for n in range(20):
        assert Answer(cache, "/updates/", query=f"q{n}=1").status == 301
    for n in range(20):
        assert Answer(cache, "/updates/", query=f"page={n}").status == 200
    assert len(cache.pages) == 20
    assert cacheable_host.cache_info().maxsize == 1024


def test_a_long_address_is_no_page_of_ours(cache):
    for query in ("page=" + '"' * 8000, "page=" + "1" * 400):
        assert Answer(cache, "/updates/", query=query).status == 200
    assert Answer(cache, "/" + "a" * 5000 + "/").status == 404
    assert not cache.pages


@pytest.mark.slow
def test_memory_is_bounded_and_the_oldest_goes_first(cache, monkeypatch):
    Answer(cache)
    monkeypatch.setattr(page_cache, "MAX_BYTES", 5 * cache.bytes)
    for n in range(30):
        Answer(cache, "/updates/", query=f"page={n}")
        assert cache.bytes <= page_cache.MAX_BYTES
        assert cache.bytes == sum(page.size for page in cache.pages.values())
    queries = [query for *_rest, query in cache.pages]
    assert queries == [f"page={n}" for n in range(30 - len(queries), 30)]
    assert 1 < len(queries) < 20


# --- How long --------------------------------------------------------------------------


def test_a_change_shows_after_the_next_look(cache):
    Answer(cache, "/learn/signs/")
    Section.objects.filter(slug="signs").update(title="Another title")
    assert b"Another title" not in Answer(cache, "/learn/signs/").body
    assert b"Another title" in Answer(cache, "/learn/signs/", cookie="sessionid=staff").body
    cache.look()
    assert b"Another title" in Answer(cache, "/learn/signs/").body


@pytest.mark.parametrize("field", ["publish_at", "expire_at"])
def test_a_page_is_not_used_past_the_next_moment(cache, field, monkeypatch):
    begin = timezone.now()
    moment = begin + timezone.timedelta(hours=1)
    times = {"publish_at": begin - factories.DAY} | {field: moment}
    factories.update(title="At its time", **times)
    cache.look()
    before = b"At its time" in Answer(cache).body
    assert before == (field == "expire_at")
    assert cache.pages
    later = moment + timezone.timedelta(seconds=0.01)  # nobody has looked since
    monkeypatch.setattr(timezone, "now", lambda: later)
    monkeypatch.setattr(time, "time", later.timestamp)
    after = Answer(cache)
    assert (after.status, b"At its time" in after.body) == (200, not before)
    _, questions = ask(cache)
    assert questions == 0


def test_what_raised_no_version_is_seen_when_the_page_is_old(cache):
    Answer(cache)
    for page in cache.pages.values():
        page.renew_at = 0
    _, questions = ask(cache)
    assert questions > 0


def test_a_change_between_two_queries_of_a_page_makes_it_anew(cache, settings):
    """A view that is overtaken once: the visitor gets the page after the change, whole."""
    seen = []

    def overtaken(request):
        first = Section.objects.get(slug="signs").title
        if not seen:
            Section.objects.filter(slug="signs").update(title="After")
        seen.append(first)
        return HttpResponse(f"{first} {Section.objects.get(slug='signs').title}")

    settings.ROOT_URLCONF = with_views(x=public(overtaken))
    assert Answer(cache, "/x/").body == b"After After"
    assert len(seen) == 2
    assert Answer(cache, "/x/").body == b"After After"
    assert len(seen) == 2


def test_a_site_that_never_rests_is_still_answered(cache, settings):
    def restless(request):
        raise_version()
        return HttpResponse("ok")

    settings.ROOT_URLCONF = with_views(x=public(restless))
    assert Answer(cache, "/x/").body == b"ok"
    assert not cache.pages


# --- Many at once ----------------------------------------------------------------------


@pytest.mark.parametrize("ends_in", [200, 500])
def test_one_thread_makes_a_page_while_the_others_wait(settings, monkeypatch, ends_in):
    made, begun, may_end = [], threading.Event(), threading.Event()

    def slow(request):
        made.append(1)
        begun.set()
        may_end.wait(PATIENCE)
        if ends_in == 500:
            raise ZeroDivisionError
        return HttpResponse(LONG)

    settings.ROOT_URLCONF = with_views(x=public(slow))
    cache = unwatched(Django())
    monkeypatch.setattr(cache, "look", lambda: None)  # no database in these threads
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(Answer, cache, "/x/") for _ in range(8)]
        assert begun.wait(PATIENCE)
        until(lambda: threads_in("result") == 7)  # the others have come
        may_end.set()
        answers = [answer.result() for answer in answers]
    assert {answer.status for answer in answers} == {ends_in}
    assert len({answer.body for answer in answers}) == 1
    assert len(made) == 1
    assert cache.making == {}
    assert len(cache.pages) == (ends_in == 200)


# --- Without a database ----------------------------------------------------------------


def lose_database(cache):
    cache.answered = time.monotonic() - page_cache.LOST - 1


def test_without_a_database_what_is_held_is_served_and_nothing_waits_for_the_rest(cache):
    """Nor does a session hide what is held."""
    Answer(cache, "/help/")
    for page in cache.pages.values():
        page.renew_at = 0
    lose_database(cache)
    for visitor in ({}, {"cookie": "sessionid=somebody"}):
        held, questions = ask(cache, "/help/", **visitor)
        assert (held.status, questions) == (200, 0), visitor
        for address in ("/donate/", "/no/such/page/", "/admin/", "/es/help/"):
            other, questions = ask(cache, address, **visitor)
            assert (other.status, questions) == (503, 0), (address, visitor)
            assert b'href="tel:' in other.body
    assert Answer(cache, "/help/", method="POST").status == 503
    health = Answer(cache, "/healthz")
    assert health.status == 200
    assert health.body.startswith(b"The database does not answer. It is held in memory")
    assert len(cache.pages) == 1
    assert Answer(cache, "/robots.txt").status == 200


def test_an_old_page_is_better_than_none_before_the_refresher_knows(cache, monkeypatch):
    held = Answer(cache, "/help/").body
    for page in cache.pages.values():
        page.renew_at = 0

    def gone(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(HelpLine.objects, "live", gone)
    assert Answer(cache, "/help/").body == held
    assert Answer(cache, "/donate/").status == 503


def fail(monkeypatch):
    """As a fault of ours would let every page fail that shows help lines: all of them."""
    monkeypatch.setattr(HelpLine.objects, "live", lambda: 1 / 0)


def test_any_failure_to_make_a_page_keeps_the_held_one(cache, monkeypatch):
    held = {path: Answer(cache, path).body for path in ("/help/", "/learn/signs/")}
    with monkeypatch.context() as patched:
        fail(patched)
        assert Answer(cache, "/donate/").status == 500
        for change in (lambda: None, raise_version):
            change()
            cache.look()
            for page in cache.pages.values():
                page.renew_at = 0
            assert {path: Answer(cache, path).body for path in held} == held
    HelpLine.objects.update(number="1-800-555-0123")
    cache.look()
    assert all(b"1-800-555-0123" in Answer(cache, address).body for address in held)


def test_while_a_page_fails_it_is_not_made_for_each_visitor(cache, monkeypatch):
    Answer(cache, "/help/")
    raise_version()
    cache.look()
    fail(monkeypatch)
    with CaptureQueriesContext(connection) as first:
        Answer(cache, "/help/")
    assert first.captured_queries
    assert ask(cache, "/help/")[1] == 0
    begin = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: begin + page_cache.RETRY + 1)
    assert ask(cache, "/help/")[1] > 0


def test_what_was_taken_down_does_not_live_on_because_it_cannot_be_made(cache, monkeypatch):
    for slug in ("signs", "labor"):
        Answer(cache, f"/learn/{slug}/")
    Section.objects.filter(slug__in=("signs", "labor")).update(published=False)
    cache.look()
    assert Answer(cache, "/learn/signs/").status == 404
    assert Answer(cache, "/help/").status == 200  # pages can be made again
    fail(monkeypatch)
    assert [Answer(cache, f"/learn/{slug}/").status for slug in ("signs", "labor")] == [500, 500]


def damage(file, table):
    """Write over the first page of a table, as a bad sector would."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = database.execute("PRAGMA page_size").fetchone()
        (page,) = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", [table]
        ).fetchone()
    with file.open("r+b") as bytes_of_it:
        bytes_of_it.seek((page - 1) * size)
        bytes_of_it.write(b"\xff" * size)


def test_a_damaged_database_leaves_what_is_held(make_folder, replace_database):
    if connection.vendor != "sqlite":
        return  # a server looks after its own files
    file = make_folder() / "db.sqlite3"
    replace_database(NAME=str(file))
    cache = unwatched(Django())
    cache.look()
    held = Answer(cache, "/help/").body
    connection.close()
    damage(file, "pages_section")
    cache.look()  # this much of it can be read
    for page in cache.pages.values():
        page.renew_at = 0
    assert Answer(cache, "/help/").body == held
    assert Answer(cache, "/learn/all/").status == 500
    health = Answer(cache, "/healthz")
    assert (health.status, health.body.decode().startswith(DAMAGED)) == (200, True)
    cache.pages.clear()
    assert Answer(cache, "/healthz").status == 503


def test_without_a_database_nothing_is_shown_past_its_time(cache, monkeypatch):
    """Which is an hour away when the page is made; then somebody may set the clock back."""
    now, steady, hour = time.time(), time.monotonic(), 3600
    factories.update(expire_at=timezone.now() + timezone.timedelta(hours=1))
    cache.look()
    Answer(cache, "/updates/")
    for back in (0, hour):
        for minutes, status in ((0, 200), (59, 200), (61, 503)):
            passed = 60 * minutes
            monkeypatch.setattr(time, "time", lambda p=passed, b=back: now + p - b)
            monkeypatch.setattr(time, "monotonic", lambda p=passed: steady + p)
            lose_database(cache)
            assert Answer(cache, "/updates/").status == status, (back, minutes)


def test_after_the_clock_was_set_back_the_dates_in_between_count_again(cache, monkeypatch):
    """What a clock that ran ahead had taken for over begins, and ends, once more."""
    now, hour = timezone.now(), timezone.timedelta(hours=1)
    factories.update(title="Later", expire_at=now - hour / 2, publish_at=now - factories.DAY)
    cache.look()
    assert b"Later" not in Answer(cache, "/updates/").body
    earlier = now - hour
    monkeypatch.setattr(timezone, "now", lambda: earlier)
    monkeypatch.setattr(time, "time", earlier.timestamp)
    cache.look()
    assert cache.generation.until == (now - hour / 2).timestamp()
    assert b"Later" in Answer(cache, "/updates/").body


@pytest.mark.slow
def test_the_important_pages_are_held_from_the_start_until_they_can_be_made_anew(
    starter, monkeypatch
):
    pages = important_pages()
    assert {("http", "localhost", path, "") for path in ("/", "/help/", "/es/help/")} <= set(pages)
    cache = unwatched(Django(), pages)
    cache.prepare()
    assert set(cache.pages) == set(pages)
    assert cache.bytes < page_cache.MAX_BYTES / 3
    raise_version()
    cache.look()
    assert Answer(cache, "/es/help/").status == 200
    fail(monkeypatch)
    assert [Answer(cache, path).status for path in ("/", "/help/")] == [200, 200]


def test_a_page_that_fails_is_made_again_by_itself_after_the_next_change_alone(starter):
    asked, cache = [], unwatched(None)
    cache.tasks = [lambda: asked.append("/")]
    for _change in range(2):
        raise_version()  # somebody mends it
        for _second in range(3):
            cache.look()
            cache.run_pending()
    assert asked == ["/", "/"]


def test_what_the_refresher_cannot_do_is_said_once_until_it_works_again(monkeypatch, caplog):
    cache, nights = PageCache(None, current_generation), []

    def look():
        if len(nights) not in (2, 3):
            raise ValueError("odd content")

    def nap(_seconds):
        nights.append(1)
        if len(nights) == 6:
            raise KeyboardInterrupt

    monkeypatch.setattr(cache, "look", look)
    monkeypatch.setattr(time, "sleep", nap)
    with pytest.raises(KeyboardInterrupt):
        cache.refresh()
    said = "The pages in memory could not be refreshed."
    assert [entry.message for entry in caplog.records] == [said, said]

"""Finished pages, held in memory: a WSGI application around Django's.

A page is kept for one *edition* of the site: a content version, until the next moment at which
something is published or expires by its date. A thread of each process, the keeper, looks once
a second whether the edition is still the newest. When it is not, all pages are forgotten.

A page is made from its address alone, as if nobody in particular had asked, so that nothing of
one visitor can reach another. Whoever is signed in, and whatever a view did not offer by
``@public``, goes to Django as if this file were not there.
"""

import logging
import multiprocessing
import os
import time
from collections import OrderedDict
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Unfinished
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock, Thread
from urllib.parse import parse_qsl, urlencode
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import DatabaseError, connection
from django.http.request import split_domain_port, validate_host
from django.utils import timezone

from awareness.finished import Finished, accepted_encodings
from awareness.models import ContentVersion
from awareness.publishing import next_moment
from awareness.security import STAFF_PATHS

LOOK = 1.0  # seconds between two looks at the content version
LOST = 3.0  # seconds without an answer, after which the database counts as gone
# Seconds that a page is held at most, should a change have been missed. None while somebody works
# on the templates.
MAX_AGE = 0.0 if settings.DEBUG else 300.0
MAX_BYTES = 16 * 2**20  # of pages, in one process
HEALTH = "/healthz"
SESSION = settings.SESSION_COOKIE_NAME
NEVER_HELD = (*STAFF_PATHS, settings.STATIC_URL, HEALTH)
# All that a public view reads from its address.
QUERY_KEYS = {"page", "place", "measure", "from", "to", "as_of", "show", "all"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Edition:
    version: int
    until: float  # seconds since 1970


NONE_YET = Edition(-1, 0.0)


class PageCache:
    """``django`` is its WSGIHandler; ``important`` are the addresses to hold from the start,
    and to make anew after a change before anybody asks: [(scheme, host, path, query)], those of
    the site's own host first."""

    def __init__(self, django, important=()):
        self.django = django
        self.important = important
        self.edition = NONE_YET
        self.pages = OrderedDict()  # address: Finished, last used last
        self.bytes = 0
        self.making = {}  # address: Future of the page that one thread makes, while others wait
        self.lock = Lock()
        self.looking = Lock()
        self.keeper = None
        os.register_at_fork(after_in_child=self.leave_keeper)  # no thread goes along
        self.answered = time.monotonic()  # when the database last did
        # The newest version that any process on this machine has seen.
        self.newest = multiprocessing.Value("q", -1, lock=False)

    def __call__(self, environ, start_response):
        if self.keeper is None:
            self.watch()
        address = None
        if is_nobodys(environ):
            address = address_of(
                environ["wsgi.url_scheme"],
                environ.get("HTTP_HOST", ""),
                environ.get("SCRIPT_NAME", ""),
                environ.get("PATH_INFO", ""),
                environ.get("QUERY_STRING", ""),
            )
        page = address and (self.find(address) or self.make_once(address))
        if page:
            return page.answer(environ, start_response)
        return self.pass_on(environ, start_response)

    def pass_on(self, environ, start_response):
        """As if this file were not there."""
        accepted = accepted_encodings(environ.get("HTTP_ACCEPT_ENCODING", ""))
        environ["HTTP_ACCEPT_ENCODING"] = ", ".join(accepted)  # without what is refused by q=0
        environ["awareness.database_gone"] = self.database_gone
        environ["awareness.pages_held"] = len(self.pages)
        return self.django(environ, start_response)

    @property
    def database_gone(self):
        return time.monotonic() - self.answered > LOST

    def find(self, address):
        """The page, if it is held and of the newest edition."""
        page = self.pages.get(address)
        if page is None or page.edition is not self.edition:
            return None
        now = time.time()
        if now >= page.renew_at and (now >= page.edition.until or not self.database_gone):
            return None
        try:  # noqa: SIM105 - suppress() costs as much as all of the above
            self.pages.move_to_end(address)
        except KeyError:
            pass  # another thread has just put it out
        return page

    def make_once(self, address):
        """Make it in one thread while the others wait. None: not for sharing, ask for yourself."""
        with self.lock:
            made = self.making.get(address)
            if mine := made is None:
                made = self.making[address] = Future()
        if not mine:
            with suppress(Unfinished):
                return made.result(LOST)
            return None
        page = None
        try:
            page = self.make(address)
        finally:
            made.set_result(page)
            del self.making[address]
        return page

    def make(self, address):
        for _attempt in range(3):
            edition = self.edition
            environ = as_nobody(address, self.database_gone)
            with closing(self.django(environ, ignore_start)) as answer:
                if answer.streaming or answer.cookies:
                    return None
                page = Finished(answer)
                if not may_be_held(answer) or self.keep_page(address, page, edition):
                    break
        return page

    def keep_page(self, address, page, edition):
        """False if the site changed while the page was made: half of it may be from before."""
        page.finish()
        page.edition, page.renew_at = edition, min(edition.until, time.time() + MAX_AGE)
        with suppress(DatabaseError):
            self.look()
        with self.lock:
            if edition is not self.edition:
                return False
            self.forget(address)
            self.pages[address] = page
            self.bytes += page.size
            while self.bytes > MAX_BYTES:
                self.forget(next(iter(self.pages)))
        return True

    def forget(self, address):
        if address in self.pages:
            self.bytes -= self.pages.pop(address).size

    def look(self):
        """Whether there is a newer edition: then nothing of the one before it is used again."""
        with self.looking:
            now = timezone.now()
            version = ContentVersion.current()
            if version != self.edition.version or now.timestamp() >= self.edition.until:
                moment = next_moment(now)
                with self.lock:
                    self.edition = Edition(version, moment.timestamp() if moment else float("inf"))
                    self.pages.clear()
                    self.bytes = 0
            self.newest.value = version
            self.answered = time.monotonic()

    def prepare(self):
        """Before the first visitor. Pages that are there when a server forks, all workers have.
        Those of further hosts are left to the keepers: nobody waits for them."""
        with suppress(DatabaseError):
            self.look()
            own = self.important[0][1] if self.important else None
            self.hold([address for address in self.important if address[1] == own])

    def hold(self, addresses, end=float("inf")):
        for address in addresses:
            if time.monotonic() < end and not self.find(address):
                self.make_once(address)

    def watch(self):
        """Start the keeper."""
        with self.lock:
            if self.keeper:
                return
            if self.edition.version != self.newest.value:  # what a fork brought along is old
                self.edition = NONE_YET
            self.answered = time.monotonic()
            self.keeper = Thread(target=self.keep, name="keeper of pages", daemon=True)
            self.keeper.start()

    def leave_keeper(self):
        self.keeper = None

    def keep(self):
        answers = True
        while True:
            edition, begin = self.edition, time.monotonic()
            try:
                self.look()
                if edition is self.edition:  # a second of rest: nobody is in the midst of changes
                    self.hold(self.important, begin + LOOK / 2)
                if not answers:
                    log.warning("The database answers again.")
                answers = True
            except DatabaseError as error:
                if answers:  # said once, not for each request
                    log.error("The database does not answer: %s", error)
                answers = False
            except Exception:
                log.exception("The pages in memory could not be looked after.")
            finally:
                connection.close()  # the database may be another file by now
            time.sleep(max(0.0, begin + LOOK - time.monotonic()))


def is_nobodys(environ):
    """Whether the request reads, and says nothing of who asks."""
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and "HTTP_AUTHORIZATION" not in environ
        and SESSION not in environ.get("HTTP_COOKIE", "")
    )


@lru_cache(1024)
def address_of(scheme, host, script, path, query):
    """(scheme, host, path, query) of a page that may be held, in one spelling; None of others."""
    host, query = known_host(host), known_query(query)
    if host is None or query is None or script or path.startswith(NEVER_HELD):
        return None
    return scheme, host, path, query


def known_host(host):
    """A host that Django accepts, without its port; None for any other."""
    domain, _port = split_domain_port(host)
    return domain if domain and validate_host(domain, settings.ALLOWED_HOSTS) else None


def known_query(query):
    """The same query in one spelling; None when there is a key in it that no page reads."""
    if not query:
        return ""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=len(QUERY_KEYS))
    except ValueError:
        return None
    if not QUERY_KEYS.issuperset(key for key, _value in pairs):
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


def ignore_start(status, headers, exc_info=None):
    """Django returns its whole response besides."""


def may_be_held(response):
    return (
        response.status_code == 200
        and getattr(response, "may_be_held", False)
        and "cookie" not in response.get("Vary", "").lower()
    )

"""The page cache: a WSGI application around Django's, with one refresh thread in each process.

A page is kept for one generation of the content (awareness/web/generation.py). Once a second the
refresher looks whether there is a newer one: then all pages are made anew. One that cannot be, for
a fault of ours (5xx), stays up to its date: an old page is better than none.

A page is made from its address alone, as if nobody in particular had asked, so that nothing of
one visitor can reach another. Whoever is signed in, and whatever a view did not offer by
``@public``, goes to Django as if this file were not there.
"""

import logging
import multiprocessing
import os
import time
from concurrent.futures import Future
from contextlib import closing, suppress
from functools import partial
from threading import Lock, Thread

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connection

from awareness.web.addresses import sent_on
from awareness.web.cache_key import anonymous_environ, cache_key, is_anonymous
from awareness.web.cached_response import CachedResponse, accepted_encodings
from awareness.web.csp import MOVED, NO_PAGE_POLICY
from awareness.web.generation import Generation

INTERVAL = 1.0  # seconds between two looks at the content version
LOST = 3.0  # seconds without an answer, after which the database counts as gone
# Seconds that a page is held at most, should a change have been missed. None at all while
# somebody works on the templates.
MAX_AGE = 0.0 if settings.DEBUG else 300.0
RETRY = 1.0  # seconds until a page that could not be made anew is tried again, if somebody asks
MAX_BYTES = 16 * 2**20  # of pages, in one process
RESPONSE = "awareness.response"
EMPTY = [("Content-Length", "0"), ("Content-Security-Policy", NO_PAGE_POLICY), *MOVED.items()]

log = logging.getLogger(__name__)


class PageCache:
    """``django`` is its WSGIHandler; ``read_generation()`` returns the current Generation;
    ``important`` are the keys of the pages to hold from the start, and to make anew after a change
    before anybody asks. ``renew`` is called once after each change, for what else is held;
    ``scheduler`` runs beside (awareness/scheduler.py)."""

    def __init__(self, django, read_generation, important=(), renew=lambda: None, scheduler=None):
        self.django = django
        self.read_generation = read_generation
        self.scheduler = scheduler
        self.tasks = [*(partial(self.get, key) for key in important), renew]
        self.pending = []  # those of the tasks that this generation still needs
        self.important = set(important)
        self.generation = Generation()
        self.pages = {}  # key: CachedResponse, the oldest first
        self.making = {}  # key: Future of the page that one thread makes, while others wait
        self.lock = Lock()
        self.looking = Lock()
        self.refresher = None
        os.register_at_fork(after_in_child=self.forget_refresher)  # no thread goes along
        self.answered = time.monotonic()  # when the database last did
        # The newest version that any process on this machine has seen.
        self.newest = multiprocessing.Value("q", -1, lock=False)

    def __call__(self, environ, start_response):
        if self.refresher is None:
            self.watch()
        path = environ.get("PATH_INFO", "").encode("latin-1").decode(errors="replace")
        if there := sent_on(environ["REQUEST_METHOD"], path, environ.get("QUERY_STRING", "")):
            start_response("301 Moved Permanently", [("Location", there), *EMPTY])
            return []
        page = None
        if key := cache_key(environ):
            if is_anonymous(environ):
                page = self.get(key)
            elif self.database_gone:  # what Django cannot answer may still be held
                page = self.find(key, old=True)
        if page:
            return page.answer(environ, start_response)
        accepted = accepted_encodings(environ.get("HTTP_ACCEPT_ENCODING", ""))
        environ["HTTP_ACCEPT_ENCODING"] = ", ".join(accepted)  # without what is refused by q=0
        environ["awareness.database_gone"] = self.database_gone
        environ["awareness.page_cache"] = self
        return self.django(environ, start_response)

    @property
    def database_gone(self):
        return time.monotonic() - self.answered > LOST

    @property
    def bytes(self):
        return sum(page.size for page in list(self.pages.values()))

    def find(self, key, old=False):
        """The page, if it is held; ``old``: one that is due to be made anew, too."""
        page = self.pages.get(key)
        if page is None or page.generation.is_over:
            return None
        return page if old or time.monotonic() < page.renew_at else None

    def get(self, key):
        """Held, or made by one thread while others wait. None: not for sharing, ask yourself."""
        if page := self.find(key):
            return page
        with self.lock:
            made = self.making.get(key)
            if is_first := made is None:
                made = self.making[key] = Future()
        if not is_first:
            with suppress(TimeoutError):
                return made.result(LOST)
            return self.find(key, old=self.database_gone)
        page = None
        try:
            page = self.make(key)
        finally:
            made.set_result(page)
            del self.making[key]
        return page

    def make(self, key):
        """Whole and new; after three attempts on a site that never rests, new at least."""
        for _attempt in range(3):
            generation, environ = self.generation, anonymous_environ(key)
            environ["awareness.generation"] = generation
            environ["awareness.database_gone"] = self.database_gone
            with closing(self.django(environ, ignore_start)):
                response = environ[RESPONSE]
                if response.streaming or response.cookies:
                    return None
                page = CachedResponse(response, generation)
            if page.is_fault:
                if held := self.find(key, old=True):
                    held.renew_at = time.monotonic() + RETRY
                return held or page
            if not is_cacheable(response):  # it is no page any more, or leads elsewhere
                self.pages.pop(key, None)
                return page
            if self.store(key, page):
                break
        return page

    def store(self, key, page):
        """False if the site changed while the page was made: half of it may be from before."""
        with suppress(DatabaseError):
            self.look()
        with self.lock:
            if page.generation is not self.generation:
                return False
            page.renew_at = time.monotonic() + MAX_AGE
            self.pages[key] = page
            # Pages can be made again: none but the important ones may come back from before.
            for other, held in list(self.pages.items()):
                if held.generation is not page.generation and other not in self.important:
                    self.pages.pop(other, None)
            while self.bytes > MAX_BYTES:
                self.pages.pop(next(iter(self.pages)), None)
        return True

    def look(self):
        """Whether there is a newer generation: then each page of the one before is made anew."""
        with self.looking:
            generation = self.read_generation()
            if generation is not self.generation:
                with self.lock:
                    self.generation = generation
                    for page in list(self.pages.values()):
                        page.renew_at = 0.0
                    self.pending = list(self.tasks) if MAX_AGE else []
            self.newest.value = generation.version
            self.answered = time.monotonic()

    def prepare(self):
        """Before the first visitor. Pages that are there when a server forks, all workers have."""
        with suppress(DatabaseError):
            if self.scheduler:
                self.scheduler.run_due()
        with suppress(DatabaseError):
            self.look()
            self.run_pending()

    def run_pending(self, end=float("inf")):
        while (pending := self.pending) and time.monotonic() < end:
            pending.pop(0)()

    def watch(self):
        """Start the refresher, and the scheduler beside it."""
        with self.lock:
            if self.refresher:
                return
            if self.generation.version != self.newest.value:  # what a fork brought along is old
                self.generation = Generation()
                self.pages.clear()
            self.answered = time.monotonic()
            self.refresher = Thread(target=self.refresh, name="page cache", daemon=True)
            self.refresher.start()
            if self.scheduler:
                self.scheduler.start()

    def forget_refresher(self):
        self.refresher = None

    def refresh(self):
        fault = None
        while True:
            begin, generation = time.monotonic(), self.generation
            last, fault = fault, None  # said once, not each second
            try:
                self.look()
                # After a second of rest: nobody is in the midst of changes.
                if generation is self.generation:
                    self.run_pending(begin + INTERVAL / 2)
            except DatabaseError as error:
                fault = "database"
                if last != fault:
                    log.error("The database does not answer: %s", error)
            except Exception:
                fault = "pages"
                if last != fault:
                    log.exception("The pages in memory could not be refreshed.")
            if last == "database" != fault:
                log.warning("The database answers again.")
            with suppress(Exception):
                connection.close()  # the database may be another file by now
            time.sleep(max(0.0, begin + INTERVAL - time.monotonic()))


class Django(WSGIHandler):
    """Keeps its response beside the answer, which others may wrap (an error reporter does)."""

    def get_response(self, request):
        request.META[RESPONSE] = super().get_response(request)
        return request.META[RESPONSE]


def ignore_start(status, headers, exc_info=None):
    """The response itself says both."""


def is_cacheable(response):
    return (
        response.status_code in (200, 302)
        and MAX_AGE
        and getattr(response, "cacheable", False)
        and "cookie" not in response.get("Vary", "").lower()
    )

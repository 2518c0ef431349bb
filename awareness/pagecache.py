"""Finished pages, held in memory: a WSGI application around Django's.

A page is kept for one *edition* of the site: a content version, until the next moment at which
something is published or expires by its date. A thread of each process, the keeper, looks once
a second whether the edition is still the newest. When it is not, all pages are made anew. One that
cannot be, for a fault of ours (5xx), stays up to its date: an old page is better than none.

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
from threading import Lock, Thread

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connection
from django.utils import timezone

from awareness.addresses import sent_on
from awareness.desk import timetable
from awareness.desk.guard import letters, watch
from awareness.finished import Finished, accepted_encodings
from awareness.models import ContentVersion
from awareness.publishing import next_moment
from awareness.readers import as_nobody, asked_for, is_nobodys
from awareness.security import EVERYWHERE, NO_PAGE_POLICY

LOOK = 1.0  # seconds between two looks at the content version
LOST = 3.0  # seconds without an answer, after which the database counts as gone
# Seconds that a page is held at most, should a change have been missed. None at all while
# somebody works on the templates.
MAX_AGE = 0.0 if settings.DEBUG else 300.0
AGAIN = 1.0  # seconds until a page that could not be made anew is tried again, if somebody asks
REST = 60.0  # and if nobody does
MAX_BYTES = 16 * 2**20  # of pages, in one process
RESPONSE = "awareness.response"
MOVED = [("Content-Length", "0"), ("Content-Security-Policy", NO_PAGE_POLICY), *EVERYWHERE.items()]

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Edition:
    """Until a date by the clock; and if somebody sets that back, for no more seconds than that."""

    version: int
    since: float  # seconds since 1970
    until: float
    end: float  # seconds of a clock that nobody sets

    @property
    def is_over(self):
        return time.time() >= self.until or time.monotonic() >= self.end


NONE_YET = Edition(-1, 0.0, 0.0, 0.0)


class PageCache:
    """``django`` is its WSGIHandler; ``important`` are the addresses to hold from the start,
    and to make anew after a change before anybody asks: [(scheme, host, path, query)], those of
    the site's own host first. ``renew`` is called once after each change, for what else is held."""

    def __init__(self, django, important=(), renew=lambda: None):
        self.django = django
        self.important = important
        self.renew = renew
        self.renewed = None  # for which edition
        self.due = None  # when the next draft is to be published, in seconds since 1970
        self.letters_wait = False
        self.edition = NONE_YET
        self.pages = OrderedDict()  # address: Finished, last used last
        self.rests = {}  # address of an important page: when it may be tried again
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
        path = environ.get("PATH_INFO", "").encode("latin-1").decode(errors="replace")
        if there := sent_on(environ["REQUEST_METHOD"], path, environ.get("QUERY_STRING", "")):
            start_response("301 Moved Permanently", [("Location", there), *MOVED])
            return []
        page = None
        if address := asked_for(environ):
            if is_nobodys(environ):
                page = self.find(address) or self.make_once(address)
            elif self.database_gone:  # what Django cannot answer may still be held
                page = self.find(address, old=True)
        if page:
            return page.answer(environ, start_response)
        return self.pass_on(environ, start_response)

    def pass_on(self, environ, start_response):
        """As if this file were not there."""
        accepted = accepted_encodings(environ.get("HTTP_ACCEPT_ENCODING", ""))
        environ["HTTP_ACCEPT_ENCODING"] = ", ".join(accepted)  # without what is refused by q=0
        environ["awareness.database_gone"] = self.database_gone
        environ["awareness.page_cache"] = self
        return self.django(environ, start_response)

    @property
    def database_gone(self):
        return time.monotonic() - self.answered > LOST

    def find(self, address, old=False):
        """The page, if it is held; ``old``: one that is due to be made anew, too."""
        page = self.pages.get(address)
        if page is None or page.edition.is_over:
            return None
        if not old and time.monotonic() >= page.renew_at:
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
            return self.find(address, old=self.database_gone)
        page = None
        try:
            page = self.make(address)
            if page and page.is_fault and (old := self.find(address, old=True)):
                page = old
                page.renew_at = time.monotonic() + AGAIN
        finally:
            made.set_result(page)
            del self.making[address]
        return page

    def make(self, address):
        """Whole and new; after three attempts on a site that never rests, new at least."""
        for _attempt in range(3):
            edition = self.edition
            environ = as_nobody(address, self.database_gone)
            with closing(self.django(environ, ignore_start)):
                answer = environ[RESPONSE]
                if answer.streaming or answer.cookies:
                    return None
                page = Finished(answer)
                if not may_be_held(answer):
                    if not page.is_fault:  # it is no page any more, or leads elsewhere
                        self.forget(address)
                    break
                if self.keep_page(address, page, edition):
                    break
        return page

    def keep_page(self, address, page, edition):
        """False if the site changed while the page was made: half of it may be from before."""
        page.finish()
        page.edition, page.renew_at = edition, time.monotonic() + MAX_AGE
        with suppress(DatabaseError):
            self.look()
        with self.lock:
            if edition is not self.edition:
                return False
            self.pages[address] = page
            self.pages.move_to_end(address)
            # Pages can be made again: none but the important ones may come back from before.
            for other, held in list(self.pages.items()):
                if held.edition is not edition and other not in self.important:
                    del self.pages[other]
            while self.bytes > MAX_BYTES:
                self.pages.popitem(last=False)
        return True

    def forget(self, address):
        with self.lock:
            self.pages.pop(address, None)

    @property
    def bytes(self):
        return sum(page.size for page in list(self.pages.values()))

    def keep_timetable(self):
        """Publish the drafts that are due, learn when the next one is, watch the help lines."""
        moment = timetable.next_moment()
        if moment and moment <= timezone.now():
            timetable.apply_due()
            moment = timetable.next_moment()
        self.due = moment.timestamp() if moment else None
        self.letters_wait = watch.attend()

    def look(self):
        """Whether there is a newer edition: then each page of the one before it is made anew."""
        with self.looking:
            at, version, last = timezone.now(), ContentVersion.current(), self.edition
            now = at.timestamp()
            if version != last.version or last.is_over or now < last.since:
                moment = next_moment(at)
                until = moment.timestamp() if moment else float("inf")
                with self.lock:
                    self.edition = Edition(version, now, until, time.monotonic() + until - now)
                    for page in list(self.pages.values()):
                        page.renew_at = 0.0
                    self.rests.clear()
            self.newest.value = version
            self.answered = time.monotonic()

    def prepare(self):
        """Before the first visitor. Pages that are there when a server forks, all workers have.
        Those of further hosts are left to the keepers: nobody waits for them."""
        with suppress(DatabaseError):
            self.keep_timetable()
        with suppress(DatabaseError):
            self.look()
            own = self.important[0][1] if self.important else None
            self.hold([address for address in self.important if address[1] == own])
            self.renew()

    def hold(self, addresses, end=float("inf")):
        for address in addresses:
            now = time.monotonic()
            is_made = address in self.making or self.find(address)
            if now < end and not is_made and now >= self.rests.get(address, 0.0):
                self.rests[address] = now + REST  # one that fails says so in the log
                self.make_once(address)

    def watch(self):
        """Start the keeper."""
        with self.lock:
            if self.keeper:
                return
            if self.edition.version != self.newest.value:  # what a fork brought along is old
                self.edition = NONE_YET
                self.pages.clear()
            self.answered = time.monotonic()
            self.keeper = Thread(target=self.keep, name="keeper of pages", daemon=True)
            self.keeper.start()
            Thread(target=self.keep_time, name="keeper of the timetable", daemon=True).start()

    def leave_keeper(self):
        self.keeper = None

    def keep(self):
        answers = works = True
        while True:
            edition, begin = self.edition, time.monotonic()
            try:
                self.look()
                # After a second of rest: nobody is in the midst of changes.
                if edition is self.edition and MAX_AGE:
                    self.hold(self.important, begin + LOOK / 2)
                    if self.renewed is not edition:
                        self.renewed = edition
                        self.renew()
                if not answers:
                    log.warning("The database answers again.")
                answers = works = True
            except DatabaseError as error:
                if answers:  # said once, not for each request
                    log.error("The database does not answer: %s", error)
                answers = False
                self.rests.clear()  # what failed meanwhile was no fault of its own
            except Exception:
                if works:
                    log.exception("The pages in memory could not be looked after.")
                works = False
            with suppress(Exception):
                connection.close()  # the database may be another file by now
            time.sleep(max(0.0, begin + LOOK - time.monotonic()))

    def reads(self):
        with suppress(DatabaseError):
            self.look()
            return True
        return False

    def keep_time(self):
        """In a thread of its own: publishing waits for others who write, up to the database's
        timeout, and fails on a full disk. Neither may make the site think that it is gone."""
        works = True
        while True:
            begin = time.monotonic()
            try:
                is_due = self.due is not None and self.due <= time.time()
                self.keep_timetable()
                if is_due:
                    self.look()
                if self.letters_wait:
                    letters.send_beside()
                works = True
            except Exception:
                # Of a database that is gone the other thread speaks.
                if works and self.reads():  # said once, not each second
                    log.exception("The timetable could not be looked after.")
                    works = False
            with suppress(Exception):
                connection.close()
            rest = max(0.0, begin + LOOK - time.monotonic())
            until_due = self.due - time.time() if self.due else 0.0
            # Every process is awake at that moment.
            time.sleep(until_due if 0 < until_due < rest else rest)


class Django(WSGIHandler):
    """Keeps its response beside the answer, which others may wrap (an error reporter does)."""

    def get_response(self, request):
        request.META[RESPONSE] = super().get_response(request)
        return request.META[RESPONSE]


def ignore_start(status, headers, exc_info=None):
    """The response itself says both."""


def may_be_held(response):
    return (
        response.status_code == 200
        and MAX_AGE
        and getattr(response, "may_be_held", False)
        and "cookie" not in response.get("Vary", "").lower()
    )

"""What is read from the database for every page is read once, until the content changes."""

import time
from threading import Lock

from django.db import connection
from django.utils import timezone

from awareness.content.publishing import next_moment
from awareness.web.generation import Generation
from awareness.web.models import ContentVersion

MAX_AGE = 300.0  # seconds until all is read anew, should a change have been missed

_latest = Generation()
_lock = Lock()


def current_generation():
    """That of this moment. One query, as long as it is the one before."""
    global _latest
    latest = _latest
    if is_current(latest):
        return latest
    with _lock:
        if not is_current(_latest):
            at, version = timezone.now(), ContentVersion.current()
            now, moment = at.timestamp(), next_moment(at)
            until = moment.timestamp() if moment else float("inf")
            _latest = Generation(version, now, until, time.monotonic() + until - now)
        return _latest


def is_current(generation):
    is_recent = 0 <= time.time() - generation.since < MAX_AGE and not generation.is_over
    return is_recent and ContentVersion.current() == generation.version


def read_once(request, read):
    """What ``read()`` returns, read once for each generation. Not within a transaction: it may see
    what nobody else ever will, a draft in its preview for one."""
    if connection.in_atomic_block:
        return read()
    generation = request.META.get("awareness.generation")
    if generation is None or generation.is_over:
        generation = request.META["awareness.generation"] = current_generation()
    if read not in generation.values:
        generation.values[read] = read()
    return generation.values[read]

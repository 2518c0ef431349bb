"""What was drawn, kept in ``press/`` in VAR_DIR under a name that is made of all that went into it:
what changes gets another name, and no old one is ever shown.

Of each folder one is drawn at a time, in all processes together, while those who ask for the same
wait and get it too. Of a process few threads may wait, so that the others answer whoever asks for a
page. Of what bears a group's name there is no end, so between two of them there is a pause.
"""

import fcntl
import hashlib
import json
import os
import time
from contextlib import contextmanager, suppress
from functools import cache
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from awareness.press.render import FOLDER, PPI, draw
from awareness.web.files import keep_bytes
from awareness.web.logs import as_logged
from awareness.web.public import sentence

KINDS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
# Files of 20 to 300 kB in each folder; what bears a group's name, of which there is no end, has one
# of its own, and empties no other. Kits have up to 2 MB.
MOST = {"press": 1500, "groups": 50, "kits": 6}
WAITING = {"press": BoundedSemaphore(2), "groups": BoundedSemaphore(1)}
PAUSE = 1  # second, in which only pages are answered


class Busy(Exception):
    """Too many are asking for what has yet to be drawn."""


def kept(template, form, data, ppi=PPI):
    """What ``draw`` makes of it, from the disk if it is there. Raises Busy."""
    file = file_of([template, form, data, ppi], form, "groups" if data.get("group") else "")
    if (drawn := read(file)) is not None:
        return drawn
    waiting = WAITING[file.parent.name]
    if not waiting.acquire(blocking=False):
        raise Busy
    try:
        with turn(file.parent):
            if (drawn := read(file)) is None:
                if data.get("group"):
                    pause_after_the_last(file.parent)
                drawn = draw(template, form, data, ppi)
                store(file, drawn)
    finally:
        waiting.release()
    return drawn


def file_of(facts, form, folder=""):
    name = hashlib.sha256(json.dumps([look(), *facts]).encode()).hexdigest()[:40]
    return settings.VAR_DIR / "press" / folder / f"{name}.{form}"


@cache
def look():
    """Of the templates, drawings, palette and words: a new version of the site draws anew."""
    drawings = FOLDER.parent / "drawings"
    files = [*sorted(FOLDER.glob("*.typ")), *sorted(drawings.glob("*.html"))]
    files.append(settings.BASE_DIR / "static" / "css" / "tokens.css")
    files += sorted(settings.BASE_DIR.glob("locale/*/LC_MESSAGES/django.mo"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def read(file):
    with suppress(OSError):
        drawn = file.read_bytes()
        os.utime(file)  # it was of use today
        return drawn
    return None


@contextmanager
def turn(folder):
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pause_after_the_last(folder):
    """A folder changes when a file comes into it."""
    time.sleep(min(PAUSE, max(0, folder.stat().st_mtime + PAUSE - time.time())))


def store(file, drawn):
    """The oldest of its folder go."""
    folder = file.parent
    folder.mkdir(mode=0o700, exist_ok=True)
    keep_bytes(file, drawn)
    files = sorted(folder.glob("*.*"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[MOST[folder.name] :]:
        file.unlink(missing_ok=True)


def answer(template, form, data, ppi=PPI):
    """The response with it; a sentence for whoever comes while too many wait."""
    try:
        return HttpResponse(kept(template, form, data, ppi), KINDS[form])
    except Busy:
        return busy()


def busy():
    words = _("Many people are asking for this just now. Please try again in a few seconds.")
    response = sentence(words, 503)
    response["Retry-After"] = "5"
    return as_logged(response)  # nothing is wrong

"""Run by test_killed.py: ends a backup or a restore by SIGKILL at each of its steps.

A step is each call that changes what a folder holds, or ends a transaction; and some of those that
write, or ask the database. A lock, a sync or an empty folder leaves nothing else behind than the
step before it or after it. They are counted by the interpreter's own
profiler, in a child for each: the code that is run is the code that ships.

    python -m tests.backup.killed backup|restore|finish FILE PRISTINE

PRISTINE is a folder (or a PostgreSQL database beside the one in DATABASE_URL) to begin from each
time. Prints one line of JSON for each step: [step, what it was, what was there afterwards].
"""

import gc
import hashlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import django
import psycopg

django.setup()
GIVEN = dict(os.environ)  # before the tests' own environment takes its place

from django.conf import settings  # noqa: E402 - once Django is ready
from django.core.management import call_command  # noqa: E402

from awareness.backup import archive, lock, shelf, swap  # noqa: E402
from tests.backup.commands import let_go  # noqa: E402
from tests.backup.places import Place  # noqa: E402

STEPS = {"commit", "ftruncate", "rename", "replace", "rmdir", "unlink"}
MANY = {"backup", "copy", "execute", "open", "write"}
ONE_IN = 600 if GIVEN["DATABASE_URL"] else 200
WHERE = ("posix", "_io", "fcntl", "sqlite3", "psycopg")


def counting(last, note):
    """A profiler that ends the process before step ``last``; ``note(step, what)`` hears of it."""
    step = many = 0

    def profile(frame, event, argument):
        nonlocal step, many
        if event == "c_call":
            what, kind = (
                argument.__name__,
                argument.__module__ or type(argument.__self__).__module__,
            )
        elif event in ("call", "return"):
            what, kind = frame.f_code.co_name, frame.f_globals["__name__"]
            if not kind.startswith("psycopg") or (event == "return") != (what == "commit"):
                return
        else:
            return
        if not kind.startswith(WHERE):
            return
        many += what in MANY
        if what in STEPS or (what in MANY and many % ONE_IN == 0):
            step += 1
            if step == last:
                note(step, what)
                os.kill(os.getpid(), signal.SIGKILL)

    return profile


def in_child(work, last=0):
    """(whether it came to its end, at what it was killed)"""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - it ends with the process
        if last:
            sys.setprofile(counting(last, lambda step, what: os.write(writing, what.encode())))
        try:
            work()
        except BaseException as error:
            sys.setprofile(None)
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        what = said.read()
    _child, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False, what
    assert os.WEXITSTATUS(status) == 0, "it failed by itself"
    return True, "the end"


def begin_anew(place, pristine, is_changed):
    shutil.rmtree(place.folder)
    shutil.copytree(pristine, place.folder)
    if place.address and is_changed:
        login, _slash, name = place.address.rpartition("/")
        with psycopg.connect(f"{login}/postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name} TEMPLATE {name}_pristine")


def seen(place):
    """What is there: a digest of rows and uploads, and what does not belong."""
    rest = [path.name for path in place.folder.glob(".*")]
    digest = hashlib.sha256(repr(place.all()).encode()).hexdigest()
    return [digest, rest, whole_backups(place)]


def whole_backups(place):
    """How many there are; each must open, or this fails."""
    found = shelf.backups(place.shelf) if place.shelf.exists() else []
    for _when, path in found:
        with path.open("rb") as file:
            archive.read(file)
    return len(found)


def restore(path):
    call_command("restore", path, overwrite="yes")


def start():
    """What every process of the site does first."""
    lock.hold(settings.VAR_DIR, swap.unfinished, swap.finish)


def main(what, path, pristine):
    place = Place(Path(GIVEN["VAR_DIR"]), GIVEN["DATABASE_URL"])
    let_go()
    gc.freeze()
    work = {
        "backup": lambda: call_command("backup"),
        "restore": lambda: restore(path),
        "finish": start,
    }[what]
    begin_anew(place, pristine, False)
    first = now = seen(place)[0]
    step, ended = 0, False
    while not ended:
        step += 1
        begin_anew(place, pristine, now != first)
        ended, where = in_child(work, step)
        in_child(start)
        now, *rest = seen(place)
        print(json.dumps([step, where, now, *rest]), flush=True)
    if what == "backup":  # what the last interruption left is swept away by the next run
        assert in_child(work)[0]


if __name__ == "__main__":
    main(*sys.argv[1:])

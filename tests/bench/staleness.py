"""How long after a change somebody still gets the page from before: three workers, under load.

Two rows change in one transaction and stand on one page, so that a page of two minds shows.
"""

import contextlib
import http.client
import json
import re
import shutil
import sqlite3
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.bench.limits import line
from tests.site import get, running_site

CHANGES = 20
READERS = 4
SCHEDULED = 5
SCHEDULE = """
import datetime, json
from django.contrib.auth.models import User
from django.utils import timezone
from awareness.desk.item_version import ItemVersion
from awareness.desk.workflow import Workflow
from pages.models import Section
user = User.objects.create_superuser("publisher")
begin, times = timezone.now() + datetime.timedelta(seconds=4), {{}}
for n, row in enumerate(Section.objects.guide()[:{count}]):
    copy = ItemVersion.of(Section.objects.get(pk=row.pk))
    copy.item.title_en = "At its time"
    at = begin + datetime.timedelta(seconds=1.7 * n)
    Workflow.apply("schedule", row, user, at=at, version=copy)
    times[row.slug] = at.timestamp()
print(json.dumps(times))
"""
MARK = re.compile(rb"mark-(\d+)-")


@dataclass
class Seen:
    committed: dict = field(default_factory=dict)  # mark: when
    oldest: float = 0.0  # seconds after the commit of the next mark
    torn: int = 0
    answers: int = 0
    ended: bool = False


def measure(folder):
    with running_site(folder / "var", WEB_CONCURRENCY="3") as site:
        seen = Seen()
        change(site, seen, 0)
        time.sleep(3)
        readers = [threading.Thread(target=read, args=(site.port, seen)) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        editor = 0
        with load(site.port):
            for mark in range(1, CHANGES + 1):
                editor += change(site, seen, mark)
                time.sleep(1)
            time.sleep(2)
        seen.ended = True
        for reader in readers:
            reader.join()
        scheduled = latest_old_page(site)
    line(f"seconds after its time, the worst of {SCHEDULED} scheduled drafts", scheduled, 1.5, " s")
    line(f"seconds, the worst of {CHANGES} changes", seen.oldest, 1.5, " s")
    line("changes that the editor did not see at once", editor, 0)
    line(f"pages of two minds, among {seen.answers:,} read", seen.torn, 0)


def latest_old_page(site):
    """Seconds after the time of a scheduled draft at which somebody last got the page of before."""
    made = site.manage("shell", "--no-imports", "-c", SCHEDULE.format(count=SCHEDULED))
    times = json.loads(made.strip().splitlines()[-1])
    latest = [0.0] * READERS

    def read(n):
        while time.time() < max(times.values()) + 3:
            for slug, moment in times.items():
                asked = time.time()
                if asked > moment and "At its time" not in get(site, f"/learn/{slug}/")[1]:
                    latest[n] = max(latest[n], asked - moment)
            time.sleep(0.005)

    with load(site.port), ThreadPoolExecutor(READERS) as pool:
        list(pool.map(read, range(READERS)))
    return max(latest)


@contextlib.contextmanager
def load(port):
    """wrk for as long as this lasts, and at most a minute."""
    if not shutil.which("wrk"):
        print("(without load: wrk is missing)")
        yield
        return
    command = ["wrk", "-t1", "-c16", "-d60s", f"http://127.0.0.1:{port}/"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    yield
    process.kill()
    process.wait()


def change(site, seen, mark):
    """Change both rows; returns whether the editor, who brings a session, then saw the old page."""
    words = f"mark-{mark}-"
    with sqlite3.connect(site.folder / "db.sqlite3", timeout=20) as database:
        for table, column in (("pages_sitesettings", "tagline"), ("pages_update", "title")):
            database.execute(f"UPDATE {table} SET {column} = ?, {column}_en = ?", [words, words])
    seen.committed[mark] = time.monotonic()
    return set(marks(site.port, {"Cookie": "sessionid=nobody"})) != {mark}


def marks(port, headers=()):
    """The marks that stand on the home page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/", headers={"Host": "localhost", **dict(headers)})
    body = connection.getresponse().read()
    connection.close()
    return [int(mark) for mark in MARK.findall(body)]


def read(port, seen):
    while not seen.ended:
        found = marks(port)
        now = time.monotonic()
        seen.answers += 1
        seen.torn += len(set(found)) != 1
        # Old from the moment on at which the mark after it was there.
        since = seen.committed.get(min(found) + 1) if found else None
        if since:
            seen.oldest = max(seen.oldest, now - since)
        time.sleep(0.005)

"""The real server with several workers: a scheduled change happens at its time, once."""

import contextlib
import os
import signal
import sqlite3
import time

from tests.site import get, running_site, until

SCHEDULE = """
import datetime
from django.contrib.auth.models import User
from django.utils import timezone
from awareness.desk import drafts
from awareness.desk.snapshot import Snapshot
from pages.models import Section
user = User.objects.first() or User.objects.create_superuser("publisher")
row = Section.objects.get(slug="signs")
live, copy = Snapshot.of(row), Snapshot.of(Section.objects.get(pk=row.pk))
copy.item.title_en = {title!r}
draft = drafts.save_draft(copy, live, user)
drafts.schedule(draft, user, timezone.now() + datetime.timedelta(seconds={seconds}))
"""
PUBLISHED = (
    "from awareness.models import Event; print(Event.objects.filter(kind='published').count())"
)


def schedule(site, title, seconds):
    site.manage("shell", "--no-imports", "-c", SCHEDULE.format(title=title, seconds=seconds))


def published(site):
    return int(site.manage("shell", "--no-imports", "-c", PUBLISHED).strip())


def test_every_worker_shows_it_from_its_time_on_and_one_has_published_it(make_folder):
    with running_site(make_folder(), WEB_CONCURRENCY="3") as site:
        schedule(site, "Now it is time", 3)
        assert "Now it is time" not in get(site, "/learn/signs/")[1]
        until(lambda: "Now it is time" in get(site, "/learn/signs/")[1])
        time.sleep(1.5)
        assert all("Now it is time" in get(site, "/learn/signs/")[1] for _ in range(60))
        assert published(site) == 1
        schedule(site, "Missed and made good", 1)
        site.stop()
    time.sleep(1)  # its moment goes by while no server runs
    with running_site(site.folder, WEB_CONCURRENCY="3") as again:
        # Before the first visitor: not even one page of before is shown.
        assert "Missed and made good" in get(again, "/learn/signs/")[1]
        assert published(again) == 2


def test_a_kill_at_its_moment_neither_loses_it_nor_publishes_it_twice(make_folder):
    """Before it, within it and after it: wherever it hits, the next start makes it good."""
    folder = make_folder()
    for n, offset in enumerate((-0.03, 0.0, 0.02, 0.05), 1):
        title = f"Title {n}"
        with running_site(folder, WEB_CONCURRENCY="3") as site:
            if n > 1:
                assert f"Title {n - 1}" in get(site, "/learn/signs/")[1]
                assert published(site) == n - 1
            begin = time.time()
            schedule(site, title, 4)
            moment = due(folder)
            assert begin < moment, "the draft is there"
            time.sleep(max(0.0, moment + offset - time.time()))
            os.killpg(site.process.pid, signal.SIGKILL)
    with running_site(folder, WEB_CONCURRENCY="3") as site:
        assert title in get(site, "/learn/signs/")[1]
        assert (published(site), due(folder)) == (n, None)
    with contextlib.closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def due(folder):
    """When the draft that waits is due, in seconds since 1970."""
    with contextlib.closing(sqlite3.connect(folder / "db.sqlite3", timeout=20)) as database:
        moment = "SELECT (julianday(apply_at) - 2440587.5) * 86400 FROM awareness_draft"
        return (database.execute(moment).fetchone() or [None])[0]

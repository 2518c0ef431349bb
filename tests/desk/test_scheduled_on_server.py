"""The real server with several workers: a scheduled change happens at its time, once."""

import os
import signal
import time

from tests.site import get, running_site, until_everywhere

SCHEDULE = """
import datetime
from django.contrib.auth.models import User
from django.utils import timezone
from awareness.desk.item_version import ItemVersion
from awareness.desk.workflow import Workflow
from pages.models import Section
user = User.objects.create_superuser("publisher")
for slug, title, seconds in [("signs", "Now it is time", 3), ("about", "Missed", 900)]:
    row = Section.objects.get(slug=slug)
    copy = ItemVersion.of(Section.objects.get(pk=row.pk))
    copy.item.title_en = title
    at = timezone.now() + datetime.timedelta(seconds=seconds)
    Workflow.apply("schedule", row, user, at=at, version=copy)
"""


def published(site):
    return site.ask("SELECT count(*) FROM awareness_event WHERE kind = 'published'")[0][0]


def test_every_worker_shows_it_from_its_time_on_and_one_has_published_it(make_folder):
    with running_site(make_folder(), WEB_CONCURRENCY="3") as site:
        assert "Now it is time" not in get(site, "/learn/signs/")[1]
        site.manage("shell", "--no-imports", "-c", SCHEDULE)
        until_everywhere(site, lambda: "Now it is time" in get(site, "/learn/signs/")[1])
        assert published(site) == 1
        assert "Missed" not in get(site, "/about/")[1]
        site.stop()
    # Its moment goes by while no server runs.
    site.ask("UPDATE awareness_draft SET apply_at = '2026-01-01 00:00:00'")
    with running_site(site.folder, WEB_CONCURRENCY="3") as again:
        # Before the first visitor: not even one page of before is shown.
        assert "Missed" in get(again, "/about/")[1]
        assert published(again) == 2


KILLED = """
import datetime
from django.contrib.auth.models import User
from django.utils import timezone
from awareness.desk.item_version import ItemVersion
from awareness.desk.workflow import Workflow
from pages.models import Section
user = User.objects.first() or User.objects.create_superuser("publisher")
copy = ItemVersion.of(Section.objects.get(slug="signs"))
row = Section.objects.get(slug="signs")
copy.item.title_en = {title!r}
at = timezone.now() + datetime.timedelta(seconds=4)
Workflow.apply("schedule", row, user, at=at, version=copy)
"""
DUE = "SELECT (julianday(apply_at) - 2440587.5) * 86400 FROM awareness_draft"


def test_a_kill_at_its_moment_neither_loses_it_nor_publishes_it_twice(make_folder):
    """Before it, within it and after it: wherever it hits, the next start makes it good."""
    folder = make_folder()
    for n, offset in enumerate((-0.03, 0.0, 0.02, 0.05), 1):
        with running_site(folder, WEB_CONCURRENCY="3") as site:
            if n > 1:
                assert f"Title {n - 1}" in get(site, "/learn/signs/")[1]
                assert published(site) == n - 1
            site.manage("shell", "--no-imports", "-c", KILLED.format(title=f"Title {n}"))
            # In seconds since 1970; on a busy machine it may be over, and is published.
            for (moment,) in site.ask(DUE):
                time.sleep(max(0.0, moment + offset - time.time()))
            os.killpg(site.process.pid, signal.SIGKILL)
    with running_site(folder, WEB_CONCURRENCY="3") as site:
        assert f"Title {n}" in get(site, "/learn/signs/")[1]
        assert (published(site), site.ask(DUE)) == (n, [])
        assert site.ask("PRAGMA integrity_check") == [("ok",)]

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
at = timezone.now() + datetime.timedelta(days=9)
for row in Section.objects.order_by("pk")[:4]:
    copy = ItemVersion.of(Section.objects.get(pk=row.pk))
    copy.item.title_en = f"Now it is time for {row.pk}"
    Workflow.apply("schedule", row, user, at=at, version=copy)
    print(row.pk, row.get_absolute_url())
"""
AT = "UPDATE awareness_draft SET apply_at = strftime('%Y-%m-%d %H:%M:%f', ?, 'unixepoch')"


def due(site, row, moment):
    """The draft of this row is to be published then, in seconds since 1970."""
    site.ask(f"{AT} WHERE object_id = ?", moment, row)


def shows(site, row, path):
    return f"Now it is time for {row}" in get(site, path)[1]


def published(site):
    return site.ask("SELECT count(*) FROM awareness_event WHERE kind = 'published'")[0][0]


def test_at_its_time_every_worker_shows_it_and_no_kill_loses_it_or_publishes_it_twice(make_folder):
    """Killed before its moment, so that it goes by while no server runs, within it, or after it:
    the next start makes it good."""
    folder, row = make_folder(), None
    for done, offset in enumerate((-0.02, 0.01, 0.04, None)):
        with running_site(folder) as site:
            if row is None:
                told = site.manage("shell", "--no-imports", "-c", SCHEDULE).split()
                row, *later = zip(map(int, told[::2]), told[1::2], strict=True)
                assert not shows(site, *row)
                due(site, row[0], time.time() + 1)
                until_everywhere(site, lambda row=row: shows(site, *row))
            # After a start before the first visitor: not even one page of before is shown.
            assert shows(site, *row)
            assert published(site) == done + 1
            if offset is not None:
                row = later[done]
                assert not shows(site, *row)
                moment = time.time() + 1.5  # more than a look of the scheduler
                due(site, row[0], moment)
                time.sleep(max(0.0, moment + offset - time.time()))  # a busy machine may be late
                os.killpg(site.process.pid, signal.SIGKILL)
    assert site.ask("SELECT * FROM awareness_draft") == []
    assert site.ask("PRAGMA integrity_check") == [("ok",)]
